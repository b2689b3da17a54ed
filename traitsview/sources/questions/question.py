"""The base of questions: a value that knows how any source can answer it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from typing import ClassVar, Generic, Protocol, TypeVar

import numpy as np

from ...errors import RequestError
from ...geometry import Viewport
from ..image_info import ImageInfo, Plane
from ..picture import Picture

__all__ = ["Answer", "Points", "Question", "Renderer", "whole"]

Answer = TypeVar("Answer")

#: Places (x, y) in data units.
Points = tuple[tuple[float, float], ...]


class Renderer(Protocol):
    """The members of an `ImageSource` that every source has."""

    @property
    def info(self) -> ImageInfo: ...

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray: ...


class Question(ABC, Generic[Answer]):
    """A question about the values of an image.  Questions are frozen values, and so cross to another process.

    Attributes
    ----------
    of_frame : bool
        Whether the answer is about one frame.  It is not, for example, where the question is which frames there are.
    """

    __slots__ = ()

    of_frame: ClassVar[bool] = True

    @abstractmethod
    def answers(self, source: Renderer, picture: Picture, stale: Callable[[], bool]) -> Iterator[Answer]:
        """Yield the answers of a source that has no better way: partial ones, if there are any, then the whole one.

        `picture` fits the image, with an index for each of ``info.planes``.  `stale` is asked between pieces of work;
        when it says True the rest is left undone.
        """


def whole(answers: Iterator[Answer]) -> Answer:
    """Return the last of the answers to a question, which is the whole one; raise `RequestError` if there is none."""
    last = deque(answers, maxlen=1)
    if not last:
        raise RequestError("cannot answer the question", "the source gave no answer")
    return last[0]
