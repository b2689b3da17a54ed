"""What the calculations of this user on this machine publish: ``live:NAME``, ``live:NAME::ARRAY``."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...errors import SourceNotFound
from ...live.found_publishers import FoundPublisher, found_under, publishers
from ..file_images import FileImages
from ..framed.feed import Feed
from ..framed.framed_source import FramedSource
from ..image_source import ImageSource
from ..query import Query
from ..questions.kernel_access import KernelDoor
from .kernel.connection_file import read_connection_file
from .kernel.source_in_kernel import SourceInKernel, door_of
from .live_feed import LiveFeed, published_now
from .live_mosaic import is_mosaic, mosaic_feed
from .namespace import Namespace, Variable

__all__ = ["LiveNamespace", "open_live"]


def open_live(place: Query, inside: str = "", **options: Any) -> ImageSource:
    """Return what is published under a name.

    Parameters
    ----------
    place : Query
        ``NAME``, or ``NAME@PID`` where several publish under one name; or ``NAME/*`` for all parts of a whole.
    inside : str
        The name of an array; by default the first one of two axes or more.
    **options
        Keywords of `ArraySource`.

    Raises
    ------
    SourceNotFound
        If there is no name.  A name that nobody publishes is waited for.
    """
    name = place.text
    if not name.strip():
        raise SourceNotFound(place.what, f"it names nothing; {published_now()}", "give a name, such as live:density")
    if is_mosaic(name):
        return FramedSource(mosaic_feed(name, inside, **options), options.get("name", name))
    feed = LiveFeed(name, inside, **options)
    source = SourceInKernel(feed, options.get("name", name), lambda: _door(feed))
    source.listing = lambda: _listing(feed)
    return source


def _door(feed: LiveFeed) -> KernelDoor:
    """Return where the kernel listens that is in the calculation; an empty door if it has none."""
    file = feed.console
    with suppress(SourceNotFound):  # the kernel has just ended
        return door_of(read_connection_file(Path(file))) if file else KernelDoor()
    return KernelDoor()


def _listing(feed: LiveFeed) -> FileImages | None:
    arrays, shown = feed.arrays, feed.shown
    if not arrays:
        return None
    titles = tuple(f"{' × '.join(map(str, each.shape))}, {each.dtype}" for each in arrays)
    return FileImages(shown, tuple(each.name for each in arrays), titles)


class LiveNamespace(Namespace):
    """What the calculations of this user on this machine publish.

    Expressions are ``NAME`` and ``NAME::ARRAY``, as in addresses.

    Parameters
    ----------
    name : str
        List only what is published under ``NAME``, ``NAME@PID`` or ``NAME/*``; all by default.
    """

    def __init__(self, name: str = "") -> None:
        self._name = name.partition("::")[0]

    def variables(self) -> tuple[Variable, ...]:
        return tuple(each for found in self._publishers() if not found.ended for each in _variables(found))

    def _publishers(self) -> Iterable[FoundPublisher]:
        name = self._name
        if is_mosaic(name):
            return (each for each in publishers() if each.name.startswith(name.removesuffix("*")))
        return found_under(name) if name else publishers()

    def feed(self, expression: str) -> Feed:
        name, _, inside = expression.partition("::")
        return mosaic_feed(name, inside) if is_mosaic(name) else LiveFeed(name, inside)


def _variables(found: FoundPublisher) -> list[Variable]:
    """Return the arrays of a publisher; one without a shape if they are not known yet."""
    address = f"live:{found.name}"
    if found.other_layout:
        return [Variable(found.name, address, detail=f"another version of traitsview, process {found.pid}")]
    where = f"process {found.pid}" if found.step is None else f"step {found.step}, process {found.pid}"
    if found.console:
        where += " with a kernel"
    if not found.arrays:
        return [Variable(found.name, address, detail=where)]
    return [
        Variable(each.name, f"{address}::{each.name}", each.shape, each.dtype, f"{where}, of {found.name}")
        for each in found.arrays
    ]
