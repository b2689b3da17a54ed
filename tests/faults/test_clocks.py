"""When the wall clock jumps, no limit of time ends early or late, and no contact is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from kit.patience import PATIENCE

from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer import contact
from traitsview.remote.viewer.link import Link

#: A program that makes the wall clock jump by an hour back and forth, for every function that reads it.
JUMPING = """
import datetime, random, time

_true = time.time
_chance = random.Random(0)


def _jumped():
    return _true() + _chance.choice((-3600.0, 0.0, 3600.0))


time.time = _jumped
time.time_ns = lambda: int(_jumped() * 1e9)
_localtime, _gmtime = time.localtime, time.gmtime
time.localtime = lambda seconds=None: _localtime(_jumped() if seconds is None else seconds)
time.gmtime = lambda seconds=None: _gmtime(_jumped() if seconds is None else seconds)


class _Jumping(datetime.datetime):
    @classmethod
    def now(cls, zone=None):
        return cls.fromtimestamp(_jumped(), zone)


datetime.datetime = _Jumping
"""

#: A host that runs this program before it imports any module of ours.
HOST = (
    JUMPING
    + """
import socket, sys
from traitsview.remote.protocol import endpoint
from traitsview.remote.host.server import Server
from traitsview.remote.host.source_pool import SourcePool, open_here
from pathlib import Path

listener = endpoint.listen(Path(sys.argv[1]))
print("ready", flush=True)
Server(listener, SourcePool(open_here)).serve_forever()
"""
)


@pytest.fixture
def jumping_host(tmp_path):
    path = tmp_path / "private" / "socket"
    path.parent.mkdir(mode=0o700)
    with subprocess.Popen([sys.executable, "-c", HOST, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        yield path
        process.kill()


@pytest.fixture
def jumps(monkeypatch):
    """Make the wall clock of this process jump."""
    true, chance = time.time, random.Random(1)
    monkeypatch.setattr(time, "time", lambda: true() + chance.choice((-3600.0, 0.0, 3600.0)))


@pytest.mark.usefixtures("jumps", "unhurried")
@pytest.mark.fault("S23")
@pytest.mark.fault("N9")
def test_clocks_that_jump_on_both_sides_change_nothing(jumping_host, reach, looking, monkeypatch):
    monkeypatch.setattr(contact, "HEARTBEAT_SECONDS", 0.1)
    signs, ping = [], Link.ping
    monkeypatch.setattr(Link, "ping", lambda link: signs.append(ping(link)))
    viewer = looking(reach(SocketRoute, jumping_host))
    while len(signs) < 20:
        viewer.step()
        viewer.settle()
    # Contact was neither stale nor lost, and no call ran out of time.
    assert viewer.news == []
    assert viewer.source.wait_newer(0, 0.3) >= 0


@pytest.mark.fault("S23")
@pytest.mark.fault("N9")
def test_viewer_with_another_monotonic_clock_than_the_host_is_served(file, hosted):
    tried = subprocess.run(["unshare", "--time", "--monotonic", "360000", "true"], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no time namespaces here: {tried.stderr.strip()}")
    _, host = hosted(file)
    look = (
        "import sys, time, numpy as np\n"
        "from pathlib import Path\n"
        "from traitsview.geometry import Viewport\n"
        "from traitsview.remote.viewer.remote_source import RemoteSource\n"
        "from traitsview.remote.routes.socket_route import SocketRoute\n"
        "with RemoteSource(SocketRoute(Path(sys.argv[1]), sys.argv[2])) as source:\n"
        "    pixels = source.render(Viewport((1.0, 1.0), (10, 20), (64, 64)))\n"
        "    print(np.array_equal(pixels, np.load(sys.argv[2])[20:84, 10:74]), time.monotonic() > 360000)\n"
    )
    ahead = ["unshare", "--time", "--monotonic", "360000", "--fork", sys.executable, "-c", look]
    done = subprocess.run([*ahead, str(host.path), str(file)], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.stdout, done.stderr) == ("True True\n", "")
