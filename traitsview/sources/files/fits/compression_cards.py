"""The cards of a tile-compressed image, checked against each other and the table before a tile is decoded.

The rules are those of the FITS standard 4.0: cards and columns in section 10.1, quantization in 10.2, parameters of the
algorithms in 10.4, descriptors and the heap of tables in 7.3.5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ....errors import quoted

__all__ = ["CompressionCards", "Unsupported", "check_table"]

#: Values of ZCMPTYPE (section 10.4, Table 36), and RICE_ONE, which the convention before it had.
_CODECS = ("RICE_1", "RICE_ONE", "GZIP_1", "GZIP_2", "PLIO_1", "HCOMPRESS_1", "NOCOMPRESS")

#: Values of ZQUANTIZ (section 10.2), and NONE, which the convention before it had.
_QUANTIZATIONS = ("NO_DITHER", "SUBTRACTIVE_DITHER_1", "SUBTRACTIVE_DITHER_2", "NONE")

#: Columns of descriptors (section 10.1.3), and the letters of elements that their TFORMn may have (section 7.3.5).
_COLUMNS = {"COMPRESSED_DATA": "BIJ", "GZIP_COMPRESSED_DATA": "BIJ", "UNCOMPRESSED_DATA": "BIJED"}

#: The letters where the algorithm allows one only: PLIO_1 makes words of 16 bits, HCOMPRESS_1 bytes.
_ELEMENTS = {"PLIO_1": "I", "HCOMPRESS_1": "B"}

# Bytes of an element of a decoded tile.
_BYTES = {"RICE_1": 4, "RICE_ONE": 4, "PLIO_1": 4, "HCOMPRESS_1": 8}

# The most bytes of a decoded tile.
_TILE_BYTES_LIMIT = 2**31 - 1

# The least and the largest seed of dithering (section 10.2).
_SEEDS = (1, 10000)

# The first bytes of a tile of HCOMPRESS_1.  The two sizes of the tile, the scale, the sum and three numbers of bit
# planes follow.  Together these are _START_BYTES.
_MAGIC = b"\xdd\x99"
_START_BYTES = 25


class Unsupported(ValueError):
    """The cards are valid FITS, but no decoder that we have can take the image."""


@dataclass(frozen=True)
class CompressionCards:
    """The tiles of a compressed image, and the algorithm that compressed them.

    Parameters
    ----------
    codec : str
        ZCMPTYPE.
    shape, tile : tuple of int
        The shapes of the image and of a whole tile, in array order: ``ZNAXISn`` and ``ZTILEn`` reversed.
    """

    codec: str
    shape: tuple[int, ...]
    tile: tuple[int, ...]

    @classmethod
    def of(cls, header: Any) -> CompressionCards:
        """Return the cards of a header.

        Parameters
        ----------
        header : astropy.io.fits.Header
            The header of the table.

        Raises
        ------
        ValueError
            If a card is not valid FITS.  The message names the card.
        Unsupported
            If there is no decoder.
        """
        codec = _one_of(header, "ZCMPTYPE", _CODECS)
        _one_of(header, "ZBITPIX", (8, 16, 32, 64, -32, -64))
        axes = range(_whole(header, "ZNAXIS", 1, 999), 0, -1)
        shape = tuple(_whole(header, f"ZNAXIS{n}", 0) for n in axes)
        tile = tuple(_whole(header, f"ZTILE{n}", 1) for n in axes)
        cards = cls(codec, shape, tile)
        if codec.startswith("RICE"):
            _parameter(header, "BLOCKSIZE", (16, 32))
            if _parameter(header, "BYTEPIX", (1, 2, 4, 8)) == 8:
                raise Unsupported("BYTEPIX is 8, there are decoders for 1, 2 and 4")
        largest = prod(min(pair) for pair in zip(shape, tile, strict=True))
        if largest * _BYTES.get(codec, 0) > _TILE_BYTES_LIMIT:
            most = _TILE_BYTES_LIMIT // _BYTES[codec]
            raise Unsupported(f"ZTILEn tell of tiles of {largest} elements, the decoder of {codec} takes {most}")
        return cards

    @property
    def grid(self) -> tuple[int, ...]:
        """The number of tiles along each axis, in array order."""
        return tuple(-(-size // step) for size, step in zip(self.shape, self.tile, strict=True))

    @property
    def start(self) -> int:
        """The number of bytes that `check_tile` needs, 0 if tiles of this algorithm need no check."""
        return {"HCOMPRESS_1": _START_BYTES, "PLIO_1": 14}.get(self.codec, 0)

    def rows_of(self, key: tuple[Any, ...]) -> np.ndarray:
        """Return the rows of the table, from 0, that are decoded for a key, an integer or slice for each axis."""
        touched = [_tiles(at, size, step) for size, step, at in zip(self.shape, self.tile, key, strict=True)]
        return np.ravel_multi_index(np.ix_(*touched), self.grid).ravel()

    def check_tile(self, row: int, start: bytes, size: int) -> None:
        """Raise `ValueError` if the size in the first bytes of a tile differs from the size in the cards.

        Parameters
        ----------
        row : int
            The row of the table, from 0.
        start : bytes
            The first bytes of the tile: as many as the property `start` says, or the whole tile if it is shorter.
        size : int
            The size of the tile in bytes.
        """
        what = f"the tile in row {row + 1}"
        if self.codec == "HCOMPRESS_1":
            if len(start) < _START_BYTES or not start.startswith(_MAGIC):
                raise ValueError(f"{what} is none of HCOMPRESS_1, as ZCMPTYPE says")
            told = tuple(int(n) for n in np.frombuffer(start, ">i4", 2, len(_MAGIC)))
            due = tuple(n for n in self._tile_at(row) if n != 1)
            if told != due:
                raise ValueError(f"{what} has {_times(told)} elements, it must have {_times(due)} as ZTILEn say")
        elif self.codec == "PLIO_1":
            words = np.frombuffer(start, ">i2", len(start) // 2)
            if len(words) < 4 or 2 * _line_list(words) > size:
                raise ValueError(f"{what} is longer than its descriptor says")

    def _tile_at(self, row: int) -> tuple[int, ...]:
        place = np.unravel_index(row, self.grid)
        return tuple(
            min(step, size - int(at) * step) for size, step, at in zip(self.shape, self.tile, place, strict=True)
        )


def check_table(cards: CompressionCards, table: Any) -> None:
    """Raise `ValueError` if a table cannot hold the tiles that its cards describe.  The message names the card.

    Parameters
    ----------
    cards : CompressionCards
    table : astropy.io.fits.BinTableHDU
        Opened with descriptors in the columns of arrays, not the arrays.
    """
    header, columns = table.header, table.columns
    width, rows, count = (_whole(header, name, 0) for name in ("NAXIS1", "NAXIS2", "PCOUNT"))
    if width != columns.dtype.itemsize:
        raise ValueError(f"NAXIS1 is {width}, it must be {columns.dtype.itemsize} as TFORMn say")
    if rows != prod(cards.grid):
        tiles = f"it must be {prod(cards.grid)}, the number of tiles that ZNAXISn and ZTILEn tell of"
        raise ValueError(f"NAXIS2 is {rows}, {tiles}")
    end = width * rows + count
    heap = end - (_whole(header, "THEAP", width * rows, end) if "THEAP" in header else width * rows)
    names = [str(name).upper() for name in columns.names]
    if "COMPRESSED_DATA" not in names:
        raise ValueError("TTYPEn name no column COMPRESSED_DATA")
    for name, letters in _COLUMNS.items():
        if name in names:
            at = names.index(name)
            of_codec = _ELEMENTS.get(cards.codec, letters) if name == "COMPRESSED_DATA" else letters
            _check_column(table, at, of_codec, heap)
    if "ZSCALE" in names:
        _check_dithering(header)


def _check_column(table: Any, at: int, letters: str, heap: int) -> None:
    """Raise `ValueError` if a column has no descriptors, or one points outside of the heap (section 7.3.5)."""
    form = str(table.columns.formats[at])
    if not re.match(rf"1?[PQ][{letters}](?![A-Z])", form):
        raise ValueError(f"TFORM{at + 1} is {quoted(form, 24)}, it must be 1P or 1Q and one of {', '.join(letters)}")
    found = np.asarray(table.data.field(at))
    if found.dtype.kind != "i" or found.shape != (len(table.data), 2):
        raise ValueError(f"TSCAL{at + 1}, TZERO{at + 1} or TDIM{at + 1} is set, there must be none for descriptors")
    sizes, offsets = (found[:, k].astype(np.int64) for k in (0, 1))
    itemsize = np.dtype({"B": "u1", "I": "i2", "J": "i4", "E": "f4", "D": "f8"}[form.lstrip("1")[1]]).itemsize
    outside = (sizes < 0) | ((sizes > 0) & ((offsets < 0) | (sizes > (heap - offsets) // itemsize)))
    if outside.any():
        row = int(outside.argmax())
        where = f"{sizes[row]} elements from byte {offsets[row]} on, and PCOUNT and THEAP leave {heap} bytes"
        raise ValueError(f"column {at + 1} says in row {row + 1} that its tile has {where}")


def _check_dithering(header: Any) -> None:
    """Raise `ValueError` if the cards do not say how elements were quantized (section 10.2)."""
    if "ZQUANTIZ" not in header:
        return
    method = _one_of(header, "ZQUANTIZ", _QUANTIZATIONS)
    if method.startswith("SUBTRACTIVE") or (method == "NONE" and "ZDITHER0" in header):
        _whole(header, "ZDITHER0", *_SEEDS)


def _tiles(at: Any, size: int, step: int) -> np.ndarray:
    """Return the tiles along an axis that are decoded for an integer or slice.

    Tiles from its first to its last element are decoded, also those that its steps leave out.
    """
    if isinstance(at, slice):
        start, stop, stride = at.indices(size)
        low, high = (start, stop - 1) if stride > 0 else (max(stop - 1, 0), start)
    else:
        low = high = range(size)[at]
    low, high = (min(place, size - 1) for place in (low, max(low, high)))
    return np.arange(low // step, high // step + 1)


def _line_list(words: np.ndarray) -> int:
    """Return the length in words of a list of PLIO_1: its third word if that is above 0, else its next two words."""
    return int(words[2]) if words[2] > 0 else (int(words[4]) << 15) + int(words[3]) if len(words) > 4 else 1 << 31


def _whole(header: Any, name: str, least: int, most: int | None = None) -> int:
    value = _value(header, name)
    if not _is_whole(value) or value < least or (most is not None and value > most):
        last = "or more" if most is None else f"to {most}"
        raise ValueError(f"{name} is {_text(value)}, it must be a whole number, {least} {last}")
    return int(value)


def _one_of(header: Any, name: str, known: tuple[Any, ...]) -> Any:
    value = _value(header, name)
    if value not in known or isinstance(value, (bool, float)):
        raise ValueError(f"{name} is {_text(value)}, it must be one of {', '.join(map(str, known))}")
    return value


def _parameter(header: Any, name: str, known: tuple[int, ...]) -> int | None:
    """Return the value of a parameter of the algorithm, the ZVALi whose ZNAMEi is `name`; None if there is none."""
    for n in range(1, 1000):
        if f"ZNAME{n}" not in header:
            return None
        if str(header[f"ZNAME{n}"]).lower() == name.lower():
            value = _value(header, f"ZVAL{n}")
            if not _is_whole(value) or value not in known:
                allowed = ", ".join(map(str, known))
                raise ValueError(f"ZVAL{n}, which is {name}, is {_text(value)}, it must be one of {allowed}")
            return int(value)
    return None


def _value(header: Any, name: str) -> Any:
    if name not in header:
        raise ValueError(f"{name} is missing")
    return header[name]


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return quoted(value, 24) if isinstance(value, str) else str(value)[:24]


def _times(sizes: tuple[int, ...]) -> str:
    return " × ".join(map(str, sizes))
