"""The readout of the cursor: the true value there, asked for in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from ..errors import FrameGone, HostError, source_failure
from ..numerals import ALL, numeral
from ..sources.image_info import ImageInfo
from ..sources.image_source import ImageSource
from ..sources.picture import DEFAULT_PICTURE, Picture
from ..sources.questions.question import whole
from ..sources.questions.sample import Sample
from ..sources.questions.world import World
from ..whole_numbers import number
from .loading.worker import NewestWorker

__all__ = ["Probe", "Readout", "value_text"]


@dataclass(frozen=True, slots=True)
class Readout:
    """A data point in a picture, the value of the element there as text, and its world coordinates as text.

    The text is empty while the value is on its way, and outside the image.  `problem` says why there is none.  `number`
    is the value itself if it is one real number, and otherwise NaN.
    """

    point: tuple[float, float]
    picture: Picture = DEFAULT_PICTURE
    value: str = ""
    world: str = ""
    problem: str = ""
    number: float | int = nan


class Probe:
    """Reads single values from a source for one viewer; the newest point wins.

    Parameters
    ----------
    source : ImageSource
    listener : callable
        Called with each `Readout`, in the probe's thread.
    """

    def __init__(self, source: ImageSource, listener: Callable[[Readout], None]) -> None:
        self._source = source
        self._listener = listener
        self._worker = NewestWorker("traitsview probe")
        self._place: object = None
        self._world = ""

    def read(self, point: tuple[float, float], picture: Picture, info: ImageInfo) -> None:
        """Read the value at a data point of a picture, of whose frame `info` is.  Returns at once."""
        self._worker.submit(lambda stale: self._read(point, picture, info))

    def close(self) -> None:
        """Stop when the value at hand is read."""
        self._worker.close()

    def _read(self, point: tuple[float, float], picture: Picture, info: ImageInfo) -> None:
        try:
            value = whole(self._source.examine(Sample((point,)), picture))[0]
            text = value_text(value, info)
            world = self._world_of(point, picture, info)
        except HostError:
            return  # the status line says already that contact is lost
        except FrameGone:
            self._listener(Readout(point, picture))  # a newer one is on its way
        except BaseException as error:  # whatever the code of a source raises
            self._listener(Readout(point, picture, problem=str(source_failure(error))))
        else:
            real = not (np.ndim(value) or np.iscomplexobj(value))
            self._listener(Readout(point, picture, text, world, number=number(value) if real else nan))

    def _world_of(self, point: tuple[float, float], picture: Picture, info: ImageInfo) -> str:
        """Return the world coordinates, which are the same in all frames of a form."""
        place = point, picture.plane, replace(info, version=0)
        if self._place != place:
            self._world = whole(self._source.examine(World((point,)), picture))[0]
            self._place = place
        return self._world


def value_text(value: np.generic | np.ndarray | float, info: ImageInfo) -> str:
    """Return a value as the status line shows it: with all digits that its dtype has, and the unit."""
    unit = f" {info.unit}" if info.unit else ""
    if isinstance(value, int):
        return f"{value}{unit}"
    if np.ndim(value):
        if np.any(np.isnan(value)):
            return ""
        return "(" + ", ".join(value_text(channel, replace(info, unit="")) for channel in value) + f"){unit}"
    if np.isnan(value):
        return "NaN"
    if np.iscomplexobj(value):
        real, imaginary = (_shortest(part, info) for part in (value.real, value.imag))
        return f"{real}{'' if imaginary[0] in '+-' else '+'}{imaginary}j{unit}"
    kind = np.dtype(info.dtype).kind
    if kind == "b":
        return "True" if value else "False"
    if kind in "iu" and float(value).is_integer():
        return f"{int(value)}{unit}"
    return f"{_shortest(value, info)}{unit}"


def _shortest(value: np.generic | float, info: ImageInfo) -> str:
    """Return a real number as the shortest text that differs from those of all other numbers of the image's dtype.

    A number that is computed from a stored one, such as ``0.1 * integer``, is rounded by that.  It gets the digits that
    any number of the dtype has.
    """
    dtype = np.dtype(info.dtype)
    size = min(dtype.itemsize // (2 if dtype.kind == "c" else 1), 8)
    if dtype.kind not in "fc" or info.stored is not None:
        return numeral(value, {2: 4, 4: 8}.get(size, 16))
    exact = np.dtype(f"f{size}").type(value)
    return numeral(exact, ALL) if exact.is_integer() or size == 8 else str(exact)
