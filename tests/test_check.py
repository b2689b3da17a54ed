"""``make check`` runs what a change can break, the nearest first."""

from __future__ import annotations

import subprocess
import sys

import check
import pytest
from kit.import_graph import ROOT, TESTS, distances, files_with_tests, uses
from kit.patience import PATIENCE


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ("traitsview/remote/viewer/contact.py", "remote/test_contact.py"),  # imported
        ("traitsview/geometry.py", "view/test_pixels.py"),  # over many imports, and by a program that the test runs
        ("traitsview/remote/wire/__init__.py", "remote/test_wire.py"),  # a package
        ("traitsview/color/loaders/cpt.py", "color/loaders/test_cpt.py"),  # imported by its name in a table
        ("traitsview/cli/render.py", "cli/test_render.py"),
        ("traitsview/remote/user_server/daemon.py", "remote/test_daemon.py"),
        ("tests/kit/shaped_network.py", "remote/test_ssh_connection.py"),  # shared by tests of two folders
        ("tests/kit/openers.py", "remote/test_contact.py"),  # named in a text
        ("tests/view/conftest.py", "view/test_steps.py"),
        ("tests/kit/patience.py", "test_geometry.py"),
        ("docs/faults.rst", "faults/test_fault_table.py"),
        ("colormaps/heather.chaco", "color/loaders/test_chaco.py"),
        ("examples/look_at_array.py", "test_examples.py"),
        ("tests/test_layers.py", "test_layers.py"),
    ],
)
def test_what_a_change_can_break_is_found(changed, broken):
    assert (ROOT / changed).exists()
    assert TESTS / broken in distances([ROOT / changed])


def test_what_has_nothing_to_do_with_it_is_left_out():
    found = distances([ROOT / "traitsview/view/image/color_bar.py"])
    assert 1 < len(found) < len(files_with_tests()) / 2
    assert TESTS / "remote/test_contact.py" not in found


def test_types_alone_break_nothing():
    # It names Summary, in ``if TYPE_CHECKING``.
    using = [path for path in (ROOT / "traitsview").rglob("*.py") if "if TYPE_CHECKING:\n" in path.read_text()]
    assert using
    for path in using:
        block = path.read_text().partition("if TYPE_CHECKING:\n")[2].splitlines()[0].split()
        assert block[0] in ("from", "import")
    assert ROOT / "traitsview/sources/image_info.py" not in uses(ROOT / "traitsview/geometry.py")


def test_the_nearest_are_the_first():
    changed = ROOT / "traitsview/color/loaders/cpt.py"
    order = check.nearest_first([changed])
    found = distances([changed])
    assert order[0] == TESTS / "color/loaders/test_cpt.py"
    assert [found[test] for test in order[1:]] == sorted(found[test] for test in order[1:])


def test_what_is_changed_is_what_git_says_and_what_it_does_not_know(tmp_path, monkeypatch):
    monkeypatch.setattr(check, "ROOT", tmp_path)
    for name in ("HOME", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for words in (["init", "-q"], ["add", "."]):
        (tmp_path / "same.py").write_text("one")
        (tmp_path / "other.py").write_text("one")
        check.git(*words)
    check.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one")
    (tmp_path / "other.py").write_text("two")
    (tmp_path / "new.py").write_text("one")
    assert check.changed_since("HEAD") == [tmp_path / "other.py", tmp_path / "new.py"]


def test_when_the_time_is_over_no_test_is_begun_and_that_is_said():
    command = [sys.executable, "-m", "pytest", "-q", "--within=0", str(TESTS / "test_geometry.py")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert "tests are left to 'make test': the time is over" in run.stdout
    assert "passed" not in run.stdout


def test_another_order_is_the_same_for_the_same_seed():
    def order():
        files = [str(TESTS / "test_geometry.py"), str(TESTS / "test_layers.py")]
        command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "--shuffle=1", *files]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=True)
        return [line for line in run.stdout.splitlines() if "::" in line]

    found = order()
    assert order() == found
    assert sorted(found) != found
    names = [line.partition("::")[0] for line in found]
    assert len([name for name, before in zip(names[1:], names, strict=False) if name != before]) == 1
