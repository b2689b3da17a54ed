"""The ways that users have today to look at an image on another machine.  The same script drives each of them."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import link_raw
import numpy as np
from link_scene import COLUMNS, ROWS, colours, views
from link_screen import Screen, Seen, screen
from link_ssh import ssh_server

from traitsview.sources.image_source import ImageSource

HERE = Path(__file__).parent
PYTHON = [sys.executable, "-W", "ignore"]

#: Seconds without a change after which a screen counts as settled; ten round trips are added.
QUIET = 1.0


class Place(Protocol):
    """A host at the other end of a line."""

    address: str
    rate: float
    round_trip: float

    def run(self, argv: list[str], **options: object) -> subprocess.Popen:
        """Start a program at the far end of the line."""

    def run_here(self, argv: list[str], **options: object) -> subprocess.Popen:
        """Start a program at the near end of the line."""


class Way(Protocol):
    """A way to look at an image, ready for steps."""

    def step(self, number: int) -> Seen:
        """Show view `number` of the script."""


@dataclass
class Raw:
    """All pixels through a socket, one frame for each step, without compression: the limit of ways that send frames."""

    sock: socket.socket
    source: ImageSource

    def step(self, number: int) -> Seen:
        start = time.monotonic()
        pixels = link_raw.ask(self.sock, number)
        seconds = time.monotonic() - start
        wrong = int(np.count_nonzero(pixels != self.source.render(views(self.source.info)[number][1])))
        return Seen(seconds, seconds, seconds, wrong, 0)


@contextmanager
def raw(place: Place, file: str, source: ImageSource) -> Iterator[Way]:
    """A frame of float32 for each step through a plain socket."""
    port = "5000"
    server = place.run([*PYTHON, str(HERE / "link_raw.py"), place.address, port, file], stdout=subprocess.PIPE)
    with ended(server):
        assert server.stdout is not None
        server.stdout.readline()
        with socket.create_connection((place.address, int(port)), 20) as sock:
            sock.settimeout(60)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield Raw(sock, source)


@dataclass
class Window:
    """A matplotlib window that runs at the far end and is seen on a screen at the near end."""

    screen: Screen
    stream: object
    source: ImageSource
    place: Place

    def step(self, number: int) -> Seen:
        truth = np.ascontiguousarray(colours(self.source.render(views(self.source.info)[number][1]))[..., :3])
        start = time.monotonic()
        # A key that a user presses would take half a round trip.  Our order to the window does not use the line.
        time.sleep(self.place.round_trip / 2)
        print(number, file=self.stream, flush=True)
        patience = 15 + 6 * truth.nbytes * 8 / self.place.rate
        seen = self.screen.watch(truth, start, patience, QUIET + 10 * self.place.round_trip)
        self.stream.readline()
        return seen


@contextmanager
def x11(place: Place, file: str, source: ImageSource, compressed: bool = False) -> Iterator[Way]:
    """The window through ``ssh -X``, with compression or without."""
    with (
        screen((COLUMNS, ROWS), place.run_here) as shown,
        control() as (path, listener),
        ssh_server(place.address, place.run) as config,
    ):
        words = ["ssh", "-F", str(config), "-X", *(["-C"] if compressed else []), "far"]
        command = [f"{name}={value}" for name, value in environment().items()]
        program = [*PYTHON, str(HERE / "link_window.py"), path, file, f"2>{path}.log"]
        client = place.run_here(
            [*words, "env", "XDG_RUNTIME_DIR=/tmp", *command, *program],
            env={**os.environ, "DISPLAY": shown.name},
            stdin=subprocess.DEVNULL,
        )
        with ended(client), connected(listener, client) as stream:
            yield Window(shown, stream, source, place)


@contextmanager
def vnc(place: Place, file: str, source: ImageSource) -> Iterator[Way]:
    """The window on a virtual screen at the far end, seen through TigerVNC with its default settings."""
    reader, writer = os.pipe()
    words = ["Xtigervnc", "-displayfd", str(writer), "-geometry", f"{COLUMNS}x{ROWS}", "-depth", "24"]
    listen = ["-SecurityTypes", "None", "-rfbport", "5901", "-interface", place.address, "-nolisten", "tcp"]
    server = place.run([*words, *listen], pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with contextlib.ExitStack() as stack:
        stack.enter_context(ended(server))
        with os.fdopen(reader) as told:
            display = f":{told.readline().strip()}"
        path, listener = stack.enter_context(control())
        window = place.run(
            [*PYTHON, str(HERE / "link_window.py"), path, file],
            env={**os.environ, **environment(), "DISPLAY": display},
        )
        stack.enter_context(ended(window))
        stream = stack.enter_context(connected(listener, window))
        shown = stack.enter_context(screen((COLUMNS, ROWS), place.run_here))
        viewer = place.run_here(
            ["xtigervncviewer", "-SecurityTypes", "None", "-Shared", "-FullScreen", f"{place.address}::5901"],
            env={**os.environ, "DISPLAY": shown.name},
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        stack.enter_context(ended(viewer))
        yield Window(shown, stream, source, place)


def environment() -> dict[str, str]:
    """Return the variables that a Qt program on an X display needs besides DISPLAY."""
    return {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(HERE.parent), "MPLCONFIGDIR": tempfile.gettempdir()}


@contextmanager
def control() -> Iterator[tuple[str, socket.socket]]:
    """Yield a socket for orders to a window, which view it is to show.  It does not use the line."""
    with tempfile.TemporaryDirectory(prefix="traitsview-link-") as folder, socket.socket(socket.AF_UNIX) as listener:
        path = os.path.join(folder, "control")
        listener.bind(path)
        listener.listen(1)
        yield path, listener


@contextmanager
def connected(listener: socket.socket, process: subprocess.Popen) -> Iterator[object]:
    """Yield the stream of orders to a window once the window has its size."""
    listener.settimeout(1.0)
    end = time.monotonic() + 120
    while True:
        try:
            sock, _ = listener.accept()
            break
        except TimeoutError:
            if process.poll() is not None:
                raise OSError(f"the window ended ({process.returncode})") from None
            if time.monotonic() > end:
                raise
    with sock, sock.makefile("rw") as stream:
        sock.settimeout(120)
        size = tuple(map(int, stream.readline().split()))
        if not size:
            log = Path(f"{listener.getsockname()}.log")
            words = log.read_text() if log.exists() else ""
            raise OSError(f"the window ended ({process.wait(20)}): {words}")
        if size != (COLUMNS, ROWS):
            raise OSError(f"the window has {size} pixels")
        yield stream


@contextmanager
def ended(process: subprocess.Popen) -> Iterator[None]:
    """End a process after the block."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


#: The programs that each way needs.
PROGRAMS = {
    "X11": ("ssh", "sshd", "ssh-keygen", "xauth", "Xvfb"),
    "X11 -C": ("ssh", "sshd", "ssh-keygen", "xauth", "Xvfb"),
    "VNC": ("Xtigervnc", "xtigervncviewer", "Xvfb"),
    "ours": ("ssh", "sshd", "ssh-keygen"),
}


def lacking(way: str) -> str:
    """Return a sentence with the programs that a way lacks, or an empty text."""
    folders = os.environ.get("PATH", "") + ":/usr/sbin"
    missing = [program for program in PROGRAMS.get(way, ()) if shutil.which(program, path=folders) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""
