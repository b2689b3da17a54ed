"""Limits of the colours from a part of an image, which the host summarizes while all else goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..color.limits import LimitsSpec, held_limits
from ..errors import RequestError, TraitsviewError, source_failure
from ..geometry import Extent, check_extent
from ..sources.image_info import ImageInfo
from ..sources.image_source import ImageSource
from ..sources.picture import Picture
from ..sources.questions.question import whole
from ..sources.questions.summarize import Summarize
from .loading.worker import NewestWorker

__all__ = ["PartLimits", "PartSummarizer"]

_WHAT = "cannot take limits from there"
_REMEDY = "choose another part"


@dataclass(frozen=True, slots=True)
class PartLimits:
    """The limits that a rule finds in a part of an image, or the error if it finds none."""

    limits: LimitsSpec | None = None
    error: TraitsviewError | None = None


class PartSummarizer:
    """Finds limits in parts of what a source shows, in a thread of its own; the newest wish wins.

    Parameters
    ----------
    source : ImageSource
    listener : callable
        Called with each `PartLimits`, in the thread.
    """

    def __init__(self, source: ImageSource, listener: Callable[[PartLimits], None]) -> None:
        self._source = source
        self._listener = listener
        self._worker = NewestWorker("traitsview part")

    def find(self, extent: Extent, picture: Picture, info: ImageInfo, rule: LimitsSpec) -> None:
        """Find limits by a rule from the values of a picture within an extent.  Returns at once.

        `info` is that of the frame that the picture is of.
        """
        self._worker.submit(lambda stale: self._find(extent, picture, info, rule))

    def wait_idle(self, timeout: float) -> bool:
        """Wait until all is found; return whether that came within `timeout` seconds."""
        return self._worker.wait_idle(timeout)

    def close(self) -> None:
        """Stop when the part at hand is summarized."""
        self._worker.close()

    def _find(self, extent: Extent, picture: Picture, info: ImageInfo, rule: LimitsSpec) -> None:
        try:
            part = _inside(check_extent(extent, "the part"), info.extent)
            summary = whole(self._source.examine(Summarize(part, exact=rule == "minmax"), picture))
            if not summary.valid:
                raise RequestError(_WHAT, "no value is finite", _REMEDY)
            self._listener(PartLimits(held_limits(rule, summary)))
        except BaseException as error:  # whatever the code of a source raises
            self._listener(PartLimits(error=source_failure(error)))


def _inside(extent: Extent, whole: Extent) -> Extent:
    """Return the part of an extent that lies within another one."""
    x0, x1 = max(extent[0], whole[0]), min(extent[1], whole[1])
    y0, y1 = max(extent[2], whole[2]), min(extent[3], whole[3])
    if not (x0 < x1 and y0 < y1):
        raise RequestError(_WHAT, "it is outside the image", _REMEDY)
    return x0, x1, y0, y1
