"""The log of a server is private, has one line for each event and a limited size, and never stops the server."""

from __future__ import annotations

import errno
import logging
import os
import stat

import pytest

from traitsview.remote.user_server import server_log
from traitsview.remote.user_server.server_log import ServerLog


@pytest.fixture
def log(tmp_path):
    handler = ServerLog(tmp_path / "serve.log")
    yield handler
    handler.close()


def say(handler, line, *args, **extra):
    handler.handle(logging.LogRecord("x", logging.INFO, "", 0, line, args, extra.get("exc_info")))


def lines(tmp_path, name="serve.log"):
    return (tmp_path / name).read_text().splitlines()


def test_a_line_has_a_time_and_a_level(log, tmp_path):
    say(log, "viewer %d came", 7)
    assert lines(tmp_path)[0].endswith("Z INFO viewer 7 came")
    assert lines(tmp_path)[0][:2] == "20"


@pytest.mark.fault("X11")
@pytest.mark.parametrize("umask", [0o000, 0o027, 0o077])
def test_the_log_and_the_older_files_are_private(log, tmp_path, monkeypatch, umask):
    monkeypatch.setattr(log, "maxBytes", 200)
    old = os.umask(umask)
    try:
        for number in range(20):
            say(log, "line %d", number)
    finally:
        os.umask(old)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["serve.log", "serve.log.1", "serve.log.2"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_the_log_has_a_limited_size(log, tmp_path, monkeypatch):
    assert (log.maxBytes, log.backupCount) == (10_000_000, 2)
    monkeypatch.setattr(log, "maxBytes", 1000)
    for number in range(200):
        say(log, "line %d", number)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3000
    assert lines(tmp_path)[-1].endswith("line 199")


@pytest.mark.parametrize(
    "text", ["a\nINFO viewer 1 came", "\x1b]0;title\x07", "\r\b\b", "\u202egnp", "\udcff\x85\u2028"]
)
def test_texts_from_elsewhere_imitate_no_line_and_steer_no_terminal(log, tmp_path, text):
    say(log, "cannot open %s", text)
    say(log, "next")
    assert len(lines(tmp_path)) == 2
    assert all(line.isprintable() for line in lines(tmp_path))


def test_a_traceback_is_indented_and_escaped(log, tmp_path):
    try:
        raise ValueError("bad \x1b[31m\ncolour")
    except ValueError as error:
        say(log, "failed", exc_info=(type(error), error, error.__traceback__))
    first, *rest = lines(tmp_path)
    assert first.endswith("INFO failed")
    assert len(rest) >= 3
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


@pytest.mark.fault("S10")
def test_lines_that_cannot_be_written_are_counted_and_nobody_is_stopped(log, tmp_path, monkeypatch, capfd):
    real = os.open

    def full(path, flags, *args, **options):
        if str(path).endswith("serve.log"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, flags, *args, **options)

    monkeypatch.setattr(server_log.os, "open", full)
    for number in range(5):
        say(log, "lost %d", number)
    monkeypatch.undo()
    say(log, "kept")
    say(log, "kept too")
    found = lines(tmp_path)
    assert [line.split("Z ")[1] for line in found] == [
        "WARNING dropped 5 lines of this log: No space left on device",
        "INFO kept",
        "INFO kept too",
    ]
    assert capfd.readouterr().err.count("No space left on device; the server goes on") == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.fault("S10")
def test_a_file_that_takes_no_more_loses_its_lines_only(log, tmp_path, monkeypatch):
    say(log, "one")
    log._forget()
    monkeypatch.setattr(log, "_open", lambda: open("/dev/full", "a"))  # noqa: SIM115
    say(log, "two")
    say(log, "three")
    monkeypatch.undo()
    say(log, "four")
    assert [line.split("Z ")[1] for line in lines(tmp_path)] == [
        "INFO one",
        "WARNING dropped 2 lines of this log: No space left on device",
        "INFO four",
    ]


@pytest.mark.fault("X7")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_path_that_is_no_file_is_left_alone(log, tmp_path, kind, capfd):
    path, other = tmp_path / "serve.log", tmp_path / "precious"
    other.write_text("precious")
    {"link": lambda: path.symlink_to(other), "pipe": lambda: os.mkfifo(path), "folder": path.mkdir}[kind]()
    say(log, "lost")
    assert other.read_text() == "precious"
    assert "cannot write" in capfd.readouterr().err


def test_the_log_goes_on_in_another_folder(log, tmp_path):
    say(log, "here")
    (tmp_path / "there").mkdir()
    log.move(tmp_path / "there" / "serve.log")
    say(log, "there")
    assert len(lines(tmp_path)) == 1
    assert lines(tmp_path / "there")[0].endswith("INFO there")


def test_a_wrong_format_ends_nobody(log, tmp_path, capfd):
    say(log, "%d", "x")
    say(log, "after")
    assert lines(tmp_path)[-1].endswith("INFO after")
    assert "Logging error" in capfd.readouterr().err
