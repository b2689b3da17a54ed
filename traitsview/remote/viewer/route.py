"""The interface of a route, the way to the host of one source."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ...errors import TraitsviewError

if TYPE_CHECKING:
    from .link import Link

__all__ = ["Route"]


class Route(Protocol):
    """The way to the host of one source: it makes a new link whenever one is needed.

    Implementations inherit from this class; each method but `reach` has a default.

    Attributes
    ----------
    text_there : str
        The text that names the source on its host.
    opening_words : str
        A line for the user if opening takes long, for example ``waiting for login3 to open '/data/m13.fits'``; empty if
        nothing is to be said.
    ssh_host : str
        The host as ssh takes it, if this is a way by ssh; else empty.
    foreign : bool
        Whether the host is, or may be, another machine where ssh does not lead.
    gathers : bool
        Whether the host serves other viewers, too.
    """

    text_there: str
    opening_words: str = ""
    ssh_host: str = ""
    foreign: bool = False
    gathers: bool = True

    @abstractmethod
    def reach(self, viewer: bytes) -> Link:
        """Return a new link of the viewer of that number, or raise `HostError`.

        One thread at a time calls this.  It should fail within a few seconds, because there is no other try meanwhile.
        """

    def check_alive(self) -> None:
        """Try aside, if possible, to reach the host in a quicker way than by the present link, which does not answer.

        If that succeeds first, the present link ends.  Called every second while the link does not answer; returns at
        once.
        """

    def call_on_change(self, retry: Callable[[], None]) -> None:
        """Call the method `retry`, in any thread, whenever a network of this machine comes or goes, until `close`.

        A contact registers itself once, after the source was opened.
        """

    @property
    def last_words(self) -> str:
        """How the host or the way to it ended, as far as is known; empty while neither has ended."""
        return ""

    def named_here(self, error: TraitsviewError) -> TraitsviewError:
        """Return an error of opening the source with the names that the user knows, in the place of the host's."""
        return error

    def close(self) -> None:
        """End everything that this route has begun, within 2 s; any thread may call it, and more than once."""
