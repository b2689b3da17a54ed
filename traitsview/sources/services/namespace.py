"""The named arrays of running programs: one interface for calculations, kernels and clusters of engines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ..framed.feed import Feed
from ..framed.framed_source import FramedSource
from ..image_source import ImageSource

__all__ = ["Namespace", "Variable"]


@dataclass(frozen=True, slots=True)
class Variable:
    """An array that a running program has.

    Attributes
    ----------
    name : str
        Its name there.
    address : str
        What opens it, without the host: ``"live:density"``, ``"kernel:4f2a?rho"``.
    shape : tuple of int
        As the program has it, with all axes; empty where it is not known yet.
    dtype : str
        In NumPy's short form; empty where it is not known yet.
    detail : str
        What else there is to say, as a phrase: ``"step 812, process 4242"``.
    """

    name: str
    address: str
    shape: tuple[int, ...] = ()
    dtype: str = ""
    detail: str = ""


class Namespace(ABC):
    """Named arrays that can be listed, read by region, and that tell when they change.

    One program or many behind it, one person or several in front of it: these are ways to use the same three members.
    Any thread may call any method.  A namespace is a context manager that closes itself.
    """

    @abstractmethod
    def variables(self) -> tuple[Variable, ...]:
        """Return the arrays that can be looked at now.

        Raises
        ------
        SourceError
            If the program is gone, or does not answer.
        """

    @abstractmethod
    def feed(self, expression: str) -> Feed:
        """Return the frames of one array: each time that the program has changed it, the next one.

        Each image of the feed renders any region of the array at any resolution where the program is, as every source.

        Parameters
        ----------
        expression : str
            The name of a variable; for programs that evaluate, any expression.

        Raises
        ------
        SourceError
            If this can never be shown.  What may come later is waited for, and `Feed.state` says so.
        """

    def open(self, expression: str) -> ImageSource:
        """Return one array as a source; see `feed`."""
        return FramedSource(self.feed(expression), expression)

    def close(self) -> None:  # noqa: B027
        """Let go of the program.  Feeds and sources are closed by themselves, before."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
