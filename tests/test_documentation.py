"""What the documentation says: its Python runs as it is printed, and its numbers are those of the program."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from kit.patience import PATIENCE

from traitsview.color.catalogue import Catalogue
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.colormap_file import ColormapFile
from traitsview.color.loaders.colormap_format import Format
from traitsview.remote.wire.questions import QUESTIONS

ROOT = Path(__file__).parent.parent
PAGES = ["README.rst", "docs/python.rst", "docs/embedding.rst", "colormaps/README.rst"]

#: Each window that opens is closed once it has been painted, so that programs go on to their ends.
CLOSING = """
from traitsview.windows import load_windows
load_windows()
from pyface.qt import QtCore, QtGui
closing = QtCore.QTimer()
closing.timeout.connect(QtGui.QApplication.closeAllWindows)
closing.start(200)
"""


def snippets(page: str) -> list[str]:
    """Return the Python of a page, block by block."""
    text = (ROOT / page).read_text()
    return [textwrap.dedent(each) for each in re.findall(r"^\.\. code-block:: python\n\n((?: +.*\n|\n)+)", text, re.M)]


def make_files(folder: Path) -> None:
    """Make the files that the pages name."""
    image = np.random.default_rng(0).normal(size=(1000, 1200)).astype(np.float32)
    sky = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CDELT1": -1e-4, "CDELT2": 1e-4}
    for name in ("m13", "before", "after"):
        fits.writeto(folder / f"{name}.fits", image, fits.Header(sky))
    fits.writeto(folder / "cube.fits", image[:600].reshape(5, 300, 480))
    np.save(folder / "run.npy", image)
    shutil.copy(ROOT / "colormaps" / "shoreline.cpt", folder / "mine.cpt")


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_runs_from_top_to_bottom(page, tmp_path):
    make_files(tmp_path)
    program = tmp_path / "page.py"
    blocks = snippets(page)
    program.write_text("\n".join([CLOSING, *blocks]))
    command = [sys.executable, "-W", "ignore", str(program)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert blocks
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("page", ["README.rst", "colormaps/README.rst"])
def test_the_number_of_colormaps_is_the_one_of_the_catalogue(page, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("TRAITSVIEW_COLORMAP_PATH", raising=False)
    known = Catalogue()
    known.look_inside()
    hundreds = len(known.entries()) // 100 * 100
    assert re.findall(r"more than (\d+)\s+colormaps", (ROOT / page).read_text()) == [str(hundreds)]


GUIDES = ["CONTRIBUTING.rst", "docs/design/layers.rst"]


@pytest.mark.parametrize("page", GUIDES)
def test_the_files_and_folders_that_a_guide_names_are_there(page):
    places = re.findall(r"``([a-z]+/[a-z0-9_/.]+)``", (ROOT / page).read_text(encoding="utf-8"))
    assert places
    roots = ROOT, ROOT / "traitsview", ROOT / "tests", ROOT / "docs"
    gone = {place for place in places if not any((root / place).exists() for root in roots)}
    assert gone <= {"sources/files/hdf5.py", "tests/color/loaders/test_mine.py"}  # examples of new ones


def test_every_question_is_on_the_pages_about_questions():
    pages = [(ROOT / "docs" / page).read_text(encoding="utf-8") for page in ("python.rst", "design/wire.rst")]
    for name, (kind, _) in QUESTIONS.items():
        assert f".. autoclass:: {kind.__module__}.{kind.__name__}" in pages[0]
        assert f'("{name}", ' in pages[1]


def test_the_colormap_format_that_the_guide_has_as_an_example_reads_a_file(tmp_path):
    text = (ROOT / "CONTRIBUTING.rst").read_text(encoding="utf-8")
    example = re.search(r"^    def load.*?^    FORMATS.*?$", text, re.M | re.S)
    names = {"ColormapFile": ColormapFile, "Colormap": Colormap, "Format": Format}
    exec(textwrap.dedent(example[0]), names)
    (mine,) = names["FORMATS"]
    file = ColormapFile(tmp_path / "a.mine", b"#MINE\n0 0 0\n255 0 51\n")
    assert mine.magic(file)
    assert mine.load(file)[0].stops[-1] == (1, (1, 0, 0.2, 1))
    assert names["load"].__doc__
