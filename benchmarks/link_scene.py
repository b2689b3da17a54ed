"""The scene that every way shows over a link: one turbulent density, one window, one script of steps.

The density is log-normal with the power spectrum of a slice through a turbulent medium: five decades of float32 values
with noise in their last bits, as in simulations.  It is shown in 1920 × 1080 pixels on a logarithmic scale with fixed
limits, so that no way has to read the whole density first.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from traitsview.color.catalogue import colormap
from traitsview.color.shading import Shading
from traitsview.geometry import Viewport
from traitsview.sources.image_info import ImageInfo

SHAPE = ROWS, COLUMNS = 1080, 1920
SIDE = 8192

#: Magnification of a notch of the wheel.
NOTCH = 1.2

LIMITS = (1e-2, 1e3)
SHADING = Shading(LIMITS, colormap("viridis"), "log")

#: The steps, one after the other.  No step comes back to a view that was seen before.
STEPS = (
    ("pan", (300, 0)),
    ("zoom", NOTCH**2),
    ("pan", (0, 300)),
    ("jump", (2200.0, 6000.0)),
    ("pan", (300, 0)),
    ("zoom", NOTCH**-3),
    ("pan", (0, -300)),
    ("zoom", NOTCH**2),
    ("pan", (-300, 0)),
    ("jump", (5800.0, 2200.0)),
    ("pan", (0, 300)),
    ("zoom", NOTCH**2),
)

FIRST = Viewport((2.0, 2.0), (900, 900), SHAPE)


def views(info: ImageInfo) -> list[tuple[str, Viewport]]:
    """Return the kind and the viewport of each step.  The first entry is the view at the start."""
    view = Viewport(FIRST.resolution, FIRST.origin, SHAPE, info.anchor)
    found = [("start", view)]
    for kind, by in STEPS:
        if kind == "pan":
            view = view.panned(*by)
        elif kind == "zoom":
            view = view.zoomed(by)
        else:
            column, row = view.pixel_at(*by)
            view = view.panned(round(column - COLUMNS / 2), round(row - ROWS / 2))
        found.append((kind, view))
    return found


def colours(pixels: np.ndarray) -> np.ndarray:
    """Return pixels as a screen shows them: (rows, columns, 4) uint8 RGBA, the first row on top."""
    return SHADING.table[SHADING.indices(pixels)]


@contextmanager
def density_file(side: int = SIDE) -> Iterator[Path]:
    """Yield the path of the density.  It is removed at the end.

    If TRAITSVIEW_BENCH names a folder, the density is kept there for later runs.
    """
    kept = os.environ.get("TRAITSVIEW_BENCH", "")
    with tempfile.TemporaryDirectory(prefix="traitsview-bench-") as folder:
        path = Path(kept or folder) / f"density-{side}.npy"
        if not path.exists():
            part = path.with_suffix(".part.npy")
            np.save(part, density(side))
            part.rename(path)
        yield path


def density(side: int) -> np.ndarray:
    """Return the density, (side, side) float32, of median 1."""
    random = np.random.default_rng(3)
    waves = np.fft.rfft2(random.standard_normal((side, side), np.float32))
    along = np.fft.fftfreq(side).astype(np.float32)[:, None]
    across = np.fft.rfftfreq(side).astype(np.float32)[None, :]
    squared = along**2 + across**2
    squared[0, 0] = np.inf
    waves *= squared ** np.float32(-2 / 3)  # a power of k**-8/3
    field = np.fft.irfft2(waves, (side, side))
    return np.exp(field * (2.0 / field.std())).astype(np.float32)
