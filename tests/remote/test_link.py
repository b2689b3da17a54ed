"""Every answer measures the link, and so arrays are encoded on slow links only."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from traitsview.geometry import Viewport
from traitsview.remote.protocol import codec, coder, endpoint
from traitsview.remote.viewer import inbox, pace
from traitsview.remote.viewer.link import Link
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.remote.viewer.route import Route
from traitsview.remote.wire import arrays
from traitsview.sources.arrays.array_source import ArraySource

#: Frames until which a link has to be known: they take less than a second, after which the host is told in any case.
FRAMES = 30


class Line(Route):
    """A host at the end of a line; what comes over it is counted.

    Parameters
    ----------
    path : Path
        The host's socket.
    rate : float, optional
        Bytes of pixels that the line carries in a second; as many as come by default.
    """

    text_there = "it"

    def __init__(self, path, rate=None):
        self._path = path
        self._rate = rate
        self.link = None

    def reach(self, viewer):
        self.link = Link(self._dial, viewer=viewer)
        return self.link

    def _dial(self, timeout):
        host = endpoint.connect(self._path, timeout)
        if self._rate is None:
            return host
        host.settimeout(None)
        ours, theirs = socket.socketpair()
        for source, sink, rate in ((theirs, host, None), (host, theirs, self._rate)):
            threading.Thread(target=carry, args=(source, sink, rate), daemon=True).start()
        return ours


def carry(source, sink, rate):
    """Pass bytes on, so many in a second, until there are no more."""
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 13):
            if rate is not None:
                threading.Event().wait(len(data) / rate)
            sink.sendall(data)
    for sock in (source, sink):
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
    source.close()


@pytest.fixture(autouse=True)
def _idle(monkeypatch):
    """Measure codecs as on a machine that has nothing else to do: by the time of the processor."""
    clock = SimpleNamespace(monotonic=time.monotonic, perf_counter=time.thread_time)
    for module in (coder, inbox, arrays):
        monkeypatch.setattr(module, "time", clock)


@pytest.fixture
def frames(serve, wait_until):
    """Return a function that yields, for each frame over a line, its bytes, those that came for it, and the link."""
    wait_until(codec.prepare)
    sources = []

    def look(size, rate=None):
        # Noise of a few bits: it takes less than three quarters when it is encoded.
        image = np.random.default_rng(3).integers(0, 1 << 16, (size, size)).astype(np.float32)
        line = Line(serve(ArraySource(image)), rate)
        sources.append(RemoteSource(line))
        line.link.ping()  # by now the host has heard for how quick the link is taken
        came = []
        note = line.link.pace.came
        line.link.pace.came = lambda nbytes, *times: (came.append(nbytes), note(nbytes, *times))
        for _ in range(FRAMES):
            pixels = sources[-1].render(Viewport((1.0, 1.0), (0, 0), (size, size)))
            assert np.array_equal(pixels, image)
            yield pixels.nbytes, came[-1], line.link

    yield look
    for source in sources:
        source.close()


def test_a_link_that_was_taken_for_slow_has_frames_as_they_are_once_it_has_brought_some(frames, monkeypatch):
    monkeypatch.setattr(pace, "_NEAR_SECONDS", 0.0)
    shown = frames(1024)
    nbytes, first, link = next(shown)
    assert first < 0.75 * nbytes
    assert any(came == nbytes for nbytes, came, _ in shown)
    assert link.pace.bandwidth > 4 * pace._FAR_RATE
    # It stays so.
    assert all(came == nbytes for nbytes, came, _ in itertools.islice(shown, 5))


def test_a_line_that_was_taken_for_quick_has_frames_encoded_once_it_has_brought_some(frames, monkeypatch):
    monkeypatch.setattr(pace, "_NEAR_SECONDS", 60.0)
    shown = frames(256, rate=2e6)
    nbytes, first, link = next(shown)
    assert first == nbytes
    assert any(came < 0.75 * nbytes for nbytes, came, _ in shown)
    assert link.pace.bandwidth < 4e6
    assert all(came < 0.75 * nbytes for nbytes, came, _ in itertools.islice(shown, 3))
