"""Swatches of Adobe's programs, made here byte by byte."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap
from traitsview.color.spaces import rgb_to_lab

SHIPPED = Path(__file__).parents[3] / "colormaps"


def aco(*colors, version=1):
    """Return a version of a file: each colour is its space, its numbers and its name."""
    found = struct.pack(">HH", version, len(colors))
    for space, numbers, name in colors:
        found += struct.pack(">H4H", space, *(number % 65536 for number in (*numbers, 0, 0, 0)[:4]))
        if version == 2:
            found += struct.pack(">HH", 0, len(name) + 1) + f"{name}\0".encode("utf-16-be")
    return found


def color(model, numbers, name=""):
    """Return a block of a file of Adobe Swatch Exchange."""
    body = struct.pack(">H", len(name) + 1) + f"{name}\0".encode("utf-16-be") + model
    body += struct.pack(f">{len(numbers)}fH", *numbers, 2)
    return struct.pack(">HI", 1, len(body)) + body


def group(name, *blocks):
    body = struct.pack(">H", len(name) + 1) + f"{name}\0".encode("utf-16-be")
    return [struct.pack(">HI", 0xC001, len(body)) + body, *blocks, struct.pack(">HI", 0xC002, 0)]


def ase(*blocks, version=1):
    return b"ASEF" + struct.pack(">HHI", version, 0, len(blocks)) + b"".join(blocks)


def shades(colormap):
    return [[round(part * 255) for part in shade[:3]] for _, shade in colormap.stops]


RED = (0, (65535, 0, 0), "Red")
SPACES = {
    "RGB": (0, (65535, 26214, 0), [255, 102, 0]),
    "HSB, a green": (1, (21845, 65535, 32768), [0, 128, 0]),
    "CMYK, half of cyan": (2, (32768, 65535, 65535, 65535), [128, 255, 255]),
    "CMYK, black ink": (2, (65535, 65535, 65535, 0), [0, 0, 0]),
    "Lab, white": (7, (10000, 0, 0), [255, 255, 255]),
    "grey": (8, (10000,), [255, 255, 255]),
    "dark grey": (8, (2000,), [51, 51, 51]),
    "wide CMYK": (9, (0, 10000, 0, 0), [255, 0, 255]),
}


def test_the_fixtures_have_names():
    driftwood, kelp = load_colormap(SHIPPED / "driftwood.aco"), load_colormap(SHIPPED / "kelp.ase")
    assert (driftwood.discrete, driftwood.labels[1], driftwood.warnings) == (5, "Driftwood", ())
    assert (shades(driftwood)[0], shades(driftwood)[3]) == ([58, 44, 36], [209, 209, 209])
    assert (kelp.discrete, kelp.labels[0], shades(kelp)[3]) == (5, "Holdfast", [237, 237, 237])


@pytest.mark.parametrize("name", SPACES)
def test_colours_of_each_space_of_photoshop(read, name):
    space, numbers, expected = SPACES[name]
    found = read("a.aco", aco((space, numbers, "")))
    assert (shades(found), found.labels) == ([expected], ())
    assert bool(found.warnings) == (space in (2, 7, 9))


def test_lab_has_signs(read):
    found = read("a.aco", aco((7, (5000, -4000, 3000), "")))
    np.testing.assert_allclose(rgb_to_lab(found.stops[0][1][:3]), [50, -40, 30], atol=0.1)


def test_the_second_version_says_the_names(read):
    other = (0, (0, 0, 65535), "Bläu ")
    found = read("a.aco", aco(RED, other) + aco(RED, other, version=2))
    assert (found.labels, shades(found)) == (("Red", "Bläu"), [[255, 0, 0], [0, 0, 255]])
    assert read("a.aco", aco(RED, other, version=2)).labels == ("Red", "Bläu")
    assert read("unnamed", aco(RED, other)).discrete == 2


def test_colours_of_a_book_are_left_out(read, complaint):
    found = read("a.aco", aco(RED, (3, (1, 2, 3), "Book")))
    assert (found.discrete, found.warnings) == (1, ("Colours of a book of colours, such as Pantone's, were left out.",))
    assert complaint("a.aco", aco((3, (1, 2, 3), ""))).startswith("a.aco: it has no colour that can be read; save")


def test_colours_of_each_model_of_the_exchange_format(read):
    found = read(
        "a.ase",
        ase(
            color(b"RGB ", [1, 0.4, 0], "Fire"),
            color(b"CMYK", [0.5, 0, 0, 0], "Sky"),
            color(b"LAB ", [1, 0, 0], "Snow"),
            color(b"Lab ", [0.5, -40, 30], "Leaf"),
            color(b"Gray", [0.2], ""),
        ),
    )
    assert found.labels == ("Fire", "Sky", "Snow", "Leaf", "")
    assert shades(found)[:3] == [[255, 102, 0], [128, 255, 255], [255, 255, 255]]
    np.testing.assert_allclose(rgb_to_lab(found.stops[3][1][:3]), [50, -40, 30], atol=0.1)
    assert (shades(found)[4], len(found.warnings)) == ([51, 51, 51], 2)


def test_groups_are_put_together(read):
    one, two = color(b"RGB ", [1, 0, 0], "a"), color(b"RGB ", [0, 0, 1], "b")
    assert read("a.ase", ase(*group("g", one, two))).warnings == ()
    both = read("a.ase", ase(*group("g", one), *group("h", two)))
    assert (both.labels, both.warnings) == (("a", "b"), ("Its 2 groups were put together.",))


def test_a_hair_beyond_1_is_1(read):
    assert shades(read("a.ase", ase(color(b"RGB ", [1.0000001, -1e-9, 0.5])))) == [[255, 0, 128]]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.aco", aco(RED, RED)[:-3], "a.aco: it ends at byte 21, within a colour; is the file whole?"),
        ("a.aco", aco(RED) + b"\0\7\0\1", "a.aco: its version is 7 where 2 was expected; save it with Photoshop"),
        ("a.aco", b"\0\5\0\1" + bytes(10), "a.aco: its version is 5 where 2 was expected; save it with Photoshop"),
        ("a.aco", aco((8, (10_100,), "")), "a.aco: colour 1 is not in the range of Gray; save it again"),
        ("a.aco", aco(RED, version=2)[:-4], "a.aco: it ends at byte 22, within a colour; is the file whole?"),
        ("a.ase", ase(color(b"RGB ", [2, 0, 0])), "a.ase: colour 1 is not in the range of RGB; save it again"),
        ("a.ase", ase(color(b"RGB ", [float("nan"), 0, 0])), "a.ase: colour 1 is not in the range of RGB; save it"),
        ("a.ase", ase(color(b"XYZ ", [1, 0, 0])), "a.ase: a colour is of the unknown kind 'XYZ'; export swatches of"),
        (
            "a.ase",
            ase(color(b"RGB ", [1, 0, 0]))[:-9],
            "a.ase: it ends at byte 31, within a colour; is the file whole?",
        ),
        ("a.ase", ase(version=0), "a.ase: its version is 0; export it in version 1"),
        ("a.ase", ase(), "a.ase: it has no colour that can be read; save swatches of RGB, CMYK, Lab, HSB or grey"),
        ("a.ase", ase(struct.pack(">HI", 5, 0)), "a.ase: block of the unknown kind 0x0005 at byte 12; export the"),
        ("a.ase", ase(struct.pack(">HI", 1, 2) + color(b"RGB ", [1, 0, 0])[6:]), "a.ase: a colour is longer than its"),
        ("a.ase", ase()[:8] + b"\0\0\0\4", "a.ase: it announces 4 blocks and ends before the last; is the file whole?"),
    ],
)
def test_each_fault_is_named(complaint, name, data, message):
    assert complaint(name, data, name.removeprefix("a.")).startswith(message)
