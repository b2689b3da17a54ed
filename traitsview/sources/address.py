"""Addresses of images as a user types them, ``[HOST:]LOCAL``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import RequestError, quoted

__all__ = ["READINGS", "SCHEMES", "TLS", "Address", "parse_address", "tls_endpoint"]

#: First words of addresses that name no file.
SCHEMES = ("live", "kernel", "engines", "programs", "dask", "yt")

#: The beginning of the address of a server that listens on the network: ``tls://HOST:PORT``.
TLS = "tls://"

#: Options of `open_source` that an address may have after ``::IMAGE?``.
READINGS = ("blank", "kind", "origin")

_TLS_HOST = re.compile(r"tls://([A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+(?:%\w+)?\]):([0-9]{1,5})", re.ASCII)

# A destination as ssh takes it: user@name, or a bracketed IPv6 address.  It never begins with a dash,
# which ssh would read as an option.
_HOST = re.compile(r"(?:[A-Za-z0-9_.][\w.+-]*@)?(?:[A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+(?:%\w+)?\])", re.ASCII)

# user:password@host:file
_PASSWORD = re.compile(r"[^/@]*@[A-Za-z0-9_][\w.-]*:", re.ASCII)

_BRACKETED = re.compile(r"(?:[^:@\[\]]*@)?\[[^\[\]]*\]:")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of the address of an image.

    Attributes
    ----------
    path : str
        The path of the file; for another scheme the text behind the colon.
    inside : str
        The name of an image in the file, as written after ``::``, or empty.
    host : str
        The host as ssh takes it, or ``tls://HOST:PORT``; empty for this machine.
    scheme : str
        ``"file"`` or one of `SCHEMES`.
    readings : tuple of (str, str)
        Options for reading the image: names of `READINGS`, each with its value as text.
    """

    path: str
    inside: str = ""
    host: str = ""
    scheme: str = "file"
    readings: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        # The path on a server that listens on the network begins with a slash.
        network = self.host.startswith(TLS)
        host = f"{self.host}:" if self.host and not network else self.host
        scheme = "" if self.scheme == "file" else f"{'/' if network else ''}{self.scheme}:"
        inside = f"::{self.inside}" if self.inside or self.readings else ""
        if self.readings:
            inside += "?" + "&".join(f"{name}={value}" for name, value in self.readings)
        return host + scheme + self.path + inside


def parse_address(text: str) -> Address:
    """Return the address that `text` spells.

    As for ``scp``, a colon before the first slash ends a host; ``./a:b.npy`` is a file of this machine.
    ``tls://HOST:PORT/FILE`` is an absolute path on a server that listens on the network, and ``tls://HOST:PORT/live:NAME``
    a live image there.  Options for reading the image may follow: ``m13.fits::1?blank=0``,
    ``m13.fits::?kind=rgb&blank=0``.

    Raises
    ------
    RequestError
        If `text` is empty, or is no host and file.
    """
    if not text.strip():
        raise RequestError("no source", "the name is empty", "give a file, such as m13.fits")
    if "\0" in text:
        raise RequestError(f"not a source: {quoted(text)}", "it holds a NUL character", "give a file's name")
    host, rest = _split_host(text)
    named = rest.removeprefix("/") if host.startswith(TLS) else rest
    scheme, colon, name = named.partition(":")
    if colon and scheme in SCHEMES and not name.startswith(":"):
        name, _, inside = name.partition("::") if scheme == "live" else (name, "", "")
        return Address(name, inside, host, scheme)
    path, _, inside = rest.partition("::")
    if not path.strip():
        raise RequestError(f"not a source: {quoted(text)}", "it names no file", "write [HOST:]FILE[::IMAGE]")
    inside, readings = _split_readings(text, inside)
    return Address(path, inside, host, readings=readings)


def tls_endpoint(text: str) -> tuple[str, int]:
    """Return the host and the port of ``tls://HOST:PORT``, or raise `RequestError` for any other text."""
    found = _TLS_HOST.fullmatch(text)
    if not found or int(found[2]) > 65535:
        raise RequestError(f"not an address on the network: {quoted(text)}", "", "write tls://HOST:PORT")
    return found[1], int(found[2])


def _split_readings(text: str, inside: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the name of an image and the options behind it.  The name itself may hold a question mark."""
    name, mark, query = inside.rpartition("?")
    parts = [part.partition("=") for part in query.split("&")]
    if not mark or not all(equals for _, equals, _ in parts):
        return inside, ()
    for word, _, _ in parts:
        if word not in READINGS:
            remedy = f"one of {', '.join(READINGS)}"
            raise RequestError(f"not a source: {quoted(text)}", f"unknown option {quoted(word)}", remedy)
    return name, tuple((word, value) for word, _, value in parts)


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
