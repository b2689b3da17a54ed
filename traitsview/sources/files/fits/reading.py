"""Reads a FITS file by astropy, without astropy's warnings, and with our errors in place of astropy's."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ....errors import SourceError, SourceUnreadable, SourceUnsupported
from ...quiet import quiet_astropy
from ..regular_file import RegularFile
from .compression_cards import Unsupported

__all__ = ["open_hdus", "reading", "unreadable"]

_BROKEN = "it is broken FITS"
_REMEDY = "check that it was copied whole, with fitsverify"

# Bytes of a block of a header, and of a card in it.
_BLOCK_BYTES = 2880
_CARD_BYTES = 80

# Numbers of axes and columns above 999, the most that FITS allows (FITS 4.0, sections 4.4.1.1 and 7.3.1).
_TOO_MANY = re.compile(rb"(Z?NAXIS|TFIELDS) *= *\+?0*([1-9]\d{3,})")


class _CountedAxes(io.BufferedReader):
    """A stream that refuses headers with more axes or columns than FITS allows.

    Astropy runs through as many axes and columns as a header says, so a false number would stop the program.

    Parameters
    ----------
    file : RegularFile
    """

    def __init__(self, file: RegularFile) -> None:
        super().__init__(file.stream().detach())
        self._what = file.what

    def read(self, size: int | None = -1, /) -> bytes:
        """Return bytes as any stream does, or raise `SourceUnreadable` if they are a header with such a number.

        Astropy would take an exception of another kind for the end of the file.
        """
        data = super().read(size)
        for at in range(0, len(data) if size == _BLOCK_BYTES else 0, _CARD_BYTES):
            found = _TOO_MANY.match(data, at)
            if found:
                why = f"it is broken FITS ({found[1].decode()} is {found[2][:20].decode()}, it must be 999 at most)"
                raise SourceUnreadable(self._what, why, _REMEDY)
        return data


@contextmanager
def reading(file: RegularFile) -> Iterator[None]:
    """Turn errors of astropy within the block into ours, and silence its warnings."""
    with quiet_astropy(), file.reading(_BROKEN, _REMEDY):
        try:
            yield
        except Unsupported as error:
            raise unreadable(file, error) from error


def unreadable(file: RegularFile, error: Exception) -> SourceError:
    """Return our error for an exception of astropy."""
    if isinstance(error, Unsupported):
        return SourceUnsupported(file.what, str(error), "compress it again by fpack")
    return file.broken(error, _BROKEN, _REMEDY)


def open_hdus(file: RegularFile, scaled: bool = False) -> Any:
    """Return the HDUs of a file.  They read it through a stream of their own and map no memory.

    Numbers come as they are stored, or as values if `scaled`.
    """
    from astropy.io import fits

    return fits.open(_CountedAxes(file), memmap=False, lazy_load_hdus=True, do_not_scale_image_data=not scaled)
