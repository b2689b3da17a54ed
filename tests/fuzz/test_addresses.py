"""Any text is an address of an image, which is spelled the same again, or is refused in one line."""

from __future__ import annotations

import re
import string

import pytest
from kit.fuzzing import fuzz, require_one_line

from traitsview.errors import RequestError
from traitsview.remote.ssh.ssh_command import remote_command, ssh_command
from traitsview.sources.address import parse_address, tls_endpoint

ALLOWED_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+(%[A-Za-z0-9_]+)?\]")
ALLOWED = re.compile(r"([A-Za-z0-9_.][A-Za-z0-9_.+-]*@)?([A-Za-z0-9_][A-Za-z0-9_.-]*|[0-9A-Fa-f:.]+(%[A-Za-z0-9_]+)?)")

PIECES = (
    *string.printable,
    *"é\u202e\x00\x1b\x7f\udcff\u2028：",
    "-",
    "--",
    "-oProxyCommand=touch /tmp/x",
    "-F/dev/stdin",
    "ssh://",
    "tls://",
    "live:",
    "kernel:",
    "::",
    ":",
    "@",
    "[::1]",
    "[fe80::1%eth0]",
    "host",
    "user@host",
    "login3.example.org",
    "/scratch/run.npy",
    "../..",
    "./",
    "~",
    "$(touch /tmp/x)",
    "`id`",
    ";reboot",
    "|cat",
    "&",
    "\n",
    "\r",
    "%h",
    "%d",
    "${HOME}",
    ":22",
    ":65536",
    "9" * 30,
    "a" * 300,
)
GOOD = (
    "m13.fits",
    "m13.fits::SCI,2",
    "login3:/scratch/run.npy",
    "me@login3.example.org:run.npy::1",
    "[::1]:x.npy",
    "tls://login3:4711:/data/x.npy",
    "./a:b.npy",
    "live:5",
)


def made(rng):
    if rng.random() < 0.4:
        return "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 8)))
    text = rng.choice(GOOD)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(PIECES) + text[at + rng.randrange(3) :]
    return text


def parsed(text):
    """Return the address that `text` spells, or None if it is refused in one line."""
    try:
        return parse_address(text)
    except RequestError as error:
        require_one_line(error)
        return None


def check(text):
    address = parsed(text)
    if address is None:
        return
    assert parse_address(str(address)) == address
    assert "\0" not in str(address)
    if address.host.startswith("tls://"):
        host, port = tls_endpoint(address.host)
        assert ALLOWED_HOST.fullmatch(host)
        assert 0 <= port <= 65535
        assert address.path.startswith("/")
    elif address.host:
        check_command(address.host)


def check_command(host):
    """Check that ssh gets a host and nothing else: neither an option nor a command for a shell of this machine."""
    for batch in (False, True):
        command = ssh_command(host, batch)
        at = command.index("--")
        name, there = command[at + 1 :]
        assert command[: at + 1] == ssh_command("host", batch)[: at + 1]
        assert there == remote_command()
        assert not name.startswith("-")
        assert ALLOWED.fullmatch(name)


@pytest.mark.fault("X9")
def test_any_text_is_an_address_or_is_refused():
    fuzz("addresses", made, check, found=[" ::", "host: ", "host: ::x"])
