from __future__ import annotations

from pathlib import Path

import pytest

from traitsview.color.loaders.colormap_file import ColormapFile
from traitsview.color.loaders.formats import load_colormap, sniff

SHIPPED = Path(__file__).parents[3] / "colormaps"

FREESURFER = """#$Id: LUT.txt $
#No. Label Name:   R   G   B   A

0   Unknown        0   0   0   0
17  Left-Thing     220 216 20  0
53  Right-Thing    51  0   255 51   1
"""
SLICER = (
    "# Color table file /a/b.ctbl\n# 3 values\n0 Background 0 0 0 0\n1 artery 255 101 79 255\n2 vein 0 102 255 51\n"
)
ITKSNAP = """# ITK-SnAP
  0 0 0 0 0 0 0 "Clear"
  1 255 0 51 1 1 1 "Bone, left"
  7 0 0 255 0.5 1 0 “Vein”
  9 1 1 1 1 0 1 ""
"""


def format_of(name, text):
    return sniff(ColormapFile(Path(name), text.encode())).name


def test_the_fixtures():
    leaf, seed, flower = (
        load_colormap(SHIPPED / f"{name}")
        for name in ("leaf-anatomy.ctab", "seed-anatomy.ctbl", "flower-anatomy.label")
    )
    assert (leaf.values, leaf.labels[5]) == ((0, 1, 2, 3, 4, 10, 11), "Xylem")
    assert [color[3] for _, color in leaf.stops] == [0, 1, 1, 1, 1, 1, 1]
    assert (seed.labels, [color[3] for _, color in seed.stops]) == (
        *(("Background", "Seed_coat", "Endosperm", "Cotyledon", "Radicle"), [0, 1, 1, 1, 1]),
    )
    assert (flower.labels[4], flower.stops[4][1][3], flower.stops[0][1][3]) == ("Ovary", 0.5, 0)
    assert all(each.licence for each in (leaf, seed, flower))


@pytest.mark.parametrize("name", ["FreeSurferColorLUT.txt", "a.lut", "a.ctab", "a"])
def test_the_last_number_of_freesurfer_is_255_less_alpha(read, name):
    found = read(name, FREESURFER)
    assert (found.values, found.labels) == ((0, 17, 53), ("Unknown", "Left-Thing", "Right-Thing"))
    assert [color for _, color in found.stops][1:] == [(220 / 255, 216 / 255, 20 / 255, 1), (0.2, 0, 1, 0.8)]
    assert found.stops[0][1] == (0, 0, 0, 0)


@pytest.mark.parametrize("name", ["a.ctbl", "a.txt"])
def test_the_last_number_of_slicer_is_alpha(read, name):
    found = read(name, SLICER)
    assert (found.values, found.labels) == ((0, 1, 2), ("Background", "artery", "vein"))
    assert [color[3] for _, color in found.stops] == [0, 1, 0.2]


@pytest.mark.parametrize("name", ["a.label", "a.txt", "a"])
def test_labels_of_itksnap_that_are_not_shown_are_transparent(read, name):
    found = read(name, ITKSNAP)
    assert (found.values, found.labels) == ((0, 1, 7, 9), ("Clear", "Bone, left", "Vein", ""))
    assert [color[3] for _, color in found.stops] == [0, 1, 0.5, 0]
    assert found.stops[1][1] == (1, 0, 0.2, 1)


def test_a_table_of_slicer_whose_names_only_count_is_a_ramp(read):
    rows = "".join(f"{k} {k} {k} {2 * k} 9 255\n" for k in range(100))
    assert (read("a.txt", rows).discrete, len(read("a.txt", rows).stops)) == (None, 100)
    assert read("a.txt", rows.replace("\n7 7 ", "\n7 seven ")).labels[7] == "seven"
    assert read("a.txt", rows.replace(" 255\n", " 0\n", 1)).discrete == 100  # the first is no colour


