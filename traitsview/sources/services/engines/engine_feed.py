"""What one expression shows on one engine of a cluster."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from ....errors import SourceUnreadable, TraitsviewError, quoted
from ...arrays.array_source import ArraySource
from ...frame import Frame
from ...framed.feed import Arrival, Feed
from ...framed.framed_source import HELD_BYTES
from ...image_info import ImageInfo
from ...image_source import ImageSource
from ..far_image import answered
from ..far_words import info_of
from ..part_image import PartImage, PartUnreachable
from .door import BUSY_SECONDS, EngineDoor, EngineReply

__all__ = ["EngineFeed", "EngineImage"]

# Seconds between two looks at an engine, at least; and how many times as long as a look takes.
_LOOK_SECONDS = 0.25
_LOOK_SHARE = 10

# Seconds between two looks whether an answer has come, while somebody waits.
_PAUSE_SECONDS = 0.005

# An array of at most so many bytes is copied at once, so that all its pixels are of one moment.
_COPIED_BYTES = 1 << 22


# The last two arrays that were looked at stay on the engine, if they have at most so many bytes together.  Otherwise an
# engine that makes arrays quickly would never show one completely.
_STAYING_BYTES = 1 << 28

# A frame whose array stays on the engine counts as so many bytes: then as many frames are kept here as there.
_FAR_BYTES = HELD_BYTES // 2


class EngineImage(PartImage):
    """One frame of an array on an engine."""

    def __init__(self, door: EngineDoor, expression: str, version: int, info: ImageInfo) -> None:
        super().__init__(door.ask, expression, version, info)
        self._door = door

    def begin(self, question: dict[str, Any]) -> Callable[[], list[np.ndarray]]:
        asked = {**question, **self._of}
        reply = self._door.begin(asked)

        def finish() -> list[np.ndarray]:
            def ask(_: Mapping[str, Any]) -> tuple[dict[str, Any], Sequence[Any]]:
                return self._door.wait_for(reply, BUSY_SECONDS)

            return answered(ask, asked, self.info.name)[1]

        return finish


class EngineFeed(Feed):
    """An array on an engine, each time that the engine has changed it.

    The engine is asked at most four times a second, one question at a time.

    Parameters
    ----------
    door : EngineDoor
    expression : str
        Evaluated in the namespace of the engine.
    """

    def __init__(self, door: EngineDoor, expression: str) -> None:
        self._door = door
        self._expression = expression
        self._state = f"waiting for {quoted(expression)}"
        self._closing = threading.Event()
        self._reply: EngineReply | None = None
        self._due = 0.0
        self._seen: int | None = None
        self._image: ImageSource | None = None
        self._missed = 0
        self._count = 0

    @property
    def state(self) -> str:
        return "lost" if self._door.lost else self._state

    @property
    def dark(self) -> bool:
        """Whether nothing can be shown of the engine now: it is lost, or it is busy and its array was not copied."""
        return self._door.lost or (self._door.busy and not isinstance(self._image, ArraySource))

    def next(self, timeout: float) -> Arrival | None:
        end = time.monotonic() + timeout
        told = self.state
        while not self._closing.is_set():
            arrival = self._look()
            left = end - time.monotonic()
            if arrival is not None or self.state != told or left <= 0:
                return arrival
            self._closing.wait(min(left, _PAUSE_SECONDS))
        return None

    def close(self) -> None:
        self._closing.set()
        with suppress(PartUnreachable):  # it stays there until somebody looks again
            self._door.begin({"do": "forget", "expression": self._expression}, 0.0)

    def _look(self) -> Arrival | None:
        """Ask the engine, or take its answer; never wait for it."""
        if self._door.busy:
            self._state = "busy"
        now = time.monotonic()
        if self._reply is None:
            if now < self._due or self._door.lost:
                return None
            seen = (
                self._seen if self._missed == self._door.missed else None
            )  # pixels that never came are asked for anew
            self._missed = self._door.missed
            question = {"do": "look", "expression": self._expression, "seen": seen}
            question.update(copy=_COPIED_BYTES, keep=_STAYING_BYTES)
            try:
                self._reply = self._door.begin(question, 0.0)
            except PartUnreachable:
                return None
        if not self._reply.done:
            return None
        reply, self._reply = self._reply, None
        self._due = now + max(_LOOK_SECONDS, _LOOK_SHARE * (now - reply.began))
        try:
            words, arrays = answered(lambda _: reply.result(0.0), {}, self._expression)
            self._state = ""
            return None if "info" not in words else self._arrival(words, arrays)
        except PartUnreachable:
            return None
        except TraitsviewError as error:
            self._state, self._seen = str(error), None
            return None

    def _arrival(self, words: dict[str, Any], arrays: list[np.ndarray]) -> Arrival:
        try:
            info, version = info_of(words["info"]), int(words["version"])
        except (KeyError, TypeError, ValueError) as error:
            raise SourceUnreadable(f"cannot show {quoted(self._expression)}", f"no facts came: {error}") from error
        if arrays:
            (array,) = arrays
            array = array if array.ndim > 1 else array[None, :]
            image: ImageSource = ArraySource(array, name=info.name, kind=info.kind)
        else:
            image = EngineImage(self._door, self._expression, version, info)
        self._seen, self._image = version, image
        self._count += 1
        info = replace(info, version=self._count)
        frame = Frame(info, None, None, time.monotonic(), self._count)
        return Arrival(frame, image, arrays[0].nbytes if arrays else _FAR_BYTES)
