"""What is under the cursor: the true value there, asked for in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..errors import HostError, source_failure
from ..numerals import numeral
from ..sources.image_source import ImageInfo, ImageSource, Plane
from .worker import NewestWorker

__all__ = ["Probe", "Readout", "value_text"]


@dataclass(frozen=True, slots=True)
class Readout:
    """A data point in a plane, the stored value of the element there as text, and its world coordinates as text.

    The value is empty while it is on its way and outside the image; `problem` says why it cannot be had.
    """

    point: tuple[float, float]
    plane: Plane = ()
    value: str = ""
    world: str = ""
    problem: str = ""


class Probe:
    """Reads single values from a source for one viewer; the newest point wins.

    Parameters
    ----------
    source : ImageSource
    told : callable
        Called with each `Readout`, in the probe's thread.
    """

    def __init__(self, source: ImageSource, told: Callable[[Readout], None]) -> None:
        self._source = source
        self._told = told
        self._worker = NewestWorker("traitsview probe")

    def read(self, point: tuple[float, float], plane: Plane) -> None:
        """Read the value at a data point.  Returns at once."""
        self._worker.submit(lambda stale: self._read(point, plane))

    def close(self) -> None:
        """Stop after the value at hand."""
        self._worker.close()

    def _read(self, point: tuple[float, float], plane: Plane) -> None:
        try:
            value = value_text(self._source.sample([point], plane)[0], self._source.info)
            world = self._source.world([point], plane)[0]
        except HostError:
            return  # lost contact is said already
        except Exception as error:  # whatever the code of a source raises
            self._told(Readout(point, plane, problem=str(source_failure(error))))
        else:
            self._told(Readout(point, plane, value, world))


def value_text(value: np.generic | np.ndarray | float, info: ImageInfo) -> str:
    """Return a value as the status line shows it: every digit that the dtype holds, and the unit."""
    unit = f" {info.unit}" if info.unit else ""
    if isinstance(value, int):
        return f"{value}{unit}"
    if np.ndim(value):
        if np.any(np.isnan(value)):
            return ""
        return "(" + ", ".join(value_text(channel, replace(info, unit="")) for channel in value) + f"){unit}"
    if np.isnan(value):
        return "NaN"
    dtype = np.dtype(info.dtype)
    kind = dtype.kind
    digits = {2: 4, 4: 8}.get(dtype.itemsize // (2 if kind == "c" else 1), 16)
    if np.iscomplexobj(value):
        return f"{complex(value):.{digits}g}{unit}"
    if kind == "b":
        return "True" if value else "False"
    if kind in "iu" and float(value).is_integer():
        return f"{int(value)}{unit}"
    return f"{numeral(value, digits)}{unit}"
