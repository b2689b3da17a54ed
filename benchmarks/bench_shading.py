"""Shading a full-HD frame, beside Matplotlib and beside NumPy's `take`, the one pass that cannot be saved.

Prints milliseconds of processor time on one thread: the least of many rounds whose order is shuffled.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import matplotlib
import numpy as np
from matplotlib.colors import AsinhNorm, Colormap, Normalize

from traitsview.color.colormap import colormap
from traitsview.color.scales import SCALES
from traitsview.color.shading import Shading

ROWS, COLUMNS = 1080, 1920
ROUNDS = 15


def measured(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least processor time of each in milliseconds."""
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


def main() -> None:
    viridis = matplotlib.colormaps["viridis"]
    out = np.empty((ROWS, COLUMNS), np.uint32)
    table = np.arange(256, dtype=np.uint32)
    print(f"{ROWS} × {COLUMNS} → colours          ours   take  ratio (≤ 1.5)  Matplotlib  ratio (≤ 0.5)")
    for name, values in images().items():
        index = np.nan_to_num(np.clip((values + 2) * 64, 0, 255)).astype(np.uint8)
        for scale in SCALES:
            norm = AsinhNorm(0.4, vmin=-2, vmax=2) if scale == "asinh" else Normalize(-2, 2)
            shading = Shading((-2, 2), colormap("viridis"), scale=scale)
            works: dict[str, Callable[[], object]] = {
                "ours": lambda shading=shading, values=values: shading.argb(values, out),
                "take": lambda index=index: np.take(table, index, out=out, mode="clip"),
            }
            if scale in ("linear", "asinh"):
                works["peer"] = lambda values=values, norm=norm: matplotlib_bytes(values, viridis, norm)
            print(line(f"{name}, {scale}", measured(works), asked=scale == "linear" and name == "float32"))


def line(what: str, ms: dict[str, float], asked: bool) -> str:
    """Return one row of the table; `asked` rows say whether the figures were met."""

    def verdict(ratio: float, limit: float) -> str:
        return f"{ratio:5.2f} {('ok' if ratio <= limit else 'over') if asked else '':8}"

    text = f"{what:25} {ms['ours']:9.2f} {ms['take']:6.2f}  {verdict(ms['ours'] / ms['take'], 1.5)}"
    return text + (f" {ms['peer']:10.2f}  {verdict(ms['ours'] / ms['peer'], 0.5)}" if "peer" in ms else "")


if __name__ == "__main__":
    main()
