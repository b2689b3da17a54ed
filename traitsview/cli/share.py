"""Let other people look at some of what your server has, over the network, for a while.

It makes a file.  Whoever has the file may look at the PATHs, and only look.  Give it to those people in a way that
nobody else can read.  The server has to listen on the network: 'traitsview serve --listen tls://HOST:PORT'.

examples
  traitsview share /scratch/run
  traitsview share live:density --for 2h --as carla
  traitsview share --list
  traitsview share --revoke carla
"""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta

from ..errors import RequestError, counted
from ..remote.share import Share
from .answer import answer
from .duration import duration

__all__ = ["add_arguments", "run"]

#: Seconds that a share lasts if nothing else is said.
DEFAULT_SECONDS = 8 * 3600.0


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "what", metavar="PATH", nargs="*", help="files, folders with all below them, and live images live:NAME"
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--list", action="store_true", help="print the shares: until when, and who is connected")
    action.add_argument("--revoke", metavar="NAME", help="end a share, and its connections; 'all' ends each")
    parser.add_argument(
        "--for", dest="seconds", metavar="TIME", type=duration, help="end after this time, such as 30m (default: 8h)"
    )
    parser.add_argument("--as", dest="name", metavar="NAME", help="call the share so (default: share-1, share-2 …)")


def run(arguments: Namespace) -> int:
    """Make, list or end shares; return the exit code."""
    from ..remote.routes.own_shares import end_shares, make_share, own_shares

    ends = arguments.revoke is not None
    if arguments.list or ends:
        if arguments.what or arguments.seconds is not None or arguments.name is not None:
            raise RequestError("wrong usage", "--list and --revoke take no PATH, --for or --as", "leave them out")
        if ends:
            answer(f"ended {counted(end_shares(arguments.revoke), 'share')}")
            return 0
        shares = [_line(share) for share in own_shares()]
        answer("\n".join(shares) if shares else "nothing is shared")
        return 0
    if not arguments.what:
        raise RequestError("wrong usage", "nothing to share is named", "name files, folders or live:NAME")
    seconds = DEFAULT_SECONDS if arguments.seconds is None else arguments.seconds
    things = [thing if thing.startswith("live:") else os.path.abspath(thing) for thing in arguments.what]
    share = make_share(arguments.name or "", seconds, things)
    host, _, port = share.address.removeprefix("tls://").rpartition(":")
    place = f"~/.local/state/traitsview/servers/{host.strip('[]').lower()}-{port}.json"
    answer(
        f"shared {_line(share)}\n"
        f"give the file {share.file}\n"
        f"to those who may look; they put it, with mode 600, at {place}\n"
        f"and run: {'; '.join(f'traitsview {share.address}{_path(thing)}' for thing in share.what)}"
    )
    return 0


def _path(thing: str) -> str:
    """Return what a guest writes behind the address of the server; below a folder guests name the file themselves."""
    if not thing.startswith("/"):
        return f"/{thing}"
    return f"{thing.rstrip('/')}/FILE" if os.path.isdir(thing) else thing


def _line(share: Share) -> str:
    end = datetime.fromtimestamp(time.time()).astimezone() + timedelta(seconds=share.seconds)
    guests = f"connected: {', '.join(share.guests)}" if share.guests else "nobody is connected"
    return f"{share.name}: {', '.join(share.what)}, until {end.isoformat(' ', 'minutes')}, {guests}"
