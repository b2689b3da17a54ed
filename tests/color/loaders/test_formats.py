from __future__ import annotations

import pytest

from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import formats, load_colormap, save_colormap

RED, WHITE = (1.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0)

EVERYTHING = Colormap.from_stops(
    "all", [(0, RED), (0.5, WHITE), (1, RED)], under=RED, over=RED, bad=WHITE, limits=(-2, 5), hinge=0, cyclic=True,
    licence="CC0",
)  # fmt: skip

LABELLED = Colormap.from_colors("two", [RED, WHITE], flat=True, values=(1, 4), labels=("rock", "snow"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.cpt", "\n<!DOCTYPE html>\n<html>", "it is a web page; download the file itself, which sites call raw"),
        ("a.txt", "0 0 0\n1 1 1\n".encode("utf-16"), "it is in UTF-16; save it in UTF-8"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "it is an image; read its colours with a program for images, and"),
        ("a.zip", b"PK\x03\x04\0", "it is an archive; unpack it"),
        ("a.py", "import numpy\n", "it is a program; save the colours that it makes as text"),
        ("a", "hello\n", "it is no colormap that we know; if it is one, say which format, as in format=text"),
    ],
)
def test_what_is_no_colormap_is_told_what_it_is(complaint, name, content, message):
    assert complaint(name, content).startswith(f"{name}: {message}")


def test_a_table_of_bytes_may_begin_as_another_file_does(read):
    planes = bytes([255, 254, *range(253, -1, -1)]) * 3
    assert read("a.lut", planes).stops[0][1] == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.clr", "1 30 90\n2 250 240\n", "a.clr:1: it has 3 numbers; give value, red, green, blue"),
        ("a.spk", "0 30 90\n100 25 24\n", "a.spk:1: it has 3 numbers; give position, red, green, blue"),
        (
            "a.txt",
            "# QGIS Generated Color Map Export File\n0,0,0,0,255,low\n",
            "a.txt: it has no INTERPOLATION; write ",
        ),
    ],
)
def test_a_column_or_a_line_that_is_missing_makes_it_no_other_format(complaint, name, text, message):
    assert complaint(name, text).startswith(message)


def test_saving_says_what_has_no_place(tmp_path):
    assert save_colormap(EVERYTHING, tmp_path / "a.txt") == ()
    assert save_colormap(EVERYTHING, tmp_path / "a.cpt") == ()
    assert save_colormap(LABELLED, tmp_path / "a.json") == ()
    assert save_colormap(LABELLED, tmp_path / "a.ggr") == ("which values its colours stand for", "its labels")
    assert save_colormap(EVERYTHING, tmp_path / "a.gpl") == (
        "how its colours run into each other: 256 of them were taken",
        "its colour below the limits",
        "its colour above the limits",
        "its colour for what is no number",
        "its limits",
        "its hinge",
        "that it is cyclic",
    )


@pytest.mark.parametrize("name", [each.name for each in formats().values() if each.save is not None])
@pytest.mark.parametrize("colormap", [EVERYTHING, LABELLED], ids=["running", "flat"])
def test_what_is_not_said_to_be_lost_is_there(tmp_path, name, colormap):
    lost = " ".join(save_colormap(colormap, tmp_path / "a", name))
    found = load_colormap(tmp_path / "a", name)
    for attribute, phrase in (("limits", "limits"), ("hinge", "hinge"), ("labels", "labels"), ("bad", "no number")):
        assert phrase in lost or getattr(found, attribute) == getattr(colormap, attribute)


def test_a_table_too_long_to_be_read_again_is_said(tmp_path):
    (lost,) = save_colormap(Colormap.from_colors("long", [RED, WHITE] * 10_000), tmp_path / "a.csv")
    assert lost.startswith("so much that traitsview could read it again (a.csv:")
