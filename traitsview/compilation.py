"""Compiles kernels in a thread of its own, one after the other.

numba is slow to import and slower to compile.  So a caller asks for a kernel at each use, and uses NumPy until the
kernel is there.  If there is no compiler, or it fails, callers use NumPy for good.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any

__all__ = ["build", "compilable", "compiled", "finished", "known"]

logger = logging.getLogger(__name__)

# The process waits so long for a compilation when it ends.
_EXIT_SECONDS = 10.0

# Another process that compiles is waited for at most so long: it may have been stopped.
_TURN_SECONDS = 60.0

_condition = threading.Condition()
_waiting: deque[tuple[Hashable, Callable[[], Any]]] = deque()
_known: dict[Hashable, Any] = {}
_thread: threading.Thread | None = None
_closing = False


def compiled(key: Hashable, make: Callable[[], Any]) -> Any | None:
    """Return the result of `make` for this key; None if it is not there yet, or failed.  Any thread may call.

    The first call for a key lets another thread call `make`, which imports and compiles, and may raise anything.
    """
    if key not in _known:
        _request(key, make)
    return _known.get(key)


def known(key: Hashable) -> Any | None:
    """Return the result for a key like `compiled`, but do not request it."""
    return _known.get(key)


def finished(timeout: float) -> bool:
    """Wait until every request is done or has failed; return whether that is so."""
    with _condition:
        return _condition.wait_for(lambda: _thread is None, timeout)


def compilable(function: Callable[..., Any]) -> Any:
    """Return a function for `build`, which will run without the interpreter's lock.  Imports the compiler.

    Compiled code is kept on disk if there is a place that can be written.
    """
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # neither beside the function's file nor in the user's cache directory
        return njit(**options)(function)


def build(dispatcher: Any, signature: tuple[Any, ...]) -> None:
    """Let numba compile a function for arguments of these types, or load code that was compiled before.

    Raises
    ------
    RuntimeError
        If the code on disk for these types is code for other types.
    """
    with _turn(dispatcher.stats.cache_path):
        try:
            dispatcher.compile(signature)
        except OSError:
            # The code is there before it is written to the cache.
            if signature not in dispatcher.overloads:
                raise
            logger.info("compiled code could not be kept on disk", exc_info=True)
    # Numba itself does not check this.
    if signature not in dispatcher.overloads:
        raise RuntimeError(f"the cache is damaged: code for other types; remove {dispatcher.stats.cache_path}")


@contextlib.contextmanager
def _turn(folder: str | None) -> Iterator[None]:
    """Keep other processes from compiling into the cache in `folder` meanwhile, if it can be locked.

    Numba chooses the name of a new file before it writes it.  Two processes that compile one function at the same
    time, for different types, can choose the same name: the code of one is found under the types of the other.
    """
    with contextlib.ExitStack() as stack:
        if folder is not None:
            # A cache that can only be read needs no lock, and some network file systems have none.
            with contextlib.suppress(OSError):
                lock = stack.enter_context(open(Path(folder) / "lock", "ab"))
                _wait_for(lock.fileno())
        yield


def _wait_for(lock: int) -> None:
    end = time.monotonic() + _TURN_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return
            time.sleep(0.02)
        else:
            return


def _request(key: Hashable, make: Callable[[], Any]) -> None:
    global _thread
    with _condition:
        if key in _known:
            return
        _known[key] = None
        _waiting.append((key, make))
        if _thread is None and not _closing:
            _thread = threading.Thread(target=_work, name="traitsview-compiler", daemon=True)
            _thread.start()


def _work() -> None:
    global _thread
    while True:
        with _condition:
            if not _waiting:
                _thread = None
                _condition.notify_all()
                return
            key, make = _waiting.popleft()
        try:
            _known[key] = make()
        except Exception as error:  # no numba, or whatever its import and its compiler raise
            logger.warning("without a compiled %s, which is slower: %s", key, error)


@atexit.register
def _finish() -> None:
    global _closing
    with _condition:
        _closing = True
        _waiting.clear()
        thread = _thread
    if thread is not None:
        thread.join(_EXIT_SECONDS)
        if thread.is_alive():
            _bar_from_llvm()


def _bar_from_llvm() -> None:
    """Keep every other thread out of LLVM.

    A thread that is stopped within LLVM keeps its lock.  Then the process would wait for ever when it frees the results
    of LLVM.
    """
    lock = getattr(getattr(sys.modules.get("llvmlite.binding.ffi"), "lib", None), "_lock", None)
    if lock is not None:
        lock.__enter__()
