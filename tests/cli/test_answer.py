"""Only the answers of a command reach its standard output, not what libraries write."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from astropy.io import fits
from kit.patience import PATIENCE

from traitsview.cli.main import main

#: A program like ``traitsview``, whose reader of files writes to the standard output in every way there is.
NOISY = """
import ctypes, logging, os, sys
logging.basicConfig(stream=sys.stdout, level=logging.INFO)
from traitsview.sources.files import npy
quiet = npy.read_header
def noisy(file, stream, what):
    print("printed")
    logging.getLogger("library").info("logged")
    os.write(1, b"written\\n")
    ctypes.CDLL(None).puts(b"put by C")
    ctypes.CDLL(None).fflush(None)
    os.system("echo echoed by a child")
    return quiet(file, stream, what)
npy.read_header = noisy
from traitsview.cli.main import main
sys.exit(main())
"""
NOISES = ("printed", "logged", "written", "put by C", "echoed by a child")


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("a.npy", np.arange(12.0).reshape(3, 4))


def run(program, *words, **options):
    command = [sys.executable, "-c", program, *words]
    return subprocess.run(command, text=True, timeout=PATIENCE, check=False, **{"capture_output": True, **options})


def test_answers_of_a_command_are_all_that_its_standard_output_has():
    done = run(NOISY, "info", "a.npy", "--json")
    assert json.loads(done.stdout)["shape"] == [3, 4]
    assert done.returncode == 0
    for noise in NOISES:
        assert noise in done.stderr


def test_commands_without_an_answer_have_an_empty_standard_output():
    done = run(NOISY, "render", "a.npy", "-o", "a.png")
    assert (done.returncode, done.stdout) == (0, "")
    assert os.path.exists("a.png")


def test_host_process_writes_nothing_to_the_standard_output_of_the_command():
    noisy = (
        "import os\n"
        "from traitsview.sources.registry import open_source\n"
        "def opener(text):\n    print('printed', flush=True); os.write(1, b'written')\n    return open_source(text)\n"
    )
    with open("noisy_opener.py", "w") as file:
        file.write(noisy)
    program = (
        "import sys\nfrom traitsview.opening import connect\n"
        "from traitsview.remote.routes.own_process import OwnProcess\n"
        "with connect(OwnProcess('a.npy', 'noisy_opener:opener')) as source: print(source.info.shape)"
    )
    done = run(program, env={**os.environ, "PYTHONPATH": os.pathsep.join([os.getcwd(), *sys.path])})
    assert (done.stdout.strip(), done.stderr) == ("(3, 4)", "")


def test_no_warning_is_printed_for_sip_coefficients_beside_a_plain_projection():
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 2.0, "CRPIX2": 2.0, "CDELT1": -0.1, "CDELT2": 0.1}
    hdu = fits.PrimaryHDU(np.zeros((4, 4)))
    hdu.header.update({**cards, "A_ORDER": 2, "B_ORDER": 2, "A_2_0": 1e-5, "B_0_2": 1e-5})
    hdu.writeto("sip.fits")
    done = run("from traitsview.cli.main import main; main()", "info", "sip.fits", "--json")
    assert json.loads(done.stdout)["center"]
    assert done.stderr == ""


def test_help_goes_to_the_standard_output(capsys):
    for words in (["--help"], ["info", "--help"], ["colormaps", "--help"], ["--version"]):
        assert main(words) == 0
        said = capsys.readouterr()
        assert said.out.strip()
        assert said.err == ""


@pytest.mark.parametrize("closed", [[1], [2], [1, 2]])
def test_command_works_without_standard_streams(closed):
    def close():
        for number in closed:
            os.close(number)

    words = [sys.executable, "-m", "traitsview", "render", "a.npy", "-o", "a.npy.png"]
    done = subprocess.run(words, preexec_fn=close, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0


def test_command_ends_quietly_when_the_reader_of_its_output_leaves():
    reading, writing = os.pipe()
    os.close(reading)
    done = run(
        "from traitsview.cli.main import main; import sys; sys.exit(main())",
        "info",
        "a.npy",
        stdout=writing,
        stderr=subprocess.PIPE,
        capture_output=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
