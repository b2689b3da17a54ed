"""A live image of a program with a kernel, which also tells how front ends reach the kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...framed.feed import Feed
from ...framed.framed_source import FramedSource
from ...image_source import never
from ...picture import DEFAULT_PICTURE, Picture
from ...questions.kernel_access import KernelAccess, KernelDoor
from ...questions.question import Question
from .connection_file import ConnectionFile

__all__ = ["SourceInKernel", "door_of"]


class SourceInKernel(FramedSource):
    """A live image that answers `KernelAccess`.

    Parameters
    ----------
    feed : Feed
    name : str
        As `FramedSource` has them.
    door : callable
        Returns the `KernelDoor` of the moment, an empty one if there is no kernel; may raise a `SourceError`.
    """

    def __init__(self, feed: Feed, name: str, door: Callable[[], KernelDoor]) -> None:
        super().__init__(feed, name)
        self._door = door

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        if isinstance(question, KernelAccess):
            yield self._door()
        else:
            yield from super().answers(question, picture, stale)


def door_of(file: ConnectionFile) -> KernelDoor:
    """Return where a kernel listens, as its connection file says."""
    return KernelDoor(file.transport, file.ip, tuple(file.ports.values()), file.key.decode(), file.signature)
