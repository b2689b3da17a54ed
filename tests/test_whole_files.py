"""A file is written whole or not at all, and nothing is left beside it."""

from __future__ import annotations

import os
import stat

import pytest

from traitsview.whole_files import replacing


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "kept.txt"
    path.write_bytes(b"before")
    return path


def test_it_is_replaced_at_the_end_of_the_block(path):
    with replacing(path) as stream:
        stream.write(b"after")
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"after"
    assert os.listdir(path.parent) == ["kept.txt"]


def test_what_fails_leaves_what_was_there_and_nothing_else(path):
    with pytest.raises(TypeError), replacing(path) as stream:
        stream.write(b"aft" + None)
    assert path.read_bytes() == b"before"
    assert os.listdir(path.parent) == ["kept.txt"]


def test_several_at_once_are_not_in_each_others_way(path):
    with replacing(path) as one, replacing(path) as other:
        one.write(b"one")
        other.write(b"other")
    assert path.read_bytes() == b"one"
    assert os.listdir(path.parent) == ["kept.txt"]


@pytest.mark.parametrize("mode", [0o600, 0o666])
def test_it_has_the_permissions_asked_for_less_the_umask(path, mode):
    old = os.umask(0o022)
    try:
        with replacing(path, mode):
            pass
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == mode & ~0o022


def test_a_folder_that_is_not_there_is_said_by_the_system(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "no" / "kept.txt"):
        pass
