from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

SHIPPED = Path(__file__).parents[3] / "colormaps"

JASC = "JASC-PAL\r\n0100\r\n2\r\n0 0 90\r\n255 255 240\r\n"


def riff(colors=((0, 0, 90), (255, 255, 240)), count=None, version=0x300, kind=b"PAL ", size=None):
    body = b"".join(bytes((*color, 0)) for color in colors)
    size = 4 + len(body) if size is None else size
    count = len(colors) if count is None else count
    return struct.pack("<4sI4s4sIHH", b"RIFF", 12 + size, kind, b"data", size, version, count) + body


def act(count=None, transparent=0xFFFF):
    colors = bytes(part for k in range(256) for part in (k, 255 - k, k // 2))
    return colors if count is None else colors + struct.pack(">HH", count, transparent)


def levels(found):
    return np.rint(found.lut(found.discrete) * 255).astype(int).tolist()


@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        ("reef.pal", 8, [12, 44, 74, 255], [128, 42, 88, 255]),
        ("kiln.pal", 6, [28, 24, 32, 255], [252, 216, 150, 255]),
        ("dune.act", 8, [0, 0, 0, 0], [60, 104, 150, 255]),
        ("bog.map", 7, [8, 16, 12, 255], [232, 226, 184, 255]),
    ],
)
def test_the_palettes_that_come_with_us(name, count, first, last):
    found = load_colormap(SHIPPED / name)
    assert (found.name, found.discrete, found.warnings) == (name[:-4], count, ())
    assert levels(found)[0] == first
    assert levels(found)[-1] == last


def test_jasc(read):
    assert levels(read("a.pal", JASC)) == [[0, 0, 90, 255], [255, 255, 240, 255]]
    assert levels(read("a.pal", "JASC-PAL\n0100\n1\n1 2 3 4\n")) == [[1, 2, 3, 4]]
    assert read("a.txt", JASC).discrete == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("JASC-PAL\n0200\n1\n1 2 3\n", "2: '0200' is not 0100; a palette begins with JASC-PAL and 0100"),
        ("JASC-PAL2\n0100\n1\n1 2 3\n", "1: 'JASC-PAL2' is not JASC-PAL; a palette begins with JASC-PAL and 0100"),
        ("JASC-PAL\n0100\n", " it ends before its colours; give their number and a line for each"),
        ("JASC-PAL\n0100\nx\n", "3: 'x' is not a whole number; the number of colours was expected"),
        (
            "JASC-PAL\n0100\n2\n1 2 3\n",
            "3: it announces 2 colours and has 1; is the file whole?",
        ),
        ("JASC-PAL\n0100\n1\n1 2\n", "4: 2 numbers; a colour has 3 or 4"),
        ("JASC-PAL\n0100\n2\n1 2 3\n1 2 3 4\n", "5: 4 numbers; a colour has 3"),
        ("JASC-PAL\n0100\n1\n1 2 256\n", "4: blue is 256; it must be in 0 … 255"),
        ("JASC-PAL\n0100\n1\n1 2 3 -1\n", "4: alpha is -1; it must be in 0 … 255"),
        ("JASC-PAL\n0100\n1\n1 abc 3\n", "4: 'abc' is not a whole number; green was expected"),
    ],
)
def test_mistakes_in_jasc(complaint, text, message):
    assert complaint("a.pal", text) == f"a.pal:{message}"


def test_riff(read):
    assert levels(read("a.pal", riff())) == [[0, 0, 90, 255], [255, 255, 240, 255]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (riff()[:20], "it has 20 bytes; a RIFF palette has 24 before its colours"),
        (riff(kind=b"WAVE"), "it is a RIFF file without a palette; a palette has PAL and data in its first 16 bytes"),
        (riff(version=0x400), "its version is 0x0400; it must be 0x0300"),
        (riff(count=3), "it announces 3 colours and has bytes for 2; copy it again"),
        (riff(count=0), "it announces 0 colours and has bytes for 2; copy it again"),
        (riff()[:-5], "it announces 2 colours and has bytes for 0; copy it again"),
        (riff(size=7), "its lengths say 19 and 7 bytes for 2 colours; copy it again"),
    ],
)
def test_mistakes_in_riff(complaint, data, message):
    assert complaint("a.pal", data) == f"a.pal: {message}"


def test_act_has_the_parts_of_a_colour_side_by_side(read):
    found = read("a.act", act())
    assert found.discrete == 256
    assert levels(found)[2] == [2, 253, 1, 255]
    found = read("a.act", act(3, 1))
    assert levels(found) == [[0, 255, 0, 255], [1, 254, 0, 0], [2, 253, 1, 255]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (act()[:700], "it has 700 bytes; an Adobe colour table has 768 or 772"),
        (act(0), "it announces 0 colours; it must be 1 … 256"),
        (act(300), "it announces 300 colours; it must be 1 … 256"),
        (act(3, 3), "its transparent colour has the number 3; it has 3 colours"),
    ],
)
def test_mistakes_in_act(complaint, data, message):
    assert complaint("a.act", data) == f"a.act: {message}"


def test_a_table_of_bytes_is_read_in_the_order_in_which_its_colours_run(read):
    levels = 127.5 + 127.5 * np.cos(np.linspace(0, 5, 256))
    ramp = np.stack([levels, 255 - levels, levels / 2], axis=-1).astype(np.uint8)
    for name in ("a.act", "a.lut", "a"):
        for data, flat in ((ramp.tobytes(), 256), (ramp.T.tobytes(), None)):
            found = read(name, data)
            assert found.discrete == flat
            np.testing.assert_allclose(found.lut(256)[:, :3] * 255, ramp)


def test_a_table_of_bytes_without_order_is_what_its_extension_says(read, complaint):
    noise = np.random.default_rng(1).integers(0, 256, 768, np.uint8).tobytes()
    assert read("a.act", noise).stops[1][1][0] * 255 == pytest.approx(noise[3])
    assert read("a.lut", noise).stops[1][1][0] * 255 == pytest.approx(noise[1])
    assert complaint("a", noise).startswith("a: ")


def test_fractint(read):
    assert levels(read("a.map", "; mine\n0 0 90 first\n 255 255 240\n")) == [[0, 0, 90, 255], [255, 255, 240, 255]]


def test_what_is_beyond_256_colours_is_left_out_as_fractint_does(read):
    found = read("a.map", "0 0 90 first\n" + "1 2 3\n" * 255 + "255 0 0\n" * 3 + "\x1a")
    assert (found.discrete, found.stops[-1][1]) == (256, (1 / 255, 2 / 255, 3 / 255, 1))
    assert found.warnings == ("It has 259 colours: as in Fractint, what is beyond 256 was not read.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 0 90\n1 2\n", "2: 2 numbers; a colour has 3"),
        ("0 0 90\n1 2 x\n", "2: 'x' is not a whole number; blue was expected"),
        ("0 0 9999\n", "1: blue is 9999; it must be in 0 … 255"),
        (
            "1 30 90 200\n",
            "1: '200' follows the colour; put ; before a comment, or say format=esri if a value is first",
        ),
        (";\n", " it has no colours; give a line of red, green, blue for each"),
    ],
)
def test_mistakes_in_fractint(complaint, text, message):
    assert complaint("a.map", text, "fractint") == f"a.map:{message}"
