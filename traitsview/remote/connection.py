"""Calls over a channel, by value only: rpyc's connection with everything else shut.

The side that has data answers calls of named methods and nothing else; the side that looks makes
them and answers nothing.  No reference to an object ever crosses, in either direction.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any

from rpyc.core import brine, consts
from rpyc.core.protocol import Connection

from ..errors import HostError, HostGone, HostReplaced, TraitsviewError, WireError
from . import wire
from .channel import AttachmentChannel, Farewell, Parting
from .hello import REPLACED

__all__ = ["Answering", "Calling"]

# rpyc's own deadlines read the wall clock; ours are the stream's.
_CONFIG = {
    "sync_request_timeout": None,
    "allow_safe_attrs": False,
    "allow_exposed_attrs": False,
    "allow_getattr": False,
    "include_local_traceback": False,
    "include_local_version": False,
    "bind_threads": False,
}

_Error = tuple[type[BaseException], BaseException, TracebackType | None]


class _Root:
    """What rpyc wants as the local end; it exposes nothing."""

    def on_disconnect(self, connection: object) -> None:
        """Do nothing: whoever made the connection ends what belongs to it."""


class _ByValue(Connection):  # type: ignore[misc]
    """What both sides share: exact builtin values cross, references are refused."""

    def __init__(self, channel: AttachmentChannel) -> None:
        super().__init__(_Root(), channel, _CONFIG)
        self._closed: bool
        self.channel = channel

    def close(self) -> None:
        """End the connection at once, without a word to the other side."""
        if not self._closed:
            self._closed = True
            self._cleanup()

    def abort(self) -> None:
        """Shut the connection from any thread; the one that uses it gets EOFError and closes it."""
        self.channel.stream.abort()

    def part(self, parting: Parting) -> None:
        """Shut the connection as `abort` does, and have the other side know why, if that takes no time."""
        self.channel.part(parting)

    def _box(self, value: object) -> tuple[int, object]:
        if not brine.dumpable(value):
            raise WireError("cannot send the answer", f"{type(value).__name__} does not cross by value")
        return consts.LABEL_VALUE, value

    def _unbox(self, package: object) -> object:
        if type(package) is not tuple or len(package) != 2 or package[0] != consts.LABEL_VALUE:
            raise WireError("refused a reference to an object", "only values cross")
        return package[1]


class Answering(_ByValue):
    """The end that answers: calls `methods` by name, one after the other, in the thread that serves.

    Parameters
    ----------
    methods : dict of str to callable
        All that can be called.  Each takes and returns values; those that return arrays attach
        them to the channel first.
    """

    def __init__(self, channel: AttachmentChannel, methods: dict[str, Callable[..., object]]) -> None:
        self._methods = methods
        super().__init__(channel)

    def serve_until_closed(self) -> None:
        """Answer until the other side is gone or says something that is no request."""
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
        # Not left to `_box`: what is raised there would end the connection.
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


class Calling(_ByValue):
    """The end that calls.  It answers nothing and takes values only.

    One thread at a time may `call`; `post` may be called by others meanwhile.
    """

    def __init__(self, channel: AttachmentChannel) -> None:
        super().__init__(channel)
        self._calling = threading.Lock()
        self._answers: deque[tuple[bool, object]] = deque()
        self._ended = False

    def call(self, name: str, *args: object, allowance: int = 0) -> Any:
        """Return what the method `name` of the other side returns, beside at most `allowance` bytes of arrays.

        Raises
        ------
        TraitsviewError
            What the other side raised, as our own error.
        HostGone
            If the connection ended.
        WireError
            If the answer makes no sense; the connection is then of no use any more.
        """
        return self._receive(allowance, lambda: self.sync_request(consts.HANDLE_CALLATTR, None, name, args, ()))

    def _receive(self, allowance: int, received: Callable[[], object]) -> Any:
        try:
            with self._calling:
                self.channel.allowance = allowance
                return self._translated(received)
        finally:
            if self._ended:
                self.end()

    def _translated(self, received: Callable[[], object]) -> object:
        """Return what is received, or raise one of our own errors."""
        try:
            return received()
        except TraitsviewError as error:
            if isinstance(error, WireError):
                self.close()
            raise
        except EOFError as error:
            raise self._lost(error) from error
        except KeyboardInterrupt:
            self.close()
            raise
        except BaseException as error:
            # A hostile host can make rpyc raise anything.
            self.close()
            raise WireError("the host's answer makes no sense", type(error).__name__) from error

    def end(self) -> None:
        """End the connection from any thread; whoever calls gets `HostGone`."""
        self._ended = True
        self.abort()
        if self._calling.acquire(blocking=False):
            self.close()
            self._calling.release()

    def ask(self, name: str, *args: object) -> None:
        """Call the method `name` of the other side; `answer` returns what it returns, in the order of asking."""
        self._request(name, args, self._take_answer)

    def answer(self, allowance: int) -> Any:
        """Wait for the answer to the oldest call of `ask`; raises what `call` raises."""
        return self._receive(allowance, self._next_answer)

    def _take_answer(self, failed: bool, value: object) -> None:
        self._answers.append((failed, value))

    def _next_answer(self) -> object:
        while not self._answers:
            self.serve(None)
        failed, value = self._answers.popleft()
        if failed:
            assert isinstance(value, BaseException)
            raise value
        return value

    def post(self, name: str, *args: object) -> None:
        """Call the method `name` of the other side without waiting for its answer."""
        self._request(name, args, _ignore)

    def _request(self, name: str, args: tuple[object, ...], answered: Callable[[bool, object], None]) -> None:
        try:
            self._async_request(consts.HANDLE_CALLATTR, (None, name, args, ()), answered)
        except EOFError as error:
            raise self._lost(error) from error
        except Exception as error:
            if not self._closed:
                raise
            # Somebody closed it meanwhile, and rpyc falls over its own locks then.
            raise self._lost(EOFError("the connection was closed")) from error

    @property
    def replaced(self) -> bool:
        """Whether the host has said that a newer link of this viewer took the place of this one."""
        if not self._calling.acquire(blocking=False):
            return False
        try:
            return self.channel.parting is Parting.REPLACED
        finally:
            self._calling.release()

    def _lost(self, error: EOFError) -> HostError:
        """Return what the end of the connection is to those who call."""
        parting = error.parting if isinstance(error, Farewell) else self.channel.parting
        if parting is Parting.REPLACED:
            return HostReplaced("the host has let go of us", REPLACED)
        return HostGone("lost contact with the host", str(Farewell(parting)) if parting else str(error))

    @classmethod
    def _request_handlers(cls) -> dict[int, Callable[..., object]]:
        return {}

    def _dispatch(self, data: bytes) -> None:
        if data[:1] == bytes([consts.MSG_REQUEST]):
            raise WireError("the host called back", "a viewer answers nothing")
        super()._dispatch(data)

    def _seq_request_callback(self, message: int, sequence: object, failed: bool, value: object) -> None:
        # Answers without end to nothing that was asked would keep the caller for ever.
        if sequence not in self._request_callbacks:
            raise WireError("refused an answer", "it is to nothing that was asked")
        super()._seq_request_callback(message, sequence, failed, value)

    def _unbox_exc(self, package: object) -> HostError | TraitsviewError:
        return wire.unpack_error(package)


def _ignore(failed: bool, value: object) -> None:
    return None
