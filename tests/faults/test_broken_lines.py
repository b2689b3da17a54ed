"""Networks that break, stall, slow down or corrupt bytes.

The viewer never shows a wrong pixel, reports each fault, and comes back."""

from __future__ import annotations

import os
import random
import socket
import time
from collections import Counter

import numpy as np
import pytest
from kit.chaos_proxy import ChaosProxy, Faults
from kit.far_host import FarEnd, FarRoute, socket_in
from kit.leak_meter import assert_nothing_left, held
from kit.patience import PATIENCE, pass_time
from kit.shaped_network import ShapedNetwork, why_not_here

from traitsview.remote.viewer.contact import LOST_SECONDS
from traitsview.remote.viewer.inbox import Inbox
from traitsview.remote.viewer.pace import SMALLEST_WINDOW_BYTES

#: Seconds that a line is down; ``make soak`` takes more of them.
DOWN = tuple(map(float, os.environ.get("TRAITSVIEW_DOWN", "5,12").split(",")))

#: The number of offsets at which a connection is cut.
CUTS = int(os.environ.get("TRAITSVIEW_CUTS", "200"))

_unavailable = why_not_here()
needs_network = pytest.mark.skipif(bool(_unavailable), reason=_unavailable or "-")


@pytest.fixture
def dials():
    """Return a list of the moments at which connections to a `distant` host are begun."""
    return []


@pytest.fixture
def distant(server, dials):
    """Yield a function that makes a function which connects to a host at the other end of a shaped network."""
    ends = []

    def lay(network):
        listener = socket_in(network.there)
        listener.bind((network.there_address, 0))
        listener.listen(16)
        port = listener.getsockname()[1]
        ends.append(FarEnd(listener, lambda: server).__enter__())

        def dial(timeout):
            dials.append(time.monotonic())
            sock = socket_in(network.here)
            sock.settimeout(timeout)
            try:
                sock.connect((network.there_address, port))
            except OSError:
                sock.close()
                raise
            return sock

        return dial

    yield lay
    for end in ends:
        end.__exit__()


