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
from ..arrays.curve_array import curve_source
from ..image_info import ImageInfo
from .scalar_series import ScalarSeries

__all__ = ["LiveImages"]

#: Options of `ArraySource` that mean nothing for curves.
_OF_IMAGES = ("axes", "kind", "origin")


class LiveImages:
    """Makes images of frames.

    An array of two axes or more is an image, one of one axis a curve.  Numbers are curves over time, or over the steps.

    Parameters
    ----------
    name : str
        Under which frames are published.
    inside : str
        The name of an array or number, or several names with commas between, which become curves; by default the first
        array of two axes or more is shown, or else all arrays, or else all numbers.
    **options
        Keywords of `ArraySource`, which go before what the publisher says.

    Attributes
    ----------
    shown : str
        The name of what the newest image shows; empty for several curves.
    """

    def __init__(self, name: str, inside: str = "", /, **options: Any) -> None:
        self._inside = inside
        self._wanted = {inside, *(name.strip() for name in inside.split(","))}
        self._options = {"name": f"{name}::{inside}" if inside else name, **options}
        self._series = ScalarSeries()
        self.shown = inside

    def choose(self, form: Form) -> tuple[ArrayForm, ...]:
        """Return the arrays of a frame that its image needs."""
        if self._inside:
            return tuple(each for each in form.arrays if each.name in self._wanted)
        images = [each for each in form.arrays if len(each.shape) > 1]
        return tuple(images[:1]) or form.arrays

    def of(self, frame: PublishedFrame, watch: Watch) -> ArraySource | None:
        """Return the image of a frame, None if the frame has nothing to show."""
        chosen = self.choose(frame.form)
        self.shown = self._inside or (chosen[0].name if len(chosen) == 1 else "")
        if chosen and len(chosen[0].shape) > 1:
            return self._image(chosen[0], frame)
        if chosen:
            curves = _rows([frame.arrays[each.name] for each in chosen])
            extent = frame.form.facts.extent
            return self._plot(curves, [each.name for each in chosen], frame, **({"extent": extent} if extent else {}))
        names = [name for name in frame.form.scalars if not self._inside or name in self._wanted]
        if not names:
            return None
        rows, axis, places = self._series.rows(watch, names)
        return self._plot(rows, names, frame, axis=axis, places=places)

    def info(self, image: ArraySource, frame: PublishedFrame) -> ImageInfo:
        """Return the facts of the image of a frame."""
        return replace(image.info, live=True, version=frame.moment)

    def missing(self, frame: PublishedFrame) -> str:
        """Return why a frame has nothing to show."""
        names = ", ".join((*(each.name for each in frame.form.arrays), *frame.form.scalars)) or "nothing"
        return f"waiting for {quoted(self._inside or 'an array')}; the newest frame has: {names}"

    def _image(self, form: ArrayForm, frame: PublishedFrame) -> ArraySource:
        facts = frame.form.facts
        said: dict[str, Any] = {"unit": facts.unit, "extent": extent_of(form, facts)}
        if facts.origin:
            said["origin"] = facts.origin
        return ArraySource(frame.arrays[form.name], **{**said, **self._options})

    def _plot(self, rows: np.ndarray, names: list[str], frame: PublishedFrame, **places: Any) -> ArraySource:
        options = {name: value for name, value in self._options.items() if name not in _OF_IMAGES}
        return curve_source(rows, names, **{"unit": frame.form.facts.unit, **places, **options})


def _rows(curves: list[np.ndarray]) -> np.ndarray:
    """Return curves as rows of floats, with NaN behind the shorter ones; one curve as it is."""
    if len(curves) == 1:
        return curves[0].reshape(1, -1)
    dtype = np.result_type(np.float32, *curves)
    rows = np.full((len(curves), max(each.size for each in curves)), np.nan, dtype)
    for row, curve in zip(rows, curves, strict=True):
        row[: curve.size] = curve.reshape(-1)
    return rows
