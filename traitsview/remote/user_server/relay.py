"""The end of a tunnel on the host.  It joins the channels to the user's server, which it starts if there is none.

One runs for each viewer that comes by ssh, so it has to start quickly: it imports neither NumPy nor rpyc.
"""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import HostError, TraitsviewError
from ..protocol import endpoint
from ..tunnel.byte_stream import ByteStream
from ..tunnel.relay_words import greeting, obituary, refusal
from ..tunnel.tunnel import Tunnel

if TYPE_CHECKING:
    from .server_watch import ServerWatch

__all__ = ["relay"]

#: Seconds of silence after which the viewer is gone.  A viewer asks for a sign of life every second.
_SILENCE_SECONDS = 60.0

#: Seconds that a server of this machine has to take a connection.
_CONNECT_SECONDS = 5.0

#: When a server is killed its connections end first, and its process at most so many seconds later.
_DEATH_SECONDS = 0.2


def relay(stream: ByteStream) -> None:
    """Join a viewer to the user's server until the viewer goes; each of its channels becomes a connection."""
    _Relay(stream).run()


class _Relay:
    """The tunnel, and the server at its end."""

    def __init__(self, stream: ByteStream) -> None:
        self._tunnel = Tunnel(stream, self._answer, _SILENCE_SECONDS, self._obituary)
        self._socket: Path | None = None
        self._watch: ServerWatch | None = None
        self._looking = threading.Lock()

    def run(self) -> None:
        self._tunnel.run(first=greeting())

    def _answer(self, number: int) -> socket.socket | None:
        """Connect to the server at its last socket; if that fails, find it or start it in another thread."""
        if self._socket is not None:
            try:
                return endpoint.connect(self._socket, 0.0)
            except HostError:
                self._socket = None
        threading.Thread(target=self._find, args=(number,), name="traitsview server", daemon=True).start()
        return None

    def _obituary(self) -> str:
        """Return why the server has ended a connection, if it was killed, as a text for the viewer; otherwise ""."""
        why = self._watch.killed(_DEATH_SECONDS) if self._watch is not None else ""
        return obituary(why) if why else ""

    def _find(self, number: int) -> None:
        # Imported here, so that the greeting does not wait for it.
        from . import served, server_watch

        try:
            with self._looking:
                record = served.found_or_started()
                path = Path(record.socket)
                if self._watch is None or self._watch.pid != record.pid:
                    self._watch = server_watch.ServerWatch(record)
            sock = endpoint.connect(path, _CONNECT_SECONDS)
        except TraitsviewError as error:
            self._tunnel.refuse(number, refusal(error))
        except Exception as error:  # whatever it is, the viewer has to be told
            self._tunnel.refuse(
                number, refusal(HostError("cannot reach the server", f"{type(error).__name__}: {error}"))
            )
        else:
            self._socket = path
            self._tunnel.supply(number, sock)