@pytest.fixture
def far_end(server):
    """Yield a function that connects to the server by a tunnel over TCP on this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    with FarEnd(listener, lambda: server):
        address = listener.getsockname()
        yield lambda: socket.create_connection(address, PATIENCE)


@pytest.mark.slow
@needs_network
@pytest.mark.timeout(600 + max(DOWN))
@pytest.mark.parametrize("seconds", DOWN)
@pytest.mark.fault("N1")
def test_loss_of_all_packets_is_reported_and_contact_comes_back(seconds, distant, dials, reach, looking, wait_until):
    with ShapedNetwork(100e6, 0.02) as network:
        viewer = looking(reach(FarRoute, distant(network)))
        viewer.settle()
        network.down()
        down = time.monotonic()
        viewer.step()
        pass_time(seconds)
        # The loss is reported while the line is down, even on a busy machine.
        wait_until(lambda: viewer.since(down, "stale" if seconds < LOST_SECONDS else "lost") is not None)
        viewer.check()
        up = time.monotonic()
        network.up()
        wait_until(lambda: viewer.since(up, "live") is not None)
        viewer.settle()
        stale, lost, back = viewer.since(down, "stale"), viewer.since(down, "lost"), viewer.since(up, "live")
        print(
            f"down for {seconds:g} s: stale after {stale:.1f} s, lost after {lost or 0:.1f} s, back after {back:.1f} s"
        )
        assert lost is None or stale < lost
        # Connections are tried all the time.  A connection that is begun after the line is back must not fail.
        assert len([each for each in dials if up < each < up + back]) <= 2
        viewer.close()


@pytest.mark.fault("N5")
def test_stall_in_one_direction_is_reported_and_a_new_line_is_made(far_end, reach, looking, wait_until):
    with ChaosProxy(far_end) as proxy:
        viewer = looking(reach(FarRoute, proxy.connect))
        viewer.settle()
        stalled = proxy.to_viewer
        stalled.stalled = True
        at = time.monotonic()
        proxy.to_viewer = Faults()
        wait_until(lambda: viewer.since(at, "live") is not None)
        assert viewer.since(at, "stale") < viewer.since(at, "live")
        stalled.stalled = False
        viewer.step()
        viewer.settle()
        viewer.close()


def happened(faults, viewer):
    """Whether the faults have happened, or a viewer has all its tiles without meeting them."""
    viewer.pump()
    if viewer.state == "lost":
        viewer.source.link.retry()
    return faults.happened or (viewer.state == "live" and viewer.settled)


@pytest.mark.slow
@pytest.mark.timeout(600 + CUTS)
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.fault("N2")
def test_connection_that_is_cut_anywhere_shows_no_half_tile(reset, far_end, reach, looking, wait_until):
    chance = random.Random(3)
    # Cuts come at every byte of the first answers, and then at random; half of them are resets.
    offsets = [*range(1, 65), *(chance.randrange(65, 1_000_000) for _ in range(CUTS))][reset::2]
    with ChaosProxy(far_end) as proxy:
        viewer = looking(reach(FarRoute, proxy.connect))
        viewer.settle()

        def cut(faults):
            """End the connection; `faults` apply to the next ones."""
            lost, at = viewer.state == "lost", time.monotonic()
            proxy.to_viewer = faults
            proxy.cut(reset)
            wait_until(lambda: lost or viewer.since(at, "lost") is not None)

        for number, offset in enumerate(offsets):
            if number == len(offsets) // 3:
                # The server is in this process, too.  By now its store and that of the viewer are full.
                before = held()
            faults = Faults(cut_after=offset, reset=reset)
            cut(faults)
            viewer.step()
            wait_until(lambda faults=faults: happened(faults, viewer))
            viewer.check()
            cut(Faults())
            viewer.source.link.retry()
            wait_until(lambda: viewer.state == "live")
            viewer.settle()
        assert viewer.checked > 1_000_000
        print(f"{held().memory / 2**20 - before.memory / 2**20:+.0f} MiB in {len(offsets) * 2 // 3} cuts")
        assert_nothing_left(before, memory=24 << 20)
        viewer.close()


@pytest.mark.fault("N14")
def test_viewer_works_over_a_line_of_small_packets(far_end, reach, looking):
    with ChaosProxy(far_end) as proxy:
        proxy.to_host.slices = 1
        proxy.to_viewer.slices = 512
        viewer = looking(reach(FarRoute, proxy.connect), shape=(100, 120))
        for _ in range(3):
            viewer.step()
            viewer.settle()
        viewer.close()


@pytest.mark.fault("N6")
def test_flipped_bits_end_a_connection_and_show_nothing_wrong(far_end, reach, looking, wait_until):
    chance = random.Random(5)
    with ChaosProxy(far_end) as proxy:
        viewer = looking(reach(FarRoute, proxy.connect))
        viewer.settle()
        for _ in range(40):
            proxy.to_viewer = faults = Faults(flip=chance.randrange(32, 600_000))
            proxy.cut()
            viewer.step()
            wait_until(lambda faults=faults: happened(faults, viewer))
            viewer.viewer.wait(0.05)  # a wrong pixel would come in this time
            viewer.check()
        proxy.to_viewer = Faults()
        proxy.cut()
        viewer.source.link.retry()
        viewer.settle()
        viewer.close()


class Arrivals:
    """The bytes that have come for each wish."""

    def __init__(self, monkeypatch):
        self.bytes = Counter()
        accept = Inbox.accept

        def counted(inbox, answer, channel):
            self.bytes[answer[0]] += channel.brought
            return accept(inbox, answer, channel)

        monkeypatch.setattr(Inbox, "accept", counted)

    def of_others_than(self, number):
        """Return the bytes that came for other wishes."""
        return sum(size for wish, size in self.bytes.items() if wish != number)


@pytest.mark.slow
@needs_network
@pytest.mark.fault("N3")
def test_newest_view_comes_first_over_a_poor_line(distant, reach, looking, monkeypatch):
    arrivals = Arrivals(monkeypatch)
    with ShapedNetwork(1e6, 0.3, loss=0.02) as network:
        source = reach(FarRoute, distant(network))
        viewer = looking(source, shape=(240, 320))
        viewer.settle()
        for _ in range(30):
            viewer.step()
            viewer.viewer.wait(0.01)
        arrivals.bytes.clear()
        last = time.monotonic()
        viewer.see()
        first, behind = time.monotonic() - last, arrivals.of_others_than(source._inbox._sequence)
        viewer.settle()
        print(
            f"the last of 30 views was seen after {first:.1f} s, behind {behind >> 10} KiB of those before, "
            f"and exact after {time.monotonic() - last:.1f} s"
        )
        assert behind <= 1.5 * SMALLEST_WINDOW_BYTES
        assert not any(news.state == "lost" for news in viewer.news)
        viewer.close()


@needs_network
@pytest.mark.fault("N4")
def test_when_the_rate_collapses_the_newest_view_is_not_far_behind(distant, reach, looking, monkeypatch):
    arrivals = Arrivals(monkeypatch)
    with ShapedNetwork(100e6, 0.02) as network:
        source = reach(FarRoute, distant(network))
        viewer = looking(source, shape=(240, 320))
        for _ in range(5):
            viewer.step()
            viewer.settle()
        ages, behind = [], []
        for number in range(30):
            if number == 5:
                network.limit(1e6)
            arrivals.bytes.clear()
            viewer.step()
            began = time.monotonic()
            if number % 3:
                viewer.viewer.wait(0.05)
                continue
            viewer.see()
            ages.append(time.monotonic() - began)
            behind.append(arrivals.of_others_than(source._inbox._sequence))
        began = time.monotonic()
        viewer.settle()
        print(
            f"after the collapse a view was seen after {np.median(ages[2:]):.2f} s (median), {max(ages):.2f} s "
            f"(longest), behind {np.median(behind[3:]) / 1024:.0f} KiB of those before and {max(behind) >> 10} KiB, "
            f"and the last one was exact {time.monotonic() - began:.1f} s later"
        )
        # Bytes that were sent at the old rate delay one view; the line carries them in four seconds at the new rate.
        # Later views come as quickly as the new rate allows.
        assert max(behind) <= 4 * 1e6 / 8
        assert np.median(behind[3:]) <= 1.5 * SMALLEST_WINDOW_BYTES
        assert not any(news.state == "lost" for news in viewer.news)
        viewer.close()
