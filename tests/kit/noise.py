"""An image in which all tiles differ."""

from __future__ import annotations

import numpy as np

__all__ = ["noise"]


def noise(dtype=np.float32):
    """Return an image of noise with a gradient and holes."""
    rng = np.random.default_rng(5)
    values = rng.lognormal(size=(1600, 2200)) * 100 + np.linspace(0, 900, 2200)
    if np.dtype(dtype).kind == "f":
        values[200:260, 300:420] = np.nan
    return values.astype(dtype)
