"""What a user types for an image, ``[HOST:]LOCAL``, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import RequestError, quoted

__all__ = ["SCHEMES", "TLS", "Address", "parse_address", "tls_endpoint"]

#: First words of addresses that are not files.
SCHEMES = ("live", "kernel", "engines", "dask", "yt")

#: What the host begins with of a server that listens on the network: ``tls://HOST:PORT``.
TLS = "tls://"

_TLS_HOST = re.compile(r"tls://([A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+(?:%\w+)?\]):([0-9]{1,5})", re.ASCII)

# What ssh takes for a destination: user@name, or a bracketed IPv6 address.  It never begins with a dash,
# which ssh would read as an option.
_HOST = re.compile(r"(?:[A-Za-z0-9_.][\w.+-]*@)?(?:[A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+(?:%\w+)?\])", re.ASCII)

# user:password@host:file
_PASSWORD = re.compile(r"[^/@]*@[A-Za-z0-9_][\w.-]*:", re.ASCII)

_BRACKETED = re.compile(r"(?:[^:@\[\]]*@)?\[[^\[\]]*\]:")


@dataclass(frozen=True, slots=True)
class Address:
    """Where an image is.

    Attributes
    ----------
    path : str
        Of the file; for the other schemes what follows the colon.
    inside : str
        Which image of the file, as written after ``::``; empty when that was left out.
    host : str
        As ssh takes it, or ``tls://HOST:PORT``; empty for this machine.
    scheme : str
        ``"file"`` or one of `SCHEMES`.
    """

    path: str
    inside: str = ""
    host: str = ""
    scheme: str = "file"

    def __str__(self) -> str:
        # The path on a server that listens on the network begins with a slash.
        host = f"{self.host}:" if self.host and not self.host.startswith(TLS) else self.host
        scheme = "" if self.scheme == "file" else f"{self.scheme}:"
        inside = f"::{self.inside}" if self.inside else ""
        return host + scheme + self.path + inside


def parse_address(text: str) -> Address:
    """Return the address that `text` spells.

    As for ``scp``, a colon before the first slash ends a host; ``./a:b.npy`` is a file here.
    ``tls://HOST:PORT/FILE`` is an absolute path on a server that listens on the network.

    Raises
    ------
    RequestError
        If it is empty or no host and file can be read from it.
    """
    if not text.strip():
        raise RequestError("no source", "the name is empty", "give a file, such as m13.fits")
    if "\0" in text:
        raise RequestError(f"not a source: {quoted(text)}", "it holds a NUL character", "give a file's name")
    host, rest = _split_host(text)
    scheme, colon, name = rest.partition(":")
    if colon and scheme in SCHEMES and not name.startswith(":"):
        return Address(name, "", host, scheme)
    path, _, inside = rest.partition("::")
    if not path.strip():
        raise RequestError(f"not a source: {quoted(text)}", "it names no file", "write [HOST:]FILE[::IMAGE]")
    return Address(path, inside, host)


def tls_endpoint(text: str) -> tuple[str, int]:
    """Return the host and the port of ``tls://HOST:PORT``; raises `RequestError` for anything else."""
    found = _TLS_HOST.fullmatch(text)
    if not found or int(found[2]) > 65535:
        raise RequestError(f"not an address on the network: {quoted(text)}", "", "write tls://HOST:PORT")
    return found[1], int(found[2])


def _split_host(text: str) -> tuple[str, str]:
    if text.startswith(TLS):
        name, slash, path = text[len(TLS) :].partition("/")
        tls_endpoint(TLS + name)
        return TLS + name, slash + path
    first = text.split("/", 1)[0]
    bracketed = _BRACKETED.match(first)
    end = bracketed.end() - 1 if bracketed else first.find(":")
    if end < 0 or (not bracketed and (first.startswith("::", end) or first[:end] in SCHEMES)):
        return "", text
    host = text[:end]
    if not _HOST.fullmatch(host):
        raise RequestError(
            f"not a source: {quoted(text)}",
            f"{quoted(host)} is not a host name",
            "write ./NAME for a file with a colon",
        )
    if _PASSWORD.match(text, end + 1):
        raise RequestError(
            f"not a source: {quoted(host + ':…')}", "it holds a password", "leave it out; ssh asks for it"
        )
    return host, text[end + 1 :]
