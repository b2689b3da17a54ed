"""Gets compiled code ready in a thread of its own, one piece after the other.

Whoever wants a piece asks again and again, and does without it until it is there: numba is slow to import and
slower to compile.  Where there is no compiler, or it fails, everybody does without for good.
"""

from __future__ import annotations

import atexit
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable, Hashable
from typing import Any

__all__ = ["build", "compilable", "compiled", "finished", "known"]

logger = logging.getLogger(__name__)

# Seconds that the end of the process waits for a compilation.
_PATIENCE = 1.5

_condition = threading.Condition()
_waiting: deque[tuple[Hashable, Callable[[], Any]]] = deque()
_known: dict[Hashable, Any] = {}
_thread: threading.Thread | None = None
_closing = False


def compiled(key: Hashable, make: Callable[[], Any]) -> Any | None:
    """Return what `make` returned under this key, or None for now or for good; any thread may call.

    The first call has `make` called, in another thread; it imports and compiles, and may raise anything.
    """
    if key not in _known:
        _request(key, make)
    return _known.get(key)


def known(key: Hashable) -> Any | None:
    """Return what `compiled` would, and ask for nothing."""
    return _known.get(key)


def finished(timeout: float) -> bool:
    """Wait until all that was asked for is there, or will never be; return whether it is."""
    with _condition:
        return _condition.wait_for(lambda: _thread is None, timeout)


def compilable(function: Callable[..., Any]) -> Any:
    """Return a function for `build`, which will hold no lock of the interpreter; this imports the compiler.

    Its code is kept on disk where that can be written.
    """
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # neither beside the function's file nor in the user's cache directory
        return njit(**options)(function)


def build(dispatcher: Any, signature: tuple[Any, ...]) -> None:
    """Have numba compile a function for arguments of these types."""
    try:
        dispatcher.compile(signature)
    except OSError:
        # The code is there before it is written to the cache.
        if signature not in dispatcher.overloads:
            raise
        logger.info("compiled code could not be kept on disk", exc_info=True)


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
        thread.join(_PATIENCE)
        if thread.is_alive():
            _bar_from_llvm()


def _bar_from_llvm() -> None:
    """Keep every other thread out of LLVM.

    One that is stopped within it keeps its lock, and the process waits for ever when it frees what LLVM has made.
    """
    lock = getattr(getattr(sys.modules.get("llvmlite.binding.ffi"), "lib", None), "_lock", None)
    if lock is not None:
        lock.__enter__()
