"""Makes ``docs/faults.rst``: each failure mode, what is expected, and the tests that prove it.

A test says what it proves by ``@pytest.mark.fault("N4")``.  The marks are read in the sources; nothing is run.

    python docs/fault_table.py            write the table
    python docs/fault_table.py --check    say whether it is current
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from fault_rows import SECTIONS

__all__ = ["marks", "page"]

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).parent / "faults.rst"

_BEGINNING = """\
.. Made by docs/fault_table.py.

What can go wrong
=================

These are the failures that we have thought of, what should happen in each, and the tests that prove that it does.
The table is made from marks in the sources of the tests, and a test checks that it is current.  A test that is named
here causes the failure and shows the behaviour, on one kind of machine.  It does not show that nothing else can go
wrong.  A failure without a test is called open, with the reason.

A test that needs root, network namespaces or sshd is skipped where they are missing.  ``make soak`` runs those that
kill and cut for much longer.

{summary}
"""


def marks(root: Path = ROOT) -> dict[str, list[str]]:
    """Return for each row the tests marked with it, as ``folder/test_file.py::test_name``."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_module = [row for node in tree.body if isinstance(node, ast.Assign) for row in _rows(node.value)]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                rows = [row for decorator in node.decorator_list for row in _rows(decorator)]
                for row in dict.fromkeys([*rows, *of_module]):
                    found.setdefault(row, []).append(f"{path.relative_to(root / 'tests')}::{node.name}")
    return found


def _rows(expression: ast.expr) -> Iterator[str]:
    """Yield the rows of the marks in an expression."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fault":
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def page(found: dict[str, list[str]]) -> str:
    """Return the page."""
    rows = [row for _, rows in SECTIONS for row in rows]
    proved = sum(row[0] in found for row in rows)
    later = sum(row[0] not in found and row[3].startswith("not built yet") for row in rows)
    summary = (
        f"Of {len(rows)} failures {proved} are proved by tests, {len(rows) - proved - later} are open, "
        f"and {later} are of things that do not exist yet."
    )
    parts = [_BEGINNING.format(summary=summary)]
    for title, rows_of_section in SECTIONS:
        parts += [f"{title}\n{'-' * len(title)}\n", ".. list-table::\n   :header-rows: 1\n   :widths: 6 26 28 40\n"]
        parts.append(_line("", "Failure", "Expected", "Proved by"))
        for number, failure, expected, reason in rows_of_section:
            tests = found.get(number, [])
            cell = "\n".join(f"| {_sentence(test)}" for test in tests) or (
                reason if reason.startswith("not built yet") else f"**open**: {reason or 'no test names it'}"
            )
            parts.append(_line(number, failure, expected, cell))
    return "\n".join(parts)


def _line(*cells: str) -> str:
    lines = []
    for index, cell in enumerate(cells):
        lead = "   * - " if index == 0 else "     - "
        lines.append((lead + cell.replace("\n", "\n       ")).rstrip())
    return "\n".join(lines) + "\n"


def _sentence(test: str) -> str:
    file, _, name = test.partition("::")
    return f"{name.removeprefix('test_').replace('_', ' ')} (``{file}``)"


def main() -> int:
    """Write the page, or say whether it is current."""
    text = page(marks())
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
