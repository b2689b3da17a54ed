"""Where values lie in a table of colours, as a look and a summary have it."""

from __future__ import annotations

from ..color.colormap import Colormap
from ..color.indexing import Indexing
from ..sources.image_source import Summary
from .appearance import Look

__all__ = ["Indexer"]


class Indexer:
    """Finds indexings, and remembers the last one: percentiles take milliseconds.  For one thread."""

    def __init__(self) -> None:
        self._last: tuple[Look, Colormap, Summary, Indexing | None] | None = None

    def indexing(self, look: Look, summary: Summary) -> Indexing | None:
        """Return the indexing of a look; None if it is no use to a host, and values have to be asked for."""
        last, chosen = self._last, look.chosen  # of one name there may be another one by now
        if last is not None and last[0] == look and last[1] is chosen and last[2] is summary:
            return last[3]
        indexing = look.shading(summary).indexing
        found = indexing if indexing.portable else None
        self._last = look, chosen, summary, found
        return found
