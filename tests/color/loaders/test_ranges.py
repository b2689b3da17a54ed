"""A number that misses the end of its range by a hair is that end, in every format."""

from __future__ import annotations

import io

import numpy as np
import pytest

from traitsview.color.loaders.ranges import at, shown, within, within_unit


def npy(one, nought):
    stream = io.BytesIO()
    np.save(stream, np.array([[float(nought), 0.5, float(one)], [float(one), 0.25, float(nought)]]))
    return stream.getvalue()


def text(pattern):
    return lambda one, nought: pattern.replace("ONE", one).replace("NOUGHT", nought)


#: A file of each format that counts in shares, with places for a 1 and a 0.
FILES = {
    "text": ("map.txt", text("NOUGHT 0.5 ONE\nONE 0.25 NOUGHT\n")),
    "text with alpha": ("map.txt", text("x r g b a\n0 NOUGHT 0.5 ONE ONE\n1 ONE 0.25 NOUGHT ONE\n")),
    "csv": ("map.csv", text("red,green,blue\nNOUGHT,0.5,ONE\nONE,0.25,NOUGHT\n")),
    "matrix": ("map.m", text("map = [NOUGHT 0.5 ONE; ONE 0.25 NOUGHT];\n")),
    "npy": ("map.npy", npy),
    "ds9-lut": ("map.lut", text("NOUGHT 0.5 ONE\nONE 0.25 NOUGHT\n")),
    "sao": ("map.sao", text("RED:\n(NOUGHT,NOUGHT)(ONE,ONE)\nGREEN:\n(0,0.5)(1,0.25)\nBLUE:\n(0,ONE)(1,NOUGHT)\n")),
    "fsl": ("map.lut", text("1 NOUGHT 0.5 ONE water\n2 ONE 0.25 NOUGHT rock\n")),
    "ncl": ("map.rgb", text("ncolors = 2\nNOUGHT 0.5 ONE\nONE 0.25 NOUGHT\n")),
    "segmentdata": (
        "map.json",
        text('{"red":[[0,0,NOUGHT],[1,ONE,ONE]],"green":[[0,0,0.5],[1,0.25,0]],"blue":[[0,0,ONE],[ONE,NOUGHT,0]]}'),
    ),
    "chaco": ("map.chaco", text("a map\nNOUGHT NOUGHT 0.5 ONE\nONE ONE 0.25 NOUGHT\n")),
    "cpt": ("map.cpt", text("# COLOR_MODEL = HSV\n0 120 NOUGHT ONE 1 120 ONE 0.5\n")),
    "ggr": (
        "map.ggr",
        text("GIMP Gradient\nName: a\n1\nNOUGHT 0.5 ONE NOUGHT 0.5 ONE ONE ONE 0.25 NOUGHT ONE 0 0 0 0\n"),
    ),
    "plplot": ("map.pal", text("v2 rgb\n2\nNOUGHT NOUGHT 0.5 ONE ONE 0\nONE ONE 0.25 NOUGHT ONE 0\n")),
    "paraview": (
        "map.json",
        text(
            '{"Name":"a","ColorSpace":"RGB","NanColor":[ONE,NOUGHT,0],"RGBPoints":[0,NOUGHT,0.5,ONE,1,ONE,0.25,NOUGHT]}'
        ),
    ),
    "paraview-xml": (
        "map.xml",
        text(
            '<ColorMap name="a" space="RGB"><Point x="NOUGHT" o="1" r="NOUGHT" g="0.5" b="ONE"/>'
            '<Point x="ONE" o="1" r="ONE" g="0.25" b="NOUGHT"/></ColorMap>'
        ),
    ),
    "napari": ("map.json", text('{"colors":[[NOUGHT,0.5,ONE,ONE],[ONE,0.25,NOUGHT,1]],"controls":[NOUGHT,ONE]}')),
    "gwyddion": ("map", text("Gwyddion resource GwyGradient\nNOUGHT NOUGHT 0.5 ONE ONE\nONE ONE 0.25 NOUGHT ONE\n")),
    "traitsview notes": (
        "map.txt",
        text("# traitsview colormap\n# bad: ONE NOUGHT 0.5 ONE\nNOUGHT 0.5 ONE\nONE 0.25 NOUGHT\n"),
    ),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(
    ("one", "nought"), [("1.0000002", "-1e-17"), ("1.000001", "-0.000001"), ("1.00000011", "-0.0")]
)
def test_a_hair_beyond_an_end_is_the_end(read, kind, one, nought):
    name, file = FILES[kind]
    found = read(name, file(one, nought))
    plain = read(name, file("1", "0"))
    assert found == plain
    assert (found.limits, found.values) == (plain.limits, plain.values)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("one", ["1.00001", "-0.00011"])
def test_more_than_a_hair_is_refused_with_all_digits(complaint, kind, one):
    name, file = FILES[kind]
    assert one in complaint(name, file(one, "0"))


def test_numbers_of_255_and_of_percents_have_hairs_of_their_own(read, complaint):
    table = "255.00002 0.5 0\n0 127.5 254.9\n"
    assert read("map.txt", table, scale="255").stops[0][1] == (1, 0.5 / 255, 0, 1)
    assert "255.001" in complaint("map.txt", table.replace("255.00002", "255.001"), scale="255")
    assert read("map.spk", "0 100.00001 0 0\n100 0 -0.00001 0\n").stops[1][1] == (0, 0, 0, 1)
    assert "100.001" in complaint("map.spk", "0 100.001 0 0\n100 0 0 0\n")


def test_whole_numbers_have_no_hair(complaint):
    assert "red is 256" in complaint("map.gpl", "GIMP Palette\n256 0 0\n")


def test_within_gives_the_end_that_is_missed():
    assert within(0.5, 0, 1) == 0.5
    assert within(1e-9, 0, 1) == 1e-9
    assert [within(number, 0, 1) for number in (1.0000005, -1e-300, 1.00001, -0.1, float("nan"), float("inf"))] == [
        *(1, 0),
        *(None, None, None, None),
    ]
    assert within(360.0001, 0, 360) == 360
    np.testing.assert_array_equal(
        within_unit(np.array([-1e-9, 0.3, 1 + 1e-7, 1.1, np.nan])), [0, 0.3, 1, np.nan, np.nan]
    )


def test_places_are_at_an_end_within_a_millionth():
    assert at(0.999999, 1)
    assert at(1.0000009, 1)
    assert not at(0.99999, 1)
    assert at(99.99995, 100, 100)


def test_numbers_are_shown_with_the_digits_that_matter():
    assert [shown(number) for number in (1.0000002, 12, 0.1, -0.0, 1e300, -1e-17, 10.0)] == [
        *("1.0000002", "12", "0.1", "0", "1e+300", "-1e-17", "10")
    ]
