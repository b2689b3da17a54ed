"""Start a server on this machine that outlives the terminal; one for each user.

Viewers find it by themselves.  If there is none, 'traitsview HOST:FILE' starts one, which ends a minute after its last
viewer has left.  A server that is started by this command stays until --stop, unless --persist says otherwise.
"One for each user" is one for each $XDG_RUNTIME_DIR: --list prints the socket, which is in the folder traitsview there.

examples
  traitsview serve
  traitsview serve /scratch/run --persist 24h
  traitsview serve --list
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..errors import RequestError, counted
from ..remote.tls.credentials import record_path
from ..remote.user_server import served
from ..sources.address import tls_endpoint
from .answer import answer
from .duration import duration

__all__ = ["add_arguments", "run"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="files and folders that may be opened (default: all that you can read)"
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--list", action="store_true", help="print what runs, and its socket")
    action.add_argument("--stop", action="store_true", help="stop it")
    action.add_argument("--foreground", action="store_true", help="stay in this terminal, until Ctrl-C")
    parser.add_argument(
        "--persist",
        metavar="TIME",
        type=duration,
        help="end after this time without a viewer, such as 10m or 24h (default: stay until --stop)",
    )
    parser.add_argument(
        "--deadline",
        metavar="TIME",
        type=duration,
        help="warn viewers before this time, when the job ends (default: the end of the Slurm job, if there is one)",
    )
    parser.add_argument(
        "--listen", metavar="tls://HOST:PORT", help="listen on the network too; port 0 takes a free one"
    )


def run(arguments: Namespace) -> int:
    """Start, list or stop the server; return the exit code."""
    listen = arguments.listen or ""
    if listen:
        tls_endpoint(listen)
    if arguments.list or arguments.stop:
        _require_alone(arguments)
    if arguments.list:
        record = served.running()
        answer("no server is running" if record is None else _line(record))
    elif arguments.stop:
        answer(f"stopped {_line(served.stop())}")
    elif arguments.foreground:
        from ..remote.user_server import daemon

        daemon.serve(served.taken_lock(), arguments.paths, arguments.persist, _say, listen, arguments.deadline)
    else:
        options = ["--listen", listen] if listen else []
        options += [] if arguments.deadline is None else ["--deadline", str(arguments.deadline)]
        answer(f"started {_line(served.start(arguments.paths, arguments.persist, options))}")
    return 0


def _require_alone(arguments: Namespace) -> None:
    others = {
        "PATH": arguments.paths or None,
        "--persist": arguments.persist,
        "--deadline": arguments.deadline,
        "--listen": arguments.listen,
    }
    for name, given in others.items():
        if given is not None:
            raise RequestError("wrong usage", f"--list and --stop take no {name}", "leave it out")


def _say(record: served.Record) -> None:
    answer(f"serving: {_line(record)}; Ctrl-C stops it", flush=True)


def _line(record: served.Record) -> str:
    viewers = counted(record.viewers, "viewer")
    what = ", ".join(record.paths) or "everything that you can read"
    stay = "" if record.persist is None else f", leaves {record.persist:g} s after the last one"
    return (
        f"process {record.pid}, traitsview {record.version}, since {record.started}, {viewers}{stay}, {what}, "
        f"at {record.socket}{_network(record)}"
    )


def _network(record: served.Record) -> str:
    if not record.address:
        return ""
    return f" and {record.address}, for those who have {record_path(*tls_endpoint(record.address))}"
