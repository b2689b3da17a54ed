"""Find out why a host, or this machine, shows no pictures.

Each step is one line: ok with figures, or FAILED with the reason and what to do.  With HOST it tests each
step from here to a picture there, and stops at the first one that fails; without HOST it looks at this machine.

examples
  traitsview doctor login3
  traitsview doctor
"""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import RequestError, quoted
from .answer import answer, bytes_out

if TYPE_CHECKING:
    from ..remote.diagnosis.finding import Finding

__all__ = ["add_arguments", "run"]

#: Characters of the text in a line at most.
_TEXT_CHARACTERS = 2000


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command is told."""
    parser.add_argument("host", metavar="HOST", nargs="?", help="as ssh takes it, or tls://HOST:PORT")
    # 'doctor HOST' runs this on the host.
    parser.add_argument("--facts", action="store_true", help=SUPPRESS)


def run(arguments: Namespace) -> int:
    """Print a line for each step; return the exit code."""
    if arguments.facts:
        from ..remote.diagnosis import host_facts

        out = bytes_out()
        if out is not None:
            host_facts.answer(sys.stdin.buffer, out)
        return 0
    return _print(_findings(arguments.host))


def _findings(host: str | None) -> Iterable[Finding]:
    if host is None:
        from .this_machine import examine

        return examine()
    from ..sources.address import TLS, parse_address

    address = parse_address(f"{host}/x" if host.startswith(TLS) else f"{host}:/x")
    if address.host != host:
        raise RequestError(f"not a host: {quoted(host)}", "", "give it as ssh takes it, such as me@login3")
    if host.startswith(TLS):
        from ..remote.diagnosis.tls_findings import diagnose_tls

        return diagnose_tls(address)
    from ..remote.diagnosis.ssh_findings import diagnose

    return diagnose(address.host, may_ask=sys.stdin is not None and sys.stdin.isatty())


def _print(findings: Iterable[Finding]) -> int:
    """Print a line for each finding; return the exit code."""
    code = 0
    for finding in findings:
        # Some of the words come from the host: none of them may steer the terminal.
        said = " ".join(finding.text.split())[:_TEXT_CHARACTERS]
        text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in said)
        answer(f"{'ok' if finding.ok else 'FAILED':<7} {finding.step:<8} {text}", flush=True)
        code = code if finding.ok else 1
    return code
