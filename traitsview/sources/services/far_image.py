"""An array in another program as an image: it is rendered there, and pixels come.

The other end is `far_arrays`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import SourceUnreadable, quoted
from ...geometry import Viewport
from ..image_info import ImageInfo, Plane
from ..image_source import ImageSource, never
from ..picture import DEFAULT_PICTURE, Picture
from ..questions.question import Question
from ..questions.sample import Sample
from ..questions.summarize import Summarize
from .far_words import arrays_of, failure_of, summary_of_words

__all__ = ["Ask", "FarImage", "answered"]

#: Carries a question to the other program: ``ask(words) -> (words, buffers)``.  Any thread may call it, and it raises
#: `SourceError` if no answer comes.
Ask = Callable[[Mapping[str, Any]], tuple[dict[str, Any], Sequence[Any]]]


def answered(ask: Ask, question: Mapping[str, Any], name: str) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Return the words and the arrays of an answer.

    Raises
    ------
    TraitsviewError
        That the other end answered.
    SourceUnreadable
        If the answer is none.
    """
    words, buffers = ask(question)
    try:
        failure = failure_of(words["error"]) if "error" in words else None
        arrays = arrays_of(words, buffers)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SourceUnreadable(f"cannot show {quoted(name)}", f"the program gave no answer to it: {error}") from error
    if failure is not None:
        raise failure
    return words, arrays


class FarImage(ImageSource):
    """One frame of an array in another program.

    Parameters
    ----------
    ask : callable
        See `Ask`.
    expression : str
        What the other program calls the array.
    version : int
        Of the frame, in the other program.
    info : ImageInfo
    """

    def __init__(self, ask: Ask, expression: str, version: int, info: ImageInfo) -> None:
        self._ask = ask
        self._of = {"expression": expression, "version": version}
        self._info = info

    @property
    def info(self) -> ImageInfo:
        return self._info

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        plane = self.check(viewport, plane, reduction)
        names = ("resolution", "origin", "shape", "anchor")
        where = {name: list(getattr(viewport, name)) for name in names}
        _, arrays = self._answered("render", viewport=where, plane=list(plane), reduction=reduction)
        shape = viewport.shape if self._info.channels == 1 else (*viewport.shape, self._info.channels)
        (pixels,) = self._fitting(arrays, shape)
        return pixels.copy()

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        if not isinstance(question, (Sample, Summarize)):
            yield from super().answers(question, picture, stale)
            return
        plane = list(self.checked(picture).plane)
        if stale():
            return
        if isinstance(question, Sample):
            points = [list(point) for point in question.points]
            _, arrays = self._answered("sample", points=points, plane=plane)
            shape = (len(points),) if self._info.channels == 1 else (len(points), self._info.channels)
            (found,) = self._fitting(arrays, shape)
            yield found.copy()
            return
        extent = None if question.extent is None else list(question.extent)
        words, samples = self._answered("summarize", extent=extent, exact=question.exact, plane=plane)
        try:
            yield summary_of_words(words["summary"], samples)
        except (KeyError, TypeError, ValueError) as error:
            raise self._no_answer(str(error)) from error

    def _answered(self, do: str, **about: Any) -> tuple[dict[str, Any], list[np.ndarray]]:
        return answered(self._ask, {"do": do, **self._of, **about}, self._info.name)

    def _fitting(self, arrays: list[np.ndarray], shape: tuple[int, ...]) -> list[np.ndarray]:
        if [array.shape for array in arrays] != [shape]:
            raise self._no_answer(f"{[array.shape for array in arrays]} instead of {shape}")
        return arrays

    def _no_answer(self, why: str) -> SourceUnreadable:
        return SourceUnreadable(f"cannot show {quoted(self._info.name)}", f"the program gave no answer to it: {why}")
