"""The host's end of a connection, which answers calls."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from rpyc.core import brine, consts

from ...errors import WireError
from .. import wire
from ..protocol.channel import AttachmentChannel
from ..protocol.connection import ByValue

__all__ = ["Answering"]


class Answering(ByValue):
    """The end that answers calls of `methods` by name, one after the other, in the thread that serves.

    Parameters
    ----------
    methods : dict of str to callable
        All methods that can be called.  Each takes and returns values; a method that returns arrays attaches
        them to the channel first.
    """

    def __init__(self, channel: AttachmentChannel, methods: dict[str, Callable[..., object]]) -> None:
        self._methods = methods
        super().__init__(channel)

    def serve_until_closed(self) -> None:
        """Answer calls until the viewer is gone or sends something that is no call."""
        try:
            while not self._closed:
                self.serve(None)
        except EOFError:
            pass
        finally:
            self.close()

    @classmethod
    def _request_handlers(cls) -> dict[int, Callable[..., object]]:
        return {consts.HANDLE_PING: cls._handle_ping, consts.HANDLE_CALLATTR: cls._handle_call}

    def _handle_call(self, target: object, name: object, args: object, options: object = ()) -> object:
        if target is not None or type(name) is not str or name not in self._methods:
            raise WireError("refused a call", "there is no such name here")
        if type(args) is not tuple or options != ():
            raise WireError("refused a call", "its arguments are not a tuple")
        value = self._methods[name](*args)
        # `_box` would refuse this too, but an error there ends the connection.
        if not brine.dumpable(value):
            raise WireError("cannot send the answer", f"{type(value).__name__} does not cross by value")
        return value

    def _dispatch(self, data: bytes) -> None:
        if data[:1] != bytes([consts.MSG_REQUEST]):
            raise EOFError("it sent something that is no request")
        try:
            super()._dispatch(data)
        except RecursionError as error:
            raise EOFError("it sent tuples within tuples without end") from error

    def _box_exc(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> object:
        self.channel.drop()
        return wire.pack_error(error)
