"""What a viewer knows of contact with its source, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import ReferenceType, WeakMethod

from ..errors import HostEnding, HostError, HostStale
from ..sources.image_source import ImageSource
from ..sources.link import STALE_SECONDS

__all__ = ["Contact", "News", "teller"]


@dataclass(frozen=True, slots=True)
class Contact:
    """One moment of contact.

    Attributes
    ----------
    state : {"live", "slow", "stale", "lost"}
        Stale is what has not been heard of for 3 s at most; lost is what there is no link to any more.
    since : str
        The time of day when the source was last heard of, unless it is live.
    slow : str
        What is said beside everything else while the source is slow or ends soon, or empty.
    lost : str
        What is said instead of everything else, or empty.
    cause : str
        Why it is lost, without what is done about it.
    """

    state: str = "live"
    since: str = ""
    slow: str = ""
    lost: str = ""
    cause: str = ""

    @property
    def gone(self) -> bool:
        """Whether the picture may not be what the source has now."""
        return self.state in ("stale", "lost")

    def after(self, error: HostError | None) -> Contact:
        """Return what is known after a piece of news, as `SourceLink.watch` brings it."""
        if error is None:
            return Contact()
        if isinstance(error, HostEnding):
            left = f"{error.minutes} min" if error.minutes > 1 else "less than 1 min"
            return Contact(slow=f"the host ends in {left}")
        seconds = error.seconds if isinstance(error, HostStale) else 0.0
        since = self.since or time.strftime("%H:%M:%S", time.localtime(time.time() - seconds))
        if not isinstance(error, HostStale):
            # A source that was lost comes back by itself.
            line = str(error) if error.remedy else f"{error}; trying again"
            return Contact("lost", since, lost=line, cause=str(HostError(error.what, error.why)))
        if seconds < STALE_SECONDS:
            return Contact("slow", since, slow=f"slow ({seconds:.1f} s)")
        return Contact("stale", since, lost=f"stale since {since}: {error.why or error.what}; waiting for the host")

    def trying(self) -> Contact:
        """Return what is known while somebody has a try made at once."""
        return replace(self, lost=f"{self.cause}; trying now") if self.state == "lost" else self


class News:
    """What a source told of contact: it was lost (an error), or is back (None)."""

    def __init__(self, error: HostError | None) -> None:
        self.error = error


def teller(
    arrive: WeakMethod[Callable[[ImageSource, News], None]], source: ReferenceType[ImageSource]
) -> Callable[[HostError | None], None]:
    """Return what a source tells of contact to: it does not keep the viewer alive as long as the source."""

    def told(error: HostError | None) -> None:
        alive, of = arrive(), source()
        if alive is not None and of is not None:
            alive(of, News(error))

    return told
