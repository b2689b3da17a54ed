"""The image of a part that another program renders, and what is said where that program does not answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from .far_image import FarImage

__all__ = ["PartImage", "PartUnreachable"]


class PartUnreachable(Exception):
    """A program does not answer now: it is busy, or it died.  Its part of the image stays blank."""


class PartImage(FarImage):
    """A part that is rendered elsewhere, by questions that can be under way at the same time."""

    @abstractmethod
    def begin(self, question: dict[str, Any]) -> Callable[[], list[np.ndarray]]:
        """Send a question about the image; return a function that waits for the arrays of the answer.

        Both raise `PartUnreachable` where no answer is to be had.
        """
