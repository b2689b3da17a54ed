"""Gives the tests a home of their own, so that they neither see nor change the user's settings.

This happens before anything else is imported, because Traits chooses its toolkit and Qt its platform then.
Processes that tests start inherit it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

# A short name: the path of a unix socket has at most 107 bytes.
_HOME = Path(tempfile.mkdtemp(prefix="tv-"))

for _name, _folder in (
    ("HOME", "."),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_STATE_HOME", "state"),
    ("XDG_RUNTIME_DIR", "run"),
    ("MPLCONFIGDIR", "matplotlib"),
):
    (_HOME / _folder).mkdir(mode=0o700, exist_ok=True)
    os.environ[_name] = str((_HOME / _folder).resolve())

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["ETS_TOOLKIT"] = "qt"
os.environ.pop("QT_SCALE_FACTOR", None)
os.environ.pop("DISPLAY", None)
os.environ.pop("WAYLAND_DISPLAY", None)
# Compiled kernels are kept from run to run; Numba drops those whose source has changed.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parent.parent / ".pytest_cache" / "numba"))


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture
def wait_until():
    """Return a function that waits until a condition holds, at most so many seconds."""

    def wait(condition, seconds=10.0):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"not within {seconds} s"
            time.sleep(0.005)

    return wait
