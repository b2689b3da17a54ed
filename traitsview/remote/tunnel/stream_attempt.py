"""A way to a host over a stream of bytes that is there once it was connected."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ...errors import HostGone, TraitsviewError
from .byte_stream import ByteStream
from .tunnel import Tunnel

__all__ = ["StreamAttempt"]


class StreamAttempt:
    """A `Way` over what `connect` returns; a thread of its own calls that, carries what it brings, and ends with it.

    Parameters
    ----------
    connect : callable
        Returns a stream to the host, or raises `TraitsviewError`.
    name : str
        Of the thread.
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
        """Whether it is on its way to the host, or there."""
        return not self._closing and (not self._settled.is_set() or (self._tunnel is not None and self._tunnel.alive))

    @property
    def settled(self) -> bool:
        """Whether `tunnel` would not wait."""
        return self._settled.is_set()

    @property
    def last_words(self) -> str:
        """How it ended; empty while it does not."""
        return self._tunnel.why if self._tunnel is not None and not self._tunnel.alive else ""

    def tunnel(self) -> Tunnel:
        """Return the tunnel, when it is there; raises what keeps it from being there."""
        self._settled.wait()
        if self._tunnel is not None:
            return self._tunnel
        error = self._error
        raise type(error)(error.what, error.why, error.remedy) from error

    def close(self) -> None:
        """End it; who waits for it waits no more."""
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
            # `close` sees the tunnel, or this sees that it was called.
            if self._closing:
                self._tunnel.close()
            self._tunnel.run()
