"""Removes the time limit of the tests here if they get more cases than usual."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.fuzzing import CASES, LEAST


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents and CASES > LEAST:
            item.add_marker(pytest.mark.timeout(0))
