"""A kernel in a thread of a calculation: a console sees its names, and the calculation keeps its signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from jupyter_client import BlockingKernelClient
from kit.patience import PATIENCE, wait_until

from traitsview.geometry import Viewport
from traitsview.sources.registry import open_source
from traitsview.testing.namespace_tests import first, shown

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
    client = BlockingKernelClient(connection_file=calculation.stdout.readline().strip())
    client.load_connection_file()
    client.start_channels(hb=False)
    client.wait_for_ready(PATIENCE)
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
