"""FITS images as array-likes that convert only what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...whole_numbers import number
from ..image_info import Stored

__all__ = ["CompressedImage", "OffsetImage", "stored_dtype"]


def stored_dtype(bitpix: int) -> np.dtype:
    """Return the dtype of elements in the file; `ValueError` for a BITPIX that FITS does not know."""
    known = {8: ">u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
    if bitpix not in known:
        raise ValueError(f"BITPIX is {bitpix}, it must be one of {', '.join(map(str, known))}")
    return np.dtype(known[bitpix])


class OffsetImage:
    """Integers that are stored with another one added to them, such as unsigned ones less half of their range.

    Adding that in floating point, as is done for those of 16 bits, would lose digits.

    Parameters
    ----------
    raw : array of integers
        As stored.
    zero : int
        What is added.
    dtype : dtype
        Of the sums, which fit into it.
    blank : int, optional
        The stored integer that stands for no value.
    """

    def __init__(self, raw: Any, zero: int, dtype: np.dtype, blank: int | None = None) -> None:
        self._raw = raw
        self.shape = raw.shape
        self.ndim = raw.ndim
        self.dtype = dtype
        self.chunks = getattr(raw, "chunks", None)
        self._zero = np.array(zero % 2 ** (8 * dtype.itemsize), f"u{dtype.itemsize}").astype(dtype)
        self.stored = Stored(raw.dtype.str, 1.0, number(zero), blank)

    def __getitem__(self, key: Any) -> np.ndarray:
        # Modulo the range of the integers, where the sum is what it is.
        return np.asarray(np.asarray(self._raw[key]).astype(self.dtype) + self._zero)


class CompressedImage:
    """A tile-compressed image as its elements are stored; only the tiles that a slice touches are decoded.

    Floating-point elements that were quantized are floating-point ones again, and their blanks NaN.

    Its reader is not safe for threads.

    Parameters
    ----------
    hdu : astropy.io.fits.CompImageHDU
        Opened with ``do_not_scale_image_data``.
    translated : callable
        Turns what astropy raises into an error to raise.
    """

    def __init__(self, hdu: Any, translated: Callable[[Exception], Exception]) -> None:
        _leave_blanks(hdu)
        self._section = hdu.section
        self._translated = translated
        self.shape = tuple(int(n) for n in self._section.shape)
        self.ndim = len(self.shape)
        self.chunks = tuple(int(n) for n in hdu.tile_shape)
        first = self[(slice(0, 1),) * self.ndim]
        self.dtype = first.dtype

    def __getitem__(self, key: Any) -> np.ndarray:
        try:
            return np.asarray(self._section[key])
        except Exception as error:  # damaged tiles make the decoders raise anything
            raise self._translated(error) from error


def _leave_blanks(hdu: Any) -> None:
    """Have astropy leave blank integers as they are stored, and quantized floats alone that are no blanks.

    It refuses a BLANK of more than 32 bits or in quotes, and takes BLANK for that of quantized floats, to which it
    does not belong.  Where tiles have blanks of their own, it needs the one to put in their place.
    """
    table = hdu._bintable  # astropy has no public way to the header that it decodes by
    if "ZBLANK" in table.columns.names and hdu.header["BITPIX"] > 0:
        return
    for header in (table.header, hdu.header):
        header.remove("BLANK", ignore_missing=True)
        if hdu.header["BITPIX"] > 0:
            header.remove("ZBLANK", ignore_missing=True)