def test_which_table_it_is_shows_in_comments_or_in_the_last_column():
    bare = "1 skin 90 80 70 0\n2 bone 240 240 200 0\n"
    assert format_of("a.txt", bare) == "freesurfer"
    assert format_of("a.ctbl", bare) == "slicer"
    assert format_of("a.txt", bare.replace("70 0", "70 255")) == "slicer"
    assert format_of("a.txt", "#No. Label Name: R G B\n" + bare.replace("70 0", "70 255")) == "freesurfer"
    assert format_of("a.txt", "1 skin 90 80 70\n2 bone 240 240 200\n") == "slicer"
    assert format_of("a.lut", "1 0.2 0.3 0.4 Skin\n2 0.9 0.9 0.8 Bone\n") == "fsl"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.ctab", "1 skin 90 80 70 0\n2 bone 9 9\n", "a.ctab:2: it is no row of a table of labels; write label, name"),
        ("a.ctab", "1 skin 90 80 256 0\n2 b 0 0 0 0\n", "a.ctab:1: blue is 256; it must be in 0 … 255"),
        ("a.ctab", "1 skin 90 80 70 0\n1 b 0 0 0 0\n", "a.ctab:2: label 1 has a colour in line 1; give one to each"),
        ("a.label", ITKSNAP + "x\n", "a.label:6: it is no row of a table of labels; write: 1 255 0 0 1 1 1 "),
        ("a.label", ITKSNAP.replace("0.5", "1.5"), "a.label:4: alpha is 1.5; it must be in 0 … 1"),
        ("a.label", ITKSNAP.replace("  7 ", "  1 "), "a.label:4: label 1 has a colour in line 3; give one to each"),
        ("a.label", "# no\n", "a.label: it has no label; give rows of label, name, red, green, blue, alpha"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(complaint, name, text, message):
    kind = "freesurfer" if name == "a.ctab" else "itksnap"
    assert complaint(name, text, kind).startswith(message)


def test_six_numbers_in_a_row_are_no_label_with_a_name(complaint):
    assert complaint("a.txt", "10 20 30 40 50 60\n70 80 90 1 2 3\n") == (
        "a.txt:1: 6 numbers; a row of 3, 4 or 5 numbers was expected"
    )


def test_colours_that_count_to_1_are_not_read_as_nearly_black(complaint):
    assert complaint("a.txt", "0 blue 0 0 1\n1 red 1 0 0\n") == (
        "a.txt: its colours are all 0 or 1, where 255 is full; write them in 0 … 255"
    )


HIDDEN = "Its colours would all be transparent: read as opaque."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "#No. Label Name: R G B A\n0 none 0 0 0 {0}\n4 skin 177 122 101 {0}\n9 bone 241 214 145 {0}\n"),
        ("a.ctbl", "# Color table file\n0 none 0 0 0 {1}\n4 skin 177 122 101 {1}\n9 bone 241 214 145 {1}\n"),
        ("a.tsv", "ID\tName\tR\tG\tB\tA\n0\tnone\t0\t0\t0\t{1}\n4\tskin\t177\t122\t101\t{1}\n9\tbone\t9\t9\t9\t{1}\n"),
    ],
)
def test_alpha_that_would_hide_every_label_is_the_other_way_round(read, name, text):
    found = read(name, text.format(255, 0))
    assert [color[3] for _, color in found.stops][1:] == [1, 1]
    assert (found.values, found.warnings) == ((0, 4, 9), (HIDDEN,))
    right = read(name, text.replace("{0}", "0").replace("{1}", "255"))
    assert [color[3] for _, color in right.stops][1:] == [1, 1]
    assert right.warnings == ()


def test_labels_that_are_not_to_be_shown_stay_hidden(read):
    found = read("a.label", '1 255 0 0 1 0 1 "a"\n2 0 255 0 1 0 1 "b"\n')
    assert ([color[3] for _, color in found.stops], found.warnings) == ([0, 0], ())


def test_a_procedural_table_of_slicer_has_positions(read):
    found = read("a.txt", "# Color procedural file warm.txt\n# 3 points\n0 0 0 0\n100 1 0 0\n400 1 1 0\n")
    assert (found.limits, found.discrete) == ((0, 400), None)
    assert [(place * 400, color[0]) for place, color in found.stops] == [(0, 0), (100, 1), (400, 1)]
