"""Compiled code is kept on disk by one process at a time, and is what was asked for."""

from __future__ import annotations

import fcntl
from types import SimpleNamespace

import pytest

from traitsview import compilation


class Dispatcher:
    """Does what numba's does, with a cache in `folder`; `found` is the types of the code that it comes to."""

    def __init__(self, folder, found="types"):
        self.stats = SimpleNamespace(cache_path=folder and str(folder))
        self.overloads = {}
        self.compiling = lambda: None
        self._found = found

    def compile(self, signature):
        self.compiling()
        self.overloads[self._found] = "code"


def locked(folder):
    """Return an open file that holds the lock of a cache; raises `BlockingIOError` if somebody has it."""
    lock = open(folder / "lock", "ab")  # noqa: SIM115
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise
    return lock


def test_nobody_else_compiles_into_a_cache_meanwhile(tmp_path):
    dispatcher, tried = Dispatcher(tmp_path), []

    def compiling():
        with pytest.raises(BlockingIOError):
            locked(tmp_path)
        tried.append(True)

    dispatcher.compiling = compiling
    compilation.build(dispatcher, "types")
    assert tried
    locked(tmp_path).close()


def test_one_that_was_stopped_meanwhile_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(compilation, "_TURN_SECONDS", 0.0)
    dispatcher = Dispatcher(tmp_path)
    with locked(tmp_path):
        compilation.build(dispatcher, "types")
    assert dispatcher.overloads


@pytest.mark.parametrize("folder", [None, "/nowhere"])
def test_where_nothing_can_be_locked_it_is_compiled_all_the_same(folder):
    dispatcher = Dispatcher(folder)
    compilation.build(dispatcher, "types")
    assert dispatcher.overloads


def test_code_for_other_types_is_refused_with_the_folder_to_remove(tmp_path):
    with pytest.raises(RuntimeError, match=f"code for other types; remove {tmp_path}"):
        compilation.build(Dispatcher(tmp_path, found="other types"), "types")
