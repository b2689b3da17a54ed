"""A file of choices: shared, never half written, and of no importance when it is broken."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading

import pytest
from kit.patience import PATIENCE

from traitsview.model.keeping.choices_file import ChoicesFile
from traitsview.model.keeping.kept_colormaps import RECENT, KeptColormaps
from traitsview.user_folders import config_folder


@pytest.fixture
def file(tmp_path):
    made = ChoicesFile(tmp_path / "deep" / "choices.json")
    yield made
    assert made.wait_written(PATIENCE)


def test_what_is_changed_is_there_at_once_and_on_disk_soon(file):
    assert file.read() == {}
    file.change(lambda held: held.update(a=1))
    file.change(lambda held: held.update(b=[2]))
    assert file.read() == {"a": 1, "b": [2]}
    assert file.wait_written(PATIENCE)
    assert json.loads(file.path.read_text()) == {"a": 1, "b": [2]}
    assert os.listdir(file.path.parent) == [file.path.name]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_what_is_written_while_the_file_is_read_is_there_as_well(file, monkeypatch):
    may_write, write, read = threading.Event(), file._write, file._held

    def read_before_it_is_written():
        held = read()
        if not may_write.is_set():
            may_write.set()
            assert file.wait_written(PATIENCE)
        return held

    monkeypatch.setattr(file, "_write", lambda changes: may_write.wait(PATIENCE) and write(changes))
    monkeypatch.setattr(file, "_held", read_before_it_is_written)
    file.change(lambda held: held.update(chosen="it"))
    assert file.read() == {"chosen": "it"}


def test_two_programs_keep_what_the_other_one_chose(file):
    mine, other = (KeptColormaps(file=ChoicesFile(file.path)) for _ in range(2))
    mine.star("a:one", True)
    assert mine.file.wait_written(PATIENCE)
    other.star("b:two", True)
    other.use("b:two")
    assert other.file.wait_written(PATIENCE)
    mine.use("a:one")
    assert mine.file.wait_written(PATIENCE)
    fresh = KeptColormaps(file=file)
    fresh.load(file.read())
    assert fresh.favourites == ("a:one", "b:two")
    assert fresh.recent == ("a:one", "b:two")


def test_a_star_is_taken_back_and_only_the_last_ones_are_recent(file):
    kept = KeptColormaps(file=file)
    kept.star("a:one", True)
    kept.star("a:one", False)
    assert kept.favourites == ()
    for number in range(20):
        kept.use(f"a:{number}")
    assert kept.recent == tuple(f"a:{19 - number}" for number in range(RECENT))


@pytest.mark.fault("G8")
@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe\x00", b'{"a": ' + b"[" * 200_000, b"null"])
def test_a_file_that_makes_no_sense_is_put_aside(file, content, caplog):
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert file.read() == {}
    assert "makes no sense" in caplog.text
    assert file.path.with_name("choices.json.bad").read_bytes() == content
    file.change(lambda held: held.update(a=1))
    assert file.wait_written(PATIENCE)
    assert file.read() == {"a": 1}


@pytest.mark.parametrize(
    "held", [{"favourites": 3, "recent": {"a": 1}}, {"favourites": [1, None, "", "x" * 999, "a:b"]}]
)
def test_what_makes_no_sense_in_it_is_passed_over(file, held):
    kept = KeptColormaps(file=file)
    kept.load(held)
    assert kept.favourites in ((), ("a:b",))
    assert kept.recent == ()


@pytest.mark.fault("G8")
def test_a_folder_that_cannot_be_written_is_gone_without(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    file = ChoicesFile(tmp_path / "file" / "choices.json")
    with caplog.at_level(logging.WARNING):
        file.change(lambda held: held.update(a=1))
        assert file.wait_written(PATIENCE)
    assert "not kept" in caplog.text


@pytest.mark.parametrize(("value", "inside"), [("", ".config"), ("relative", ".config"), ("/absolute", "/absolute")])
def test_the_folder_is_where_others_have_theirs(monkeypatch, value, inside):
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    folder = config_folder()
    assert folder.name == "traitsview"
    assert str(folder.parent).endswith(inside)
