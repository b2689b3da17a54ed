"""NumPy's own files of one array, mapped into memory."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np

from ...errors import SourceNotFound, SourceUnsupported
from ..arrays.array_source import ArraySource
from ..arrays.image_arrays import require_image
from ..derived.colour_planes import in_kind
from ..image_source import ImageSource
from ..quiet import quiet_warnings
from .regular_file import RegularFile

__all__ = ["open_array", "open_npy", "read_header"]

_BROKEN = "its .npy header is broken"
_REMEDY = "write it again"


def open_npy(file: RegularFile, inside: str = "", **options: Any) -> ImageSource:
    """Return the array in a ``.npy`` file as a source; nothing is read before it is shown."""
    if inside:
        raise SourceNotFound(file.what_of(inside), "a .npy file holds one array", f"leave out ::{inside}")
    return open_array(file, file.what, **{"name": file.path.name, **options})


def open_array(file: RegularFile, what: str, start: int = 0, **options: Any) -> ImageSource:
    """Return an array that is written as in a ``.npy`` file as a source.

    Parameters
    ----------
    file : RegularFile
    what : str
        How an error begins.
    start : int
        The first byte of it in the file.
    **options
        Of `ArraySource`.
    """
    with file.stream() as stream, file.reading(_BROKEN, _REMEDY, what):
        stream.seek(start)
        shape, order, dtype = read_header(file, stream, what)
        offset = stream.tell()
    array = file.map(dtype, shape, offset, order)
    kind = options.pop("kind", None)

    def make(kind: str | None) -> ImageSource:
        return ArraySource(array, guard=file.guard, close=file.close, kind=kind, **options)

    return in_kind(make, kind, shape)


def read_header(file: RegularFile, stream: BinaryIO, what: str) -> tuple[tuple[int, ...], str, np.dtype]:
    """Return the shape, the order ("C", "F") and the dtype of an array (NEP 1), whose elements come next in the stream.

    Parameters
    ----------
    file : RegularFile
        Of which the stream is a part.
    stream : binary stream
    what : str
        How an error begins.

    Raises
    ------
    SourceUnsupported
        If it is no image.
    SourceUnreadable
        If its header is broken.
    """
    with quiet_warnings(), file.reading(_BROKEN, _REMEDY, what):
        version = np.lib.format.read_magic(stream)  # type: ignore[no-untyped-call]
        if version not in ((1, 0), (2, 0), (3, 0)):
            raise SourceUnsupported(what, f".npy version {version[0]}.{version[1]}, we know 1.0 to 3.0")
        # Version 3 differs from 2 in the encoding of field names only, which images have none of.
        read = np.lib.format.read_array_header_1_0 if version[0] == 1 else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(stream)  # type: ignore[no-untyped-call]
        if min(shape, default=1) < 0:
            raise ValueError(f"negative size in shape {shape}")
    require_image(what, shape, dtype, saved=True)
    return shape, "F" if fortran else "C", dtype
