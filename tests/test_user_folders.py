"""Where the user's own files are: also where there is no home."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from traitsview.user_folders import home_folder


def test_it_is_the_one_that_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home_folder() == tmp_path


@pytest.mark.parametrize("named", ["", None])
def test_where_none_is_named_the_list_of_users_says_which_it_is(monkeypatch, tmp_path, named):
    monkeypatch.delenv("HOME") if named is None else monkeypatch.setenv("HOME", named)
    assert home_folder() == Path(pwd.getpwuid(os.geteuid()).pw_dir)

    def unknown(uid):
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert home_folder() is None


def test_what_is_no_folder_is_no_home(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "shut").mkdir()
    monkeypatch.chdir(tmp_path)
    for home in (tmp_path / "none", tmp_path / "file", "shut", "~", "/dev/null"):
        monkeypatch.setenv("HOME", str(home))
        assert home_folder() is None
    monkeypatch.setenv("HOME", str(tmp_path / "shut"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert home_folder() is None
