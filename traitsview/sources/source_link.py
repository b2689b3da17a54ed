"""The link between a source and its viewer: how long bytes take, and whether there is contact."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import HostError
from .company import Company, Sight

__all__ = ["NO_LINK", "STALE_SECONDS", "SourceLink"]

#: Seconds without an answer after which the picture may be older than the image.
STALE_SECONDS = 1.5


class SourceLink:
    """The link to a source in this process, which is none: bytes take no time, and contact is never lost.

    The link to a source in another process is a subclass.  Any thread may call any method; all but `meet` and `lead`
    return at once.

    Attributes
    ----------
    host : str
        The host as ssh takes it, if the user's ssh leads there; else empty.
    foreign : bool
        Whether the source is on another machine, or may be, where ssh does not lead.
    gathers : bool
        Whether other viewers may look at the same source through its host.
    """

    host: str = ""
    foreign: bool = False
    gathers: bool = False

    def delay(self, nbytes: int) -> float:
        """Return the seconds that `nbytes` bytes of values will need to come, before they are compressed."""
        return 0.0

    def watch(self, listener: Callable[[HostError | None], None]) -> None:
        """Have `listener` called with each piece of news about contact with the source.

        `HostStale` says that nothing was heard for its `seconds`, at least `STALE_SECONDS`, and that the link is kept;
        it comes about once a second as long as that lasts.  Any other `HostError` says that the link is lost: its `why`
        is the cause.  Where the source comes back by itself, its `remedy` is the next try, for example ``"try 3 in 2
        s"``, and the error comes with every try.  None says that all is well again.

        The listener is called in any thread, and has to return quickly.
        """

    def meet(self, name: str, known: Company, timeout: float) -> Company:
        """Wait until those who look at the source, or what their leader shows, differ from `known`; return them.

        The first call makes this viewer one of them, under `name`.  Returns after at most `timeout` seconds, and soon
        after `part`.  One thread at a time calls this.

        Raises
        ------
        TraitsviewError
            If there is no contact.
        """
        return known

    def lead(self, sight: Sight | None, begin: bool) -> bool:
        """Tell those who look at the source what this viewer shows; return whether it leads.

        Returns when the host has taken it: whoever calls again only then never fills a link.  One thread at a time
        calls this.

        Parameters
        ----------
        sight : Sight or None
            None gives the lead up.
        begin : bool
            Whether to take the lead.  Otherwise nothing is told if somebody else has taken it.

        Raises
        ------
        TraitsviewError
            If there is no contact, or the lead is refused.
        """
        return False

    def part(self) -> None:
        """Be no longer one of those who look at the source, until the next `meet`.  Returns at once."""

    def retry(self) -> None:
        """Try now to come back to a source that is lost, rather than at the next try."""


#: The link to every source in this process.
NO_LINK = SourceLink()
