"""ImageJ's lookup tables, ``.lut``: 256 colours as bytes, with or without NIH Image's header, or as text.

The bytes are 256 of red, then 256 of green, then 256 of blue.  NIH Image's header of 32 bytes begins with ``ICOL``
and may announce fewer colours, which then run into each other.  The text has 256 rows of red, green, blue, 0 … 255, or
of an index and these; a line above may name the columns.
"""

from __future__ import annotations

import struct
from itertools import islice

import numpy as np

from ...errors import ColormapError, counted, printable, quoted
from ..colormap import Colormap
from .byte_tables import TABLE_BYTES, byte_order, is_text
from .colormap_file import ColormapFile
from .colormap_format import Format
from .not_colormaps import by_first_bytes
from .tables import CHANNELS, collected, colors, numeric, split

__all__ = ["FORMATS", "load", "save"]

#: Size of a table of bytes to which a program has appended 202 bytes without a meaning.
PADDED_TABLE_BYTES = 970

#: ``ICOL``, version, number of colours, first and last index, and padding to 32 bytes.
_HEADER = struct.Struct(">4shhhh20x")


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a ``.lut`` file of any of the three kinds."""
    if file.data.startswith(b"ICOL"):
        return [_load_nih(file)]
    if _is_table(file):
        return [_planes(file, 0, 256)]
    if b"\0" in file.data:
        file.fail(
            f"it has {counted(len(file.data), 'byte')}",
            f"a table of bytes has {TABLE_BYTES}, or begins with ICOL; is the file whole?",
        )
    return [_load_text(file)]


def _load_nih(file: ColormapFile) -> Colormap:
    if len(file.data) < _HEADER.size:
        file.fail(f"it ends at byte {len(file.data)}", f"its header has {_HEADER.size} bytes")
    _, _, n, first, last = _HEADER.unpack_from(file.data)
    if not 2 <= n <= 256:
        file.fail(f"byte 6 announces {n} colours", "it must be 2 … 256")
    meant = _HEADER.size + 3 * n
    if len(file.data) < meant:
        file.fail(f"it ends at byte {len(file.data)}", f"{n} colours need {meant} bytes")
    warnings = []
    if len(file.data) > meant:
        warnings.append(f"The {len(file.data) - meant} bytes after the colours were not read.")
    if (first, last) not in ((0, 0), (0, 255), (0, n - 1)):
        warnings.append(f"The indices {first} and {last}, from which to which the table is, were not used.")
    return _planes(file, _HEADER.size, n, tuple(warnings))


def _planes(file: ColormapFile, start: int, n: int, warnings: tuple[str, ...] = ()) -> Colormap:
    """Return the colormap of `n` bytes of red, of green and of blue from `start` on."""
    if not warnings and len(file.data) == PADDED_TABLE_BYTES and not start:
        warnings = (f"The {PADDED_TABLE_BYTES - TABLE_BYTES} bytes after the colours were not read.",)
    planes = np.frombuffer(file.data, np.uint8, 3 * n, start).reshape(3, n) / 255
    return Colormap.from_colors(file.stem, [(r, g, b, 1.0) for r, g, b in planes.T.tolist()], warnings=warnings)


def _load_text(file: ColormapFile) -> Colormap:
    lines = list(file.bare_lines(""))
    header = bool(lines) and not any(map(numeric, split(lines[0].text)))
    rows = collected(file, lines[header:], (3, 4), lambda width: ["index", *CHANNELS][4 - width : 4])
    warnings = []
    if len(rows) in (257, 258):  # ImageJ takes the first line for a header
        warnings.append(f"It has {len(rows)} rows: as in ImageJ, {'the first' if not header else 'what is beyond 256'}")
        warnings[0] += " was not read." if len(rows) == 257 or header else " and the last were not read."
        rows = rows[:256] if header else rows[1:257]
    if len(rows) != 256:
        file.fail(f"it has {counted(len(rows), 'row')} of numbers", "a lookup table has 256; is the file whole?")
    for i, row in enumerate(rows):
        for word, name in zip(row.words[-3:], CHANNELS, strict=False):
            row.line.int(word, 0, 255, name)
        if len(row.words) == 4 and row.line.int(row.words[0], 0, 255, "the index") != i:
            row.line.fail(f"the index is {row.words[0]}", f"{i} was expected")
    return Colormap.from_colors(file.stem, colors(rows, len(rows[0].words) - 3, 255), warnings=tuple(warnings))


def save(colormap: Colormap) -> bytes:
    """Return a table of 768 bytes: 256 colours, each of red, green and blue in 0 … 255.

    The other attributes of the colormap are left out: the under, over and bad colour, limits, values, labels, licence.

    Raises
    ------
    ColormapError
        If any of the colours is transparent.
    """
    table = colormap.lut(256)
    if (table[:, 3] < 1).any():
        name = quoted(printable(colormap.name))
        raise ColormapError(f"cannot write {name} as .lut", "ImageJ knows no transparency", "write text, CSV or .ggr")
    return bytes(np.rint(table[:, :3].T * 255).astype(np.uint8))


def _is_table(file: ColormapFile) -> bool:
    return len(file.data) in (TABLE_BYTES, PADDED_TABLE_BYTES) and not is_text(file)


def _plausible(file: ColormapFile) -> bool:
    """Whether it is a table of bytes in planes, or it is named ``.lut`` and is binary or has rows of whole numbers."""
    if order := byte_order(file):
        return order == "planes" or (order == "either" and file.extension == ".lut")
    if file.extension != ".lut":
        return False
    if b"\0" in file.data or _is_table(file):
        return by_first_bytes(file) is None
    words = [split(line.text) for line in islice(file.bare_lines(""), 300)]
    if words and not any(map(numeric, words[0])):
        words = words[1:]
    whole = all(len(each) in (3, 4) and all(word.isdigit() for word in each) for each in islice(words, 4))
    return whole and any(word not in ("0", "1") for each in words for word in each)


FORMATS = (
    Format("imagej", "ImageJ or NIH Image lookup table", (".lut",), load, save=save,
           magic=lambda file: file.data.startswith(b"ICOL"), plausible=_plausible),
)  # fmt: skip
