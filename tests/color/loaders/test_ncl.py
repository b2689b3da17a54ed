from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

SHIPPED = Path(__file__).parents[3] / "colormaps"

RGB = "ncolors = 3\n# r g b\n  0   0  90\n 80 160 200\n255 255 240\n"
GP = "ncolors= 3\nntsc= 1\n# r g b\n  0   0  90\n 80 160 200\n255 255 240\n"
NCMAP = "".join(f"{i} {255 - i} {i // 2}\n" for i in range(256))
SHADES = np.array([[0, 0, 90], [80, 160, 200], [255, 255, 240]]) / 255


def test_the_tables_that_come_with_us():
    rainfall = load_colormap(SHIPPED / "rainfall.rgb")
    assert (rainfall.name, len(rainfall.stops), rainfall.warnings) == ("rainfall", 9, ())
    np.testing.assert_allclose(rainfall.lut(9)[[0, 3, 8], :3] * 255, [[247, 243, 232], [118, 190, 168], [62, 18, 82]])
    moss = load_colormap(SHIPPED / "moss.gp")
    assert (moss.name, len(moss.stops), moss.warnings) == ("moss", 24, ())
    np.testing.assert_allclose(moss.lut(24)[[0, 23], :3] * 255, [[28, 31, 18], [238, 240, 200]])
    thermocline = load_colormap(SHIPPED / "thermocline.ncmap")
    np.testing.assert_allclose(thermocline.lut(256)[[0, 255], :3] * 255, [[12, 20, 64], [210, 70, 50]])
    ice = load_colormap(SHIPPED / "ice-core.ncar")
    assert [place * 255 for place, _ in ice.stops] == pytest.approx([0, 40, 110, 190, 255])
    np.testing.assert_allclose(
        np.array([color[:3] for _, color in ice.stops])[[0, 1, 4]] * 255, [[28, 22, 18], [44, 58, 78], [255, 255, 255]]
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("count", ["ncolors = 3", "ncolors=3", "ncolor = 3", "NCOLORS  = 3"])
def test_ncl_announces_its_rows(read, count, end):
    found = read("a.rgb", RGB.replace("ncolors = 3", count).replace("\n", end))
    np.testing.assert_allclose(found.lut(3)[:, :3], SHADES)
    assert found.warnings == ()


@pytest.mark.parametrize("tail", ["# dark", "/* dark */", "dark", "#", "; 3"])
def test_ncl_lets_words_follow_the_numbers(read, tail):
    np.testing.assert_allclose(read("a.rgb", RGB.replace("90", f"90 {tail}")).lut(3)[:, :3], SHADES)


def test_ncl_counts_in_1_too(read):
    found = read("a.rgb", "ncolors = 2\n0.1 0.2 0.3\n1.0 0.5 0.0\n")
    np.testing.assert_allclose(found.lut(2)[:, :3], [[0.1, 0.2, 0.3], [1, 0.5, 0]])
    found = read("a.rgb", "ncolors = 2\n0 0 0\n1 0 0\n")
    assert found.warnings == ("Its numbers are all 0 or 1: read as 0 … 1; say scale=255 if 255 is full.",)


def test_ncls_rows_of_minus_1_are_no_colours(read):
    rows = "-1.0 0.0 0.0 /* white/black */\n" * 2 + "1.0 0.0 0.0 /* red */\n0.0 1.0 0.0\n0.0 0.0 1.0\n"
    found = read("a.rgb", "ncolors = 3\n" + rows)
    np.testing.assert_allclose(found.lut(3)[:, :3], np.eye(3))
    assert found.warnings == ("2 rows of -1 stand for background and foreground: they were not read.",)


def test_ncls_number_of_rows_may_be_off_by_one(read):
    assert read("a.rgb", RGB.replace("= 3", "= 4")).warnings == ("It announces 4 colours and has 3.",)


def test_last_words_are_passed_over(read):
    found = read("a.rgb", RGB + "output in test.ppm\n")
    assert found.warnings == ("Line 6 and what follows is no colour: it was not read.",)
    found = read("a.ncmap", NCMAP + "output in test.ppm\n")
    assert found.warnings == ("Line 257 and what follows is no colour: it was not read.",)
    assert len(found.stops) == 256


def test_gist(read):
    found = read("a.gp", GP)
    np.testing.assert_allclose(found.lut(3)[:, :3], SHADES)
    assert found.warnings == ()
    np.testing.assert_allclose(read("a.gp", GP.replace("ntsc= 1\n", "")).lut(3)[:, :3], SHADES)
    assert read("a.dat", GP).stops == found.stops


def test_gists_gray_is_left_out(read):
    found = read("a.gp", "ncolors= 2\n0 0 0 0\n200 100 0 110\n")
    assert found.stops[1][1] == (200 / 255, 100 / 255, 0, 1)
    assert found.warnings == ("The gray of each row was not read.",)


def test_ncview(read):
    i = np.arange(256)
    np.testing.assert_allclose(read("a.ncmap", NCMAP).lut(256)[:, :3] * 255, np.stack([i, 255 - i, i // 2], 1))


def test_ncar_view_fills_what_is_missing(read):
    found = read("a.txt", "51 255 0 0\n204 0 0 255\n", format="ncar")
    assert found.stops == ((0, (0, 0, 0, 1)), (0.2, (1, 0, 0, 1)), (0.8, (0, 0, 1, 1)), (1, (1, 1, 1, 1)))
    found = read("a.txt", "0 9 9 9\n255 0 0 0\n", format="ncar")
    assert found.stops == ((0, (9 / 255, 9 / 255, 9 / 255, 1)), (1, (0, 0, 0, 1)))
    assert len(read("a.txt", "0 9 9 9\n", format="ncar").stops) == 2


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.rgb", RGB.replace("160", "abc"), "a.rgb:4: 'abc' is not a number; green was expected"),
        ("a.rgb", RGB.replace("160", "9999"), "a.rgb:4: green is 9999; it must be in 0 … 255"),
        ("a.rgb", RGB.replace("160", "-5"), "a.rgb:4: green is -5; it must be in 0 … 255"),
        (
            "a.rgb",
            RGB.replace("160", ""),
            "a.rgb:4: 2 columns where the rows above have 3; every row must have as many columns",
        ),
        (
            "a.rgb",
            RGB.replace("160", "160 7"),
            "a.rgb:4: 4 columns where the rows above have 3; every row must have as many columns",
        ),
        ("a.rgb", RGB.replace("= 3", "= 5"), "a.rgb: it announces 5 colours and has 3; is the file whole?"),
        ("a.rgb", RGB.replace("= 3", "= 1"), "a.rgb:1: the number of colours is 1; it must be in 2 … 16384"),
        ("a.rgb", RGB.replace("= 3", "= x"), "a.rgb:1: 'x' is not a whole number; the number of colours was expected"),
        ("a.rgb", "ncolors = 3\n", "a.rgb: it announces 3 colours and has none; is the file whole?"),
        ("a.gp", GP.replace("160", "abc"), "a.gp:5: 'abc' is not a number; green was expected"),
        ("a.gp", GP.replace("160", "9999"), "a.gp:5: green is 9999; it must be in 0 … 255"),
        ("a.gp", GP.replace("160", "-5"), "a.gp:5: green is -5; it must be in 0 … 255"),
        ("a.gp", GP.replace("160", "0.5"), "a.gp:5: '0.5' is not a whole number; green was expected"),
        ("a.gp", GP.replace("= 3", "= 4"), "a.gp: it announces 4 colours and has 3; is the file whole?"),
        ("a.gp", GP.replace("ntsc= 1", "ntsc= 7"), "a.gp:2: ntsc is 7; it must be in 0 … 1"),
        (
            "a.gp",
            GP.replace("ntsc= 1", "pal= 1"),
            "a.gp:2: 'pal=' is not a number; a row of 3 or 4 numbers was expected",
        ),
        (
            "a.ncmap",
            NCMAP.replace("7 248 3\n", ""),
            "a.ncmap: it has 255 rows of numbers; ncview's tables have 256; is the file whole?",
        ),
        ("a.ncmap", NCMAP.replace("7 248 3\n", "7 abc 3\n"), "a.ncmap:8: 'abc' is not a number; green was expected"),
        ("a.ncmap", NCMAP.replace("7 248 3\n", "7 256 3\n"), "a.ncmap:8: green is 256; it must be in 0 … 255"),
        (
            "a.ncmap",
            NCMAP.replace("7 248 3\n", "7 0.5 3\n"),
            "a.ncmap:8: '0.5' is not a whole number; green was expected",
        ),
        ("a.ncar", "9 0 0 0\n5 0 0 0\n", "a.ncar:2: index 5 comes after 9; indices must rise"),
        ("a.ncar", "9 0 0 0\n300 0 0 0\n", "a.ncar:2: the index is 300; it must be in 0 … 255"),
        ("a.ncar", "9 0 0 0\n10 0 0 0.5\n", "a.ncar:2: '0.5' is not a whole number; blue was expected"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(complaint, name, text, message):
    assert complaint(name, text) == message


def test_a_table_without_its_first_line(complaint):
    text = RGB.split("\n", 1)[1]
    assert complaint("a.rgb", text, "ncl") == "a.rgb:2: the number of colours is missing; begin with ncolors = 3"
    assert complaint("a.rgb", "# nothing\n", "ncl") == "a.rgb: it has only comments; begin with ncolors = 3"
