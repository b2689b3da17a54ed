"""The process that has the data, started for one viewer: ``python -m traitsview.remote.host``.

It inherits a listening socket, so that the viewer can connect before the process runs.  Nothing is ever sent to its
standard input; when that ends, the viewer is gone, and the process ends too.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from ...errors import HostError
from ..protocol import endpoint
from .code_cache import keep_code_in

if TYPE_CHECKING:
    from ...sources.image_source import ImageSource

__all__ = ["main"]


#: Bytes of tiles that are held.  Few are enough: the only viewer holds the tiles that it has seen.
_TILE_BYTES = 1 << 26


def main(args: list[str] | None = None) -> int:
    """Serve one viewer until it is gone."""
    parser = argparse.ArgumentParser(prog="traitsview-host")
    parser.add_argument("--listener", type=int, required=True, metavar="FD")
    parser.add_argument("--open-with", default="", metavar="MODULE:FUNCTION")
    parser.add_argument("source", nargs="?", default="")
    options = parser.parse_args(args)
    end_with(sys.stdin.fileno())
    with contextlib.suppress(HostError):
        keep_code_in(endpoint.runtime_folder() / "numba")
    opened = _Opening(options.open_with)
    if options.source:
        threading.Thread(target=opened.begin, args=(options.source,), name="traitsview opening", daemon=True).start()
    from .server import Server

    Server(socket.socket(fileno=options.listener), opened.pool).serve_forever()
    return 0


class _Opening:
    """Opens the first source while the other modules are still being imported."""

    def __init__(self, open_with: str) -> None:
        from ...sources.tiles.held_tiles import HeldTiles
        from .memory import is_tight
        from .source_pool import SourcePool, list_here, open_here

        opener = _function(open_with) if open_with else open_here
        self.pool = SourcePool(opener, tiles=HeldTiles(_TILE_BYTES, is_tight), list_sources=list_here)

    def begin(self, text: str) -> None:
        """Open a source.  The viewer hears of an error when it asks for the same source."""
        with contextlib.suppress(Exception):
            self.pool.take(text)


def _function(name: str) -> Callable[[str], ImageSource]:
    module, _, attribute = name.partition(":")
    function: Callable[[str], ImageSource] = getattr(import_module(module), attribute)
    return function


def end_with(lifeline: int) -> None:
    """End this process when the other end of the pipe `lifeline` is closed, whatever it is doing."""
    # The kernel's own signal ends the process even while a C library holds the interpreter's lock.
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    try:
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    except OSError:
        pass

    def watch() -> None:
        while os.read(lifeline, 1):
            pass
        os._exit(0)

    threading.Thread(target=watch, name="traitsview lifeline", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
