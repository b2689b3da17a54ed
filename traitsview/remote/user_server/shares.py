"""The shares of a server: whom they let in over the network, to look at what, and until when."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import HostRefused, RequestError, quoted
from ..share import Share
from ..tls import credentials
from .guest import LIVE, Guest

if TYPE_CHECKING:
    from ..host.server import Server
    from ..tls.credentials import Credentials
    from ..tls.tls_listener import Listener

__all__ = ["SHARES", "Shares"]

logger = logging.getLogger(__name__)

#: Shares at once at most.
SHARES = 16

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")

#: The name that stands for each share.
_ALL = "all"


@dataclass(frozen=True, slots=True)
class _Made:
    """A share, its key, and its end by the clock of `_now`."""

    guest: Guest
    known: Credentials
    file: Path
    end: float


def _now() -> float:
    """Return seconds by a clock that nobody can set, and that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Shares:
    """Makes, lists and ends the shares of a server.  Any thread may call any method.

    Nothing of a share outlives the server: when it starts again, all of its keys are others.

    Parameters
    ----------
    server : callable
        Returns the server to which guests are joined.
    door : callable
        Returns the listener on the network; None if there is none.
    paths : sequence of str
        The paths that the server may open, without links; all if empty.
    """

    def __init__(self, server: Callable[[], Server], door: Callable[[], Listener | None], paths: Sequence[str]) -> None:
        self._server, self._door, self._paths = server, door, tuple(paths)
        self._lock = threading.Lock()
        self._made: dict[str, _Made] = {}
        self._ending: list[Credentials] = []

    def share(self, name: str, seconds: float, what: Sequence[str]) -> Share:
        """Make a share that ends in so many seconds, and return it; `name` may be empty, for one that is free."""
        from ..tls.tls_listener import bridge

        door = self._door()
        if door is None:
            why = "the server does not listen on the network"
            raise HostRefused("cannot share", why, "start it with 'traitsview serve --listen tls://HOST:PORT'")
        with self._lock:
            name = self._free_name(name)
            guest = Guest(name, what)
            try:
                self._require_served(guest.what)
                known = credentials.another(door.credentials)
                made = _Made(guest, known, credentials.keep(known, name), _now() + seconds)
            except BaseException:
                guest.close()
                raise
            self._made[name] = made
            door.admit(known, bridge(lambda: self._server().connect(guest)))
        logger.info("shares %s as %r for %.0f s", ", ".join(guest.what), name, seconds)
        return self._told(made)

    def shares(self) -> tuple[Share, ...]:
        """Return all shares."""
        self.tidy()
        with self._lock:
            return tuple(self._told(made) for made in self._made.values())

    def revoke(self, name: str) -> tuple[str, ...]:
        """End the share of that name, or each if it is ``"all"``; return the names of those that ended."""
        with self._lock:
            ending = tuple(self._made) if name == _ALL else (name,) if name in self._made else ()
        if not ending and name != _ALL:
            raise RequestError(f"cannot end the share {quoted(name)}", "there is none of that name", "see --list")
        for each in ending:
            self._end(each, "its owner has ended it")
        return ending

    def tidy(self) -> None:
        """End the shares whose time is over, and the connections of all that have ended; called every second."""
        with self._lock:
            over = [name for name, made in self._made.items() if made.end <= _now()]
            ending, self._ending = self._ending, []
        door = self._door()
        for known in ending:
            if door is not None:
                door.abort(known)
        for name in over:
            self._end(name, "its time is over")

    def close(self) -> None:
        """End all shares; the server ends."""
        for name in self.revoke(_ALL):
            logger.info("the share %r ends with the server", name)

    def _end(self, name: str, why: str) -> None:
        """Let nobody in any more by a share, and end the sessions of its guests, who are told."""
        with self._lock:
            made = self._made.pop(name, None)
            if made is None:
                return
            # The connections themselves end at the next `tidy`, so that the farewells arrive.
            self._ending.append(made.known)
        made.guest.close()
        credentials.remove(made.file)
        door = self._door()
        if door is not None:
            door.dismiss(made.known)
        self._server().end(made.guest)
        logger.info("the share %r has ended: %s", name, why)

    def _free_name(self, name: str) -> str:
        if len(self._made) >= SHARES:
            why = f"there are {SHARES} shares already"
            raise RequestError("cannot share", why, "end one with 'traitsview share --revoke NAME'")
        if not name:
            numbers = range(1, SHARES + 1)
            return next(free for free in (f"share-{number}" for number in numbers) if free not in self._made)
        if not _NAME.fullmatch(name) or name == _ALL:
            why = "a name has at most 40 letters, digits, '.', '_' and '-', and is not 'all'"
            raise RequestError(f"cannot share as {quoted(name)}", why, "choose another name")
        if name in self._made:
            raise RequestError(f"cannot share as {quoted(name)}", "there is one of that name", "choose another name")
        return name

    def _require_served(self, what: Sequence[str]) -> None:
        """Refuse what the server itself may not open."""
        for thing in what:
            below = any(thing == path or thing.startswith(f"{path.rstrip('/')}/") for path in self._paths)
            if self._paths and not (below or thing.startswith(LIVE)):
                why = "this server does not serve it"
                raise RequestError(f"cannot share {quoted(thing)}", why, "start the server with this path too")

    def _told(self, made: _Made) -> Share:
        door = self._door()
        address, peers = ("", ()) if door is None else (door.address, door.peers(made.known))
        left = max(0.0, made.end - _now())
        return Share(made.guest.who, address, str(made.file), made.guest.what, left, peers)
