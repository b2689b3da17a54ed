"""One full-HD frame, and a byte and back, through a tunnel, with and without ssh, beside the bare pipes and bare ssh.

A real sshd is started on 127.0.0.1.  Each round does each job once, in another order.
"""

from __future__ import annotations

import os
import random
import shlex
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from table import heading, row

from traitsview.remote.tunnel.byte_stream import DescriptorStream
from traitsview.remote.tunnel.tunnel import Tunnel

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from kit.sshd import ALIAS, Sshd

FRAME = 1080 * 1920 * 4
ROUNDS = 60


def answer(receive, send):
    """Answer the byte 1 with a frame, and other bytes with a byte."""
    frame = os.urandom(FRAME)
    while asked := receive(1):
        data = memoryview(frame if asked == b"1" else b"x")
        while data:
            data = data[send(data) :]


def serve(path):
    """Answer every connection."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=answer, args=(sock.recv, sock.send), daemon=True).start()


def relay(path):
    """Serve the other end of a tunnel on standard input and output."""

    def connected(number):
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(path)
        return sock

    Tunnel(DescriptorStream(0, 1), connected).run()


class Pipes:
    """A process that answers on its standard input and output."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.sendall = self.process.stdin.write

    def recv_into(self, view):
        return self.process.stdout.readinto(view)


def tunnelled(command):
    """Return a connection through a tunnel whose other end is `command`."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    tunnel = Tunnel(DescriptorStream(process.stdout.fileno(), process.stdin.fileno()))
    threading.Thread(target=tunnel.run, daemon=True).start()
    return tunnel.connect()


BUFFER = memoryview(bytearray(FRAME))


def asked(way, word, size):
    start = time.perf_counter()
    way.sendall(word)
    left = BUFFER[:size]
    while left:
        left = left[way.recv_into(left) :]
    return time.perf_counter() - start


def main():
    folder = tempfile.TemporaryDirectory(prefix="tv-")
    path = os.path.join(folder.name, "socket")
    program = [sys.executable, os.path.abspath(__file__)]
    server = subprocess.Popen([*program, "--serve", path], stdout=subprocess.PIPE)
    server.stdout.readline()
    sshd = Sshd()
    sshd.start()
    over_ssh = [*shlex.split(sshd.command), "-T", ALIAS, "--"]
    direct = socket.socket(socket.AF_UNIX)
    direct.connect(path)
    ways = {
        "unix socket": direct,
        "tunnel over pipes": tunnelled([*program, "--relay", path]),
        "ssh": Pipes([*over_ssh, *program, "--answer"]),
        "tunnel through ssh": tunnelled([*over_ssh, *program, "--relay", path]),
    }
    frames = {name: [] for name in ways}
    calls = {name: [] for name in ways}
    names = list(ways)
    try:
        for _ in range(ROUNDS):
            random.shuffle(names)
            for name in names:
                frames[name].append(asked(ways[name], b"1", FRAME))
                calls[name] += [asked(ways[name], b"0", 1) for _ in range(20)]
        print(f"medians of {ROUNDS} shuffled rounds")
        print(heading("", "frame", "MB/s", "", "there and back"))
        for name in ways:
            frame, call = statistics.median(frames[name]), statistics.median(calls[name])
            print(row(name, f"{frame * 1e3:.1f} ms", f"{FRAME / frame / 1e6:.0f}", "", f"{call * 1e6:.0f} us"))
    finally:
        sshd.close()
        server.terminate()


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve(sys.argv[-1])
    elif "--relay" in sys.argv:
        relay(sys.argv[-1])
    elif "--answer" in sys.argv:
        answer(lambda size: os.read(0, size), lambda data: os.write(1, data))
    else:
        main()
