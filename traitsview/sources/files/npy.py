"""NumPy's own files of one array, mapped into memory."""

from __future__ import annotations

import math
from typing import Any, BinaryIO

import numpy as np

from ...errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported, counted, quoted
from ..arrays.array_source import ArraySource
from ..derived.colour_planes import in_kind
from ..image_source import ImageSource
from ..quiet import quiet_warnings
from .file_format import FileFormat
from .regular_file import RegularFile, reason_of

__all__ = ["NPY", "open_array", "open_npy", "read_header"]

_MAGIC = b"\x93NUMPY"


class NpySource(ArraySource):
    """A mapped array together with its file."""

    def __init__(self, file: RegularFile, array: np.ndarray, **options: Any) -> None:
        super().__init__(array, guard=file.guard, **options)
        self._file = file

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        self._file.close()


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
    with file.stream() as stream:
        try:
            stream.seek(start)
            shape, order, dtype = read_header(stream, what)
            offset = stream.tell()
        except SourceError:
            raise
        except OSError as error:
            raise file.failure(error) from error
    array = file.map(dtype, shape, offset, order)
    kind = options.pop("kind", None)
    return in_kind(lambda kind: NpySource(file, array, kind=kind, **options), kind, shape)


def read_header(stream: BinaryIO, what: str) -> tuple[tuple[int, ...], str, np.dtype]:
    """Return the shape, the order ("C", "F") and the dtype of an array (NEP 1), whose elements come next in the stream.

    Raises
    ------
    SourceUnsupported
        If it is no image.
    SourceUnreadable
        If its header is broken.
    """
    with quiet_warnings():
        try:
            version = np.lib.format.read_magic(stream)  # type: ignore[no-untyped-call]
            if version not in ((1, 0), (2, 0), (3, 0)):
                raise SourceUnsupported(what, f".npy version {version[0]}.{version[1]}, we know 1.0 to 3.0")
            # Version 3 differs from 2 in the encoding of field names only, which images have none of.
            read = np.lib.format.read_array_header_1_0 if version[0] == 1 else np.lib.format.read_array_header_2_0
            shape, fortran, dtype = read(stream)  # type: ignore[no-untyped-call]
            if min(shape, default=1) < 0:
                raise ValueError(f"negative size in shape {shape}")
        except (SourceError, OSError):
            raise
        except Exception as error:  # whatever a malformed header makes numpy's reader raise
            why = f"its .npy header is broken ({reason_of(error, 120)})"
            raise SourceUnreadable(what, why, "write it again") from error
    _require_image(what, shape, dtype)
    return shape, "F" if fortran else "C", dtype


def _require_image(what: str, shape: tuple[int, ...], dtype: np.dtype) -> None:
    if dtype.hasobject:
        raise SourceUnsupported(
            what,
            "it holds Python objects, found dtype object",
            "save numbers: numpy.save(file, array.astype(float))",
        )
    if dtype.names:
        names = ", ".join(quoted(name, 24) for name in dtype.names[:5])
        raise SourceUnsupported(what, f"it holds records with the fields {names}", "save one field as an array")
    if dtype.kind not in "buifc":
        raise SourceUnsupported(what, f"it holds {dtype.name} values", "an image needs numbers")
    if len(shape) < 2:
        raise SourceUnsupported(
            what,
            f"it has {counted(len(shape), 'axis')}, shape {shape}, and an image needs 2 or more",
            "reshape the array",
        )
    if math.prod(shape) == 0:
        raise SourceUnsupported(what, f"it has no elements, shape {shape}", "give an array with some")


NPY = FileFormat("NumPy .npy", (".npy",), lambda head: head.startswith(_MAGIC), open_npy)
