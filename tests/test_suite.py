"""The tests themselves: none of them depends on how quick a machine is."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings
from kit import FOLDER
from kit.patience import PATIENCE

CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time"}

#: What is given a limit in seconds, as the last of what it is given.
LIMITED = {"wait", "wait_idle", "wait_ended", "join", "settimeout", "process_events_until"}


def test_no_property_test_is_judged_by_its_time(request):
    for item in request.session.items:
        used = getattr(getattr(item, "function", None), "_hypothesis_internal_use_settings", settings.default)
        assert used.deadline is None, item.nodeid
        assert used.print_blob, item.nodeid
        assert HealthCheck.too_slow in used.suppress_health_check, item.nodeid


def name_of(function):
    """Return the last name of what is called."""
    return getattr(function, "attr", getattr(function, "id", ""))


def called(node):
    """Return the names of all that is called in a piece of code."""
    return {name_of(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}


def names(node):
    """Return the names in a piece of code."""
    return [each for each in ast.walk(node) if isinstance(each, ast.Name)]


def limits(call):
    """Return the numbers that a call is given as limits in seconds."""
    last = call.args[-1:] if name_of(call.func) in LIMITED else []
    given = [*last, *(each.value for each in call.keywords if each.arg == "timeout")]
    return [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, int | float)]


def offences(path):
    """Yield where a test asks a clock whether all is well, waits too little, sleeps, or fails beside a thread."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    modules = {alias.asname or alias.name for node in imports for alias in node.names}
    for node in ast.walk(tree):
        # What is compared with a piece of work is a ratio.
        if isinstance(node, ast.Assert) and called(node) & CLOCKS and "piece_of_work" not in called(node):
            yield f"{path.name}:{node.lineno}: an assertion asks a clock"
        if isinstance(node, ast.Call) and called(node.func) == set() and getattr(node.func, "attr", "") == "sleep":
            yield f"{path.name}:{node.lineno}: it sleeps; see kit/patience.py"
        # Up to a second is a pause, in which something has the opportunity to go wrong.
        if isinstance(node, ast.Call) and any(1 < limit < PATIENCE for limit in limits(node)):
            yield f"{path.name}:{node.lineno}: a machine may be too slow for that limit; see PATIENCE"
        # To describe it Hypothesis looks through all modules, and fails when a thread imports one meanwhile.
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("filter", "builds"):
            named = {each.id for arg in node.args if isinstance(arg, ast.Lambda) for each in names(arg)}
            if named & modules:
                yield f"{path.name}:{node.lineno}: a lambda that uses a module; give it a name"


def test_no_test_depends_on_how_quick_the_machine_is():
    tests = sorted(Path(__file__).parent.rglob("test_*.py"))
    assert len(tests) > 100
    assert [offence for path in tests for offence in offences(path)] == []


def test_the_check_sees_what_it_must(tmp_path):
    bad = tmp_path / "test_bad.py"
    bad.write_text(
        "assert time.monotonic() - began < 5\n"
        "assert perf_counter() < 3 * before\n"
        "time.sleep(1)\n"
        "assert process_time() < 3 * piece_of_work()\n"
        "import numpy as np\n"
        "st.floats().filter(lambda x: np.isfinite(x))\n"
        "st.floats().filter(lambda x: x > 0)\n"
        "assert viewer.wait(20)\n"
        "viewer.wait(0.1)\n"
        "run(words, timeout=60)\n"
        "assert process_events_until(lambda: viewer.exact, 10)\n"
    )
    lines = {int(offence.split(":")[1]) for offence in offences(bad)}
    assert lines == {1, 2, 3, 6, 8, 10, 11}


LEAVES = """
import os, subprocess, threading, time
from kit import patience
from kit.leftovers import *

patience.PATIENCE = 0.1
end = threading.Event()

def test_variable():
    os.environ["TRAITSVIEW_HOST"] = "far"

def test_folder(tmp_path):
    os.chdir(tmp_path)

def test_umask():
    os.umask(0o077)

def test_thread():
    threading.Thread(target=end.wait, daemon=True).start()

def test_thread_that_ends():
    threading.Timer(0.01, print).start()

def test_settings(tmp_path):
    (tmp_path / "there").touch()
    with open(os.path.join(os.environ["HOME"], "config", "settings"), "w"):
        pass

def test_nothing():
    assert os.listdir(os.path.join(os.environ["HOME"], "config")) == []
"""


def test_what_a_test_leaves_is_seen(tmp_path):
    (tmp_path / "test_leaves.py").write_text(LEAVES)
    for folder in ("config", "data", "state"):
        (tmp_path / folder).mkdir()
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(FOLDER)}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    seen = re.findall(r"^ERROR \S+::(\w+)", done.stdout, re.MULTILINE)
    assert seen == ["test_variable", "test_folder", "test_umask", "test_thread"], done.stdout
    assert "7 passed, 4 errors" in done.stdout
