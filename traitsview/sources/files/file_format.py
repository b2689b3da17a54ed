"""What a kind of file is called, how it is recognized and what opens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..image_source import ImageSource
from .regular_file import RegularFile

__all__ = ["FileFormat"]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file that holds images.

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
        Whether a file that begins with these bytes (at most 4096) is one.
    open : callable
        ``open(file, inside, **options) -> ImageSource``: the image `inside` the `RegularFile`, which
        is the source's to close from then on.  `options` are keywords of `ArraySource` that go before
        what the file says.  Raises `SourceError`.
    """

    name: str
    suffixes: tuple[str, ...]
    recognizes: Callable[[bytes], bool]
    open: Callable[..., ImageSource]

    def __call__(self, file: RegularFile, inside: str = "", **options: Any) -> ImageSource:
        """Open the image `inside` the file."""
        return self.open(file, inside, **options)
