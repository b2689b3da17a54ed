"""Publishes the arrays of a calculation, so that others can watch it."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from ..errors import quoted
from .arguments import checked_facts, checked_name, checked_number, checked_place
from .arrays import array_of, number_of, step_of, time_of
from .frame_slots import Kind, Stamp, room_for
from .frame_writer import FrameWriter
from .launching import launch, wait_until_watched
from .layout import NAME_CHARACTERS
from .parts import Part, checked_region

__all__ = ["Publisher"]

logger = logging.getLogger("traitsview.live")

#: Different complaints of one publisher that are logged.
_MOST_COMPLAINTS = 100


class Publisher:
    """Publishes frames under a name.  The calculation does not notice who watches, and never waits for anybody.

    Nothing is copied unless somebody watches.  There is no thread, no socket and no file.  A forked child of the
    calculation publishes nothing.

    Parameters
    ----------
    name : str
        Others open ``live:NAME``.
    viewer : bool, str or sequence of str
        True opens a window in a process of its own, unless one watches already.  A str ``"MODULE:CLASS"`` names a class
        of yours that shows frames, see `traitsview.view.published_view`.  Other texts are a command, to which the
        address is added.
    wait_for_viewer : bool or float
        Wait until somebody watches, at most so many seconds; True waits as long as the viewer that was opened runs.
    every : int
        Publish the first of so many calls of `publish`, and do nothing in the others.
    region : (slice, slice), optional
        Publish only these rows and columns of each array: ``numpy.s_[100:200, 300:500]``.
    extent : (x0, x1, y0, y1), optional
        The edges of the image in data units; of the whole one, if this publishes a part.
    unit : str
        Of the values.
    origin : {"upper", "lower"} or (row, column), optional
        Where row 0 belongs on the screen; or, of a part, where it begins in the whole image.
    shape : (rows, columns), optional
        Of the whole image, if this publishes a part.
    slots : int
        Frames that are kept in memory, 3 or more.

    Raises
    ------
    RequestError
        If an argument makes no sense.
    OSError
        If there is no memory.
    """

    def __init__(
        self,
        name: str,
        *,
        viewer: bool | str | Sequence[str] = False,
        wait_for_viewer: bool | float = False,
        every: int = 1,
        region: Any = None,
        extent: Any = None,
        unit: str = "",
        origin: Any = None,
        shape: tuple[int, int] | None = None,
        slots: int = 3,
    ) -> None:
        self._name = checked_name(name)
        self._every = checked_number("every", every, 1, 1 << 40)
        text = origin if isinstance(origin, str) else None
        self._facts = checked_facts(extent, unit, text)
        self._part = Part(checked_region(region), *checked_place(None if text is not None else origin, shape))
        slots = checked_number("slots", slots, 3, 1024)
        self._calls = 0
        self._announced = False
        self._lock = threading.RLock()
        self._busy = False
        self._last_words: str | None = None  # of an end that came in the middle of something
        self._complaints: set[str] = set()
        self._writer: FrameWriter | None = FrameWriter(self._name, slots)
        # A publisher that is forgotten, or there at the end of the interpreter, has ended.
        self._at_end = weakref.finalize(self, self._writer.end, "")
        _publishers.add(self)
        try:
            process = launch(self._name, viewer)
            wait_until_watched(lambda: self.watched, wait_for_viewer, process)
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """The name under which frames are published."""
        return self._name

    @property
    def watched(self) -> bool:
        """Whether somebody watches now.  Use it to leave out what is computed for viewers alone."""
        writer = self._writer
        return writer is not None and writer.watched

    def place(self, *, extent: Any = None, unit: str = "", origin: str | None = None, region: Any = None) -> None:
        """Say anew where the next frames are, and in which unit; see the parameters of the class."""
        self._facts = checked_facts(extent, unit, origin)
        self._part = Part(checked_region(region), self._part.place, self._part.whole)

    def allocate(self, **arrays: Any) -> None:
        """Get the memory for frames of such arrays now, so that the first frame that somebody watches need not.

        Parameters
        ----------
        **arrays : array
            With the shapes and dtypes that will be published; their values do not matter.
        """
        try:
            self._in_turn(self._allocate, arrays)
        except Exception as error:
            self._complain(error)

    def publish(
        self, array: Any = None, /, *, step: int | None = None, time: float | None = None, **named: Any
    ) -> None:
        """Publish a frame: all that is given here belongs together and is never seen in part.

        It raises nothing and waits for no viewer.  What cannot be published is left out, and logged once.  Any thread
        may call it; two threads take turns.

        Parameters
        ----------
        array : array, optional
            Has the name of the publisher.  Arrays may be of any shape, also another one than before: of two axes or
            more they are images, of one axis curves.  Masked elements become NaN.
        step : int, optional
            Of the calculation; by default frames are counted from 0.
        time : float, optional
            Of the calculation, in its own unit.
        **named : array or number
            More of the same frame.  Numbers are kept as series, whether or not anybody watches.
        """
        try:
            if self._writer is None:
                return
            self._calls += 1
            if (self._calls - 1) % self._every:
                return
            self._in_turn(self._publish, array, step, time, named)
        except Exception as error:
            self._complain(error)

    def offer_console(self, connection_file: str) -> None:
        """Tell those who watch of a Jupyter kernel in this process, by the path of its connection file."""
        if self._writer is not None:
            self._writer.control.offer_console(connection_file)

    def close(self) -> None:
        """Say that no more frames come.  Those who watch keep the last one."""
        self._end("")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end("" if kind is None else kind.__name__)

    def _in_turn(self, work: Callable[..., None], *arguments: Any) -> None:
        """Do something while no other thread does.  Nothing is done by a signal handler that came in the middle of it.

        The lock can be taken again by its own thread, and `_busy` is set by one instruction: so a handler that comes
        anywhere between the two waits for nothing.
        """
        with self._lock:
            if self._busy:
                return
            self._busy = True
            try:
                work(*arguments)
            finally:
                self._busy = False
                if self._last_words is not None:
                    self._end(self._last_words)

    def _allocate(self, arrays: dict[str, Any]) -> None:
        if self._writer is not None:
            found = self._arrays(arrays.items())
            self._writer.allocate(room_for(found))
            self._announce([kind for kind, _ in found], ())

    def _publish(self, array: Any, step: Any, time: Any, named: dict[str, Any]) -> None:
        writer = self._writer
        if writer is None:
            return
        scalars: list[tuple[str, float | int | bool]] = []
        values: list[tuple[str, Any]] = [] if array is None else [(self._name, array)]
        for name, value in named.items():
            if len(name) > NAME_CHARACTERS:
                self._complain(ValueError(f"the name '{name[:40]}…' is longer than {NAME_CHARACTERS} characters"))
                continue
            number = number_of(value)
            if number is None:
                values.append((name, value))
            else:
                scalars.append((name, number))
        stamp = self._noted(writer, step, time, scalars)
        if not writer.watched:
            if not self._announced:
                self._announce_unseen(values, scalars)
            return
        arrays = self._arrays(values)
        if arrays or scalars:
            writer.copy(stamp, arrays, scalars, self._facts)

    def _noted(self, writer: FrameWriter, step: Any, time: Any, scalars: Any) -> Stamp:
        try:
            step, time = step_of(step), time_of(time)
        except ValueError as error:
            self._complain(error)
            step = time = None
        return writer.note(step, time, scalars)

    def _arrays(self, values: Any) -> list[tuple[Kind, Any]]:
        """Return what is published of arrays; what cannot be is left out."""
        found = []
        names = set()
        for name, value in values:
            try:
                if name in names:
                    raise ValueError(f"two arrays are called {quoted(name)}")
                found.append(self._part.of(name, array_of(name, value)))
                names.add(name)
            except Exception as error:  # arrays of others may raise anything
                self._complain(error)
        return found

    def _announce_unseen(self, values: list[tuple[str, Any]], scalars: Any) -> None:
        """Say what the first frame has, without touching arrays that may be elsewhere."""
        import numpy as np

        kinds = [kind for kind, _ in self._arrays([each for each in values if isinstance(each[1], np.ndarray)])]
        self._announce(kinds, [name for name, _ in scalars])

    def _announce(self, kinds: list[Kind], scalars: Sequence[str]) -> None:
        self._announced = True
        if self._writer is not None:
            self._writer.announce(kinds, scalars, self._facts)

    def _end(self, why: str) -> None:
        with self._lock:
            if self._busy:  # a signal handler ends this in the middle of a frame, which is finished first
                self._last_words = why
                return
            writer, self._writer = self._writer, None
        if writer is not None:
            _publishers.discard(self)
            self._at_end.detach()
            writer.end(why)

    def _forget(self) -> None:
        """Let go of everything and say nothing: this is a copy in a forked child."""
        self._lock = threading.RLock()  # the old one may be held by a thread that the child does not have
        writer, self._writer = self._writer, None
        if writer is not None:
            self._at_end.detach()
            writer.close()

    def _complain(self, error: Exception) -> None:
        if self._writer is None:
            return  # it has ended meanwhile, or this is a child that was forked in the middle of a frame
        text = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
        if text not in self._complaints and len(self._complaints) < _MOST_COMPLAINTS:
            self._complaints.add(text)
            logger.warning("cannot publish all of %s: %s", quoted(self._name), text)


#: The publishers of this process that are not closed.
_publishers: weakref.WeakSet[Publisher] = weakref.WeakSet()


def _forget_all() -> None:
    for publisher in tuple(_publishers):
        publisher._forget()
    _publishers.clear()


os.register_at_fork(after_in_child=_forget_all)
