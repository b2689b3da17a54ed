"""The table of failures in the documentation agrees with the marks of the tests."""

from __future__ import annotations

import subprocess
import sys

import fault_table
from fault_rows import SECTIONS
from kit.import_graph import ROOT


def test_every_mark_names_a_failure_in_the_table():
    known = {row[0] for _, rows in SECTIONS for row in rows}
    assert set(fault_table.marks()) <= known


def test_the_committed_table_is_current():
    table = [sys.executable, str(ROOT / "docs" / "fault_table.py"), "--check"]
    assert subprocess.run(table).returncode == 0, "run 'python docs/fault_table.py'"


def test_marks_of_functions_and_of_modules_are_found(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(
        "import pytest\npytestmark = pytest.mark.fault('N1')\n"
        "@pytest.mark.fault('N2')\n@pytest.mark.fault('N3')\ndef test_a(): pass\ndef test_b(): pass\n"
    )
    a, b = "test_it.py::test_a", "test_it.py::test_b"
    assert fault_table.marks(tmp_path) == {"N2": [a], "N3": [a], "N1": [a, b]}


def test_failure_without_a_test_is_called_open():
    assert "**open**: no test names it" in fault_table.page({})
