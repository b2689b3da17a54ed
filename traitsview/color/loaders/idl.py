"""Collections of colour tables of IDL and GDL, ``colors1.tbl``.

The first byte says how many tables there are.  Each has 256 bytes of red, of green and of blue, and after all tables
come their names, 32 bytes each.
"""

from __future__ import annotations

import numpy as np

from ...errors import counted
from ..colormap import Colormap
from .colormap_file import ColormapFile
from .colormap_format import Format

__all__ = ["FORMATS"]

#: Bytes of a table: 256 of red, of green and of blue.
_TABLE_BYTES = 768

#: Bytes of the name of a table.
_NAME_BYTES = 32


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormaps of a collection."""
    count = file.data[0] if file.data else 0
    size = 1 + count * (_TABLE_BYTES + _NAME_BYTES)
    if count == 0:
        file.fail("it announces no tables", "copy it again")
    if len(file.data) != size:
        file.fail(
            f"it announces {counted(count, 'table')} and has {counted(len(file.data), 'byte')}",
            f"it must have {size}",
        )
    names = _names(file, count)
    levels = np.frombuffer(file.data, np.uint8, count * _TABLE_BYTES, 1).reshape(count, 3, 256)
    opaque = np.ones((count, 256, 1))
    tables = np.concatenate([levels.transpose(0, 2, 1) / 255, opaque], axis=-1)
    return [Colormap.from_colors(name, table.tolist()) for name, table in zip(names, tables, strict=True)]


def _names(file: ColormapFile, count: int) -> list[str]:
    """Return the names of the tables, each different."""
    names: dict[str, None] = {}
    first = 1 + count * _TABLE_BYTES
    for number in range(count):
        offset = first + number * _NAME_BYTES
        text = file.data[offset : offset + _NAME_BYTES].decode("latin-1").rstrip("\0 ")
        if not text.isprintable():
            file.fail(f"the name of table {number}, at byte {offset}, is not text", "copy the file again")
        name = " ".join(text.split()) or f"{file.stem} {number}"
        names[name if name not in names else f"{name}, table {number}"] = None
    return list(names)


def _plausible(file: ColormapFile) -> bool:
    """Whether the size of the file fits the number of tables in its first byte."""
    return file.data[:1] > b"\0" and len(file.data) == 1 + file.data[0] * (_TABLE_BYTES + _NAME_BYTES)


FORMATS = (Format("idl", "IDL colour tables (colors1.tbl)", (".tbl",), load, plausible=_plausible),)
