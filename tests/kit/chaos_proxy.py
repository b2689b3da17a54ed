"""A proxy between two byte streams that delays, cuts and spoils them, as networks do."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .patience import PATIENCE

__all__ = ["ChaosProxy", "Faults"]

_TICK = 0.05


@dataclass
class Faults:
    """The faults of one direction.  A test may change them at any time.

    Attributes
    ----------
    cut_after : int, optional
        The number of bytes after which the connection ends.
    reset : bool
        Whether the connection ends with a reset rather than in order.
    stalled : bool
        Whether no bytes are passed on for now.  The sender sees an open connection.
    slices : int
        The most bytes that are passed on at once.
    flip : int, optional
        The number of a byte, from the beginning of the connection, in which one bit is flipped.
    happened : bool
        Whether a connection was cut by `cut_after`, or a bit was flipped.
    """

    cut_after: int | None = None
    reset: bool = False
    stalled: bool = False
    slices: int = 1 << 16
    flip: int | None = None
    happened: bool = False


class ChaosProxy:
    """Listens at a TCP port of this machine and passes bytes on to the sockets of `target`; a context manager.

    Attributes
    ----------
    to_host, to_viewer : Faults
        The faults of each direction of connections that are made from now on.  Bytes count from the beginning of a
        connection.
    passed : int
        The number of bytes that went to the viewer on the last connection.
    """

    def __init__(self, target: Callable[[], socket.socket]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._threads: list[threading.Thread] = []
        self._ended = False
        self.to_host, self.to_viewer = Faults(), Faults()
        self.connections = self.passed = 0

    def __enter__(self) -> ChaosProxy:
        self._start(self._accept)
        return self

    def __exit__(self, *error: object) -> None:
        self._ended = True
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(PATIENCE)

    def connect(self, timeout: float) -> socket.socket:
        """Return a connection through the proxy."""
        return socket.create_connection(("127.0.0.1", self._listener.getsockname()[1]), timeout)

    def cut(self, reset: bool = False) -> None:
        """End all connections."""
        for pair in tuple(self._pairs):
            _end(pair, reset)

    def _accept(self) -> None:
        while not self._ended:
            if not select.select([self._listener], [], [], _TICK)[0]:
                continue
            try:
                viewer, _ = self._listener.accept()
            except OSError:
                return
            try:
                host = self._target()
            except OSError:
                viewer.close()
                continue
            self.connections += 1
            self.passed = 0
            pair = viewer, host
            self._pairs.append(pair)
            self._start(self._pass, viewer, host, self.to_host, pair)
            self._start(self._pass, host, viewer, self.to_viewer, pair)

    def _pass(self, source: socket.socket, target: socket.socket, faults: Faults, pair: tuple) -> None:
        count = 0
        try:
            while not self._ended:
                if faults.stalled or not select.select([source], [], [], _TICK)[0]:
                    if faults.stalled:
                        threading.Event().wait(_TICK)
                    continue
                room = faults.slices
                if faults.cut_after is not None:
                    room = min(room, faults.cut_after - count)
                data = source.recv(room) if room > 0 else b""
                faults.happened |= room <= 0
                if data and faults.flip is not None and count <= faults.flip < count + len(data):
                    at = faults.flip - count
                    data = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
                    faults.happened = True
                if not data:
                    return
                target.sendall(data)
                count += len(data)
                if faults is self.to_viewer:
                    self.passed = count
        except (OSError, ValueError):
            pass  # it was cut
        finally:
            _end(pair, faults.reset)
            with contextlib.suppress(ValueError):
                self._pairs.remove(pair)

    def _start(self, function: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=function, args=args, name="chaos proxy", daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()


def _end(pair: tuple[socket.socket, socket.socket], reset: bool) -> None:
    for sock in pair:
        with contextlib.suppress(OSError):
            if reset:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                sock.shutdown(socket.SHUT_RDWR)
        sock.close()
