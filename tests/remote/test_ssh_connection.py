"""After the network of an ssh was unplugged, the picture comes back by itself, and soon."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from kit.shaped_network import ShapedNetwork, why_not_here
from kit.sshd import ALIAS, Sshd, needs_sshd

pytestmark = [needs_sshd, pytest.mark.skipif(bool(why_not_here()), reason=why_not_here() or "-")]

# Tells of contact line by line, and at the end whether the picture is still the same.
_VIEWER = f"""
import json
import numpy as np
from traitsview.geometry import Viewport
from traitsview.opening import open_source
from traitsview.remote.viewer import backoff
def say(*words):
    print(json.dumps(words), flush=True)
# Between two tries it waits for ever: what comes back does so because the line did.
backoff.FIRST_PAUSE_SECONDS = backoff.LONGEST_PAUSE_SECONDS = 36000.0
with open_source("{ALIAS}:image.npy") as source:
    viewport = Viewport.fitting(source.info, (90, 110))
    before = source.render(viewport)
    source.link.watch(lambda news: say(type(news).__name__, str(news)))
    say("open")
    input()
    say("same", np.array_equal(source.render(viewport), before, equal_nan=True))
"""


@pytest.fixture
def line(image):
    """Return a line, and a viewer at its end that looks at an image at the other one."""
    with ShapedNetwork(100e6, 0) as network:
        box = Sshd(network.there_address, ("", network.there))
        try:
            box.start()
            np.save(box.home / "image.npy", image)
            environment = dict(os.environ, TRAITSVIEW_SSH=box.command)
            viewer = network.run(
                network.here,
                [sys.executable, "-c", _VIEWER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                text=True,
            )
            with viewer:
                assert heard(viewer) == ["open"]
                yield network, viewer
        finally:
            box.close()


def heard(viewer):
    return json.loads(viewer.stdout.readline())


def unplug(network, viewer, kind):
    """Unplug the line until news of that kind come, and plug it in again; return when all is well."""
    plug = ["ip", "-n", network.here, "link", "set", "line"]
    subprocess.run([*plug, "down"], check=True)
    kinds = [""]
    while kinds[-1] != kind:
        kinds.append(heard(viewer)[0])
    subprocess.run([*plug, "up"], check=True)
    while kinds[-1] != "NoneType":
        kinds.append(heard(viewer)[0])
    return kinds


@pytest.mark.slow
@pytest.mark.fault("N1")
def test_a_line_that_was_unplugged_is_used_as_soon_as_it_is_back(line):
    network, viewer = line
    unplug(network, viewer, "HostStale")
    kinds = unplug(network, viewer, "HostGone")
    assert "HostStale" in kinds
    viewer.stdin.write("\n")
    viewer.stdin.flush()
    assert heard(viewer) == ["same", True]
