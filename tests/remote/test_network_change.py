"""A network that comes or goes is noticed at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest
from kit.descriptors import descriptors
from kit.patience import PATIENCE, wait_until

from traitsview.remote.tunnel.network_change import NetworkChange

_SCRIPT = """
import subprocess, threading
from traitsview.remote.tunnel.network_change import NetworkChange
told = threading.Semaphore(0)
change = NetworkChange(told.release)
assert not told.acquire(timeout=0.2)
for state in ("up", "down"):
    subprocess.run(["ip", "link", "set", "lo", state], check=True)
    assert told.acquire(timeout=120), state
change.close()
assert threading.active_count() == 1
"""


def test_networks_that_come_and_go_are_told():
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*alone, "ip", "link"], capture_output=True).returncode:
        pytest.skip("needs a network namespace of its own (unshare, iproute2)")
    done = subprocess.run([*alone, sys.executable, "-c", _SCRIPT], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stderr == ""
    assert done.returncode == 0


def test_closing_leaves_nothing():
    before, threads = descriptors(), set(threading.enumerate())
    for _ in range(3):
        change = NetworkChange(lambda: None)
        change.close()
        change.close()
    wait_until(lambda: not descriptors() - before and set(threading.enumerate()) <= threads)


def test_where_the_kernel_does_not_tell_nothing_happens(monkeypatch):
    monkeypatch.delattr("socket.AF_NETLINK")
    NetworkChange(lambda: None).close()
