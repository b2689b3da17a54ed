"""NumPy arrays of colours, ``.npy``: n rows of red, green, blue and perhaps alpha, as shares of 1 or as bytes."""

from __future__ import annotations

import re
import struct

import numpy as np

from ..colormap import Colormap
from .colormap_file import ColormapFile
from .colormap_format import Format
from .ranges import shown, within_unit
from .tables import CHANNELS, MOST_ROWS

__all__ = ["FORMATS", "load"]

MAGIC = b"\x93NUMPY"

#: The header as `numpy.save` writes it.  NumPy reads other headers, too, by evaluating them as Python.
_HEADER = re.compile(
    rb"\{'descr': '([<>|=]?[fiub]\d{1,2})', 'fortran_order': (False|True), 'shape': \((\d{1,7}), (\d{1,7})\), \}\s*"
)


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a file that `numpy.save` wrote."""
    data = file.data
    if not data.startswith(MAGIC) or len(data) < 12:
        file.fail("it is no .npy file", "write it with numpy.save")
    wide = data[6] > 1
    (size,) = struct.unpack_from("<I" if wide else "<H", data, 8)
    start = (12 if wide else 10) + size
    header = _HEADER.fullmatch(data[12 if wide else 10 : start])
    if not header:
        file.fail("its header names no array of two dimensions of numbers", "save n rows of red, green, blue")
    kind, order, rows, columns = header[1].decode(), header[2], int(header[3]), int(header[4])
    if columns not in (3, 4) or not 2 <= rows <= MOST_ROWS:
        file.fail(f"its shape is ({rows}, {columns})", f"save 2 … {MOST_ROWS} rows of red, green, blue (and alpha)")
    if kind.lstrip("<>|=") not in ("f2", "f4", "f8", "u1"):
        file.fail(f"its numbers are of the kind {kind}", "save floats 0 … 1, or uint8")
    dtype = np.dtype(kind)
    if len(data) - start != rows * columns * dtype.itemsize:
        file.fail(
            f"it has {len(data) - start} bytes of numbers",
            f"{rows} × {columns} of {kind} are {rows * columns * dtype.itemsize}",
        )
    flat = np.frombuffer(data, dtype, offset=start)
    table = flat.reshape((rows, columns), order="F" if order == b"True" else "C").astype(np.float64)
    if dtype == np.uint8:
        table /= 255
    shares = within_unit(table)
    bad = np.argwhere(np.isnan(shares))
    if len(bad):
        row, column = bad[0].tolist()
        file.fail(f"{CHANNELS[column]} of row {row} is {shown(table[row, column])}", "it must be in 0 … 1")
    if columns == 4 and file.options.columns != "rgba" and _has_positions(shares):
        file.fail("its first column may be positions", "save red, green, blue alone, or say columns=rgba")
    full = np.ones((rows, 4))
    full[:, :columns] = shares
    return [Colormap.from_colors(file.stem, full.tolist())]


def _has_positions(shares: np.ndarray) -> bool:
    """Whether the first of four columns goes from 0 to 1 in equal steps, and the last one is not constant."""
    first, last = shares[:, 0], shares[:, 3]
    return len(first) > 2 and np.allclose(first, np.linspace(0, 1, len(first)), atol=1e-3) and bool(np.ptp(last) > 0)


FORMATS = (
    Format("npy", "NumPy array of colours", (".npy",), load, magic=lambda file: file.data.startswith(MAGIC)),
)  # fmt: skip
