"""Processes, told apart from later ones that have the same number."""

from __future__ import annotations

__all__ = ["start_ticks"]


def start_ticks(pid: int | str = "self") -> int:
    """Return when a process was started, in clock ticks since boot; 0 if there is no such process.

    It is the 22nd field of ``/proc/PID/stat``, see proc(5).
    """
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            # The second field, the name, may hold anything, also brackets and spaces.
            return int(stat.read().rpartition(b")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0
