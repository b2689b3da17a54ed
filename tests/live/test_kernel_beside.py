"""A kernel in a thread of a calculation: a console sees its names, and the calculation keeps its signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient
from kit.calculation import Calculation
from kit.patience import PATIENCE, wait_until
from kit.watching import published_by

from traitsview.errors import RequestError
from traitsview.geometry import Viewport
from traitsview.live import Publisher
from traitsview.sources.listing import list_sources
from traitsview.sources.questions.kernel_access import KernelAccess, KernelDoor
from traitsview.sources.questions.question import whole
from traitsview.sources.registry import open_source
from traitsview.testing.namespace_tests import first, said, shown

CALCULATION = """
import os, pickle, sys, time
import numpy as np
from traitsview.live.kernel_beside import KernelBeside

class Own:
    pass

kernel = KernelBeside()
pickle.loads(pickle.dumps(Own()))
stop = False
rho = np.zeros((3, 4))
print(kernel.connection_file, flush=True)
try:
    while not stop:
        rho = rho * 0 + np.add(getattr(sys.modules["__main__"], "k", 0), 1)
        time.sleep(0.01)
except KeyboardInterrupt:
    print("interrupted", flush=True)
kernel.close()
kernel.close()
print(os.path.exists(kernel.connection_file), flush=True)
"""


@pytest.fixture
def calculation():
    process = subprocess.Popen([sys.executable, "-c", CALCULATION], stdout=subprocess.PIPE, text=True)
    with process:
        yield process
        process.kill()


@pytest.fixture
def client(calculation):
    client = client_of(calculation.stdout.readline().strip())
    yield client
    client.stop_channels()


def run(client, code):
    assert client.execute(code, reply=True, timeout=PATIENCE)["content"]["status"] == "ok"


def test_a_console_sees_and_changes_the_names_of_the_calculation_and_a_window_its_arrays(calculation, client):
    with open_source(f"kernel:{client.connection_file}?rho") as source:
        first(source)
        shown(source, 1)
        run(client, "k = 6")
        shown(source, 7)
        assert (source.render(Viewport((1.0, 1.0), (0, 0), (3, 4))) == 7).all()
    run(client, "stop = True")
    assert calculation.stdout.read() == "False\n"
    assert calculation.wait() == 0


def test_ctrl_c_interrupts_the_calculation_and_an_interrupt_of_a_client_does_not(calculation, client):
    client.control_channel.send(client.session.msg("interrupt_request"))
    assert client.get_control_msg(timeout=PATIENCE)["msg_type"] == "interrupt_reply"
    run(client, "k = 1")
    os.kill(calculation.pid, signal.SIGINT)
    assert calculation.stdout.read() == "interrupted\nFalse\n"
    assert calculation.wait() == 0


def test_a_killed_calculation_is_noticed(calculation, client):
    with open_source(f"kernel:{client.connection_file}?rho") as source:
        first(source)
        calculation.kill()
        wait_until(lambda: source.wait_newer(source.info.version, 1.0) and source.frame.state)
        assert source.frame.state == "the kernel has ended"
    os.remove(client.connection_file)


PUBLISHING = """
import os, sys, time
import numpy as np
import traitsview.live
assert "traitsview.live.kernel_beside" not in sys.modules
from traitsview.live import Publisher

rate = 1.0
try:
    with Publisher({name!r}, kernel=True) as publisher:
        print(os.getpid(), flush=True)
        step = 0
        while True:
            publisher.publish(np.full((3, 4), rate), step=step)
            step += 1
            time.sleep(0.005)
except KeyboardInterrupt:
    print("interrupted", rate, flush=True)
"""


@pytest.fixture
def publishing():
    name = f"kernel-beside-{os.getpid()}"
    process = subprocess.Popen(
        [sys.executable, "-c", PUBLISHING.format(name=name)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout.readline().strip() == str(process.pid)
        yield process, name
        process.kill()


def client_of(path):
    client = BlockingKernelClient(connection_file=path)
    client.load_connection_file()
    client.start_channels(hb=False)
    client.wait_for_ready(PATIENCE)
    return client


def test_a_publisher_with_a_kernel_is_watched_inspected_changed_and_interrupted(publishing):
    process, name = publishing
    (found,) = published_by(process.pid)
    kernel = Path(found.console).stem.removeprefix("kernel-")
    assert f"kernel:{kernel}" in {each.address for each in list_sources("kernel:")}
    (listed,) = [each for each in list_sources("live:") if each.name == name]
    assert listed.detail.endswith(f"process {process.pid} with a kernel, of {name}")
    client = client_of(found.console)
    with open_source(f"live:{name}") as source:
        shown(source, 1)
        assert whole(source.examine(KernelAccess())).ports[0] == client.shell_port
        run(client, "rate = rate + 6 if step > 0 else None")
        shown(source, 7)
        os.kill(process.pid, signal.SIGINT)
        assert process.stdout.read() == "interrupted 7.0\n"
        assert process.stderr.read() == ""
        assert process.wait() == 0
        assert said(source, "ended at step").endswith(": KeyboardInterrupt")
        assert whole(source.examine(KernelAccess())) == KernelDoor()
    client.stop_channels()
    assert not os.path.exists(found.console)


def test_publishers_of_one_program_offer_one_kernel_which_a_forked_child_leaves_alone(calculation_of_tests):
    told = calculation_of_tests.run("""
import os
first, second = (Publisher(f"fork-{k}-{os.getpid()}", kernel={"k": 1}) for k in range(2))
if not os.fork():
    import atexit
    atexit._run_exitfuncs()
    os._exit(0)
os.wait()
answer = True""")
    assert told is True
    one, other = (each.console for each in published_by(calculation_of_tests.pid))
    assert one == other
    client = client_of(one)
    run(client, "assert k == 1")
    client.stop_channels()


@pytest.fixture
def calculation_of_tests():
    with Calculation() as calculation:
        yield calculation
        calculation.close()


def test_a_kernel_that_cannot_be_is_an_error_at_the_start_and_leaves_no_publisher(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel.kernelapp", None)
    with pytest.raises(RequestError, match="cannot start a kernel: the package 'ipykernel' is not installed"):
        Publisher("no-kernel", kernel=True)
    with pytest.raises(RequestError, match="kernel='yes'; give True or a dict of names"):
        Publisher("no-kernel", kernel="yes")
    assert not published_by()
