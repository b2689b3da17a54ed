"""FITS images as array-likes.  They convert only the elements of the slice that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....whole_numbers import number
from ...image_info import Stored
from .compression_cards import CompressionCards, check_table

__all__ = ["CompressedImage", "OffsetImage", "stored_dtype"]


def stored_dtype(bitpix: int) -> np.dtype:
    """Return the dtype of elements in the file, or raise `ValueError` for a BITPIX that FITS does not know."""
    known = {8: ">u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
    if bitpix not in known:
        raise ValueError(f"BITPIX is {bitpix}, it must be one of {', '.join(map(str, known))}")
    return np.dtype(known[bitpix])


class OffsetImage:
    """Integers with an offset: ``value = stored + zero``, such as unsigned integers with ``zero = 2**31``.

    The sum is computed in integers.  Floating point is enough for 16 bits, but would lose digits here.

    Parameters
    ----------
    raw : array of integers
        The stored integers.
    zero : int
        The offset.
    dtype : dtype
        A dtype that holds all sums.
    blank : int, optional
        The stored integer that means no value.
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
        # Sums may wrap around; modulo the range of the dtype they are right, and the dtype holds the true sums.
        return np.asarray(np.asarray(self._raw[key]).astype(self.dtype) + self._zero)


class CompressedImage:
    """A tile-compressed image with its elements as stored; only the tiles that a slice touches are decoded.

    Floating-point elements that were quantized are floating-point numbers again, and their blanks are NaN.

    Only one thread at a time may use it.

    Parameters
    ----------
    hdu : astropy.io.fits.CompImageHDU
        Opened with ``do_not_scale_image_data``.
    translated : callable
        Returns our error for an exception of astropy.

    Raises
    ------
    ValueError
        If its cards contradict the FITS standard, each other, or the table.
    """

    def __init__(self, hdu: Any, translated: Callable[[Exception], Exception]) -> None:
        self._table = hdu._bintable  # astropy has no public way to the table that it decodes
        self._cards = CompressionCards.of(self._table.header)
        check_table(self._cards, self._table)
        self._is_checked = np.zeros(len(self._table.data), bool)
        _leave_blanks(hdu)
        self._is_shifted = _is_shifted(hdu)
        self._section = hdu.section
        self._translated = translated
        self.shape = tuple(int(n) for n in self._section.shape)
        self.ndim = len(self.shape)
        self.chunks = tuple(int(n) for n in hdu.tile_shape)
        first = self[(slice(0, 1),) * self.ndim]
        self.dtype = first.dtype

    def __getitem__(self, key: Any) -> np.ndarray:
        try:
            self._check_tiles(key)
            values = np.asarray(self._section[key])
        except Exception as error:  # damaged tiles make the decoders raise anything
            raise self._translated(error) from error
        # Adding and subtracting 2**15 are the same modulo 2**16.
        return values ^ np.int16(-(2**15)) if self._is_shifted else values

    def _check_tiles(self, key: Any) -> None:
        """Raise `ValueError` if a tile that the slice touches is not of the size in the cards."""
        if not self._cards.start:
            return
        given = key if isinstance(key, tuple) else (key,)
        rows = self._cards.rows_of((*given, *(slice(None),) * (self.ndim - len(given))))
        descriptors = self._table.data["COMPRESSED_DATA"]
        itemsize = 2 if self._cards.codec == "PLIO_1" else 1
        for row in rows[~self._is_checked[rows]]:
            count, offset = (int(number) for number in descriptors[row])
            if count:
                size = count * itemsize
                at = self._table._data_offset + self._table._theap + offset
                start = self._table._get_raw_data(min(size, self._cards.start), np.uint8, at)
                self._cards.check_tile(int(row), start.tobytes(), size)
            self._is_checked[row] = True


def _is_shifted(hdu: Any) -> bool:
    """Whether astropy returns elements plus 2**15, which are the values already, instead of the stored elements.

    PLIO_1 has no negative numbers.  Only CFITSIO writes such images with it: it adds 2**15 before it packs, and
    subtracts 2**15 when it reads.  No card of the header says so.
    """
    return bool(hdu.compression_type == "PLIO_1" and hdu.header["BITPIX"] == 16 and hdu.header.get("BZERO") == 2**15)


def _leave_blanks(hdu: Any) -> None:
    """Have astropy leave blank integers as they are stored, and not take quantized floats for blanks.

    Astropy refuses a BLANK of more than 32 bits or in quotes, and it applies BLANK to quantized floats, to which it
    does not belong.  But where each tile has a blank of its own, astropy needs BLANK, to put it in their place.
    """
    table = hdu._bintable  # astropy has no public way to the header that it decodes by
    if "ZBLANK" in table.columns.names and hdu.header["BITPIX"] > 0:
        return
    for header in (table.header, hdu.header):
        header.remove("BLANK", ignore_missing=True)
        if hdu.header["BITPIX"] > 0:
            header.remove("ZBLANK", ignore_missing=True)
