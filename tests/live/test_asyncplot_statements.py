"""What asyncplot promised, and what it left to be done: 26 statements, each with its number.

asyncplot is a library of 2012 that plots what a calculation computes in another process.  The statements are those of
its README, of its lists of what is needed and needs testing, and of the comments in its code.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from kit.calculation import Calculation
from kit.patience import PATIENCE, attempts, wait_until
from kit.sshd import ALIAS, Sshd, needs_sshd
from kit.watching import newest, published_by, watching

from traitsview.errors import SourceNotFound
from traitsview.live import Publisher, follow, latest
from traitsview.live.found_publishers import found_under
from traitsview.opening import open_in_host, open_source
from traitsview.sources.questions.frames import Frames
from traitsview.sources.questions.question import whole

NAME = f"statements-{os.getpid()}"


@pytest.fixture
def calculation():
    with Calculation(f"publisher = Publisher({NAME!r})\nfield = np.ones((30, 40))") as found:
        yield found


@contextmanager
def program(code, **options):
    """Run a Python program; its lines can be read."""
    code = textwrap.dedent(code).replace("NAME", repr(NAME))
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def watched(pid=None):
    return any(each.watched for each in published_by(pid))


@pytest.mark.fault("S16")
def test_01_a_viewer_that_draws_slowly_does_not_slow_the_calculation(calculation):
    drawing, drawn = threading.Event(), threading.Event()

    def draw():
        for _ in follow(f"{NAME}@{calculation.pid}"):
            drawing.set()
            drawn.wait()

    viewer = threading.Thread(target=draw)
    viewer.start()
    wait_until(lambda: watched(calculation.pid))
    calculation.run("publisher.publish(field, step=0)")
    assert drawing.wait(PATIENCE)
    calculation.run("for step in range(1, 2000): publisher.publish(field, step=step)")  # while one frame is drawn
    calculation.run("publisher.close()")
    drawn.set()
    viewer.join(PATIENCE)


def test_02_an_interrupt_is_raised_in_the_calculation_while_viewers_watch(calculation):
    with watching(NAME, calculation.pid) as watch:
        calculation.tell(
            "import threading\n"
            "try:\n"
            "    while True: publisher.publish(field)\n"
            "except KeyboardInterrupt:\n"
            "    answer = threading.current_thread() is threading.main_thread()"
        )
        for _ in attempts():
            if newest(watch) is not None:
                break
        os.kill(calculation.pid, signal.SIGINT)
        assert calculation.answer() is True


def command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]


def test_03_the_viewer_is_opened_in_a_new_interpreter_with_a_session_of_its_own(calculation):
    pid = calculation.run(
        "import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        f"another = Publisher({NAME + '-new'!r}, viewer=True)\n"
        "from traitsview.live.launching import _started; answer = _started[-1].pid"
    )
    try:
        wait_until(lambda: command_line(pid)[1:] == ["-P", "-m", "traitsview", f"live:{NAME}-new"])
        assert os.getsid(pid) == pid
    finally:
        os.kill(pid, signal.SIGKILL)


VIEW = """
from traits.api import HasStrictTraits, Str
from traitsui.api import View

class Noter(HasStrictTraits):
    text = Str
    traits_view = View("text")

    def update(self, frame):
        self.text = f"{frame.step} {frame['mean']} {frame['rho'].shape}"
        with open("noted", "a") as file:
            print(self.text, file=file)
"""


def test_04_the_user_gives_the_class_that_draws_what_was_published(tmp_path):
    (tmp_path / "noters.py").write_text(VIEW)
    code = """
        import os, sys
        import numpy as np
        from traitsview.live import Publisher
        sys.path[0] = os.getcwd()  # as in a script that lies beside the class
        with Publisher(NAME, viewer="noters:Noter", wait_for_viewer=True) as publisher:
            publisher.publish(rho=np.ones((3, 4)), mean=0.5, step=7)
            sys.stdin.read()
    """
    with program(code, cwd=tmp_path, stdin=subprocess.PIPE):
        try:
            wait_until((tmp_path / "noted").exists)
            wait_until((tmp_path / "noted").read_text)
            assert (tmp_path / "noted").read_text() == "7 0.5 (3, 4)\n"
        finally:
            for pid in children_that_show(NAME):
                os.kill(pid, signal.SIGKILL)


def children_that_show(name):
    """Return the processes whose command line has a word."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdecimal() and name in command_line(entry):
                found.append(int(entry))
        except OSError:
            continue
    return found


