"""Calculations and those who watch them are processes, which end, die, stop and fork as they like."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import closing

import numpy as np
import pytest
from kit.calculation import Calculation
from kit.patience import PATIENCE, attempts, wait_until
from kit.watching import newest, published_by, watching

from traitsview.live import Publisher, layout
from traitsview.live.found_publishers import find, found_under
from traitsview.opening import open_source
from traitsview.sources.services.live_feed import LiveFeed

NAME = f"processes-{os.getpid()}"

RUN = f"publisher = Publisher({NAME!r})\nfield = np.ones((30, 40))"


@pytest.fixture
def calculation():
    with Calculation(RUN) as found:
        yield found


@pytest.fixture
def feed():
    with closing(LiveFeed(NAME)) as feed:
        yield feed


def arrival(feed):
    """Return the next frame."""
    for _ in attempts(lambda: f"({feed.state})"):
        found = feed.next(0.5)
        if found is not None:
            return found.frame
    raise AssertionError


def wait_state(feed, state):
    for _ in attempts(lambda: f"({feed.state})"):
        if feed.state == state:
            return
        feed.next(0.5)


def publish(calculation, step):
    calculation.run(f"field[:] = {step}; publisher.publish(field, step={step})")


def test_the_end_is_told_with_the_step_and_why(calculation, feed):
    wait_state(feed, "waiting for the next step")
    publish(calculation, 812)
    assert arrival(feed).step == 812
    calculation.run("publisher.__exit__(ValueError, ValueError('x'), None)")
    wait_state(feed, "ended at step 812: ValueError")


def test_a_program_that_ends_without_closing_has_ended(calculation, feed):
    wait_state(feed, "waiting for the next step")
    publish(calculation, 3)
    arrival(feed)
    calculation.close()
    assert calculation.process.returncode == 0
    wait_state(feed, "ended at step 3")


@pytest.mark.fault("S17")
def test_a_calculation_that_is_killed_is_told_apart_and_leaves_nothing(calculation, feed):
    before = set(os.listdir("/dev/shm")), set(os.listdir("/tmp"))
    wait_state(feed, "waiting for the next step")
    publish(calculation, 5)
    arrival(feed)
    calculation.kill()
    wait_state(feed, "the calculation was killed after step 5")
    assert not found_under(NAME)
    assert {name for name in set(os.listdir("/dev/shm")) - before[0] if "traitsview" in name} == set()
    assert {name for name in set(os.listdir("/tmp")) - before[1] if "traitsview.live" in name} == set()


def test_a_process_that_becomes_another_program_publishes_no_more(calculation, feed):
    wait_state(feed, "waiting for the next step")
    publish(calculation, 5)
    arrival(feed)
    calculation.tell("import os; os.execv('/bin/cat', ['cat'])")
    wait_state(feed, "the calculation was killed after step 5")


@pytest.mark.fault("S17")
def test_the_next_run_goes_on_with_growing_versions_and_counts(calculation, feed):
    wait_state(feed, "waiting for the next step")
    publish(calculation, 10)
    first = arrival(feed)
    publish(calculation, 11)
    publish(calculation, 12)
    calculation.kill()
    for _ in attempts():
        feed.next(0.1)
        if feed.state.startswith("the calculation was killed"):
            break
    with Calculation(RUN) as again:
        wait_state(feed, "waiting for the next step")
        publish(again, 0)
        frame = arrival(feed)
        assert (frame.step, frame.count) == (0, 4)
        assert frame.version > first.version


def test_of_two_under_one_name_the_newer_one_is_shown_and_the_other_by_its_process(calculation, feed):
    wait_state(feed, "waiting for the next step")
    publish(calculation, 1)
    assert arrival(feed).step == 1
    with Calculation(RUN) as newer, closing(LiveFeed(f"{NAME}@{calculation.pid}")) as older:
        wait_state(feed, "waiting for the next step")
        publish(newer, 100)
        assert arrival(feed).step == 100
        assert arrival(older).step == 1
        publish(calculation, 2)
        assert arrival(older).step == 2
        assert [each.pid for each in found_under(NAME)] == [newer.pid, calculation.pid]


def test_a_forked_child_publishes_nothing_and_ends_nothing(calculation):
    with watching(NAME, calculation.pid) as watch:
        publish(calculation, 1)
        assert newest(watch).step == 1
        child = calculation.run(
            "import os\n"
            "pid = os.fork()\n"
            "if not pid:\n"
            "    publisher.publish(field * 5, step=5); publisher.close()\n"
            "    os.read(0, 0); os._exit(0 if not publisher.watched else 1)\n"
            "answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"
        )
        assert child == 0
        assert newest(watch) is None
        assert not watch.over
        publish(calculation, 2)
        assert newest(watch).step == 2


def test_a_child_that_was_forked_in_the_middle_of_a_frame_publishes_nothing_and_says_nothing():
    code = (
        "import os, signal, numpy; from traitsview.live import Publisher, latest\n"
        "from traitsview.live.watch import Watch; from traitsview.live.found_publishers import find\n"
        "class Forks:\n"
        "    def __array__(self, dtype=None, copy=None):\n"
        "        self.child = os.fork(); return numpy.full((2, 2), 7.0)\n"
        f"publisher, value, name = Publisher({NAME!r}), Forks(), f'{NAME}@{{os.getpid()}}'\n"
        "watch = Watch(find(name).reader()); watch.look(lambda form: form.arrays)\n"
        "publisher.publish(value, step=3)\n"
        "if not value.child: publisher.publish(numpy.ones((2, 2))); publisher.close(); os._exit(0)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(value.child, 0)[1]), latest(name).step)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.stdout, done.stderr) == ("0 3\n", "")


def test_a_forked_child_that_ends_as_a_program_ends_does_not_end_the_calculation(calculation):
    with watching(NAME, calculation.pid) as watch:
        publish(calculation, 1)
        assert newest(watch).step == 1
        code = calculation.run(
            "import os\n"
            "pid = os.fork()\n"
            "if not pid: raise SystemExit(5)\n"
            "answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"
        )
        assert code == 5
        assert newest(watch) is None
        publish(calculation, 2)
        assert (newest(watch).step, watch.facts.ended) == (2, 0)


def test_a_child_that_lives_longer_than_the_calculation_keeps_nothing_of_it(calculation):
    child = calculation.run(
        "import os, signal\npid = os.fork()\nif not pid:\n    signal.pause(); os._exit(0)\nanswer = pid"
    )
    try:
        calculation.kill()
        wait_until(lambda: not found_under(NAME))
        assert not published_by(child)
        assert "traitsview" not in "".join(
            os.readlink(f"/proc/{child}/fd/{each}") for each in os.listdir(f"/proc/{child}/fd")
        )
    finally:
        os.kill(child, signal.SIGKILL)


def test_ctrl_c_reaches_the_calculation_and_not_its_viewer():
    code = (
        "import sys, time, numpy as np\n"
        "from traitsview.live import Publisher\n"
        f"publisher = Publisher({NAME!r}, viewer=[sys.executable, '-c', 'import time; time.sleep(1000)'])\n"
        "from traitsview.live.launching import _started\n"
        "print(_started[0].pid, flush=True)\n"
        "try:\n"
        "    while True: publisher.publish(np.ones((50, 50)))\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, process_group=0) as process:
        viewer = int(process.stdout.readline())
        try:
            wait_until(lambda: (found := find(f"{NAME}@{process.pid}")) is not None and found.count > 0)
            os.killpg(process.pid, signal.SIGINT)
            assert process.stdout.readline() == "interrupted\n"
            assert process.wait(PATIENCE) == 0
            os.kill(viewer, 0)
        finally:
            os.kill(viewer, signal.SIGKILL)


def test_an_interrupt_in_the_middle_of_publish_leaves_a_publisher_that_goes_on(calculation):
    with watching(NAME, calculation.pid) as watch:
        interrupts = calculation.run(
            "import signal\n"
            "signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
            "count = 0\n"
            "for step in range(200):\n"
            "    try:\n"
            "        signal.setitimer(signal.ITIMER_REAL, 0.0002)\n"
            "        while True: publisher.publish(field, step=step)\n"
            "    except KeyboardInterrupt:\n"
            "        count += 1\n"
            "answer = count"
        )
        assert interrupts == 200
        newest(watch)
        publish(calculation, 1000)
        frame = newest(watch)
        assert frame.step == 1000
        assert np.all(frame.arrays[NAME] == 1000)


def test_two_threads_publish_whole_frames_and_none_is_lost(calculation):
    with watching(NAME, calculation.pid) as watch:
        calculation.tell(
            "import threading\n"
            "def run(base):\n"
            "    mine = np.empty((30, 40))\n"
            "    for step in range(base, base + 2000): mine[:] = step; publisher.publish(mine, step=step, n=step)\n"
            "threads = [threading.Thread(target=run, args=(base,)) for base in (0, 10**6)]\n"
            "for each in threads: each.start()\n"
            "for each in threads: each.join()\n"
        )
        count, last = 0, {0: -1, 1: -1}
        for _ in attempts(pause=0.0):
            frame = newest(watch)
            if frame is not None:
                (value,) = np.unique(frame.arrays[NAME])
                assert value == frame.step == frame.scalars["n"]
                assert frame.count > count
                assert frame.step > last[frame.step // 10**6]
                count, last[frame.step // 10**6] = frame.count, frame.step
            if count == 4000:
                break


@pytest.mark.fault("S15", "S16")
def test_a_viewer_that_is_stopped_or_killed_is_not_noticed(calculation):
    viewers = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"from traitsview.live import follow\nfor f in follow({NAME!r}): print(f.step, flush=True)",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        wait_until(lambda: found_under(NAME)[0].watched)
        publish(calculation, 1)
        for viewer in viewers:
            assert viewer.stdout.readline() == "1\n"
        viewers[0].send_signal(signal.SIGSTOP)
        viewers[1].kill()
        with watching(NAME, calculation.pid) as watch:
            calculation.run("for step in range(2, 50): publisher.publish(field, step=step)")
            assert newest(watch).step == 49
            viewers[0].send_signal(signal.SIGCONT)
            while viewers[0].stdout.readline() != "49\n":
                pass
    finally:
        for viewer in viewers:
            viewer.kill()
            viewer.wait()
            viewer.stdout.close()


def test_a_publisher_of_another_version_is_named_and_explained():
    with Publisher(NAME) as publisher, closing(LiveFeed(NAME)) as feed:
        publisher._writer.control.words[layout.VERSION_WORD] = 7
        (found,) = published_by()
        assert (found.name, found.other_layout) == (NAME, 7)
        feed.next(0.0)
        assert feed.state == (
            f"process {os.getpid()} publishes '{NAME}' in a way of another version of traitsview (layout 7); "
            "use the same version there and here"
        )
        feed.close()


def test_what_is_published_can_be_listed(calculation):
    publish(calculation, 4)
    (found,) = published_by(calculation.pid)
    assert (found.name, found.uid, found.step, found.count) == (NAME, os.geteuid(), 4, 1)
    assert [(each.name, each.shape, each.dtype) for each in found.arrays] == [(NAME, (30, 40), "<f8")]
    assert (found.watched, found.ended, found.console) == (False, False, "")
    calculation.run("publisher.offer_console('/run/kernel-7.json')")
    with watching(NAME, calculation.pid):
        (found,) = published_by(calculation.pid)
        assert (found.watched, found.console) == (True, "/run/kernel-7.json")


def test_a_feed_waits_for_a_name_and_ends_at_once_when_it_is_closed():
    feed = LiveFeed("nobody")
    feed.next(0.0)
    assert feed.state.startswith("waiting for 'nobody'; published now: ")
    waiting = threading.Thread(target=feed.next, args=(PATIENCE,))
    waiting.start()
    feed.close()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()


def test_a_source_that_is_closed_lets_go_of_its_publisher():
    before = len(os.listdir("/proc/self/fd"))
    with Publisher(NAME) as publisher:
        source = open_source(f"live:{NAME}@{os.getpid()}")
        source.wait_newer(0, 0.0)
        publisher.publish(np.ones((3, 3)))
        while not source.info.version:
            source.wait_newer(0, 0.1)
        source.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_window_is_opened_only_if_none_watches_and_only_where_there_is_a_display():
    words = [sys.executable, "-P", "-m", "traitsview.live.start_viewer", f"live:{NAME}"]
    clean = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    with Publisher(NAME):
        alone = subprocess.run(words, env=clean, capture_output=True, text=True, timeout=PATIENCE)
        assert alone.returncode == 1
        assert alone.stderr.startswith("traitsview: cannot open a window: neither DISPLAY nor WAYLAND_DISPLAY is set")
        over = threading.Event()

        def watch():
            with watching(NAME) as watch:
                while not over.wait(0.1):
                    newest(watch)

        watcher = threading.Thread(target=watch)
        watcher.start()
        beside = subprocess.run(words, env=clean, capture_output=True, text=True, timeout=PATIENCE)
        over.set()
        watcher.join()
        assert (beside.returncode, beside.stderr) == (0, "")
