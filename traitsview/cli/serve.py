"""Starts a server on this machine that outlives the terminal; one for each user."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..errors import RequestError
from ..remote import served

__all__ = ["add_arguments", "run"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command is told."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="files and folders that may be opened (default: all that you can read)"
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--list", action="store_true", help="say what runs")
    action.add_argument("--stop", action="store_true", help="stop it")
    action.add_argument("--foreground", action="store_true", help="stay in this terminal, until Ctrl-C")
    parser.add_argument("--listen", metavar="tls://HOST:PORT", help="listen on the network too (not available yet)")


def run(arguments: Namespace) -> int:
    """Start, list or stop the server; return the exit code."""
    if arguments.listen is not None:
        remedy = f"leave out --listen {arguments.listen}: the server listens at a private socket"
        raise RequestError("cannot listen on the network", "this version cannot do so yet", remedy)
    if arguments.paths and (arguments.list or arguments.stop):
        raise RequestError("wrong usage", "--list and --stop take no PATH", "leave it out")
    if arguments.list:
        record = served.running()
        print("no server is running" if record is None else _line(record))
    elif arguments.stop:
        print(f"stopped {_line(served.stop())}")
    elif arguments.foreground:
        served.serve(arguments.paths, lambda record: print(f"serving: {_line(record)}; Ctrl-C stops it", flush=True))
    else:
        print(f"started {_line(served.start(arguments.paths))}")
    return 0


def _line(record: served.Record) -> str:
    what = ", ".join(record.paths) or "everything that you can read"
    return f"process {record.pid}, since {record.started}, {what}, at {record.socket}"
