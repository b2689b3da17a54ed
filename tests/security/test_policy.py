"""SECURITY.md names every test of security, and every test that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_test_that_the_policy_names_exists():
    named = set(re.findall(r"``(tests/[^`]+)``", TEXT))
    assert len(named) > 15
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_policy_names_every_test_of_security():
    found = [path for folder in ("security", "fuzz") for path in (ROOT / "tests" / folder).glob("test_*.py")]
    missing = [path.relative_to(ROOT).as_posix() for path in found if path.name not in TEXT]
    assert missing == ["tests/security/test_policy.py"]


def test_policy_reads_the_same_as_markdown_and_in_the_documentation():
    # Headings that are underlined, lists and double backticks mean the same in both.
    assert not re.search(r"^#|^```|^\||\[[^\]]*\]\(|^\.\. |:\w+:`", TEXT, re.MULTILINE)
