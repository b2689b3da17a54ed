"""Files that are often taken for colormaps: what they are, and what to do instead."""

from __future__ import annotations

from ...errors import ColormapError
from .colormap_file import ColormapFile

__all__ = ["refuse"]

#: How such files begin, in small letters.
_STRANGERS: tuple[tuple[bytes, str, str], ...] = (
    (b"<!doctype html", "it is a web page", "download the file itself, which sites call raw"),
    (b"<html", "it is a web page", "download the file itself, which sites call raw"),
    (b"\xff\xfe", "it is in UTF-16", "save it in UTF-8"),
    (b"\xfe\xff", "it is in UTF-16", "save it in UTF-8"),
    (b"\x89png", "it is an image", "read its colours with a program for images, and save them as text"),
    (b"\xff\xd8\xff", "it is an image", "read its colours with a program for images, and save them as text"),
    (b"gif8", "it is an image", "read its colours with a program for images, and save them as text"),
    (b"pk\x03\x04", "it is an archive", "unpack it"),
    (b"\x1f\x8b", "it is compressed", "unpack it"),
    (b"matlab 5.0", "it is of MATLAB", "save the matrix as text there, with writematrix"),
    (b"\x89hdf", "it is in HDF5", "save its colours as text"),
    (b"import ", "it is a program", "save the colours that it makes as text"),
    (b"from ", "it is a program", "save the colours that it makes as text"),
)


def refuse(file: ColormapFile) -> None:
    """Raise `ColormapError` if a file that is of none of our formats begins as something well known."""
    begin = file.data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for start, what, remedy in _STRANGERS:
        if begin.startswith(start):
            raise ColormapError(file.name, what, remedy)
