"""TLS 1.3 between a viewer and a server that know each other's certificates, and the proof that both have the token.

A viewer accepts exactly one certificate, a server those of its user and of its shares (see `credentials`).  There
is no authority, and host names are not looked at.  After the handshake of TLS three messages follow::

    server   magic "traitsview" (10)  version (2)  nonce (32)
    viewer   nonce (32)  proof (32)
    server   proof (32)

A proof is the HMAC-SHA256, with the token as its key, of the side that gives it, the version, both fingerprints and
both nonces.  The token itself is never sent.

A stranger is told nothing at all, whatever is wrong: the connection is closed.
"""

from __future__ import annotations

import hmac
import secrets
import socket
import ssl
import struct
import time

from ...errors import HostError, HostGone, HostRefused, WireError, quoted
from ..protocol.hello import HELLO_SECONDS
from .certificate import fingerprint
from .credentials import Credentials
from .secure_socket import SecureSocket, pinning

__all__ = ["Stranger", "connect", "let_in"]

_VERSION = 1
_MAGIC = b"traitsview"
_CHALLENGE = struct.Struct("!10sH32s")
_NONCE = _MAC = 32


class Stranger(ConnectionError):
    """A peer that is not let in; the reason is for the log of this side only."""


def let_in(sock: socket.socket, context: ssl.SSLContext, *known: Credentials) -> tuple[SecureSocket, Credentials]:
    """Return the connection to a viewer, and the one of `known` that it has; it has 5 s and 64 KiB for its proof.

    `sock` belongs to that connection from now on.

    Raises
    ------
    Stranger
        If the peer does not prove that it is one, for whatever reason; the connection is closed then.
    """
    secure = SecureSocket(sock, context, True, time.monotonic() + HELLO_SECONDS)
    try:
        shown = secure.shake_hands()
        found = [each for each in known if hmac.compare_digest(shown, fingerprint(each.client_certificate))]
        if not found:
            raise ConnectionError("another certificate")
        credentials = found[0]
        ours = secrets.token_bytes(_NONCE)
        secure.send(_CHALLENGE.pack(_MAGIC, _VERSION, ours))
        theirs = secure.receive(_NONCE)
        proof = secure.receive(_MAC)
        if not hmac.compare_digest(proof, _proof(credentials, b"viewer", ours, theirs)):
            raise ConnectionError("another token")
        secure.send(_proof(credentials, b"server", ours, theirs))
    except OSError as error:
        secure.close()
        raise Stranger(_reason(error)) from error
    except BaseException:
        secure.close()
        raise
    secure.know()
    return secure, credentials


def connect(credentials: Credentials, timeout: float) -> SecureSocket:
    """Return a connection to the server that `credentials` are for.

    There are `timeout` seconds to reach each address of the server, and as many again for the proofs.

    Raises
    ------
    HostGone
        If nobody answers.
    HostRefused
        If another server answers, or the server does not let us in.
    WireError
        If what answers is no server of traitsview, or has another version.
    """
    what = f"cannot reach tls://{credentials.host}:{credentials.port}"
    try:
        sock = socket.create_connection((credentials.host.strip("[]"), credentials.port), timeout)
    except TimeoutError as error:
        raise HostGone(what, f"nothing answers within {timeout:g} s", "is a firewall in between?") from error
    except socket.gaierror as error:
        raise HostGone(what, f"the name is not known here ({error.strerror})") from error
    except ConnectionRefusedError as error:
        raise HostGone(what, "nobody listens there", "has the server ended?") from error
    except OSError as error:
        raise HostGone(what, str(error.strerror or error)) from error
    try:
        context = pinning(credentials.client, credentials.server_certificate, server_side=False)
        secure = SecureSocket(sock, context, False, time.monotonic() + timeout)
        _greet(secure, credentials, what)
    except BaseException:
        sock.close()
        raise
    return secure


def _greet(secure: SecureSocket, credentials: Credentials, what: str) -> None:
    """Check that the peer is the server, and prove to it that this is its viewer."""
    again = "copy its file from the host again: a server that was started again has another, and a share ends"
    try:
        if not hmac.compare_digest(secure.shake_hands(), fingerprint(credentials.server_certificate)):
            raise HostRefused(what, "another server answers there", again)
    except OSError as error:
        if isinstance(error, HostError):
            raise
        raise _failure(error, secure, what, again) from error
    try:
        magic, version, theirs = _CHALLENGE.unpack(secure.receive(_CHALLENGE.size))
        if magic != _MAGIC or version != _VERSION:
            raise WireError(
                what,
                f"it speaks version {version} of the network protocol, this viewer version {_VERSION}",
                f"upgrade the {'host' if version < _VERSION else 'viewer'}",
            )
        ours = secrets.token_bytes(_NONCE)
        secure.send(ours + _proof(credentials, b"viewer", theirs, ours))
        if not hmac.compare_digest(secure.receive(_MAC), _proof(credentials, b"server", theirs, ours)):
            raise HostRefused(what, "the server does not know the token", again)
    except TimeoutError as error:
        raise HostGone(what, "it stopped answering") from error
    except OSError as error:
        if isinstance(error, HostError):
            raise
        # It answered until it had our proof.
        raise HostRefused(what, "it does not let us in", again) from error
    secure.know()


def _failure(error: OSError, secure: SecureSocket, what: str, again: str) -> HostError:
    """Return the error of a handshake of TLS that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return HostRefused(what, "another server answers there", again)
    if isinstance(error, ssl.SSLError):
        if secure.first[:1] in (b"\x15", b"\x16"):  # an alert, or a handshake: it does speak TLS
            return WireError(what, f"no TLS 1.3 with what answers ({_reason(error)})", "is the port right?")
        begins = quoted(secure.first.decode("ascii", "backslashreplace").splitlines()[0] if secure.first else "")
        return WireError(what, f"what answers is not traitsview, it begins with {begins}", "is the port right?")
    if isinstance(error, TimeoutError):
        return HostGone(what, "something listens there and says nothing", "is the port right?")
    return HostGone(what, "the connection was closed at once", "is the port right?")


def _proof(credentials: Credentials, side: bytes, server_nonce: bytes, viewer_nonce: bytes) -> bytes:
    """Return the proof that one side has the token, which is worth nothing on another connection or the other side."""
    certificates = credentials.server_certificate, credentials.client_certificate
    said = b"".join((side, struct.pack("!H", _VERSION), *map(fingerprint, certificates), server_nonce, viewer_nonce))
    return hmac.digest(bytes.fromhex(credentials.token), said, "sha256")


def _reason(error: OSError) -> str:
    """Return a few words for the log; the other side has chosen none of them."""
    if isinstance(error, ssl.SSLError):
        return f"TLS: {(error.reason or 'unknown error').replace('_', ' ').lower()}"
    if isinstance(error, TimeoutError):
        return f"nothing within {HELLO_SECONDS:g} s"
    return str(error.strerror or error)