def test_05_the_command_of_the_viewer_can_be_chosen(tmp_path):
    said = tmp_path / "said"
    command = [sys.executable, "-c", f"import sys; open({str(said)!r}, 'w').write(' '.join(sys.argv[1:]))", "--big"]
    with Publisher(NAME, viewer=command):
        wait_until(lambda: said.exists() and said.read_text())
    assert said.read_text() == f"--big live:{NAME}"


def test_06_the_calculation_waits_for_its_viewer_if_it_shall():
    command = [
        sys.executable,
        "-c",
        "import sys; from traitsview.live import follow; list(zip(range(1), follow(sys.argv[1][5:])))",
    ]
    with Publisher(NAME, viewer=command, wait_for_viewer=True) as publisher:
        assert publisher.watched
        publisher.publish(np.ones((2, 2)))
    for code in (3, 0):
        with Publisher(
            NAME, viewer=[sys.executable, "-c", f"raise SystemExit({code})"], wait_for_viewer=True
        ) as publisher:
            assert not publisher.watched  # the viewer has ended and nobody comes any more


@needs_sshd
def test_07_a_calculation_on_another_host_is_watched(calculation, monkeypatch):
    box = Sshd()
    monkeypatch.setenv("TRAITSVIEW_SSH", box.command)
    monkeypatch.delenv("TRAITSVIEW_REMOTE_COMMAND", raising=False)
    try:
        box.start()
        with open_source(f"{ALIAS}:live:{NAME}@{calculation.pid}") as source:
            while source.frame.state != "waiting for the next step":
                source.wait_newer(0, 0.1)
            calculation.run("publisher.publish(field * 5, step=5)")
            while source.frame.step != 5:
                source.wait_newer(source.info.version, 0.1)
            assert source.summarize(exact=True).maximum == 5.0
    finally:
        box.close()


def test_08_what_a_slow_viewer_leaves_out_is_neither_copied_nor_sent(calculation):
    with open_in_host(f"live:{NAME}@{calculation.pid}") as source:
        while source.frame.state != "waiting for the next step":
            source.wait_newer(0, 0.1)
        calculation.run("publisher.publish(field, step=0)")
        while source.frame.step != 0:
            source.wait_newer(0, 0.1)
        # A viewer that draws asks for the next frame and then for nothing until it has drawn.
        before = len(whole(source.examine(Frames())))
        calculation.run("for step in range(1, 1000): publisher.publish(field, step=step)")
        while source.frame.step != 999:
            source.wait_newer(source.info.version, 0.1)
        assert len(whole(source.examine(Frames()))) - before < 999
        assert source.frame.count == 1000


def test_09_every_statement_has_a_test():
    numbers = re.findall(r"^def test_(\d\d)_", Path(__file__).read_text(), re.MULTILINE)
    assert [int(number) for number in numbers] == list(range(1, 27))


def test_10_trouble_is_logged(caplog):
    with caplog.at_level(logging.DEBUG, "traitsview.live"), Publisher(NAME) as publisher, watching(NAME):
        publisher.publish([object()])
    assert [record.name for record in caplog.records] == ["traitsview.live"]


def test_11_its_cost_is_measured():
    assert (Path(__file__).parents[2] / "benchmarks" / "bench_publish.py").exists()


def test_12_names_take_the_place_of_ports():
    with Publisher(f"{NAME}/a") as first, Publisher(f"{NAME}/b"):
        with watching(f"{NAME}/a") as watch:
            first.publish(np.ones((2, 2)), step=1)
            assert newest(watch).step == 1
        with watching(f"{NAME}/b") as watch:
            assert watch.facts.count == 0


def test_13_frames_of_any_size_arrive_whole(calculation):
    with watching(NAME, calculation.pid) as watch:
        for side in (1, 63, 64, 65, 3000):
            calculation.run(f"publisher.publish(np.arange({side}**2).reshape({side}, {side}))")
            np.testing.assert_array_equal(newest(watch).arrays[NAME], np.arange(side**2).reshape(side, side))


def test_14_the_name_is_free_at_once_and_nothing_stays():
    before = len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))
    for _ in range(5):
        with Publisher(NAME) as publisher, watching(NAME) as watch:
            publisher.publish(np.ones((2, 2)))
            assert newest(watch).count == 1
    assert (len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))) == before
    assert not published_by()


def test_15_a_viewer_that_goes_leaves_the_calculation_to_others(calculation):
    for step in range(3):
        with watching(NAME, calculation.pid) as watch:
            calculation.run(f"publisher.publish(field, step={step})")
            assert newest(watch).step == step


