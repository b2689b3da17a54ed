"""An attempt to lay a tunnel over a stream that has to be connected first."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ...errors import HostGone, TraitsviewError
from .byte_stream import ByteStream
from .tunnel import Tunnel

__all__ = ["StreamAttempt"]


class StreamAttempt:
    """A `TunnelAttempt` over the stream that `connect` returns.

    A thread of its own calls `connect`, carries the bytes of the tunnel, and ends with it.

    Parameters
    ----------
    connect : callable
        Returns a stream to the host, or raises `TraitsviewError`.
    name : str
        The name of the thread.
    """

    def __init__(self, connect: Callable[[], ByteStream], name: str) -> None:
        self._connect = connect
        self._tunnel: Tunnel | None = None
        self._error: TraitsviewError = HostGone("the source is closed")
        self._closing = False
        self._settled = threading.Event()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the stream is being connected, or the tunnel carries bytes."""
        return not self._closing and (not self._settled.is_set() or (self._tunnel is not None and self._tunnel.alive))

    @property
    def settled(self) -> bool:
        """Whether it has succeeded or failed, so that `tunnel` does not wait."""
        return self._settled.is_set()

    @property
    def last_words(self) -> str:
        """How the tunnel ended; empty while it is alive."""
        return self._tunnel.why if self._tunnel is not None and not self._tunnel.alive else ""

    def tunnel(self) -> Tunnel:
        """Wait until the attempt is settled; return the tunnel, or raise the error that kept it from being laid."""
        self._settled.wait()
        if self._tunnel is not None:
            return self._tunnel
        error = self._error
        raise type(error)(error.what, error.why, error.remedy) from error

    def close(self) -> None:
        """End the attempt or its tunnel; `tunnel` waits no more."""
        self._closing = True
        if self._tunnel is not None:
            self._tunnel.close()
        self._settled.set()

    def _run(self) -> None:
        try:
            self._tunnel = Tunnel(self._connect())
        except TraitsviewError as error:
            self._error = error
        finally:
            self._settled.set()
        if self._tunnel is not None:
            # Either `close` has seen the tunnel, or `_closing` is seen here.
            if self._closing:
                self._tunnel.close()
            self._tunnel.run()
