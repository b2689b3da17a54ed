"""Ranks of an MPI program publish their parts; nobody of them waits for anybody."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from kit.patience import PATIENCE, attempts, wait_until
from kit.watching import newest, watching

from traitsview.live import publishers
from traitsview.live.forms import extent_of

pytestmark = pytest.mark.skipif(
    shutil.which("mpirun") is None or find_spec("mpi4py") is None, reason="needs Open MPI (openmpi-bin) and mpi4py"
)

NAME = f"mpi-{os.getpid()}"
RANKS = 3

PROGRAM = f"""
import numpy as np
from mpi4py import MPI
from traitsview.live import Publisher

world = MPI.COMM_WORLD
rank, size = world.Get_rank(), world.Get_size()
part = np.empty((10, 40))
with Publisher(f"{NAME}/{{rank}}", origin=(10 * rank, 0), shape=(10 * size, 40)) as publisher:
    step = 0
    while True:
        total = world.allreduce(step)  # as a calculation exchanges its edges
        assert total == size * step
        part[:] = 1000 * rank + step
        publisher.publish(part, step=step)
        step += 1
"""


@pytest.fixture
def ranks(monkeypatch):
    for name in ("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "OMPI_MCA_rmaps_base_oversubscribe"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("OMPI_MCA_mpi_yield_when_idle", "1")
    # The session folder of Open MPI has a long name, and the path of a socket may not.
    monkeypatch.setenv("TMPDIR", "/tmp")
    command = ["mpirun", "-n", str(RANKS), sys.executable, "-c", PROGRAM]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def found():
    return {each.name: each for each in publishers() if each.name.startswith(f"{NAME}/") and each.count}


def test_every_rank_publishes_its_part_and_an_interrupt_ends_them_all(ranks):
    for _ in attempts(lambda: ranks.poll() is not None and ranks.stderr.read()):
        if len(found()) == RANKS:
            break
    for rank, each in enumerate(sorted(found().values(), key=lambda each: each.name)):
        with watching(each.name, each.pid) as watch:
            wait_until(lambda watch=watch: watch.facts.newest or newest(watch))
            frame = watch.reader.newest(watch.reader.facts(), lambda form: form.arrays)
            (form,) = frame.form.arrays
            assert extent_of(form, frame.form.facts) == (0.0, 40.0, 10.0 * rank, 10.0 * rank + 10)
            assert np.all(frame.arrays[each.name] == 1000 * rank + frame.step)
    ranks.send_signal(signal.SIGINT)
    ranks.wait(PATIENCE)
    wait_until(lambda: not found())
