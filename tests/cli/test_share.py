"""The command ``traitsview share``."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from kit.patience import PATIENCE


@pytest.fixture(autouse=True)
def _runtime(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with tempfile.TemporaryDirectory(prefix="tv-") as folder:
        monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{folder}/traitsview")
        yield
        run("serve", "--stop")


def run(*words):
    """Run a command; return its exit code, its output and its error output."""
    command = [sys.executable, "-m", "traitsview.cli.main", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


def test_it_shares_lists_and_ends_and_guests_see_no_more_than_that(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir()
    for path in (shared / "image.npy", tmp_path / "secret.npy"):
        np.save(path, np.arange(600.0).reshape(20, 30))
    assert run("serve", "--listen", "tls://127.0.0.1:0")[0] == 0
    code, said, _ = run("share", str(shared), "--for", "2h", "--as", "carla")
    assert code == 0
    assert re.match(rf"shared carla: {shared}, until 20\d\d-.*, nobody is connected\n", said)
    file, place = re.search(r"give the file (\S+)\n", said)[1], re.search(r"mode 600, at (\S+)\n", said)[1]
    address = re.search(r"run: traitsview (tls://127\.0\.0\.1:\d+)/", said)[1]
    assert f"run: traitsview {address}{shared}/FILE\n" in said
    assert run("share", "--list")[1] == said.removeprefix("shared ").splitlines()[0] + "\n"

    # The guest has a home of their own, with that file.
    home = tmp_path / "guest"
    kept = home / Path(place.removeprefix("~/.local/state/"))
    kept.parent.mkdir(parents=True, mode=0o700)
    kept.parent.chmod(0o700)
    kept.write_bytes(Path(file).read_bytes())
    kept.chmod(0o600)
    with monkeypatch.context() as guest:
        guest.setenv("XDG_STATE_HOME", str(home))
        assert run("render", f"{address}{shared}/image.npy", "-o", str(tmp_path / "seen.npy"))[0] == 0
        code, _, error = run("info", f"{address}{tmp_path}/secret.npy")
        assert (code, "it is not shared with you; ask the owner of the server" in error) == (1, True)
    assert run("share", "--revoke", "carla")[1] == "ended 1 share\n"
    with monkeypatch.context() as guest:
        guest.setenv("XDG_STATE_HOME", str(home))
        code, _, error = run("info", f"{address}{shared}/image.npy")
        assert (code, "it does not let us in" in error) == (1, True)
    assert run("share", "--list")[1] == "nothing is shared\n"
    assert not Path(file).exists()
    # Nothing of the token is where others see it.
    log = next(Path(p) for p in Path(tempfile.gettempdir()).glob("tv-*/traitsview/serve.log")).read_text()
    assert "shares " in log


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        ([], 2, "nothing to share is named; name files, folders or live:NAME"),
        (["--list", "x"], 2, "--list and --revoke take no PATH, --for or --as"),
        (["--revoke", "carla"], 1, "none is running; start it with 'traitsview serve --listen tls://HOST:PORT'"),
        (["/"], 1, "none is running; start it with"),
        (["/", "--for", "soon"], 2, "'soon' is no duration"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(words, code, line):
    done, said, error = run("share", *words)
    assert (done, said) == (code, "")
    assert line in error
    assert "Traceback" not in error


def test_without_a_server_nothing_is_shared_and_without_a_door_nothing_can_be():
    assert run("share", "--list")[:2] == (0, "nothing is shared\n")
    run("serve")
    code, _, error = run("share", "/tmp")
    assert (code, "the server does not listen on the network; start it with" in error) == (1, True)
