"""Asks this user's server to make, list and end shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from ...errors import HostGone, WireError
from .. import wire
from ..protocol import endpoint
from ..share import Share
from ..user_server import served
from ..viewer.calling import Calling
from ..viewer.link import Link

__all__ = ["end_shares", "make_share", "own_shares"]


def make_share(name: str, seconds: float, what: Sequence[str]) -> Share:
    """Have the server make a share; raises what `ShareDesk.share` raises, or `HostGone` if none runs."""
    with _calling() as connection:
        share = wire.unpack_share(connection.call("share", name, float(seconds), tuple(what)))
        if share is None:
            raise WireError("refused an answer", "it has no share")
        return share


def own_shares() -> Iterator[Share]:
    """Yield the shares of the server, one after the other; there are none if it does not run."""
    if served.running() is None:
        return
    with _calling() as connection:
        place = 0
        while (share := wire.unpack_share(connection.call("shares", place))) is not None:
            yield share
            place += 1


def end_shares(name: str) -> int:
    """Have the server end the share of that name, or all if it is ``"all"``; return how many."""
    with _calling() as connection:
        return wire.unpack_sequence(connection.call("revoke", name))


@contextmanager
def _calling() -> Iterator[Calling]:
    record = served.running()
    if record is None:
        remedy = "start it with 'traitsview serve --listen tls://HOST:PORT'"
        raise HostGone("cannot reach the server", "none is running", remedy)
    with closing(Link(endpoint.dialling(Path(record.socket)), local=True)) as link, link.borrow() as connection:
        yield connection
