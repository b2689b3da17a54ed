"""Gives a check many random inputs.  Each input has a name, TARGET/SEED/NUMBER, from which it can be made again.

``TRAITSVIEW_FUZZ`` is the number of cases of each target (2,000 by default).  ``TRAITSVIEW_FUZZ_SEED`` is the seed
(0 by default; ``make fuzz`` takes a new one each time).  ``TRAITSVIEW_FUZZ_REPLAY=TARGET/SEED/NUMBER`` runs one case
again.
"""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import gc
import os
import random
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from .machine import piece_of_work
from .patience import PATIENCE, attempts

#: The least number of cases of each target, unless ``TRAITSVIEW_FUZZ`` is smaller.
LEAST = 2000

CASES = int(os.environ.get("TRAITSVIEW_FUZZ", LEAST))
SEED = os.environ.get("TRAITSVIEW_FUZZ_SEED", "0")
REPLAY = os.environ.get("TRAITSVIEW_FUZZ_REPLAY", "")

#: The longest time that one case may take, in pieces of work: about a second on a machine of 2024.
SLOWEST = 100

#: The most bytes that cases may have in use at any moment, more than before the first case.
ROOM = 256 << 20

#: The most bytes by which the memory of a target may grow.
GROWTH = 16 << 20

_WARM = 500

# A case that takes fewer seconds than this is quick enough on any machine.  Nearly all cases are.
_QUICK = 0.1


class Unbounded(AssertionError):
    """A case asked for more memory than `ROOM`, even if it handled the failure."""


def fuzz(
    target: str,
    made: Callable[[random.Random], Any],
    check: Callable[[Any], None],
    found: Sequence[Any] = (),
    share: float = 1.0,
    growth: int = GROWTH,
) -> None:
    """Check many cases that `made` makes from random numbers.

    Parameters
    ----------
    target : str
        The first part of the name of each case.
    made : callable
        Returns a case for a random number generator.
    check : callable
        Raises if something is wrong with a case.
    found : sequence
        Cases that failed once.  They are checked first.
    share : float
        The part of the usual number of cases that is checked; below 1 if each case takes long.
    growth : int
        The most bytes by which memory may grow after the first few hundred cases.
    """
    if REPLAY:
        if not REPLAY.startswith(f"{target}/"):
            pytest.skip(f"replaying {REPLAY}")
        case = made(random.Random(REPLAY))
        print(f"\n{REPLAY}: {case!r}")
        check(case)
        return
    for case in found:
        check(case)
    count = max(min(CASES, LEAST), int(CASES * share))
    began = time.perf_counter()
    before = 0, 0, 0
    with _watched(target) as now, _little_memory():
        for number in range(count):
            if number == min(_WARM, count // 2):
                before = _in_use()
            name = now[0] = f"{target}/{SEED}/{number}"
            now[1] = time.monotonic()
            case = made(random.Random(name))
            try:
                _check(case, check)
            except BaseException as error:
                _tell(name, case, error)
                raise
    seconds = time.perf_counter() - began
    print(f"\n{target}: {count:,} cases, {count / seconds:,.0f} per second, seed {SEED}")
    _require_no_more(before, growth)


def require_one_line(error: BaseException) -> None:
    """Fail unless the text of an error is one line without control characters."""
    line = str(error)
    assert line.isprintable(), repr(line)
    assert len(line) < 5000


def _check(case: Any, check: Callable[[Any], None]) -> None:
    for attempt in (1, 2, 3):
        began = time.monotonic()
        try:
            check(case)
        except BaseException as error:
            if _lacked_memory(error):
                raise Unbounded("it asked for more memory than there was room for") from error
            raise
        took = time.monotonic() - began
        if took <= _QUICK:
            return
        pieces = took / piece_of_work(time.monotonic)
        if pieces <= SLOWEST:
            return
        # Another program may have had the processor just then.
        assert attempt < 3, f"it took as long as {pieces:.0f} pieces of work"


def _lacked_memory(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _tell(name: str, case: Any, error: BaseException) -> None:
    again = f"TRAITSVIEW_FUZZ_REPLAY={name} make fuzz"
    print(f"\n{name}: {type(error).__name__}: {error}\n  {again}\n  {case!r:.2000}", file=sys.stderr)


@contextlib.contextmanager
def _watched(target: str) -> Iterator[list[Any]]:
    """Name the case that hangs, and interrupt it."""
    now: list[Any] = [target, time.monotonic()]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(1.0):
            if time.monotonic() - now[1] > PATIENCE:
                print(f"\n{now[0]}: it does not end", file=sys.stderr, flush=True)
                _thread.interrupt_main()
                return

    thread = threading.Thread(target=watch, name="fuzzing", daemon=True)
    thread.start()
    try:
        yield now
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def _little_memory() -> Iterator[None]:
    """Limit the memory of this process to `ROOM` more bytes, used or not.

    So code fails that allocates as many bytes as a hostile message claims to have.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_statm()[0] + ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _statm() -> tuple[int, int]:
    size, resident = Path("/proc/self/statm").read_text().split()[:2]
    page = os.sysconf("SC_PAGESIZE")
    return int(size) * page, int(resident) * page


def _in_use() -> tuple[int, int, int]:
    """Return the numbers of bytes, descriptors and threads in use."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # give free memory back to the system
    return _statm()[1], len(os.listdir("/proc/self/fd")), threading.active_count()


def _require_no_more(before: tuple[int, int, int], growth: int) -> None:
    for _ in attempts(lambda: f"(bytes, descriptors and threads grew from {before} to {_in_use()})", pause=0.05):
        now = _in_use()
        if now[0] - before[0] <= growth and now[1] <= before[1] and now[2] <= before[2]:
            return
