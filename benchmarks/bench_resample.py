"""Reducing a 20,000 × 20,000 image to 1920 × 1080, beside reading the same bytes once.

One thread is measured in processor time, two in time on the wall.  The least of some shuffled rounds is shown.
Run with ``--side N`` for a smaller image.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

import numpy as np
from numba import njit

from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.picture import Picture
from traitsview.sources.reducing import compiler, workers

SHAPE = (1080, 1920)
ROUNDS = 9


@njit(fastmath=True, nogil=True)
def read_once(lines: np.ndarray, zero: float) -> float:
    """Add up all elements in the type of `zero`."""
    total = zero
    for y in range(lines.shape[0]):
        line = lines[y]
        for k in range(line.shape[0]):
            total += zero + line[k]
    return total


def image(side: int, dtype: str, nan: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(1)
    block = (rng.normal(size=(min(side, 1000), side)) * 1000 + 5000).astype(dtype)
    if nan:
        block[rng.random(block.shape) < nan] = np.nan
    made = np.empty((side, side), dtype)
    for top in range(0, side, len(block)):
        made[top : top + len(block)] = block[: min(len(block), side - top)]
    return made


def measured(jobs: dict[str, Callable[[], object]], clock: Callable[[], float]) -> dict[str, float]:
    """Return the least milliseconds of each job.  The jobs take turns."""
    best = dict.fromkeys(jobs, float("inf"))
    for job in jobs.values():
        job()
    for _ in range(ROUNDS):
        for name in random.sample(list(jobs), len(jobs)):
            begin = clock()
            jobs[name]()
            best[name] = min(best[name], (clock() - begin) * 1e3)
    return best


def compare(title: str, array: np.ndarray, reduction: str, one: float | None, two: float | None) -> None:
    source = ArraySource(array)
    viewport = Viewport.covering(source.info.extent, SHAPE)
    source.render(viewport, None, reduction)
    compiler.finished(120)
    zero = np.float32(0) if array.dtype.itemsize == 4 else np.float64(0) if array.dtype.kind == "f" else np.int64(0)
    native = array if array.dtype.isnative else array.view(array.dtype.newbyteorder("="))
    halves = [native[: len(native) // 2], native[len(native) // 2 :]]

    def serial() -> None:
        for _ in source.render_tiles([viewport], Picture(reduction=reduction)):
            pass

    best = measured({"limit": lambda: read_once(native, zero), "ours": serial}, time.process_time)
    report(title + ", 1 thread", best["ours"], best["limit"], one)
    if workers.processors() > 1:
        both = {
            "limit": lambda: workers.spread(lambda half: read_once(half, zero), halves),
            "ours": lambda: source.render(viewport, None, reduction),
        }
        best = measured(both, time.perf_counter)
        report(title + f", {workers.processors()} threads", best["ours"], best["limit"], two)


def labels(side: int, dtype: str, size: int) -> np.ndarray:
    """Return labels in cells with wavy borders.  Each side of a cell has about `size` elements."""
    rng = np.random.default_rng(1)
    count = side // size + 2
    names = rng.integers(0, 60_000, (count, count)).astype(dtype)
    made = np.empty((side, side), dtype)
    x = np.arange(side)
    wave = np.sin(x / 7.3) * size / 4
    for y in range(side):
        rows = np.clip((y + wave).astype(int) // size, 0, count - 1)
        columns = np.clip((x + np.sin(y / 9.1) * size / 4).astype(int) // size, 0, count - 1)
        made[y] = names[rows, columns]
    return made


def compare_reductions(title: str, array: np.ndarray, asked: float | None) -> None:
    """Print the time of the most frequent value beside that of the mean, in one thread."""
    source = ArraySource(array)
    viewport = Viewport.covering(source.info.extent, SHAPE)
    for reduction in ("mean", "mode"):
        source.render(viewport, None, reduction)
    compiler.finished(120)
    jobs = {
        reduction: lambda reduction=reduction: list(source.render_tiles([viewport], Picture(reduction=reduction)))
        for reduction in ("mean", "mode")
    }
    best = measured(jobs, time.process_time)
    report(title, best["mode"], best["mean"], asked)


def report(title: str, ours: float, limit: float, asked: float | None) -> None:
    ratio = ours / limit
    verdict = "" if asked is None else f"  asked ≤ {asked:.1f}  {'ok' if ratio <= asked else 'OVER'}"
    print(f"{title:44s}{ours:9.1f} ms{limit:9.1f} ms{ratio:7.2f} ×{verdict}", flush=True)


def compare_time(title: str, array: np.ndarray, viewport: Viewport, reduction: str, asked: float | None) -> None:
    source = ArraySource(array)
    source.render(viewport, None, reduction)
    compiler.finished(120)
    clear = np.empty(SHAPE, np.float32)
    best = measured(
        {
            "ours": lambda: list(source.render_tiles([viewport], Picture(reduction=reduction))),
            "copy": lambda: np.copyto(clear, 1.0),
        },
        time.process_time,
    )
    verdict = "" if asked is None else f"  asked ≤ {asked:.0f} ms  {'ok' if best['ours'] <= asked else 'OVER'}"
    print(f"{title:44s}{best['ours']:9.2f} ms{best['copy']:9.2f} ms{'':9s}{verdict}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=20_000)
    side = parser.parse_args().side
    print(f"{side} × {side} to {SHAPE[1]} × {SHAPE[0]}")
    print(f"{'':44s}{'ours':>12s}{'read once':>12s}{'ratio':>9s}")
    cases = (
        ("float32 mean", "f4", 0.0, "mean", 1.5, 1.3),
        ("float32 max", "f4", 0.0, "max", None, None),
        ("float32 mean, 1 % NaN", "f4", 0.01, "mean", 2.5, None),
        ("big-endian float32 mean", ">f4", 0.0, "mean", None, None),
        ("uint16 mean", "u2", 0.0, "mean", 1.8, None),
        ("uint8 mean", "u1", 0.0, "mean", None, None),
        ("float64 mean", "f8", 0.0, "mean", None, None),
    )
    held: tuple[str, float] | None = None
    array = np.empty((0, 0))
    for title, dtype, nan, reduction, one, two in cases:
        if held != (dtype, nan):
            array = np.empty((0, 0))
            array, held = image(side, dtype, nan), (dtype, nan)
        compare(title, array, reduction, one, two)
    print(f"{'':44s}{'mode':>12s}{'mean':>12s}{'ratio':>9s}")
    for dtype, size, asked in (("u4", 50, 4.0), ("u2", 50, 4.0), ("u8", 50, 4.0), ("u4", 20, None)):
        array = np.empty((0, 0))
        array = labels(side, dtype, size)
        compare_reductions(f"{array.dtype.name} labels in cells of {size}", array, asked)
    array = image(side, "f4")
    compare_reductions("float32 noise", array, None)
    print(f"{'':44s}{'ours':>12s}{'fill once':>12s}")
    for title, resolution in (("1:1", 1.0), ("zoomed in × 10", 0.1), ("zoomed in × 2.5", 0.4)):
        viewport = Viewport((resolution, resolution), (200, 300), SHAPE)
        compare_time(f"float32 {title}", array, viewport, "mean", 2.0)
    compare_time("float32 nearest, whole image", array, Viewport.covering((0, side, 0, side), SHAPE), "nearest", None)
    for title, resolution in (("1:1", 1.0), ("zoomed in × 10", 0.1)):
        viewport = Viewport((resolution, resolution), (200, 300), SHAPE)
        compare_time(f"big-endian float32 {title}", array.view(">f4"), viewport, "mean", 2.0)


if __name__ == "__main__":
    main()
