"""Shading a full-HD frame, beside Matplotlib and beside NumPy's `take`, the one pass that every method needs.

It prints milliseconds of processor time on one thread: the least of many rounds in shuffled order.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import matplotlib
import numpy as np
from matplotlib.colors import AsinhNorm, Colormap, Normalize, PowerNorm, SymLogNorm, TwoSlopeNorm

from traitsview import compilation
from traitsview.color import lookup
from traitsview.color.catalogue import colormap
from traitsview.color.look import Look
from traitsview.color.scales import SCALES
from traitsview.color.shading import Shading
from traitsview.sources.summary import summary_of

ROWS, COLUMNS = 1080, 1920
ROUNDS = 15

#: The norms of Matplotlib that are most similar to our scales.
THEIRS = {
    "linear": lambda: Normalize(-2, 2),
    "sqrt": lambda: PowerNorm(0.5, -2, 2),
    "square": lambda: PowerNorm(2, -2, 2),
    "power": lambda: PowerNorm(2, -2, 2),
    "asinh": lambda: AsinhNorm(0.4, vmin=-2, vmax=2),
    "symlog": lambda: SymLogNorm(0.002, vmin=-2, vmax=2, base=10),
    "hinge": lambda: TwoSlopeNorm(0, -2, 2),
}


def measured(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least processor time of each function in milliseconds."""
    least = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name in random.sample(list(works), len(works)):
            start = time.process_time()
            works[name]()
            least[name] = min(least[name], time.process_time() - start)
    return {name: 1e3 * seconds for name, seconds in least.items()}


def images() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(ROWS, COLUMNS)).astype(np.float32)
    holes = noise.copy()
    holes[rng.random(noise.shape) < 0.01] = np.nan
    return {"float32": noise, "float32, 1 % NaN": holes, "float64": noise.astype(np.float64)}


def matplotlib_bytes(values: np.ndarray, viridis: Colormap, norm: Normalize) -> np.ndarray:
    return viridis(norm(values), bytes=True)


def rows(values: np.ndarray, summary: object, scale: str, out: np.ndarray) -> dict[str, Callable[[], object]]:
    """Return the functions that are timed for one row of the table."""
    viridis = matplotlib.colormaps["viridis"]
    table = np.arange(256, dtype=np.uint32)
    index = np.nan_to_num(np.clip((values + 2) * 64, 0, 255)).astype(np.uint8)
    shading = Shading.of(summary, Look(colormap("viridis"), (-2, 2), scale))
    if scale.startswith("labels"):
        values = np.rint(values * 30)
    works: dict[str, Callable[[], object]] = {
        "ours": lambda: shading.argb(values, out),
        "take": lambda: np.take(table, index, out=out, mode="clip"),
    }
    if scale in THEIRS:
        norm = THEIRS[scale]()
        works["peer"] = lambda: matplotlib_bytes(values, viridis, norm)
    return works


def main() -> None:
    out = np.empty((ROWS, COLUMNS), np.uint32)
    print(f"{ROWS} × {COLUMNS} → colours           ours   take  ratio (≤ 1.5)  Matplotlib  ratio (≤ 0.5)")
    name, values = next(iter(images().items()))
    summary = summary_of(values, exact=True)
    values_before, lookup.VALUES_BEFORE_COMPILING = lookup.VALUES_BEFORE_COMPILING, 1 << 62
    print(line("without a compiler, linear", measured(rows(values, summary, "linear", out)), asked=False))
    lookup.VALUES_BEFORE_COMPILING = values_before
    for dtype in (np.float32, np.float64):
        lookup.prepare(np.dtype(dtype), out.dtype)
    compilation.finished(120)
    for name, values in images().items():
        for scale in SCALES if name == "float32" else ("linear", "asinh", "log"):
            times = measured(rows(values, summary, scale, out))
            print(line(f"{name}, {scale}", times, asked=scale == "linear" and name == "float32"))


def line(what: str, ms: dict[str, float], asked: bool) -> str:
    """Return one row of the table; if `asked`, with the verdict on its figures."""

    def verdict(ratio: float, limit: float) -> str:
        return f"{ratio:5.2f} {('ok' if ratio <= limit else 'over') if asked else '':8}"

    text = f"{what:26} {ms['ours']:9.2f} {ms['take']:6.2f}  {verdict(ms['ours'] / ms['take'], 1.5)}"
    return text + (f" {ms['peer']:10.2f}  {verdict(ms['ours'] / ms['peer'], 0.5)}" if "peer" in ms else "")


if __name__ == "__main__":
    main()
