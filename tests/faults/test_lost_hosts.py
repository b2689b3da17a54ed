"""If a host process dies, stops or is slow, its viewer keeps the picture, reports it, and gets the same pixels back."""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import numpy as np
import pytest
from kit.leak_meter import assert_nothing_left, held
from kit.patience import attempts, pass_time
from kit.slow_openers import ramp

from traitsview.errors import HostGone, HostRefused
from traitsview.remote.protocol import stream
from traitsview.remote.viewer import contact
from traitsview.remote.viewer.contact import Contact
from traitsview.remote.viewer.link import Link
from traitsview.sources.arrays.array_source import ArraySource

#: The number of times that a host is killed; ``make soak`` kills hosts for much longer.
KILLS = int(os.environ.get("TRAITSVIEW_KILLS", "200"))


class Victim:
    """A viewer with a host that is killed again and again.  Several of these viewers take turns."""

    def __init__(self, viewer, host, seed):
        self.viewer, self.host = viewer, host
        self.back = []
        self.idle = self.loading = self.starting = 0
        self._chance = random.Random(seed)

    def be_killed(self, times):
        """Kill the host `times` times.  At each yield other viewers have their turns."""
        viewer = self.viewer
        while times > 0:
            viewer.step()
            view = viewer.view
            yield from self._pause(self._chance.choice((0.0, 0.02, 0.1)))
            self.idle += not viewer.viewer.pixels.held.missing
            self.loading += bool(viewer.viewer.pixels.held.missing)
            victim, killed = yield from self._kill()
            times -= 1
            # Some kills come while the next host is starting, or opens the file, or has just been reached.
            while times > 0 and self._chance.random() < 0.4:
                yield from self._pump_until(lambda victim=victim: self.host.pid != victim)
                yield from self._pause(self._chance.uniform(0, 0.4))
                victim, killed = yield from self._kill()
                self.starting += 1
                times -= 1
            yield from self._pump_until(lambda killed=killed: viewer.since(killed, "live") is not None)
            self.back.append(viewer.since(killed, "live"))
            yield from self._pump_until(lambda: viewer.settled)
            assert viewer.check() > 0
            assert viewer.view == view
            assert not viewer.viewer.status.fault

    def _kill(self):
        """Kill the host; return its process number and the moment before the kill.  A new host may follow at once."""
        while True:
            victim, moment = self.host.pid, time.monotonic()
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                # The viewer has just given up this host, which was starting, and starts another one.
                yield from self._pump_until(lambda victim=victim: self.host.pid != victim)
            else:
                return victim, moment

    def _pause(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.viewer.pump()
            yield

    def _pump_until(self, condition):
        for _ in attempts(lambda: self.viewer.news[-5:], pause=0.0):
            self.viewer.pump()
            if condition():
                return
            yield


@pytest.mark.slow
@pytest.mark.timeout(600 + 4 * KILLS)
@pytest.mark.fault("S1")
def test_killed_hosts_come_back_with_the_same_view_and_the_same_pixels(tmp_path, looking, hosted):
    image = np.random.default_rng(2).random((6000, 7000), np.float32)
    np.save(tmp_path / "large.npy", image)
    before = held()
    victims = []
    for seed in range(2):
        source, host = hosted(tmp_path / "large.npy")
        victims.append(Victim(looking(source, ArraySource(image), seed=seed), host, seed))
    for victim in victims:
        # The store is full then, which is most of the memory that a viewer needs.
        while not victim.viewer.full:
            victim.viewer.step()
            victim.viewer.settle()
    began, pause, holds = time.monotonic(), threading.Event(), [held()]
    for _ in range(4):
        turns = [victim.be_killed(KILLS // 8) for victim in victims]
        while turns:
            turns = [turn for turn in turns if next(turn, turn) is None]
            pause.wait(0.002)
        holds.append(held())
    back = [seconds for victim in victims for seconds in victim.back]
    idle, loading, starting = (sum(getattr(v, name) for v in victims) for name in ("idle", "loading", "starting"))
    print(
        f"{KILLS} kills in {time.monotonic() - began:.0f} s, {idle} of hosts at rest, {loading} of such that sent, "
        f"{starting} of such that started: back after {np.median(back):.2f} s (median), {max(back):.2f} s (longest), "
        f"{sum(v.viewer.checked for v in victims) / 1e6:.0f} million pixels compared, "
        f"{', '.join(str(each.memory >> 20) for each in holds)} MiB"
    )
    assert idle + loading + starting == KILLS
    assert min(idle, loading, starting) >= KILLS // 20
    # Each new thread may have memory of its own, so that memory grows a little at first.  If each kill since then had
    # left a tile or a buffer, memory would have grown by more.
    assert_nothing_left(holds[2], memory=24 << 20)
    for victim in victims:
        victim.viewer.close()
    assert_nothing_left(before)


@pytest.mark.slow
@pytest.mark.fault("S2")
def test_stopped_host_is_stale_then_lost_then_replaced(file, looking, hosted, wait_until, monkeypatch):
    looks, look = [], Contact._heard_nothing
    monkeypatch.setattr(Contact, "_heard_nothing", lambda *each: looks.append(each[2]) or look(*each))
    source, host = hosted(file)
    viewer = looking(source)
    viewer.settle()
    picture = viewer.check()
    stopped = host.pid
    os.kill(stopped, signal.SIGSTOP)
    wait_until(lambda: viewer.news and viewer.state == "live")
    viewer.settle()
    stale = [news for news in viewer.news if news.state == "stale"]
    # The first try finds that the stopped host does not answer, and ends it; the second try has another host.
    lost, *rest = viewer.news[len(stale) :]
    assert [news.state for news in (lost, *rest)] == ["lost", "lost", "live"]
    assert host.pid != stopped
    assert viewer.check() == picture
    # It is reported at the first look after it has become true.
    seconds = [news.error.seconds for news in stale]
    assert seconds[0] == next(late for late in looks if late >= contact.STALE_SECONDS)
    assert seconds == sorted(seconds)
    late = next(late for late in looks if late >= contact.LOST_SECONDS)
    assert f"it has said nothing for {late + contact.HEARTBEAT_SECONDS:.0f} s" in str(lost.error)


@pytest.mark.fault("N1")
@pytest.mark.fault("S2")
def test_silent_host_is_stale_within_three_seconds_and_lost_within_ten():
    # The viewer asks each second, and looks for an answer each half second.
    assert contact.HEARTBEAT_SECONDS + contact.STALE_SECONDS + stream._TICK_SECONDS <= 3.0
    assert contact.HEARTBEAT_SECONDS + contact.LOST_SECONDS + stream._TICK_SECONDS <= 10.0


@pytest.mark.fault("S2")
@pytest.mark.usefixtures("unhurried")
def test_host_that_computes_for_long_is_busy_and_neither_stale_nor_lost(looking, hosted, wait_until, monkeypatch):
    monkeypatch.setattr(contact, "HEARTBEAT_SECONDS", 0.1)
    busy, ping = [], Link.ping
    monkeypatch.setattr(Link, "ping", lambda link: busy.append(ping(link)) or busy[-1])
    source, _ = hosted("it", "endless")
    viewer = looking(source, ArraySource(ramp()))
    viewer.viewer.reduction = "max"
    # The host goes on reporting that it is busy.
    wait_until(lambda: busy.count(True) >= 10)
    assert all(busy[busy.index(True) :])
    viewer.pump()
    assert viewer.news == []
    assert viewer.viewer.pixels.held.missing


@pytest.mark.fault("S6")
@pytest.mark.usefixtures("unhurried")
def test_endless_computation_delays_no_other_call_and_ends_when_it_is_stale(looking, hosted, wait_until):
    source, _ = hosted("it", "endless")
    viewer = looking(source, ArraySource(ramp()))
    viewer.settle()
    viewer.viewer.reduction = "max"
    wait_until(lambda: source._contact.link().ping())  # it computes
    assert viewer.viewer.pixels.held.missing
    # Another call is answered meanwhile.
    assert source.sample([(5.5, 0.5)])[0] == 5
    viewer.viewer.reduction = "mean"
    viewer.settle()
    assert viewer.news == []


@pytest.mark.fault("S7")
def test_reader_that_crashes_again_and_again_is_reported_and_given_up(looking, hosted, wait_until):
    source, _ = hosted("broken.it", "crashing")
    viewer = looking(source, ArraySource(ramp()))
    viewer.settle()
    viewer.viewer.reduction = "max"

    def given_up():
        viewer.pump()
        return isinstance(viewer.news and viewer.news[-1].error, HostRefused)

    wait_until(given_up)
    said = str(viewer.news[-1].error)
    assert "broken.it" in said
    assert "crashed" in said
    assert "\n" not in said
    assert any("signal 11" in str(news.error) for news in viewer.news)
    viewer.viewer.reduction = "mean"
    source.link.retry()
    wait_until(lambda: viewer.news[-1].error is None)
    viewer.settle()


@pytest.mark.fault("S4")
@pytest.mark.fault("D2")
def test_file_that_replaces_another_of_the_same_shape_is_never_mixed_with_it(file, image, looking, hosted, wait_until):
    source, host = hosted(file)
    viewer = looking(source)
    viewer.settle()
    other = file.with_name("other.npy")
    np.save(other, image[::-1])
    other.replace(file)
    os.kill(host.pid, signal.SIGKILL)
    wait_until(lambda: any("its file has changed" in str(news.error) for news in viewer.news))
    viewer.step()
    pass_time(1.0)  # in which it is not tried again
    viewer.pump()
    viewer.check()
    with pytest.raises(HostGone, match="open it again"):
        source.render(viewer.viewer.viewport)
    told = len(viewer.news)
    # The viewer tries again only on demand.
    source.link.retry()
    wait_until(lambda: len(viewer.news) > told)
    assert viewer.state == "lost"


@pytest.mark.fault("S4")
def test_file_is_shown_again_after_its_host_was_restarted(file, looking, hosted, wait_until):
    source, host = hosted(file)
    viewer = looking(source)
    viewer.settle()
    os.kill(host.pid, signal.SIGTERM)
    wait_until(lambda: viewer.news and viewer.state == "live")
    viewer.step()
    viewer.settle()
