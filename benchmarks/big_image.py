"""The big image of the benchmarks: 20,000 × 20,000 float32 as a FITS file, 1.6 GB, left in the page cache."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

SIDE = 20_000

_STRIP = 500
_BLOCK = 2880


@contextmanager
def big_file(side: int = SIDE) -> Iterator[Path]:
    """Yield the path of the image.  It is removed at the end.

    If TRAITSVIEW_BENCH names a folder, the image is kept there for later runs.
    """
    kept = os.environ.get("TRAITSVIEW_BENCH", "")
    if kept:
        path = Path(kept) / f"big-{side}.fits"
        if not path.exists():
            write(path, side)
        read(path)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="traitsview-bench-") as folder:
        path = Path(folder) / "big.fits"
        write(path, side)
        yield path


def write(path: Path, side: int) -> None:
    """Write noise on a slope with a bright spot every 1000 elements."""
    cards = {"SIMPLE": "T", "BITPIX": "-32", "NAXIS": "2", "NAXIS1": f"{side}", "NAXIS2": f"{side}"}
    header = "".join(f"{f'{name:<8}= {value:>20}':<80}" for name, value in cards.items()) + f"{'END':<80}"
    strip = np.random.default_rng(2).normal(100, 3, (_STRIP, side)).astype(np.float32)
    strip += np.linspace(0, 60, side, dtype=np.float32)
    strip[::100, ::1000] = 400
    part = path.with_suffix(".part")
    with open(part, "wb") as file:
        file.write(header.ljust(-(-len(header) // _BLOCK) * _BLOCK).encode())
        for first in range(0, side, _STRIP):
            file.write((strip + np.float32(first * 1e-3)).astype(">f4").data)
        file.write(bytes(-file.tell() % _BLOCK))
    part.rename(path)


def read(path: Path) -> None:
    """Read the file once to have it in the page cache."""
    with open(path, "rb", buffering=0) as file:
        buffer = bytearray(1 << 24)
        while file.readinto(buffer):
            pass
