"""Reaches a host that listens at a socket of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import HostGone
from ..protocol import endpoint
from ..user_server import served
from ..viewer.route import Route

if TYPE_CHECKING:
    from ..viewer.link import Link

__all__ = ["SocketRoute"]


class SocketRoute(Route):
    """The way to a host of this machine that runs already, and goes on when this is closed.

    Parameters
    ----------
    path : Path
        The socket of the host.
    source_text : str
        What names the source there.  Relative paths start at the user's home folder.
    """

    def __init__(self, path: Path, source_text: str) -> None:
        self._path = path
        self.text_there = source_text

    @classmethod
    def to_server(cls, source_text: str) -> SocketRoute:
        """Return the way to this user's server; raises `HostGone` if none runs."""
        record = served.running()
        if record is None:
            raise HostGone("cannot reach the server", "none is running", "start it with 'traitsview serve'")
        return cls(Path(record.socket), source_text)

    def reach(self, viewer: bytes) -> Link:
        """Return a link of `viewer` to the host."""
        from ..viewer.link import Link

        return Link(endpoint.dialling(self._path), viewer=viewer, local=True)
