"""Files that are no colormaps are called what they are, whatever their extension, and however like one they look."""

from __future__ import annotations

import pytest

ROWS = "0 0 0\n1 0.5 0\n1 1 1\n"

STRANGERS = {
    "it is a web page": ["<!DOCTYPE html>\n<table>", "  <HTML>"],
    "it is in UTF-16": [ROWS.encode("utf-16")],
    "it is an image": [b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xd8\xff\xe0\0", b"GIF89a\1\0\1\0", b"II*\0\1\2", b"8BPS\0\1"],
    "it is an archive": [b"PK\x03\x04\0", b"Rar!\x1a\7\0"],
    "it is compressed": [b"\x1f\x8b\x08\0\0", b"BZh91AY\0"],
    "it is a document": [b"%PDF-1.7\n\0", b"%!PS-Adobe-3.0\n"],
    "it is a spreadsheet or another file of an office program": [b"\xd0\xcf\x11\xe0\xa1\xb1\0"],
    "it holds gradients of Photoshop": [b"8BGR\0\5\0"],
    "it is a book of colours of Photoshop": [b"8BCB\0\1\0"],
    "it is a list of Apple's": [b"bplist00\xd4\0", b"\x04\x0bstreamtyped\x81\0", '<?xml version="1.0"?>\n<plist/>'],
    "it is in HDF5": [b"\x89HDF\r\n\x1a\n\0"],
    "it is in FITS": ["SIMPLE  =                    T / standard"],
    "it is a pickle of Python, which could run anything": [b"\x80\x04\x95\0\0\0"],
    "it is a program": [
        "import numpy\nimport cmap\n",
        "# Colours.\nfrom cmap import Colormap\n",
        "#!/bin/sh\necho 1 2 3\n",
        "#include <color.h>\n",
        "import QtQuick 2.0\nItem {}\n",
        "% Colours.\nfunction c = mine(n)\n",
        "const colors = ['#fff'];\n",
        "library(ggplot2)\n",
    ],
    "it is a script of gnuplot": [
        "# line styles\nset style line 1 lt 1 lc rgb '#352a87'\n",
        "set palette defined ( 0 '#352a87', 1 '#1485d4')\n",
    ],
    "it is a vector of R": [
        'c("#440154FF", "#472D7BFF")\n',
        'cols <- c("#440154")\n',
        '[1] "#440154FF" "#472D7BFF"\n[3] "#3B528BFF"\n',
    ],
    "it is a list as in a program": ["['#264653', '#2a9d8f']\n", 'colours = ["#264653",\n"#2a9d8f"]\n'],
    "it is a density slice of ENVI": ["ENVI Density Slice Range File\n 0.0 10.0 255 0 0\n 10 20 0 255 0\n"],
    "it is a lookup table of VEST": ["%!VEST-LUT\n%%BeginInstance\n<<\n/SavedInstanceClassName /ClassLUT\n"],
    "it is a script of GrADS": ["'set rgb 16 0 0 90'\n'set rgb 17 0 0 180'\n"],
    "it is a spectrum of Surfer": ["ColorMap 2 1\n0.0 0 0 0 255\n1.0 255 255 255 255\n"],
    "it is a scene of POV-Ray": ["// by cpt-city\ncolor_map {\n[0 color rgb 0]\n", "#declare C = color_map {\n"],
    "it is a style sheet": ["linear-gradient(\n0deg,\nrgb(0, 0, 0) 0%,\n", ".ramp { background: white }"],
    "it is a palette of AFNI": ["***COLORS\nyellow = #ffff00\n"],
    "it is a table for grading pictures": ["LUT_3D_SIZE 2\n0 0 0\n1 0 0\n", 'TITLE "warm"\nLUT_3D_SIZE 2\n'],
    "it is a gradient of Ultra Fractal": ["mine {\ngradient:\n title=x\n"],
    "it is a palette of CorelDRAW, whose colours are inks": ['"Black"   0   0   0 100\n"Red"   0 100 100   0\n'],
    "it is a palette of CorelDRAW": ['<palette guid="1"><colors/></palette>'],
    "it is a drawing": ['<?xml version="1.0"?>\n<svg:svg xmlns:svg="x"/>', "<svg/>"],
    "it is a palette of LibreOffice": ['<ooo:color-table xmlns:ooo="x"/>'],
    "it holds resources of Android": ["<resources><color name='a'>#fff</color></resources>"],
    "it holds colours of Scribus": ["<SCRIBUSCOLORS/>"],
    "it is XML of another kind: its root is <weather>": ["<weather/>"],
    "it is JSON of another kind: it has 'type', 'features'": ['{"type": "FeatureCollection", "features": []}'],
    "it is JSON of another kind: it has 'compatibleVersion', 'colors'": [
        '{"compatibleVersion": "2.0", "colors": [{"red": 0.1, "green": 0.2, "blue": 0.3, "alpha": 1}]}'
    ],
}  # fmt: skip

EACH = [(what, data) for what, some in STRANGERS.items() for data in some]


@pytest.mark.parametrize("extension", ["", ".txt", ".csv", ".pal", ".lut", ".map", ".dat"])
@pytest.mark.parametrize(("what", "data"), EACH)
def test_a_stranger_is_called_what_it_is(complaint, extension, what, data):
    assert complaint(f"a{extension}", data).startswith(f"a{extension}: {what}; ")


@pytest.mark.parametrize("extension", [".xml", ".qml", ".sld", ".json", ".ct"])
@pytest.mark.parametrize(("what", "data"), [(what, data) for what, data in EACH if str(data)[:1] in "<{"])
def test_the_extension_of_a_format_makes_it_none_of_ours(complaint, extension, what, data):
    assert complaint(f"a{extension}", data).startswith(f"a{extension}: {what}; ")


@pytest.mark.parametrize("title", ["From blue to red", "import of colours", "Function of depth", "Library"])
def test_a_title_above_rows_of_numbers_is_no_program(read, title):
    found = read("a.txt", f"{title}\n{ROWS}")
    assert len(found.stops) == 3
    assert found.warnings == (f"Its first line, '{title}', was not read.",)
