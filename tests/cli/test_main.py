"""The program: commands, help, exit codes, and interrupts."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from kit.patience import PATIENCE

import traitsview
from traitsview.cli import options
from traitsview.cli.main import COMMANDS, main
from traitsview.color.scales import SCALES
from traitsview.sources.image_info import KINDS
from traitsview.sources.picture import REDUCTIONS

PROGRAM = [sys.executable, "-m", "traitsview"]


@pytest.fixture
def ramp(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("ramp.npy", np.arange(600.0).reshape(20, 30))
    return "ramp.npy"


def test_help_lists_every_command(capsys):
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: traitsview SOURCE…")
    for name in COMMANDS:
        assert f"\n  {name} " in text


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "serve"])
def test_each_command_has_help_with_examples(name, capsys):
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: traitsview {name}")
    assert f"\n  traitsview {name}" in text
    assert "examples" in text


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"traitsview {traitsview.__version__}\n"


def test_help_needs_no_numpy():
    code = "import sys; from traitsview.cli.main import main; main(['--help']); main(['render', '--help'])"
    code += "; assert not {'numpy', 'traits', 'astropy', 'rpyc', 'numba'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=PATIENCE)


def test_names_in_help_are_those_that_options_take():
    assert options.REDUCTION_NAMES == REDUCTIONS
    assert options.KIND_NAMES == KINDS
    assert set(options.SCALE_NAMES) == set(SCALES)


def test_debug_adds_the_traceback(ramp, capsys):
    assert main(["info", "none.npy", "--debug"]) == 1
    text = capsys.readouterr().err
    assert text.startswith("Traceback")
    assert text.splitlines()[-1].startswith("traitsview: cannot open 'none.npy'")
    assert main(["--debug", "info", ramp]) == 0


def test_unexpected_error_is_one_line_too(ramp, capsys, monkeypatch):
    def broken(source):
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr("traitsview.cli.info.facts", broken)
    assert main(["info", ramp]) == 1
    assert capsys.readouterr().err == (
        "traitsview: unexpected ZeroDivisionError: division by zero; run again with --debug and report what it prints\n"
    )


def test_module_runs_as_a_program(ramp):
    done = subprocess.run([*PROGRAM, "info", ramp], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert "20 × 30" in done.stdout
    failed = subprocess.run([*PROGRAM, "info", "none"], capture_output=True, text=True, timeout=PATIENCE)
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1


def test_reader_that_goes_away_is_no_error(ramp):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*PROGRAM, "info", ramp], stdout=writer, stderr=subprocess.PIPE, timeout=PATIENCE)
    os.close(writer)
    assert done.stderr == b""


def test_interrupt_ends_it_with_130_and_no_words(ramp):
    code = "import os, signal; from traitsview.cli import info\n"
    code += "info.facts = lambda source: os.kill(os.getpid(), signal.SIGINT) or [0 for _ in iter(int, 1)]\n"
    code += "from traitsview.cli.main import main\nraise SystemExit(main(['info', 'ramp.npy']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=PATIENCE)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr == b""


def test_interrupt_while_a_command_is_read_ends_it_with_130_and_no_words():
    code = "import os, signal; from traitsview.cli import info\n"
    code += "def add_arguments(parser):\n    try: os.kill(os.getpid(), signal.SIGINT)\n    finally: parser.lost\n"
    code += "info.add_arguments = add_arguments\n"
    code += "from traitsview.cli.main import main\nraise SystemExit(main(['info', 'ramp.npy']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGINT, b"", b"")


def test_source_without_a_command_is_viewed(ramp, monkeypatch):
    seen = []
    monkeypatch.setattr("traitsview.cli.view.run", lambda arguments: seen.append(arguments) or 0)
    assert main([ramp, "--limits", "minmax", "other.npy", "--invert"]) == 0
    assert main(["view", ramp]) == 0
    assert seen[0].sources == [ramp, "other.npy"]
    assert seen[0].limits == "minmax"
    assert seen[0].invert
    assert seen[1].sources == [ramp]


def test_words_after_two_dashes_are_no_options(ramp, capsys, monkeypatch):
    seen = []
    monkeypatch.setattr("traitsview.cli.view.run", lambda arguments: seen.append(arguments) or 0)
    assert main([ramp, "--invert", "--", "-x.npy", "--limits", "1", "2"]) == 0
    assert seen[0].sources == [ramp, "-x.npy", "--limits", "1", "2"]
    assert seen[0].invert
    assert main(["--", "-x.npy"]) == 0
    assert seen[1].sources == ["-x.npy"]
    assert main(["info", "--", "-x:/y"]) != 0
    assert "-x:/y" in capsys.readouterr().err


def test_file_called_like_a_command_is_named_by_its_path(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rendr").write_bytes(b"no image")
    assert main(["info", "./rendr"]) == 1
    assert "unknown kind of file" in capsys.readouterr().err


def test_interrupt_while_libraries_load_closes_hosts_and_ends_it():
    code = "import os, signal, sys\nfrom traitsview.cli.interruption import ending_at_once\n"
    code += "with ending_at_once(lambda: print('closed')):\n"
    code += "    try:\n        os.kill(os.getpid(), signal.SIGINT)\n    except BaseException:\n        print('lost')\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout, done.stderr) == (130, "closed\n", "")
