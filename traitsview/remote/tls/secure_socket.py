"""TLS 1.3 over a socket, where each side accepts exactly one certificate."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import ssl
import time
from typing import cast

from .certificate import Identity

__all__ = ["STRANGER_BYTES", "SecureSocket", "pinning"]

#: Bytes that are read from a peer that has proved nothing yet.
STRANGER_BYTES = 1 << 16

# Seconds after which a peer that acknowledges nothing is gone.
_IDLE_SECONDS = 60

# Bytes of a record of TLS at most.
_RECORD_BYTES = 1 << 14

# Bytes that are read or written at once: many records, to make fewer system calls.
_CHUNK_BYTES = 1 << 18


class SecureSocket:
    """TLS over a connected socket; for one thread at a time, except `abort`.

    Until the two sides know each other it waits, at most until a deadline.  Afterwards it never waits: `read` and
    `write` raise `BlockingIOError` as a non-blocking socket does.  It is then a `ByteStream`.

    Parameters
    ----------
    sock : socket
        This object owns it from now on.
    context : ssl.SSLContext
    server_side : bool
    deadline : float
        The time on the monotonic clock at which the two sides have to know each other.
    """

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, server_side: bool, deadline: float) -> None:
        self._sock = sock
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=server_side)
        self._deadline = deadline
        self._waiting = memoryview(b"")
        self._heard = 0
        #: The first bytes of the other side: if it does not speak TLS, they show what it is.
        self.first = b""

    def reading(self) -> int:
        """Return the descriptor to wait for before `read`."""
        return self._sock.fileno()

    def writing(self) -> int:
        """Return the descriptor to wait for before `write` and `flush`."""
        return self._sock.fileno()

    @property
    def unsent(self) -> bool:
        """Whether bytes wait that `flush` has still to send."""
        return bool(self._waiting) or bool(self._outgoing.pending)

    def shake_hands(self) -> bytes:
        """Agree on TLS and return the SHA-256 of the other side's certificate.

        When that fails nothing is sent, so that the other side does not learn why.

        Raises
        ------
        OSError
            For example `ssl.SSLError`.
        """
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._send_waiting()
                self._receive()
            else:
                self._send_waiting()
                return hashlib.sha256(self._tls.getpeercert(binary_form=True) or b"").digest()

    def send(self, data: bytes) -> None:
        """Send `data` before the deadline."""
        self._tls.write(data)
        self._send_waiting()

    def receive(self, size: int) -> bytes:
        """Return exactly `size` bytes that come before the deadline."""
        data = b""
        while len(data) < size:
            try:
                part = self._tls.read(size - len(data))
            except ssl.SSLWantReadError:
                self._receive()
            else:
                if not part:
                    raise ConnectionResetError("the connection was closed")
                data += part
        return data

    def know(self) -> None:
        """Note that the other side has proved who it is: from now on no method waits."""
        self._sock.setblocking(False)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # With these options the kernel notices a peer that is gone without a word.
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (
            (socket.TCP_KEEPIDLE, _IDLE_SECONDS // 3),
            (socket.TCP_KEEPINTVL, _IDLE_SECONDS // 6),
            (socket.TCP_KEEPCNT, 4),
            (socket.TCP_USER_TIMEOUT, _IDLE_SECONDS * 1000),
        ):
            self._sock.setsockopt(socket.IPPROTO_TCP, option, value)

    def read(self, buffer: memoryview) -> int:
        """Read into `buffer` the bytes that have come; return their number, 0 at the end.

        From the socket no more is taken than fits into a buffer of 32 KiB or more, so that the descriptor shows
        whether more can be read.

        Raises
        ------
        BlockingIOError
            If there is nothing yet.
        OSError
            If the connection is broken.
        """
        filled = 0
        while filled < len(buffer):
            try:
                count = cast(int, self._tls.read(len(buffer) - filled, buffer[filled:]))
            except ssl.SSLWantReadError:
                if filled:
                    break
                # Less than one record is here already, and its bytes come first.
                data = self._sock.recv(min(_CHUNK_BYTES, max(len(buffer) - _RECORD_BYTES, _RECORD_BYTES)))
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                break
            else:
                if not count:
                    break
                filled += count
        return filled

    def write(self, data: memoryview) -> int:
        """Take some of `data`; return the number of bytes; raises as `read` does.

        Bytes that were taken may wait here, see `unsent`.
        """
        self.flush()
        if self.unsent:
            raise BlockingIOError
        count = self._tls.write(data[:_CHUNK_BYTES])
        self.flush()
        return count

    def flush(self) -> None:
        """Send the bytes that wait, as far as the socket takes them."""
        while self.unsent:
            if not self._waiting:
                self._waiting = memoryview(self._outgoing.read())
            try:
                count = self._sock.send(self._waiting)
            except BlockingIOError:
                return
            self._waiting = self._waiting[count:]

    def abort(self) -> None:
        """End the connection; any thread may call it.  A thread that waits at it sees its end."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket; the thread that uses it calls this."""
        self._sock.close()

    def _send_waiting(self) -> None:
        """Send all bytes that wait, before the deadline."""
        self._waiting = memoryview(self._outgoing.read())
        self._sock.settimeout(self._left())
        self._sock.sendall(self._waiting)
        self._waiting = memoryview(b"")

    def _receive(self) -> None:
        """Wait for bytes, until the deadline and up to the limit."""
        if self._heard >= STRANGER_BYTES:
            raise ConnectionError(f"more than {STRANGER_BYTES} bytes before it was known")
        self._sock.settimeout(self._left())
        data = self._sock.recv(min(_CHUNK_BYTES, STRANGER_BYTES - self._heard))
        if not data:
            raise ConnectionResetError("the connection was closed")
        self._heard += len(data)
        self.first = self.first or data[:24]
        self._incoming.write(data)

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


def pinning(own: Identity, other: str, server_side: bool) -> ssl.SSLContext:
    """Return a context that agrees on TLS 1.3 only with peers that have one of the certificates `other`, in PEM."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server_side else ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    # The other side's certificate is signed by no authority, and is trusted by itself.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=other)
    # OpenSSL reads keys from files only; this file is in memory and has no name.
    descriptor = os.memfd_create("traitsview")
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(own.certificate + own.key)
        file.flush()
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
    if server_side:
        context.num_tickets = 0
    return context
