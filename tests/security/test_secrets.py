"""Secrets appear in no log, argument, environment, title, traceback or file.

A window looks at three images at once, over a unix socket, over TLS and through a real sshd, and then at some that
fail.  All programs log as much as they can.  The test knows the secrets: the tokens and the keys of TLS, those of the
owner and of a share, and the numbers by which hosts know their viewers.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from kit.patience import PATIENCE
from kit.sshd import ALIAS, Sshd, needs_sshd

from traitsview.remote.routes.own_shares import make_share
from traitsview.remote.tls import credentials
from traitsview.remote.user_server import served

#: A program that makes every logger and handler log at DEBUG, whatever level is set.
LOUD = """
import logging
logging.Logger.setLevel = lambda self, level: (setattr(self, "level", logging.DEBUG), self.manager._clear_cache())
logging.Handler.setLevel = lambda self, level: setattr(self, "level", logging.DEBUG)
logging.getLogger().setLevel(0)
"""

VIEWER = """
import json, logging, sys, traceback
told = json.loads(sys.stdin.readline())
logging.basicConfig(filename=told["log"], level=logging.DEBUG, force=True)
logging.debug("everything is logged")
from traitsview.remote.protocol import hello
numbers = [bytes.fromhex(number) for number in told["numbers"]]
hello.new_viewer = numbers.pop
from traitsview.cli.main import main
from traitsview.opening import open_source
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.view.window import panel_of, process_events_until, view

def opened(text):
    if text.startswith("unix:"):
        return RemoteSource(SocketRoute.to_server(text.removeprefix("unix:")))
    return open_source(text)

sources = [opened(text) for text in told["sources"]]
viewers = [view(source) for source in sources]
process_events_until(lambda: all(viewer.exact for viewer in viewers), 120)
for viewer, source in zip(viewers, sources):
    assert viewer.exact, viewer.shown
    print(panel_of(viewer).window().windowTitle(), viewer.shown, viewer.readout_line, repr(source), vars(source))
    print(repr(source._contact), repr(source._contact._route), repr(source._contact.link()), source.info)
for text in told["wrong"]:
    try:
        opened(text)
    except Exception:
        traceback.print_exc()
    main(["--debug", "info", text.removeprefix("unix:")])
print("ready", flush=True)
sys.stdin.readline()
for viewer in viewers:
    panel_of(viewer).window().close()
for source in sources:
    source.close()
"""


def spellings(name, secret):
    """Yield the texts in which the bytes of a secret may be written."""
    for spelled in (
        secret,
        secret.hex().encode(),
        secret.hex().upper().encode(),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
        repr(secret)[2:-1].encode(),
        str(int.from_bytes(secret, "big")).encode(),
        str(int.from_bytes(secret, "little")).encode(),
    ):
        yield name, spelled


def places(folders):
    """Yield each place where a secret may be seen, and its bytes."""
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        for name in ("cmdline", "environ", "comm"):
            try:
                yield f"/proc/{pid}/{name}", Path(f"/proc/{pid}/{name}").read_bytes()
            except OSError:
                continue
    for folder in folders:
        for path in folder.rglob("*"):
            yield str(path), os.fsencode(path)
            if path.is_file() and path.parent.name not in ("servers", "shares"):
                yield f"in {path}", path.read_bytes()


def seen(needles, folders):
    """Return the names of secrets that are seen, and the places."""
    return [(name, place) for place, data in places(folders) for name, needle in needles if needle in data]


@pytest.fixture
def home():
    """Yield a folder with a path that is short enough for a socket in it."""
    folder = Path(tempfile.mkdtemp(prefix="tv-x8-"))
    for name in ("run", "state", "loud"):
        (folder / name).mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def box(home, monkeypatch):
    """Yield an sshd, and make all processes that are started from now on log as much as they can."""
    (home / "loud" / "sitecustomize.py").write_text(LOUD)
    monkeypatch.setenv("PYTHONPATH", str(home / "loud"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", str(home / "run"))
    daemon = Sshd()
    monkeypatch.setenv("TRAITSVIEW_SSH", f"{daemon.command} -vvv")
    daemon.start()
    yield daemon
    daemon.close()


@needs_sshd
@pytest.mark.fault("X8")
def test_secrets_appear_in_no_log_title_argument_or_file(home, box, tmp_path, wait_until):
    image = tmp_path / "image.npy"
    np.save(image, np.arange(4800, dtype=np.float32).reshape(60, 80))
    record = served.start([str(tmp_path)], persist=None, options=["--listen", "tls://127.0.0.1:0"])
    try:
        host, port = record.address.removeprefix("tls://").rsplit(":", 1)
        known = credentials.credentials_for(host, int(port))
        key = base64.b64decode("".join(known.client_key.split("-----")[2].split()))
        share = json.loads(Path(make_share("carla", 3600.0, [str(tmp_path)]).file).read_text())
        numbers = [secrets.token_bytes(16) for _ in range(20)]
        needles = [*spellings("token", bytes.fromhex(known.token)), ("key", known.client_key[40:80].encode())]
        needles += [*spellings("token of a share", bytes.fromhex(share["token"]))]
        needles += [("key of a share", share["client_key"][40:80].encode())]
        needles += [*spellings("key", key[-40:]), *(each for n in numbers for each in spellings("viewer's number", n))]
        sources = [f"unix:{image}", f"{record.address}{image}", f"{ALIAS}:{image}"]
        told = {
            "log": str(home / "viewer.log"),
            "numbers": [number.hex() for number in numbers],
            "sources": sources,
            "wrong": [f"{text}x" for text in sources] + [f"{ALIAS}none:x.npy", "tls://127.0.0.1:1/x.npy"],
        }
        with open(home / "said", "wb") as words:
            viewer = subprocess.Popen(
                [sys.executable, "-c", VIEWER],
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=subprocess.STDOUT,
                text=True,
            )
        viewer.stdin.write(json.dumps(told) + "\n")
        viewer.stdin.flush()
        said = home / "said"
        wait_until(lambda: "ready\n" in said.read_text() or viewer.poll() is not None)
        assert viewer.poll() is None, said.read_text()
        folders = [home, box.folder, tmp_path]
        found = seen(needles, folders)
        viewer.communicate("\n", timeout=PATIENCE)
        found += seen(needles, folders)
        assert found == []
        # The logs were detailed, and errors were among them.
        assert "Traceback" in said.read_text()
        assert "everything is logged" in (home / "viewer.log").read_text()
        assert "Accepted publickey" in box.log()
        assert (home / "run" / "serve.log").stat().st_size > 100
        # A secret in a log would have been found.
        (home / "leak.log").write_text(f"hello {numbers[0]!r}")
        assert ("viewer's number", f"in {home}/leak.log") in seen(needles, [home])
        assert known.token in credentials.record_path(host, int(port)).read_text()
        assert seen(needles, [home / "state" / "traitsview"]) == []
    finally:
        served.stop()
