"""A format: its name, how it is recognized, and the function that opens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..image_source import ImageSource
from .place import Folder

__all__ = ["FileFormat", "begins_with", "no_file"]


def begins_with(*marks: bytes) -> Callable[[bytes], bool]:
    """Return a function that says whether bytes begin with one of `marks`."""
    return lambda head: head.startswith(marks)


def no_file(head: bytes) -> bool:
    """Say that a file is not of a format, for formats of folders and services."""
    return False


def _no_folder(folder: Folder) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file, of folder or of service that has images.

    A distribution offers one as an entry point of the group ``traitsview.sources``.  The module
    that defines it is imported whenever any file is opened, so that it imports its format's library
    within `open` only.

    Attributes
    ----------
    name : str
        As a message says it: ``"FITS"``.
    suffixes : tuple of str
        Ends of file names, in lower case: ``(".fits", ".fit")``.
    recognizes : callable
        Says whether a file that begins with these bytes (at most 4096) is of this format; `no_file` if none is.
    open : callable
        ``open(place, inside, **options) -> ImageSource``: the image `inside` a `RegularFile`, which is the source's to
        close from then on, a `Folder` or a `Query`.  `options` are keywords of `ArraySource` that go before what the
        place says of itself.  Raises `SourceError`.
    recognizes_folder : callable
        Says whether a `Folder` is of this format; by default none is.
    schemes : tuple of str
        Schemes of addresses that it opens as a `Query`: ``("yt",)``.
    extra : str
        The extra of traitsview that installs the library of the format, for the message where that is missing.
    """

    name: str
    suffixes: tuple[str, ...]
    recognizes: Callable[[bytes], bool]
    open: Callable[..., ImageSource]
    recognizes_folder: Callable[[Folder], bool] = _no_folder
    schemes: tuple[str, ...] = ()
    extra: str = ""
