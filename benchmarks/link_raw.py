"""A host without a protocol: ``link_raw.py ADDRESS PORT FILE`` answers each number with all pixels of that view."""

from __future__ import annotations

import socket
import sys

import numpy as np
from link_scene import SHAPE, views

from traitsview.sources.registry import open_source


def main() -> None:
    address, port, file = sys.argv[1:]
    with open_source(file) as source, socket.create_server((address, int(port))) as listener:
        script = views(source.info)
        source.render(script[0][1])
        print("ready", flush=True)
        sock, _ = listener.accept()
        with sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while asked := sock.recv(1):
                sock.sendall(source.render(script[asked[0]][1]))


def ask(sock: socket.socket, number: int) -> np.ndarray:
    """Ask for a view and return its pixels."""
    sock.sendall(bytes([number]))
    pixels = np.empty(SHAPE, np.float32)
    view = memoryview(pixels).cast("B")
    while view:
        view = view[sock.recv_into(view) :]
    return pixels


if __name__ == "__main__":
    main()
