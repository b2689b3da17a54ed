"""A plugin of pytest for the order of tests, the number at once, and the time for all."""

from __future__ import annotations

import math
import os
import random
import time
from itertools import groupby

import pytest

_ENDS = pytest.StashKey[float]()

# The reason in the report of a skipped test.
_LEFT = "left to 'make test'"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", metavar="SEED", help="run the files, and the tests in each, in an order of this seed")
    parser.addoption("--within", metavar="SECONDS", type=float, help="begin no test when so much time is over")


def pytest_xdist_auto_num_workers() -> int:
    # Many tests wait for other processes most of the time.
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seed = config.getoption("shuffle")
    if seed is None:
        return
    chance = random.Random(seed)
    # Tests of a file stay together, since fixtures that they share are made once.
    files = [list(tests) for _, tests in groupby(items, lambda item: item.path)]
    chance.shuffle(files)
    for tests in files:
        chance.shuffle(tests)
    items[:] = [test for tests in files for test in tests]


def pytest_collection_finish(session: pytest.Session) -> None:
    seconds = session.config.getoption("within")
    session.config.stash[_ENDS] = math.inf if seconds is None else time.monotonic() + seconds


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if time.monotonic() > item.config.stash[_ENDS]:
        pytest.skip(_LEFT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left = [report for report in terminalreporter.stats.get("skipped", ()) if _LEFT in str(report.longrepr)]
    if left:
        terminalreporter.write_line(f"{len(left)} tests are {_LEFT}: the time is over")
