"""The state of contact with a source, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import ReferenceType, WeakMethod

from ..errors import HostEnding, HostError, HostStale
from ..sources.image_source import ImageSource
from ..sources.source_link import STALE_SECONDS

__all__ = ["ContactState", "weak_listener"]


@dataclass(frozen=True, slots=True)
class ContactState:
    """The state of contact at one moment.

    Attributes
    ----------
    state : {"live", "slow", "stale", "lost"}
        A source is stale when it has been silent for at most 3 s, and lost when there is no link to it any more.
    since : str
        The time of day of the last sign of life; empty while the source is live.
    slow : str
        A sentence for the status line beside all others while the source is slow or ends soon; or empty.
    lost : str
        A sentence for the status line in the place of all others; or empty.
    cause : str
        Why contact is lost, without what the program does about it.
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

    @property
    def can_retry(self) -> bool:
        """Whether the source is lost, so that trying again makes sense."""
        return self.state == "lost"

    def after(self, error: HostError | None) -> ContactState:
        """Return what is known after a piece of news, as `SourceLink.watch` brings it."""
        if error is None:
            return ContactState()
        if isinstance(error, HostEnding):
            left = f"{error.minutes} min" if error.minutes > 1 else "less than 1 min"
            return ContactState(slow=f"the host ends in {left}")
        seconds = error.seconds if isinstance(error, HostStale) else 0.0
        since = self.since or time.strftime("%H:%M:%S", time.localtime(time.time() - seconds))
        if not isinstance(error, HostStale):
            # A source that was lost comes back by itself.
            line = str(error) if error.remedy else f"{error}; trying again"
            return ContactState("lost", since, lost=line, cause=str(HostError(error.what, error.why)))
        if seconds < STALE_SECONDS:
            return ContactState("slow", since, slow=f"slow ({seconds:.1f} s)")
        return ContactState(
            "stale", since, lost=f"stale since {since}: {error.why or error.what}; waiting for the host"
        )

    def trying(self) -> ContactState:
        """Return the state after the user has asked for a try at once."""
        return replace(self, lost=f"{self.cause}; trying now") if self.state == "lost" else self


def weak_listener(
    hear: WeakMethod[Callable[[ImageSource, HostError | None], None]], source: ReferenceType[ImageSource]
) -> Callable[[HostError | None], None]:
    """Return a function that passes news of contact on, and keeps neither the viewer nor the source alive.

    Parameters
    ----------
    hear : WeakMethod
        Called with the source and the news, in any thread, while both are alive.
    source : weakref.ref
        The source that tells the news.
    """

    def listener(error: HostError | None) -> None:
        alive, of = hear(), source()
        if alive is not None and of is not None:
            alive(of, error)

    return listener