def test_16_several_viewers_watch_at_once(calculation):
    frames = [follow(f"{NAME}@{calculation.pid}") for _ in range(3)]
    found = []
    threads = [threading.Thread(target=lambda each=each: found.append(next(each).step)) for each in frames]
    for each in threads:
        each.start()
    wait_until(lambda: watched(calculation.pid))
    calculation.run("publisher.publish(field, step=4)")
    for each in threads:
        each.join(PATIENCE)
    assert found == [4, 4, 4]


def test_17_before_the_first_frame_a_viewer_waits_and_does_not_fail(calculation):
    with open_source(f"live:{NAME}@{calculation.pid}") as source:
        assert source.wait_newer(0, 0.0) == 0
        assert source.frame.state == "waiting for the next step"


def test_18_a_viewer_may_come_first_and_stays_when_the_calculation_goes():
    with open_source(f"live:{NAME}") as source:
        source.wait_newer(0, 0.0)
        assert source.frame.state.startswith(f"waiting for '{NAME}'")
        for step in (3, 5):
            with Publisher(NAME) as publisher:
                for _ in attempts():
                    source.wait_newer(source.info.version, 0.01)
                    if source.frame.state == "waiting for the next step":
                        break
                publisher.publish(np.full((2, 2), float(step)), step=step)
                while source.frame.step != step:
                    source.wait_newer(source.info.version, 0.1)
            while source.frame.state != f"ended at step {step}":
                source.wait_newer(source.info.version, 0.1)
            assert source.summarize(exact=True).maximum == step


def test_19_waiting_has_limits():
    with pytest.raises(SourceNotFound):
        latest("nobody", timeout=0.01)
    with Publisher(NAME, wait_for_viewer=0.01) as publisher:
        assert not publisher.watched


@pytest.mark.fault("S16")
def test_20_to_publish_is_cheap_it_never_waits(calculation):
    with watching(NAME, calculation.pid):
        waits = calculation.run(
            "import resource\n"
            "publisher.publish(field)\n"
            "before = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw\n"
            "for step in range(2000): publisher.publish(field, step=step, energy=1.0)\n"
            "answer = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw - before"
        )
    assert waits == 0


def test_21_leaving_the_block_ends_publishing_and_swallows_nothing():
    with pytest.raises(ZeroDivisionError), Publisher(NAME):
        _ = 1 / 0
    assert not published_by()


def test_22_a_publisher_does_not_keep_python_alive():
    code = """
        import numpy as np
        from traitsview.live import Publisher
        publisher = Publisher(NAME)
        publisher.publish(np.ones((2, 2)))
    """
    with program(code) as process:
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == ""


def test_23_a_frame_is_seen_completely_or_not_at_all(calculation):
    with watching(NAME, calculation.pid) as watch:
        calculation.run("publisher.publish(field, other=field, n=0)")
        calculation.tell(
            "for n in range(1, 3000): field[:] = n; publisher.publish(field, other=field, n=n)\npublisher.close()"
        )
        while not watch.over:
            frame = newest(watch)
            if frame is not None and frame.count > 1:
                assert np.all(frame.arrays[NAME] == frame.scalars["n"])
                assert np.all(frame.arrays["other"] == frame.scalars["n"])


def test_24_after_the_viewer_has_died_the_calculation_goes_on(calculation):
    with program("from traitsview.live import follow\nfor f in follow(NAME): print(f.step)") as viewer:
        wait_until(lambda: watched(calculation.pid))
        calculation.run("publisher.publish(field, step=1)")
        assert viewer.stdout.readline() == "1\n"
        viewer.kill()
        viewer.wait()
        calculation.run("for step in range(2, 100): publisher.publish(field, step=step)")
    assert found_under(NAME)[0].step == 99


def test_25_an_interrupt_stops_the_viewer_that_waits(calculation):
    code = """
        from traitsview.live import follow
        try:
            print("begun")
            for frame in follow(NAME): pass
        except KeyboardInterrupt:
            print("stopped")
    """
    with program(code) as viewer:
        assert viewer.stdout.readline() == "begun\n"
        wait_until(lambda: watched(calculation.pid))
        viewer.send_signal(signal.SIGINT)
        assert viewer.stdout.readline() == "stopped\n"
        assert viewer.wait(PATIENCE) == 0


def test_26_a_viewer_waits_for_newer_data_and_is_not_given_the_same_again(calculation):
    with watching(NAME, calculation.pid) as watch:
        calculation.run("publisher.publish(field)")
        assert newest(watch).count == 1
        for _ in range(5):
            assert newest(watch) is None
        calculation.run("publisher.publish(field)")
        assert newest(watch).count == 2
