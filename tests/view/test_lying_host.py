"""A window on a host that lies stays alive, says what is wrong in one line, and closes."""

from __future__ import annotations

import logging
import random
import threading

import numpy as np
import pytest
from kit.mutation import mutated_value
from kit.recording import serving

from traitsview.remote.host import server, service
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.window import process_events_until

#: Threads of the host, which logs what becomes of its lies.
HOST = ("traitsview connection", "traitsview session")


@pytest.mark.fault("G11")
@pytest.mark.parametrize("seed", range(4))
def test_a_window_on_a_lying_host(open_window, monkeypatch, caplog, seed):
    caplog.set_level(logging.ERROR)
    rng, lying = random.Random(seed), threading.Event()
    honest = service.methods_for
    said = []

    def told(method):
        def answer(*args):
            value = method(*args)
            if lying.is_set() and rng.random() < 0.4:
                value = mutated_value(rng, value)
            return value

        return answer

    monkeypatch.setattr(
        server, "methods_for", lambda *args: {name: told(method) for name, method in honest(*args).items()}
    )
    source = ArraySource(np.sqrt(np.arange(480_000, dtype=np.float32)).reshape(600, 800))
    with serving(source) as path, RemoteSource(SocketRoute(path, "it")) as remote:
        hand = open_window(remote)
        hand.wait_exact()
        hand.viewer.observe(lambda event: said.append(hand.viewer.shown), "shown")
        lying.set()
        for _ in range(12):
            hand.turn_wheel(hand.center, rng.choice((120, -120, 240)))
            hand.move(hand.center)
            process_events_until(lambda: hand.viewer.exact, 0.15)
        hand.paint()
        hand.panel.window().close()
    assert any("lost contact" in line or "refused" in line for line in said), said
    assert all("\n" not in line and line.isprintable() for line in said)
    # Nothing that was not expected: neither in the window nor in what receives.
    assert [each.getMessage() for each in caplog.records if each.threadName not in HOST] == []
