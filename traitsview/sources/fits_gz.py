"""FITS files packed by gzip: unpacked once, into a temporary file that nobody else sees."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import zlib
from typing import Any, BinaryIO

from ..errors import SourceUnreadable
from .file_format import FileFormat
from .fits import FITS, open_fits
from .image_source import ImageSource
from .regular_file import RegularFile, reason_of

__all__ = ["FITS_GZ", "open_fits_gz"]

_CHUNK = 1 << 20


def open_fits_gz(file: RegularFile, inside: str = "", **options: Any) -> ImageSource:
    """Return an image of a packed FITS file as a source; see `open_fits`.

    At most half of the space for temporary files is used.
    """
    with tempfile.TemporaryFile() as unpacked:
        _unpack(file, unpacked)
        plain = RegularFile(file.path, os.dup(unpacked.fileno()))
    try:
        if not FITS.recognizes(plain.head):
            raise SourceUnreadable(file.what, "what is packed in it is not FITS", "unpack it and look")
        source = open_fits(plain, inside, **options)
    except BaseException:
        plain.close()
        raise
    file.close()
    return source


def _unpack(file: RegularFile, unpacked: BinaryIO) -> None:
    most = shutil.disk_usage(tempfile.gettempdir()).free // 2
    try:
        with gzip.GzipFile(fileobj=file.stream()) as packed:
            while chunk := packed.read(_CHUNK):
                unpacked.write(chunk)
                if unpacked.tell() > most:
                    raise SourceUnreadable(
                        file.what,
                        f"it unpacks to more than {most:,} bytes, half of what is free",
                        "unpack it elsewhere",
                    )
        unpacked.flush()
    except SourceUnreadable:
        raise
    except (EOFError, OSError, zlib.error) as error:
        reason = "truncated" if isinstance(error, EOFError) else reason_of(error)
        raise SourceUnreadable(
            file.what, f"it cannot be unpacked ({reason})", "check that it was copied whole"
        ) from error


def _recognizes(head: bytes) -> bool:
    try:
        return FITS.recognizes(zlib.decompressobj(31).decompress(head, 80))
    except zlib.error:
        return False


FITS_GZ = FileFormat("FITS packed by gzip", (".fits.gz", ".fit.gz", ".fts.gz"), _recognizes, open_fits_gz)
