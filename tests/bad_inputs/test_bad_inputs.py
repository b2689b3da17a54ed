"""Whatever is wrong is answered by one line on stderr and the right exit code."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import numpy as np
import pytest
from kit import bad_files
from kit.bad_cases import CASES, Case

from traitsview.cli.main import main

LINE = re.compile(r"traitsview: [a-z].{10,400}\n")


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def check_line(text: str) -> None:
    assert LINE.fullmatch(text), text
    assert not re.search(r"Traceback|Errno|0x[0-9a-f]{6}|<class|object at|unexpected", text), text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.argv[:60] or "nothing")
def test_wrong_input_is_answered_in_one_line(case: Case, capfd):
    case.make()
    assert main(case.argv.split()) == case.code
    out, line = capfd.readouterr()
    assert out == ""
    check_line(line)
    for words in case.words:
        assert words in line
    assert not list(Path.cwd().glob("out.*"))
    assert not list(Path.cwd().glob(".*.part"))


def test_there_are_many_cases():
    assert len(CASES) >= 90
    assert {case.code for case in CASES} == {1, 2}


@pytest.mark.parametrize("text", ["", "\0", "a\nb.npy", "\x1b[31mred.npy", "\udcff.npy", "x" * 5000])
def test_control_characters_do_not_reach_the_terminal(text, capfd):
    assert main(["render", text, "-o", "out.png"]) in (1, 2)
    line = capfd.readouterr().err
    check_line(line)
    assert line[:-1].isprintable()


def test_no_display_is_one_line_that_names_the_way_out(monkeypatch, capfd):
    bad_files.good_npy()
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["good.npy"]) == 1
    line = capfd.readouterr().err
    check_line(line)
    assert "--screenshot" in line
    monkeypatch.setenv("DISPLAY", ":31")
    assert main(["good.npy"]) == 1
    assert "nothing answers at DISPLAY=:31" in capfd.readouterr().err


@pytest.mark.parametrize(("content", "words"), [(b"\x93NUMPY", "unknown"), (b"SIMPLE  =     T" * 9999, "unpacked")])
def test_packed_files_that_are_broken_are_answered_in_one_line(content, words, capfd):
    packed = gzip.compress(content)
    Path("bad.fits.gz").write_bytes(packed if words == "unknown" else packed[:-20])
    assert main(["render", "bad.fits.gz", "-o", "out.png"]) == 1
    check_line(capfd.readouterr().err)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("NaN", np.full((5, 7), np.nan)),
        ("infinite", np.full((5, 7), np.inf)),
        ("mixed infinite", np.array([[np.inf, -np.inf], [np.nan, np.inf]])),
        ("one finite", np.array([[np.nan, 3.0], [np.inf, -np.inf]])),
        ("constant", np.full((5, 7), 3.0)),
        ("constant zero", np.zeros((5, 7), np.uint8)),
        ("one element", np.array([[42.0]])),
        ("one row", np.arange(9.0)[None]),
        ("one column", np.arange(9.0)[:, None]),
        ("widest range", np.array([[-1.7e308, 1.7e308], [0.0, 1.0]])),
        ("denormal", np.array([[5e-324, 0.0]])),
        ("int64", np.array([[np.iinfo(np.int64).min, np.iinfo(np.int64).max]])),
        ("uint64", np.array([[0, np.iinfo(np.uint64).max]], np.uint64)),
        ("bool", np.array([[True, False]])),
        ("half", np.array([[1, 2]], np.float16)),
        ("complex", np.array([[1 + 1j, np.nan]])),
    ],
)
@pytest.mark.parametrize("limits", ["99.5%", "minmax", "zscale", "3sigma", "1% 99%"])
@pytest.mark.fault("G4")
def test_odd_image_has_a_defined_picture(name, array, limits, capfd):
    from PIL import Image

    np.save("odd.npy", array)
    for scale in ("linear", "log", "sqrt", "symlog", "hinge:0", "histogram", "labels"):
        assert main(["render", "odd.npy", "-o", "out.png", "--limits", limits, "--scale", scale]) == 0
        with Image.open("out.png") as picture:
            assert picture.size == array.shape[::-1]
    note = capfd.readouterr().err
    if np.isfinite(array).any():
        assert note == ""
    else:
        check_line(note.splitlines(keepends=True)[0])
    assert main(["info", "odd.npy"]) == 0
    assert main(["info", "odd.npy", "--json"]) == 0
