"""The interface of a way to a host."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ...errors import TraitsviewError

if TYPE_CHECKING:
    from .link import Link

__all__ = ["Route"]


class Route(Protocol):
    """A way to the host of one source, which can be gone again and again.

    Implementations inherit from this class; what they do not define has the default that is here.

    Attributes
    ----------
    text_there : str
        What names the source on its host.
    opening_words : str
        Said where opening takes long, such as ``waiting for login3 to open '/data/m13.fits'``; nothing if empty.
    """

    text_there: str
    opening_words: str = ""

    @abstractmethod
    def reach(self, viewer: bytes) -> Link:
        """Return a new link of the viewer of that number, or raise `HostError`.

        It is called by one thread at a time.  While contact is lost nothing else is tried meanwhile, so it should not
        take longer than a few seconds.
        """

    def check_alive(self) -> None:
        """Take note that the link does not answer: see aside whether another link is quicker, and end this one if so.

        Called every second while the link does not answer.  Returns at once.
        """

    def call_on_change(self, retry: Callable[[], None]) -> None:
        """Have `retry`, a method, called by any thread whenever a new try has better chances than before.

        That is so when a network of this machine comes or goes.  It is called once at most, and not after `close`.
        """

    @property
    def last_words(self) -> str:
        """Why the host cannot be reached any more, as far as is known; empty while it can be."""
        return ""

    def named_here(self, error: TraitsviewError) -> TraitsviewError:
        """Return an error of opening the source, with the names that the user knows instead of those of the host."""
        return error

    def close(self) -> None:
        """Let go of the host, within 2 s; any thread may call it, and more than once."""
