"""One engine of a cluster, which is asked one question at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ....errors import SourceUnreadable, printable
from ..far_bundle import far_name, far_text
from ..part_image import PartUnreachable

__all__ = ["BUSY_SECONDS", "EngineDoor", "EngineReply"]

#: An engine that has not answered for so long is busy.
BUSY_SECONDS = 1.0

#: What an engine evaluates for a question.  It is a text for `eval`, which every Python has: nothing of this package is
#: imported there, and no code is sent that another version of Python would not understand.
_ASK = """(lambda found: (found[0], *found[1]))(__import__("sys").modules[{name!r}].engine.answer(question))"""

#: What an engine executes before the first question.
_SETUP = """
import sys
_far = sys.modules[{name!r}]
if not hasattr(_far, "engine"):
    from ipykernel.zmqshell import ZMQInteractiveShell
    _far.engine = sys.modules[{name!r} + ".sources.services.far_arrays"].FarArrays(
        lambda: ZMQInteractiveShell.instance().user_ns
    )
"""


class EngineReply:
    """An answer that an engine has still to give.

    Attributes
    ----------
    began : float
        When the question was asked, on `time.monotonic`.
    """

    def __init__(self) -> None:
        self.began = time.monotonic()
        self._done = threading.Event()
        self._found: tuple[Any, ...] = ()
        self._failure: Exception | None = None

    @property
    def done(self) -> bool:
        """Whether `result` returns at once."""
        return self._done.is_set()

    def result(self, timeout: float) -> tuple[dict[str, Any], Sequence[Any]]:
        """Return the words and the arrays of the answer; `PartUnreachable` if there is none by then, or none at all."""
        if not self._done.wait(timeout):
            raise PartUnreachable("it is busy")
        if self._failure is not None:
            raise self._failure
        words, *arrays = self._found
        return words, [np.ascontiguousarray(array) for array in arrays]

    def finish(self, found: tuple[Any, ...], failure: Exception | None) -> None:
        """Let those go on who wait."""
        self._found, self._failure = found, failure
        self._done.set()


class EngineDoor:
    """One engine.  Any thread may ask; a question waits until the one before was answered.

    So an engine that is busy with a task has one request of ours waiting, and no more.

    Parameters
    ----------
    client : ipyparallel.Client
    number : int
        Of the engine.

    Attributes
    ----------
    number : int
    name : str
        ``"engine 3"``.
    uuid : str
        What the cluster knows it by.
    lost : bool
        Whether the engine died.
    missed : int
        How many questions were given up because the engine was busy.
    """

    def __init__(self, client: Any, number: int) -> None:
        self.number = number
        self.name = f"engine {number}"
        self.uuid = str(client._engines[number])
        self.lost = False
        self.missed = 0
        self._view = client.direct_view(number)
        self._has_text = False
        self._changed = threading.Condition()
        self._under_way: EngineReply | None = None

    @property
    def busy(self) -> bool:
        """Whether a question has been waiting for long."""
        reply = self._under_way
        return reply is not None and time.monotonic() - reply.began > BUSY_SECONDS

    def begin(self, question: Mapping[str, Any], patience: float = BUSY_SECONDS) -> EngineReply:
        """Ask as soon as the engine has answered the question before; return the answer to come.

        Raises
        ------
        PartUnreachable
            If the engine is lost, or has not answered that question within `patience` seconds.
        """
        reply = EngineReply()
        with self._changed:
            free = self._changed.wait_for(lambda: self._under_way is None or self.lost, patience)
            if self.lost or not free:
                self.missed += patience > 0
                raise PartUnreachable("it died" if self.lost else "it is busy")
            reply.began = time.monotonic()
            self._under_way = reply
        try:
            self._send(reply, dict(question))
        except Exception as error:  # the engine, or the whole cluster, is gone
            self._finish(reply, (), _failure(self, error))
        return reply

    def ask(self, question: Mapping[str, Any], patience: float = BUSY_SECONDS) -> tuple[dict[str, Any], Sequence[Any]]:
        """Return the answer to a question; see `begin`."""
        return self.wait_for(self.begin(question, patience), patience)

    def wait_for(self, reply: EngineReply, patience: float) -> tuple[dict[str, Any], Sequence[Any]]:
        """Return an answer, or raise `PartUnreachable` if it has not come within `patience` seconds."""
        try:
            return reply.result(patience)
        except PartUnreachable:
            self.missed += 1
            raise

    def lose(self) -> None:
        """Take note that the engine died: all waits end."""
        with self._changed:
            self.lost = True
            reply, self._under_way = self._under_way, None
            self._changed.notify_all()
        if reply is not None:
            reply.finish((), PartUnreachable("it died"))

    def _send(self, reply: EngineReply, question: dict[str, Any]) -> None:
        if not self._has_text:
            setup = far_text() + _SETUP.format(name=far_name())
            self._apply(exec, setup, {}, lambda _: self._ask(reply, question), reply)
        else:
            self._ask(reply, question)

    def _ask(self, reply: EngineReply, question: dict[str, Any]) -> None:
        self._has_text = True
        text = _ASK.format(name=far_name())
        self._apply(eval, text, {"question": question}, lambda found: self._finish(reply, found, None), reply)

    def _apply(
        self,
        function: Callable[..., Any],
        text: str,
        names: dict[str, Any],
        then: Callable[[Any], None],
        reply: EngineReply,
    ) -> None:
        """Let the engine call ``exec`` or ``eval``; go on in the client's thread when it has."""

        def go_on(future: Any) -> None:
            try:
                then(future.get(0))
            except Exception as error:
                self._finish(reply, (), _failure(self, error))

        self._view.apply_async(function, text, names).add_done_callback(go_on)

    def _finish(self, reply: EngineReply, found: tuple[Any, ...], failure: Exception | None) -> None:
        with self._changed:
            if self._under_way is reply:
                self._under_way = None
            self._changed.notify_all()
        reply.finish(found, failure)


def _failure(door: EngineDoor, error: Exception) -> Exception:
    """Return why no answer came; note it if the engine died."""
    from ipyparallel import error as errors

    if isinstance(error, (errors.EngineError, IndexError, errors.NoEnginesRegistered, OSError)):
        door.lost = True
        return PartUnreachable("it died")
    if isinstance(error, errors.RemoteError):
        why = f"{error.ename}: {printable(str(error.evalue))[:300]}"
    else:
        why = f"{type(error).__name__}: {printable(str(error))[:300]}"
    return SourceUnreadable(f"cannot ask {door.name}", why)
