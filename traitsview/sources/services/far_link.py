"""This host's end of the line to a thread in another program of this machine; see `far_thread`."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any

from ...errors import SourceUnreadable
from .far_frames import ANSWER_BYTES, ARRAY_BYTES, FrameError, receive, send

__all__ = ["FarLink", "GivenUp", "ProgramBusy", "ProgramGone"]

#: Seconds after which a program that has not begun with a question is called busy.
_BUSY_SECONDS = 2.0

#: Seconds that an answer may take, once it is begun.
_ANSWER_SECONDS = 300.0

# Seconds in which a message comes that has begun to come.
_MESSAGE_SECONDS = 30.0


class ProgramGone(SourceUnreadable):
    """The program has ended, or has let us go."""


class ProgramBusy(SourceUnreadable):
    """The program does not answer now, and may later."""


class GivenUp(ProgramBusy):
    """The caller has given up to wait for the program."""


class FarLink:
    """A line over which questions go to another program.  Any thread may call any method.

    At most one question waits there.  While the program is held up by C code, no more are sent.

    Parameters
    ----------
    line : socket
        Connected; it is closed with this.
    what : str
        How errors begin: ``"cannot look into kernel '4f2a'"``.

    Attributes
    ----------
    process : int
        The id of the program.
    notebook : str
        The name of the notebook that it runs for, or empty.
    is_gone : bool
        Whether no more answers come.
    """

    def __init__(self, line: socket.socket, what: str) -> None:
        self._line = line
        self._what = what
        self._asking = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting = 0  # the number of a question that has not been answered
        self._closed = False
        self.is_gone = False
        self._ended: int | None = None
        line.settimeout(_MESSAGE_SECONDS)
        try:
            words = self._next(time.monotonic() + _BUSY_SECONDS)[0]
            self.process = int(words["process"])
            self.notebook = str(words["notebook"])
            with contextlib.suppress(OSError):  # it has ended already, and its line tells so
                self._ended = os.pidfd_open(self.process)
        except (KeyError, TypeError, ValueError) as error:
            line.close()
            raise self._gone(f"it said {error}") from error
        except BaseException:
            line.close()
            raise

    def ask(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[memoryview]]:
        """Return the words and the bytes of the arrays of an answer.

        Raises
        ------
        ProgramBusy
            If the program does not begin within two seconds.
        ProgramGone
            If it has ended.
        """
        with self._asking:
            self._finish(time.monotonic() + _BUSY_SECONDS)
            number = next(self._numbers)
            try:
                send(self._line, {**question, "number": number})
            except OSError as error:
                raise self._gone() from error
            self._waiting = number
            end = time.monotonic() + _BUSY_SECONDS
            while True:
                words, buffers = self._next(end)
                if words.get("began") == number:
                    end = time.monotonic() + _ANSWER_SECONDS
                elif words.get("number") == number:
                    self._waiting = 0
                    return words, buffers

    def close(self) -> None:
        """Let the program go; whoever waits for an answer gets `ProgramGone`."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        with self._asking:
            self._line.close()
            if self._ended is not None:
                os.close(self._ended)
                self._ended = None

    def _finish(self, end: float) -> None:
        """Wait for the answer to a question that somebody has given up."""
        while self._waiting:
            words, _ = self._next(end)
            if words.get("number") == self._waiting:
                self._waiting = 0

    def _next(self, end: float) -> tuple[dict[str, Any], list[memoryview]]:
        if self._closed:
            raise self._gone("it was let go")
        poll = select.poll()
        poll.register(self._line, select.POLLIN)
        if self._ended is not None:
            poll.register(self._ended, select.POLLIN)
        ready = poll.poll(max(0.0, end - time.monotonic()) * 1000)
        if not ready:
            raise ProgramBusy(self._what, "it is busy in C code", "wait until it goes on")
        if self._line.fileno() not in [one for one, _ in ready]:
            raise self._gone()
        try:
            return receive(self._line, ANSWER_BYTES, ARRAY_BYTES)
        except (EOFError, OSError) as error:
            raise self._gone() from error
        except FrameError as error:
            self._closed = True
            raise self._gone(str(error)) from error

    def _gone(self, why: str = "it has ended") -> ProgramGone:
        self.is_gone = True
        return ProgramGone(self._what, why)
