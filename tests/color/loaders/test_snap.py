from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

FIXTURE = Path(__file__).parents[3] / "colormaps" / "algal-bloom.cpd"

BEAM = """#BEAM Color Palette Definition File
color0=0,0,255
color1=0,255,0
color2=255,0,0,128
numPoints=3
sample0=0.1
sample1=1
sample2=10
"""


def test_the_fixture_has_limits_and_a_colour_for_bad_values():
    found = load_colormap(FIXTURE)
    assert (found.name, found.limits, found.warnings) == ("algal-bloom", (0, 60), ())
    assert found.bad == (60 / 255, 60 / 255, 60 / 255, 1)
    assert found.licence.startswith("Licence: BSD-3-Clause")
    np.testing.assert_allclose([place * 60 for place, _ in found.stops], [0, 2, 8, 20, 60])


def test_samples_become_limits(read):
    found = read("a.cpd", BEAM)
    assert found.limits == (0.1, 10)
    assert found.stops[1][0] == pytest.approx(0.9 / 9.9)
    assert found.stops[2][1] == (1, 0, 0, 128 / 255)


def test_colours_of_logarithmic_samples_run_with_their_logarithm(read):
    found = read("a.cpd", BEAM + "isLogScaled=true\n")
    assert [place for place, _ in found.stops] == pytest.approx([0, 0.5, 1])
    assert (found.limits, found.warnings) == (
        (0.1, 10),
        ("Its samples are logarithmic: show it with the scale log10.",),
    )
    assert read("a.cpd", BEAM + "isLogScaled = FALSE\n").warnings == ()


def test_labels_and_unknown_keys_are_left_out_with_a_warning(read):
    found = read("a.cpd", BEAM + "label0=low\nautoDistribute=true\nmood=dark\n")
    assert found.warnings == ("What it says as 'mood' was left out.", "The labels of its points were left out.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("sample2=10", "sample2=0.5"), "a.cpd:8: sample2 is 0.5 after 1; samples must rise"),
        (("sample2=10\n", ""), "a.cpd: it has no sample2; add sample2=…"),
        (("numPoints=3", "numPoints=2"), "a.cpd:5: it announces 2 points and has 'color2'; is the file whole?"),
        (("numPoints=3", "numPoints=x"), "a.cpd:5: 'x' is not a whole number; numPoints was expected"),
        (("0,255,0", "0,256,0"), "a.cpd:3: a part of color1 is 256; it must be in 0 … 255"),
        (("0,255,0", "0"), "a.cpd:3: color1 has 1 part; give red,green,blue"),
        (("sample0=0.1", "sample0=0\nisLogScaled=true"), "a.cpd:6: sample0 is 0; logarithms need samples above 0"),
        (("sample0=0.1", "sample0=0.1\nisLogScaled=yes"), "a.cpd:7: isLogScaled is 'yes'; write true or false"),
        (("sample0=0.1", "sample0=0.1\nsample0=1"), "a.cpd:7: sample0 is said twice, first in line 6; say it once"),
    ],
)
def test_each_fault_is_named_with_its_line(complaint, change, message):
    assert complaint("a.cpd", BEAM.replace(*change)) == message


def test_all_samples_at_one_value_are_refused(complaint):
    text = BEAM.replace("sample1=1\n", "sample1=0.1\n").replace("sample2=10", "sample2=0.1")
    assert complaint("a.cpd", text) == "a.cpd: every sample is 0.1; correct them"
