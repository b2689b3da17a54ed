"""A share, which lets guests look at some of what a host has, and the object that makes, lists and ends shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Share", "ShareDesk"]


@dataclass(frozen=True, slots=True)
class Share:
    """A share, as its owner sees it.

    Attributes
    ----------
    name : str
    address : str
        ``tls://HOST:PORT``
    file : str
        The file that lets guests in.
    what : tuple of str
        The paths, without links, and the live images ``live:NAME`` that guests may open.
    seconds : float
        Until its end.
    guests : tuple of str
        Who is connected: network addresses.
    """

    name: str
    address: str
    file: str
    what: tuple[str, ...]
    seconds: float
    guests: tuple[str, ...] = ()


class ShareDesk(Protocol):
    """Makes, lists and ends shares.  Any thread may call any method."""

    def share(self, name: str, seconds: float, what: Sequence[str]) -> Share:
        """Make a share that ends in so many seconds, and return it; `name` may be empty, for one that is free.

        Raises
        ------
        TraitsviewError
            If nobody can be let in over the network, or something in `what` cannot be shared.
        """

    def shares(self) -> tuple[Share, ...]:
        """Return all shares."""

    def revoke(self, name: str) -> tuple[str, ...]:
        """End the share of that name, or each if it is ``"all"``; return the names of those that ended.

        Raises
        ------
        RequestError
            If there is none of that name.
        """
