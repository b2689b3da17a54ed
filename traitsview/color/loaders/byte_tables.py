"""Tables of 256 colours in 768 bytes: three planes as ImageJ has them, or triples as Adobe has them."""

from __future__ import annotations

from typing import Literal

import numpy as np

from .colormap_file import ColormapFile
from .tables import numeric, split

__all__ = ["TABLE", "byte_order", "is_text"]

#: How many bytes there are.
TABLE = 768

#: Read in the wrong order, 97 in 100 known colormaps jump more than this many times as far; a grey one of Adobe's, read
#: as planes, is just so much smoother.
_ROUGHER = 3


def byte_order(file: ColormapFile) -> Literal["planes", "triples", "either", ""]:
    """Return in which order a table of bytes must be, since its colours jump in the other; empty if it is none."""
    if len(file.data) != TABLE or is_text(file):
        return ""
    levels = np.frombuffer(file.data, np.uint8).astype(int)
    planes = np.abs(np.diff(levels.reshape(3, 256), axis=1)).sum()
    triples = np.abs(np.diff(levels.reshape(256, 3), axis=0)).sum()
    if triples > _ROUGHER * planes:
        return "planes"
    return "triples" if planes > _ROUGHER * triples else "either"


def is_text(file: ColormapFile) -> bool:
    """Whether it is text and has the size of a table by chance: then there are rows of numbers."""
    words = (split(line) for line in file.data[:1000].decode("latin-1").splitlines())
    return sum(len(each) >= 3 and all(map(numeric, each)) for each in words) > 1
