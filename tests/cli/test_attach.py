"""The command ``attach``, which ssh runs on a host: it starts quickly, prints only frames, and ends with the viewer."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest
from kit.patience import PATIENCE

from traitsview.cli.main import main
from traitsview.remote.tunnel import relay_words

PROGRAM = [sys.executable, "-m", "traitsview", "attach"]


def test_it_prints_its_version_and_ends_with_its_input():
    done = subprocess.run([*PROGRAM, "--stdio"], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
    assert done.stderr == b""
    assert done.returncode == 0
    assert done.stdout.startswith(relay_words.MARK)
    assert json.loads(done.stdout[len(relay_words.MARK) :])["version"] == relay_words.VERSION


def test_it_imports_no_slow_module():
    code = "import sys; from traitsview.cli.main import main; main(['attach', '--stdio'])"
    code += "; sys.exit(repr({'numpy', 'rpyc', 'numba', 'traits', 'asyncio', 'ssl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
    assert done.stderr.strip() == b"set()"


def test_on_a_terminal_it_names_the_command_to_use_instead():
    leader, terminal = pty.openpty()
    done = subprocess.run(
        [*PROGRAM, "--stdio"], stdin=terminal, stdout=terminal, stderr=subprocess.PIPE, timeout=PATIENCE
    )
    os.close(leader)
    os.close(terminal)
    assert done.returncode == 2
    assert b"this is a terminal, and a viewer is expected; run 'traitsview HOST:FILE'" in done.stderr


def test_it_ends_when_its_input_is_another_protocol():
    done = subprocess.run([*PROGRAM, "--stdio"], input=b"GET / HTTP/1.1\r\n\r\n", capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.parametrize("words", [["attach"], ["attach", "--stdio", "x"]])
def test_wrong_arguments_are_refused(words, capsys):
    assert main(words) == 2
    assert "traitsview attach" in capsys.readouterr().err
