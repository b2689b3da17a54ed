"""Measures the present speed of this machine, so that tests can limit processor time.

A limit in seconds would depend on the machine and on its other work.  So a limit is a multiple of the time of a fixed
piece of work that is done beside it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

__all__ = ["piece_of_work", "processor_time"]


def piece_of_work(clock: Callable[[], float] = time.thread_time) -> float:
    """Return the seconds that a fixed piece of work takes now by a clock: about 10 ms on a machine of 2024.

    The clock may count processor time, so that other programs do not matter, or time on the wall.
    """
    began = clock()
    total = 0
    for number in range(120_000):
        total += number & 0xFF
    b",".join(b"%d" % number for number in range(50_000)).split(b",")
    return clock() - began


def processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
