"""The sentences of the status line: pure functions to text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..color.shading import Shading
from ..geometry import Viewport
from ..numerals import numerals, position
from ..sources.image_info import ImageInfo
from ..sources.picture import reduction_text
from ..sources.spans import ratios
from ..sources.summary import Summary
from ..whole_numbers import BEYOND
from .readout import Readout, value_text


def contrast_text(summary: Summary | None, info: ImageInfo) -> str:
    """Return why an image has no contrast to show, or nothing."""
    if summary is None or summary.minimum < summary.maximum or info.channels > 1:
        return ""
    if not summary.valid:
        return "no finite value, NaN or infinite throughout"
    return f"every value is {value_text(summary.minimum, info)}"


def labels_text(summary: Summary | None, shading: Shading) -> str:
    """Return a sentence if a colormap of labels has no colour for any value of an image's sample; otherwise nothing."""
    listed = shading.indexing.curve if shading.labels else ()
    if summary is None or not listed or not summary.sample.size or np.isin(summary.sample, listed).any():
        return ""
    name = shading.colormap.name.rpartition(":")[2]
    first, last = numerals(listed[0], listed[-1])
    return f"hardly any value has a colour in {name}, which is for {first} … {last}"


def pixel_text(viewport: Viewport, info: ImageInfo, reduction: str) -> str:
    """Return how elements become pixels: ``"1:1"``, ``"mean of 10.4 × 10.4"``, ``"1 element on 3 × 3 pixels"``."""
    across, down = map(float, ratios(info, viewport))
    if across <= 1 and down <= 1:
        if across == 1 and down == 1:
            return "1:1"
        return f"1 element on {short(1 / across)} × {short(1 / down)} pixels"
    return f"{reduction_text(reduction)} of {short(max(across, 1))} × {short(max(down, 1))}"


def precision_text(summary: Summary | None, viewport: Viewport, info: ImageInfo, reduction: str) -> str:
    """Return ``"exact"`` if the values that are shown are the true ones, or else how they are rounded."""
    dtype = np.dtype(info.dtype)
    rounded = dtype.itemsize > (16 if dtype.kind == "c" else 8)
    if summary is not None:
        means = reduction == "mean" and max(ratios(info, viewport)) > 1
        ends = summary.minimum, summary.maximum
        rounded |= (info.whole and means and any(isinstance(end, int) for end in ends)) or _merges(info, ends)
    return "rounded to 1 in 2^53" if rounded else "exact"


def _merges(info: ImageInfo, ends: Sequence[float | int]) -> bool:
    """Whether two neighbouring stored integers may become the same float between the values `ends`.

    They may where ``abs(value / scale)`` or the stored integer exceeds 2**53.
    """
    stored = info.stored
    if stored is None or np.dtype(stored.dtype).kind not in "iu" or np.dtype(info.dtype).kind != "f":
        return False
    farthest = max(max(abs(end), abs(end - stored.offset)) for end in ends)
    return farthest >= BEYOND * abs(stored.scale)


def readout_text(
    readout: Readout | None, viewport: Viewport, info: ImageInfo, fits_pixels: bool = False, label: str = ""
) -> str:
    """Return the position of the cursor and the value there: ``"x 512.3  y 88.0  = 1.25e-3 Jy  16h41m…"``.

    With `fits_pixels` the text also has the position as FITS counts pixels: ``"FITS 512.8 88.5"``.  `label` is the name
    of the value, if it has one: ``"= 10 (Left-Thalamus)"``.
    """
    if readout is None:
        return ""
    parts = []
    for coordinate, resolution, axis, fallback in zip(
        readout.point, viewport.resolution, reversed(info.axes[-2:] or (None, None)), "xy", strict=False
    ):
        name = axis.name if axis and axis.name else fallback
        unit = f" {axis.unit}" if axis and axis.unit not in ("", "pixel") else ""
        parts.append(f"{name} {position(coordinate, resolution)}{unit}")
    if fits_pixels:
        parts.append(f"FITS {fits_pixel_text(readout.point, viewport, info)}")
    if readout.value:
        parts.append(f"= {readout.value}" + (f" ({label})" if label else ""))
    parts += [words for words in (readout.world, readout.problem) if words]
    return "   ".join(parts)


def fits_pixel_text(point: tuple[float, float], viewport: Viewport, info: ImageInfo) -> str:
    """Return a data point as FITS and DS9 count pixels: from 1, and whole at the centres of elements."""
    return " ".join(
        position((at - start) / element + 0.5, resolution / element)
        for at, start, element, resolution in zip(point, info.anchor, info.element, viewport.resolution, strict=True)
    )


def short(number: float) -> str:
    """Return a number in three digits: 10.4, 1.19, 208."""
    return f"{number:.3g}" if number < 1000 else f"{number:.0f}"
