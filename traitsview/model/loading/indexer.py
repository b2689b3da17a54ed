"""Where values lie in a table of colours, as a look and a summary have it."""

from __future__ import annotations

from ...color.indexing import Indexing
from ...color.look import Look
from ...color.shading import Shading
from ...sources.image_info import ImageInfo
from ...sources.summary import Summary

__all__ = ["Indexer"]


class Indexer:
    """Finds the indexings of one viewer, and remembers the last one: percentiles take milliseconds.

    Any thread may call it.
    """

    def __init__(self) -> None:
        # Exchanged as a whole: two threads that ask at the same time both find the answer.
        self._last: tuple[Look, Summary, Indexing | None] | None = None

    def indexing(self, look: Look, summary: Summary, info: ImageInfo) -> Indexing | None:
        """Return the indexing of a look; None if it is no use to a host, and values have to be asked for.

        So it is with an image in colour, and with a long list of labels.
        """
        if info.channels > 1:
            return None
        last = self._last
        if last is not None and last[0] == look and last[1] is summary:
            return last[2]
        indexing = Shading.of(summary, look).indexing
        found = indexing if indexing.portable else None
        self._last = look, summary, found
        return found
