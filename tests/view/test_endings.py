"""The program ends when it is told to, when its display dies, and leaves no host behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from kit import FOLDER
from kit.machine import processor_time
from kit.patience import PATIENCE, wait_until


@pytest.fixture
def image_file(tmp_path):
    """A file to look at."""
    path = tmp_path / "ramp.npy"
    np.save(path, np.arange(600 * 800, dtype=np.float32).reshape(600, 800))
    return path


@pytest.fixture
def x_server(tmp_path):
    """A process of an X server of our own, and its display."""
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no Xvfb here")
    reader, writer = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1000x800x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as stream:
        display = ":" + stream.readline().strip()
    yield process, display
    process.kill()
    process.wait(PATIENCE)


def start(path, **environment):
    """Start a window on a file and wait until it shows exact pixels; return the process and those of its host."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "traitsview", "view", str(path), "--times"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if line.startswith("exact"):
            break
    else:
        pytest.fail(f"no picture: {process.stderr.read()}")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return process, [int(child) for child in children]


def wait_for_the_end(process, hosts):
    """Wait until a process and its hosts have ended."""
    process.communicate(timeout=PATIENCE)
    wait_until(lambda: not any(Path(f"/proc/{host}").exists() for host in hosts))


@pytest.mark.fault("G7")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_window_and_host(image_file, number):
    process, hosts = start(image_file, QT_QPA_PLATFORM="offscreen")
    assert hosts
    process.send_signal(number)
    wait_for_the_end(process, hosts)


@pytest.mark.fault("G7")
@pytest.mark.fault("G5")
def test_a_signal_ends_a_window_whose_host_does_not_answer(image_file):
    process, hosts = start(image_file, QT_QPA_PLATFORM="offscreen")
    for host in hosts:
        os.kill(host, signal.SIGSTOP)
    process.terminate()
    # It would never end if it waited for its host, which is killed instead.
    wait_for_the_end(process, hosts)


@pytest.mark.fault("G7")
def test_the_death_of_the_x_server_ends_window_and_host(image_file, x_server):
    server, display = x_server
    process, hosts = start(image_file, QT_QPA_PLATFORM="xcb", DISPLAY=display)
    assert hosts
    server.kill()
    wait_for_the_end(process, hosts)


@pytest.mark.fault("G10")
def test_a_picture_too_large_to_make_is_refused_with_its_size(image_file, tmp_path):
    command = [sys.executable, "-m", "traitsview", "render", str(image_file), "--size", "4000000x4000000"]
    output = tmp_path / "out.png"
    run = subprocess.run([*command, "-o", str(output)], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    assert not output.exists()
    print(run.stderr)


@pytest.mark.fault("G10")
def test_a_large_picture_can_be_given_up_and_leaves_no_file(image_file, tmp_path):
    command = [sys.executable, "-m", "traitsview", "render", str(image_file), "--size", "16000x16000"]
    process = subprocess.Popen([*command, "-o", str(tmp_path / "out.png")], stderr=subprocess.PIPE, text=True)
    # It is at work: the first rows are written.
    wait_until(lambda: any(part.stat().st_size for part in tmp_path.glob(".out.png.*")) or process.poll() is not None)
    before, worked = os.times(), processor_time(process.pid)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=PATIENCE)
    after = os.times()
    # Not until the others are.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 2 * worked
    assert process.returncode != 0
    assert "Traceback" not in words
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ramp.npy"]


def run_with_kit(program, *words):
    """Run a program that imports what tests share; return how it ended and what it wrote."""
    argv, environment = (
        [sys.executable, "-W", "ignore", "-c", program, *words],
        {**os.environ, "PYTHONPATH": str(FOLDER)},
    )
    return subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=PATIENCE)


#: Closes windows while tiles come to them, and has another thread collect what is left of each.
COLLECTED_ELSEWHERE = """
import gc, threading, weakref
from kit.slow_sources import ramp
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.testing.sources import GatedSource
from traitsview.view.image import image_plot
from traitsview.view.window import panel_of, process_events_until, view

def collect():
    thread = threading.Thread(target=gc.collect)
    thread.start()
    thread.join()

image_plot.REPAINT_SECONDS = 1.0
gc.disable()
for _ in range(3):
    viewer = view(GatedSource(ArraySource(ramp())), size=(400, 300))
    process_events_until(lambda: viewer.pixels.overview is not None, 120)
    plot = panel_of(viewer).canvas.plot
    panel_of(viewer).window().close()
    plot._repaint()
    assert viewer.pixels.held.missing
    viewer.pixels.refreshed = True  # what was on its way has come, and would be painted in a second
    plot = weakref.ref(plot)
    del viewer
    assert process_events_until(lambda: collect() or plot() is None, 120)
    process_events_until(lambda: False, 1.5)
print("well")
"""


def test_what_is_left_of_a_window_may_be_collected_by_any_thread():
    done = run_with_kit(COLLECTED_ELSEWHERE)
    assert (done.stdout, done.returncode) == ("well\n", 0), done.stderr
    assert "another thread" not in done.stderr


#: Leaves its window open, with tiles on their way and with a thread that goes on looking ahead.
LEFT_OPEN = """
import sys
from kit.slow_sources import LinkedSource, ramp
from traitsview.view.window import process_events_until, view

viewer = view(LinkedSource(ramp(), 1e9, 0.001), size=(400, 300))
process_events_until(lambda: viewer.exact, 20)
viewer.source.rate = float(sys.argv[1])
viewer.one_to_one()
process_events_until(lambda: False, 0.05)
"""


@pytest.mark.parametrize("rate", [1e5, 1e9])
def test_a_script_that_ends_with_a_window_open_ends_without_a_word(rate):
    done = run_with_kit(LEFT_OPEN, str(rate))
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "This plugin" not in line] == []
