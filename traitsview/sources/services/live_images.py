"""Images of what is published: arrays of two axes or more, and curves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import quoted
from ...live.forms import ArrayForm, Form, extent_of
from ...live.published_frame import PublishedFrame
from ...live.watch import Watch
from ..arrays.array_source import ArraySource
from ..image_info import ImageInfo
from .scalar_series import ScalarSeries

__all__ = ["LiveImages"]


class LiveImages:
    """Makes images of frames.

    An array of two axes or more is an image, one of one axis a curve.  Numbers are curves over the steps.

    Parameters
    ----------
    name : str
        Under which frames are published.
    inside : str
        The name of an array or number; by default the first array of two axes or more is shown, or else all arrays, or
        else all numbers.
    **options
        Keywords of `ArraySource`, which go before what the publisher says.

    Attributes
    ----------
    shown : str
        The name of what the newest image shows; empty for several curves.
    """

    def __init__(self, name: str, inside: str = "", /, **options: Any) -> None:
        self._inside = inside
        self._options = {"name": f"{name}::{inside}" if inside else name, **options}
        self._series = ScalarSeries()
        self._curves: tuple[str, ...] = ()
        self.shown = inside

    def choose(self, form: Form) -> tuple[ArrayForm, ...]:
        """Return the arrays of a frame that its image needs."""
        if self._inside:
            return tuple(each for each in form.arrays if each.name == self._inside)
        images = [each for each in form.arrays if len(each.shape) > 1]
        return tuple(images[:1]) or form.arrays

    def of(self, frame: PublishedFrame, watch: Watch) -> ArraySource | None:
        """Return the image of a frame, None if the frame has nothing to show."""
        chosen = self.choose(frame.form)
        self.shown = self._inside or (chosen[0].name if len(chosen) == 1 else "")
        if chosen and len(chosen[0].shape) > 1:
            return self._image(chosen[0], frame)
        self._curves = tuple(each.name for each in chosen)
        if chosen:
            return self._plot(_rows([frame.arrays[each.name] for each in chosen]), frame.form.facts.extent, frame)
        names = [name for name in frame.form.scalars if self._inside in ("", name)]
        if not names:
            return None
        self._curves = tuple(names)
        rows, (first, last) = self._series.rows(watch, names)
        return self._plot(rows, (first, last, 0.0, float(len(names))), frame)

    def info(self, image: ArraySource, frame: PublishedFrame) -> ImageInfo:
        """Return the facts of the image of a frame."""
        return replace(image.info, live=True, version=frame.moment, curves=self._curves)

    def missing(self, frame: PublishedFrame) -> str:
        """Return why a frame has nothing to show."""
        names = ", ".join((*(each.name for each in frame.form.arrays), *frame.form.scalars)) or "nothing"
        return f"waiting for {quoted(self._inside or 'an array')}; the newest frame has: {names}"

    def _image(self, form: ArrayForm, frame: PublishedFrame) -> ArraySource:
        self._curves = ()
        facts = frame.form.facts
        said: dict[str, Any] = {"unit": facts.unit, "extent": extent_of(form, facts)}
        if facts.origin:
            said["origin"] = facts.origin
        return ArraySource(frame.arrays[form.name], **{**said, **self._options})

    def _plot(
        self, rows: np.ndarray, extent: tuple[float, float, float, float] | None, frame: PublishedFrame
    ) -> ArraySource:
        if extent is not None:
            extent = (extent[0], extent[1], 0.0, float(len(rows)))
        said = {"unit": frame.form.facts.unit, "extent": extent, "axes": ("curve", "x"), "kind": None}
        return ArraySource(rows, **{**said, **self._options})


def _rows(curves: list[np.ndarray]) -> np.ndarray:
    """Return curves as rows of floats, with NaN behind the shorter ones; one curve as it is."""
    if len(curves) == 1:
        return curves[0].reshape(1, -1)
    dtype = np.result_type(np.float32, *curves)
    rows = np.full((len(curves), max(each.size for each in curves)), np.nan, dtype)
    for row, curve in zip(rows, curves, strict=True):
        row[: curve.size] = curve.reshape(-1)
    return rows
