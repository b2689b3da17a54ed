from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.cpt", "\n<!DOCTYPE html>\n<html>", "it is a web page; download the file itself, which sites call raw"),
        ("a.txt", "0 0 0\n1 1 1\n".encode("utf-16"), "it is in UTF-16; save it in UTF-8"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "it is an image; read its colours with a program for images, and"),
        ("a.zip", b"PK\x03\x04\0", "it is an archive; unpack it"),
        ("a.py", "import numpy\n", "it is a program; save the colours that it makes as text"),
        ("a", "hello\n", "it is no colormap that we know; if it is one, say of which format, as in format=text"),
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
