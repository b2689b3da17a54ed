"""How much memory a host may use, from files as the kernel writes them."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest
from kit.patience import PATIENCE

from traitsview.available_memory import available
from traitsview.remote.host import memory
from traitsview.remote.host.memory import Pressure, cache_limit, pressure

GIB = 1 << 30


@pytest.fixture
def machine(tmp_path):
    """Return a function that makes the files of a machine with `total` and `free` bytes and some control groups."""

    def make(total=32 * GIB, free=16 * GIB, groups="", files=()):
        write = {"proc/meminfo": f"MemTotal: {total >> 10} kB\nMemFree: 1 kB\nMemAvailable: {free >> 10} kB\nX: 1 kB\n"}
        write |= {"proc/self/cgroup": groups, **dict(files)}
        for name, text in write.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n")
        return tmp_path

    return make


def test_a_machine_alone(machine):
    root = machine(free=8 * GIB)
    assert available(root) == 8 * GIB
    assert cache_limit(root) == 2 * GIB


def test_caches_have_4_gib_at_most(machine):
    assert cache_limit(machine(1000 * GIB, 900 * GIB)) == 4 * GIB


def test_a_control_group_of_version_2_limits_memory_and_the_groups_around_it_do_too(machine):
    files = {
        "sys/fs/cgroup/slurm/memory.max": 6 * GIB,
        "sys/fs/cgroup/slurm/memory.current": 3 * GIB,
        "sys/fs/cgroup/slurm/memory.stat": f"anon 1\ninactive_file {GIB}\nactive_file 7",
        "sys/fs/cgroup/slurm/job/memory.max": "max",
        "sys/fs/cgroup/slurm/job/memory.current": 2 * GIB,
    }
    root = machine(groups="0::/slurm/job", files=files)
    assert available(root) == 4 * GIB
    assert cache_limit(root) == GIB


def test_a_control_group_of_version_1_limits_memory_if_it_has_a_limit(machine):
    groups = "9:name=systemd:/user\n4:cpu,memory:/job\n3:cpuset:/other\n0::/"
    files = {
        "sys/fs/cgroup/memory/memory.limit_in_bytes": 9223372036854771712,
        "sys/fs/cgroup/memory/job/memory.limit_in_bytes": 2 * GIB,
        "sys/fs/cgroup/memory/job/memory.usage_in_bytes": GIB,
        "sys/fs/cgroup/memory/job/memory.stat": f"inactive_file 5\ntotal_inactive_file {GIB // 2}",
    }
    root = machine(groups=groups, files=files)
    assert available(root) == 3 * GIB // 2
    assert pressure(root) is Pressure.NONE


@pytest.mark.fault("S8")
@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (0.0, Pressure.NONE),
        (0.59, Pressure.NONE),
        (0.61, Pressure.SHRINK),
        (0.79, 1),
        (0.81, Pressure.REFUSE),
        (1.1, 2),
    ],
)
def test_caches_shrink_from_60_percent_on_and_large_requests_are_refused_from_80_on(machine, used, expected):
    total = 10 * GIB
    assert pressure(machine(total, max(0, int(total * (1 - used))))) == expected
    files = {"sys/fs/cgroup/memory.max": total, "sys/fs/cgroup/memory.current": int(total * used)}
    assert pressure(machine(groups="0::/", files=files)) == expected


def test_files_that_make_no_sense_bound_nothing(machine):
    files = {"sys/fs/cgroup/a/memory.max": "-1", "sys/fs/cgroup/memory.max": "much"}
    assert available(machine(groups="0::/a\nrubbish\n\n0::/../../a", files=files)) == 16 * GIB


def test_without_any_file_the_machine_is_the_limit(tmp_path):
    assert available(tmp_path) > 0
    assert pressure(tmp_path) is Pressure.NONE


def test_this_machine_has_memory():
    assert 0 < cache_limit() <= memory.LARGEST_CACHE_BYTES
    assert cache_limit() <= available() / 4 + (64 << 20)


@pytest.mark.fault("S8")
def test_the_limit_of_an_address_space_counts():
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from traitsview.available_memory import available\n"
        "from traitsview.remote.host.memory import pressure\n"
        "print(available(), int(pressure())); held = bytearray(700 << 20); print(available(), int(pressure()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=True)
    before, calm, after, pressed = map(int, done.stdout.split())
    assert before < 1 << 30
    assert after < before - (600 << 20)
    assert (calm, pressed) == (Pressure.NONE, Pressure.SHRINK)


FREED = """
import resource
from traitsview.remote.host import memory

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()

held = [bytearray(60_000) for _ in range(1000)]
del held[:-1]  # the allocator keeps them below the last one
before = resident()
print(memory.give_back(), before - resident() > 40e6)
"""


def test_freed_memory_goes_back_to_the_system():
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("the C library has no malloc_trim")
    done = subprocess.run([sys.executable, "-c", FREED], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout.split() == ["True", "True"]
