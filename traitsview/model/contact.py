"""What a viewer knows of contact with its source, in words."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ..errors import HostEnding, HostError, HostStale

__all__ = ["STALE", "Contact"]

#: Seconds without a sign of life after which the picture is called stale.
STALE = 3.0


@dataclass(frozen=True, slots=True)
class Contact:
    """One moment of contact.

    Attributes
    ----------
    state : {"live", "slow", "stale", "lost"}
        Stale is what has not been heard of for 3 s; lost is what there is no link to any more.
    since : str
        The time of day when the source was last heard of, unless it is live.
    slow : str
        What is said beside everything else while the source is slow or ends soon, or empty.
    lost : str
        What is said instead of everything else, or empty.
    """

    state: str = "live"
    since: str = ""
    slow: str = ""
    lost: str = ""

    @property
    def gone(self) -> bool:
        """Whether the picture may not be what the source has now."""
        return self.state in ("stale", "lost")

    def after(self, error: HostError | None) -> Contact:
        """Return what is known after a piece of news, as `ImageSource.watch` brings it."""
        if error is None:
            return Contact()
        if isinstance(error, HostEnding):
            return Contact(slow=f"the host ends in {error.minutes} min")
        seconds = error.seconds if isinstance(error, HostStale) else 0.0
        since = self.since or time.strftime("%H:%M:%S", time.localtime(time.time() - seconds))
        if not isinstance(error, HostStale):
            # A source that was lost comes back by itself.
            line = str(error) if error.remedy else f"{error}; trying again"
            return Contact("lost", since, lost=line)
        if seconds < STALE:
            return Contact("slow", since, slow=f"slow ({seconds:.1f} s)")
        return Contact("stale", since, lost=f"stale since {since}: {error}")
