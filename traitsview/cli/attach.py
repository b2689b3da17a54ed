"""Join a viewer on another machine to the server on this one.

A viewer starts this command here, by ssh: it speaks the viewer's protocol on its standard input and
output, and starts the server where none runs.

examples
  traitsview attach --stdio     what 'traitsview login3:FILE' has ssh run on login3
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from ..errors import RequestError
from .answer import bytes_out, goes_to_terminal

__all__ = ["add_arguments", "run"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--stdio", action="store_true", required=True, help="over standard input and output")


def run(arguments: Namespace) -> int:
    """Carry bytes between viewer and server until the viewer goes; return the exit code."""
    out = bytes_out()
    if sys.stdin is None or out is None or os.isatty(0) or goes_to_terminal():
        why = "this is a terminal, and a viewer is expected"
        raise RequestError("cannot attach", why, "run 'traitsview HOST:FILE' on the machine with the screen")

    from ..remote.tunnel.byte_stream import DescriptorStream
    from ..remote.user_server.relay import relay

    # Everything else that this process prints goes to the standard error, not between the frames.
    stream = DescriptorStream(os.dup(0), os.dup(out.fileno()))
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    relay(stream)
    return 0
