"""The formats of this package.  The module of a format is imported when a file is of it, and not before."""

from __future__ import annotations

import struct
from importlib import import_module
from typing import Any

from ...errors import SourceUnsupported, installed_by
from ..image_source import ImageSource
from .file_format import FileFormat, begins_with, no_file
from .place import Place

__all__ = ["FORMATS", "LOCAL_HEADER", "opened"]

#: The fixed part of the header before each member of a zip archive (APPNOTE 4.3.7).  It ends with the lengths of what
#: follows it: the name and the extra field.
LOCAL_HEADER = struct.Struct("<4s5H3I2H")


def opened(format_: FileFormat, place: Place, inside: str = "", **options: Any) -> ImageSource:
    """Return the image `inside` a place that is of a format.

    Raises
    ------
    SourceUnsupported
        If the library of the format is not installed.
    """
    try:
        return format_.open(place, inside, **options)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "traitsview"):
            raise
        why = f"the package '{missing}', which reads {format_.name}, is not installed"
        remedy = installed_by(format_.extra) if format_.extra else f"install it with: pip install {missing}"
        raise SourceUnsupported(place.what, why, remedy) from error


class _Opener:
    """Opens an image by a function of a module in this folder: ``"fits.file:open_fits"``.

    A dot before it leads out of this folder: ``".services.live:open_live"``.
    """

    def __init__(self, function: str) -> None:
        self._function = function

    def __call__(self, place: Place, inside: str = "", **options: Any) -> ImageSource:
        module, _, name = self._function.partition(":")
        opens = getattr(import_module(f".{module}", __package__), name)
        source: ImageSource = opens(place, inside, **options)
        return source


def _is_npz(head: bytes) -> bool:
    """Whether a zip archive begins with an array."""
    if not head.startswith(b"PK\x03\x04") or len(head) < LOCAL_HEADER.size:
        return False
    length = LOCAL_HEADER.unpack_from(head)[-2]
    return head[LOCAL_HEADER.size : LOCAL_HEADER.size + length].endswith(b".npy")


FORMATS = (
    FileFormat("NumPy .npy", (".npy",), begins_with(b"\x93NUMPY"), _Opener("npy:open_npy")),
    FileFormat("NumPy .npz", (".npz",), _is_npz, _Opener("npz:open_npz")),
    FileFormat(
        "FITS",
        (".fits", ".fit", ".fts", ".fits.fz", ".fz"),
        begins_with(b"SIMPLE  =", b"XTENSION="),
        _Opener("fits.file:open_fits"),
        extra="fits",
    ),
    FileFormat("publisher", (), no_file, _Opener(".services.live:open_live"), schemes=("live",)),
    FileFormat(
        "cluster of engines",
        (),
        no_file,
        _Opener(".services.engines.engines_namespace:open_engines"),
        schemes=("engines",),
        extra="ipyparallel",
    ),
    FileFormat(
        "Jupyter kernels",
        (),
        no_file,
        _Opener(".services.kernel.kernel_namespace:open_kernel"),
        schemes=("kernel",),
        extra="jupyter",
    ),
)
