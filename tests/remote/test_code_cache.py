"""Compiled code is kept where the user's home allows it, and otherwise in the folder of the host."""

from __future__ import annotations

import os

import pytest

from traitsview.remote.host import code_cache
from traitsview.remote.host.code_cache import keep_code_in


@pytest.fixture
def homeless(monkeypatch, tmp_path):
    """Be a user without a home or a cache, whose package cannot be written."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    monkeypatch.setattr(code_cache, "_PACKAGE", tmp_path / "file" / "package")
    (tmp_path / "file").write_text("no folder")
    yield monkeypatch
    os.environ.pop("NUMBA_CACHE_DIR", None)


def test_compiled_code_is_kept_in_the_folder_if_there_is_no_other_place(homeless, tmp_path):
    keep_code_in(tmp_path / "kept")
    assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / "kept")


@pytest.mark.parametrize("where", ["package", "home", "cache", "named"])
def test_compiled_code_is_kept_elsewhere_where_that_is_possible(homeless, tmp_path, where):
    if where == "package":
        homeless.setattr(code_cache, "_PACKAGE", tmp_path)
    elif where == "named":
        homeless.setenv("NUMBA_CACHE_DIR", "/somewhere")
    else:
        homeless.setenv({"home": "HOME", "cache": "XDG_CACHE_HOME"}[where], str(tmp_path))
    keep_code_in(tmp_path / "kept")
    assert os.environ.get("NUMBA_CACHE_DIR") == ("/somewhere" if where == "named" else None)


def test_a_home_that_cannot_be_written_keeps_nothing(homeless, tmp_path):
    homeless.setenv("HOME", str(tmp_path))
    homeless.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    keep_code_in(tmp_path / "kept")
    assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / "kept")
