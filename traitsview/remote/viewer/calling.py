"""The viewer's end of a connection, which makes calls."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from rpyc.core import consts

from ...errors import HostError, HostGone, HostRefused, HostReplaced, TraitsviewError, WireError
from .. import wire
from ..protocol.channel import AttachmentChannel, Farewell, Parting
from ..protocol.connection import ByValue
from ..protocol.hello import REPLACED

__all__ = ["Calling"]


class Calling(ByValue):
    """The end that makes calls.  It answers no calls, and takes only values.

    One thread at a time may `call`; others may `post` meanwhile.

    Parameters
    ----------
    channel : AttachmentChannel
    brought : callable, optional
        Called after each answer to `call` that has arrays, in the thread that calls, with the bytes of the arrays and
        the seconds from the first byte of the answer to its last.
    """

    def __init__(self, channel: AttachmentChannel, brought: Callable[[int, float], None] | None = None) -> None:
        super().__init__(channel)
        self._brought = brought
        self._calling = threading.Lock()
        self._answers: deque[tuple[bool, object]] = deque()
        self._ended = False

    def call(self, name: str, *args: object, allowance: int = 0) -> Any:
        """Call the method `name` of the host and return its answer, which may have `allowance` bytes of arrays.

        Raises
        ------
        TraitsviewError
            The error that the method has raised, of the same class.
        HostGone
            If the connection has ended.
        WireError
            If the answer makes no sense; the connection cannot be used any more.
        """

        def exchanged() -> object:
            self.ask(name, *args)
            return self._next_answer()

        answer = self._receive(allowance, exchanged)
        if self._brought is not None and self.channel.brought:
            self._brought(self.channel.brought, self.channel.took)
        return answer

    def _receive(self, allowance: int, received: Callable[[], object]) -> Any:
        try:
            with self._calling:
                self.channel.allowance = allowance
                return self._translated(received)
        finally:
            if self._ended:
                self.end()

    def _translated(self, received: Callable[[], object]) -> object:
        """Return what `received` returns, or raise an error of ours in the place of its own."""
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
        """End the connection; any thread may call it.  A thread that waits for an answer gets `HostGone`."""
        self._ended = True
        self.abort()
        if self._calling.acquire(blocking=False):
            self.close()
            self._calling.release()

    def ask(self, name: str, *args: object) -> None:
        """Begin a call of the method `name` of the host; `answer` returns the answers in the order of asking."""
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
        """Call the method `name` of the host without waiting for its answer."""
        self._request(name, args, _ignore)

    def _request(self, name: str, args: tuple[object, ...], answered: Callable[[bool, object], None]) -> None:
        try:
            self._async_request(consts.HANDLE_CALLATTR, (None, name, args, ()), answered)
        except EOFError as error:
            raise self._lost(error) from error
        except Exception as error:
            if not self._closed:
                raise
            # Another thread has closed it meanwhile, and rpyc then fails in its own locks.
            raise self._lost(EOFError("the connection was closed")) from error

    @property
    def replaced(self) -> bool:
        """Whether the host has said that a newer link of this viewer has taken the place of this one."""
        if not self._calling.acquire(blocking=False):
            return False
        try:
            return self.channel.parting is Parting.REPLACED
        finally:
            self._calling.release()

    def _lost(self, error: EOFError) -> HostError:
        """Return the error for a caller whose connection has ended."""
        parting = error.parting if isinstance(error, Farewell) else self.channel.parting
        if parting is Parting.REPLACED:
            return HostReplaced("the host has let go of us", REPLACED)
        if parting is Parting.REVOKED:
            return HostRefused("the host has let go of us", str(Farewell(parting)), "ask its owner for another one")
        return HostGone("lost contact with the host", str(Farewell(parting)) if parting else str(error))

    @classmethod
    def _request_handlers(cls) -> dict[int, Callable[..., object]]:
        return {}

    def _dispatch(self, data: bytes) -> None:
        if data[:1] == bytes([consts.MSG_REQUEST]):
            raise WireError("the host called back", "a viewer answers nothing")
        super()._dispatch(data)

    def _seq_request_callback(self, message: int, sequence: object, failed: bool, value: object) -> None:
        # Without this, endless answers to questions that nobody asked would keep the caller for ever.
        if sequence not in self._request_callbacks:
            raise WireError("refused an answer", "it is to nothing that was asked")
        super()._seq_request_callback(message, sequence, failed, value)

    def _unbox_exc(self, package: object) -> HostError | TraitsviewError:
        return wire.unpack_error(package)


def _ignore(failed: bool, value: object) -> None:
    return None
