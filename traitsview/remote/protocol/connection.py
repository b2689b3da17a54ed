"""Calls over a channel, by value only: a connection of rpyc in which everything else is shut.

The host answers calls of named methods and nothing else (`Answering`).  The viewer makes these calls and answers
nothing (`Calling`).  No reference to an object crosses in either direction.
"""

from __future__ import annotations

from rpyc.core import brine, consts
from rpyc.core.protocol import Connection

from ...errors import WireError
from .channel import AttachmentChannel, Parting

__all__ = ["ByValue"]

# The deadlines of rpyc read a clock that can be set; the stream has deadlines that do not.
_CONFIG = {
    "sync_request_timeout": None,
    "allow_safe_attrs": False,
    "allow_exposed_attrs": False,
    "allow_getattr": False,
    "include_local_traceback": False,
    "include_local_version": False,
    "bind_threads": False,
}


class _NothingExposed:
    """The object that rpyc wants to expose to the other side; it exposes nothing."""

    def on_disconnect(self, connection: object) -> None:
        """Do nothing: the code that made the connection cleans up after it."""


class ByValue(Connection):  # type: ignore[misc]
    """The part of a connection that both sides share: values of builtin types cross, references are refused."""

    def __init__(self, channel: AttachmentChannel) -> None:
        super().__init__(_NothingExposed(), channel, _CONFIG)
        self._closed: bool
        self.channel = channel

    def close(self) -> None:
        """End the connection at once, without a word to the other side."""
        if not self._closed:
            self._closed = True
            self._cleanup()

    def abort(self) -> None:
        """Shut the connection; any thread may call it.  The thread that uses it gets EOFError and closes it."""
        self.channel.stream.abort()

    def say_farewell(self, parting: Parting) -> None:
        """Tell the other side why the connection ends, if that takes at most 0.05 s, and shut it as `abort` does."""
        self.channel.say_farewell(parting)

    def _box(self, value: object) -> tuple[int, object]:
        if not brine.dumpable(value):
            raise WireError("cannot send the answer", f"{type(value).__name__} does not cross by value")
        return consts.LABEL_VALUE, value

    def _unbox(self, package: object) -> object:
        if type(package) is not tuple or len(package) != 2 or package[0] != consts.LABEL_VALUE:
            raise WireError("refused a reference to an object", "only values cross")
        return package[1]
