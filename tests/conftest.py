"""Gives the tests a home of their own, so that they neither see nor change the user's settings.

This happens before anything else is imported, because Traits chooses its toolkit and Qt its platform then.
Processes that tests start inherit it.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from kit import patience

pytest_plugins = ["kit.schedule", "kit.leftovers"]

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

# Who starts the tests in the background may have the interrupt ignored, which all processes of the tests would inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["ETS_TOOLKIT"] = "qt"
os.environ.pop("QT_SCALE_FACTOR", None)
os.environ.pop("DISPLAY", None)
os.environ.pop("WAYLAND_DISPLAY", None)
# Compiled kernels are kept from run to run; Numba drops those whose source has changed.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parent.parent / ".pytest_cache" / "numba"))


# Property tests try the same examples each time: whether a change is good does not depend on luck.  Nor does it depend
# on how long an example takes, the first of which may compile something.
settings.register_profile(
    "test", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
# Others each time, and more of them: ``make fuzz``.
settings.register_profile("search", settings.get_profile("test"), derandomize=False, max_examples=2000)
settings.load_profile("test")


def pytest_collection_finish() -> None:
    # Thousands of tests stay until the end: whoever collects garbage, to see what is left, need not look at them again.
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture
def wait_until():
    """Return the function that waits until a condition holds."""
    return patience.wait_until
