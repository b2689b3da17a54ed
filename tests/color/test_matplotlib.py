"""The colours are Matplotlib's, bit for bit: every map that it names, on the linear scale."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import Normalize

from traitsview.color.catalogue import colormap
from traitsview.color.shading import Shading

NAMES = [name for name in matplotlib.colormaps if not name.endswith("_r")]


def of_matplotlib(name, limits, values):
    with np.errstate(over="ignore"):
        return matplotlib.colormaps[name](Normalize(*limits)(values), bytes=True)


def values_between(limits, dtype, n):
    """Return values that are random, at the ends, at the borders of the colours and next to those, and none at all."""
    lo, hi = limits
    rng = np.random.default_rng(7)
    borders = (lo + np.arange(n + 1) / n * (hi - lo)).astype(dtype)
    near = [borders]
    for direction in (-np.inf, np.inf):
        step = borders
        for _ in range(3):
            step = np.nextafter(step, dtype.type(direction))
            near.append(step)
    spread = rng.uniform(lo - 0.2 * (hi - lo), hi + 0.2 * (hi - lo), 4000).astype(dtype)
    ends = np.array([lo, hi, 0, np.inf, -np.inf, np.nan, 1e30, -1e30], dtype)
    return np.concatenate([*near, spread, ends])[None]


def test_matplotlib_has_its_91_names():
    assert len(NAMES) >= 91


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("name", NAMES)
def test_every_map_has_the_bytes_of_matplotlib(name, dtype):
    for limits in ((-2.0, 2.0), (0.1, 0.7), (3.0, 1e6 + 1 / 3)):
        shading = Shading(limits, colormap(name))
        values = values_between(limits, np.dtype(dtype), shading.size)
        np.testing.assert_array_equal(shading.rgba(values), of_matplotlib(name, limits, values))


@pytest.mark.parametrize("name", ["viridis_r", "twilight_r", "tab10_r", "gray_r"])
def test_reversed_maps_have_the_bytes_of_matplotlib(name):
    shading = Shading((-1, 1), colormap(name))
    values = values_between((-1, 1), np.dtype("f4"), shading.size)
    np.testing.assert_array_equal(shading.rgba(values), of_matplotlib(name, (-1, 1), values))


@pytest.mark.parametrize("dtype", ["u1", "i2", "u2", "i4", "i8", "?"])
def test_integers_have_the_bytes_of_matplotlib(dtype):
    values = np.random.default_rng(1).integers(0, 2 if dtype == "?" else 120, (40, 50)).astype(dtype)
    shading = Shading((3.3, 101.7), colormap("viridis"))
    np.testing.assert_array_equal(shading.rgba(values), of_matplotlib("viridis", (3.3, 101.7), values))


@pytest.mark.parametrize("limits", [(1e9, 1e9 + 10), (-1e-12, 3e-12), (-1e25, 1e25), (1e5, 1e5 + 1e-3)])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_odd_limits_give_the_bytes_of_matplotlib(limits, dtype):
    values = values_between(limits, np.dtype(dtype), 256)
    np.testing.assert_array_equal(
        Shading(limits, colormap("viridis")).rgba(values), of_matplotlib("viridis", limits, values)
    )
