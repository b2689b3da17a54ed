from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import load_colormap, save_colormap
from traitsview.errors import ColormapError

SHIPPED = Path(__file__).parents[3] / "colormaps"

TEXT = "".join(f"{i} {255 - i} {i // 2}\n" for i in range(256))
RAW = bytes(range(256)) + bytes(range(255, -1, -1)) + bytes(i // 2 for i in range(256))


def table() -> np.ndarray:
    i = np.arange(256)
    return np.stack([i, 255 - i, i // 2, np.full(256, 255)], 1) / 255


def header(n: int, first: int = 0, last: int = 255) -> bytes:
    return struct.pack(">4shhhh20x", b"ICOL", 0, n, first, last)


@pytest.mark.parametrize(
    ("name", "colors", "last"),
    [("fluorescein", 256, "fafff0"), ("hoechst", 16, "ffffff"), ("rhodamine", 256, "fffaf0")],
)
def test_the_tables_that_come_with_us(name, colors, last):
    found = load_colormap(SHIPPED / f"{name}.lut")
    assert found.name == name
    assert len(found.stops) == colors
    assert found.warnings == ()
    np.testing.assert_allclose(found.lut(256)[[0, -1], :3] * 255, [[0, 0, 0], list(bytes.fromhex(last))])


def test_bytes_are_planes(read):
    np.testing.assert_allclose(read("a.lut", RAW).lut(256), table())


def test_what_follows_768_bytes_in_a_file_of_970_is_warned_of(read):
    found = read("a.lut", RAW + bytes(202))
    np.testing.assert_allclose(found.lut(256), table())
    assert found.warnings == ("The 202 bytes after the colours were not read.",)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace(" ", "\t"),
        TEXT.replace(" ", ", "),
        "Red Green Blue\n" + TEXT,
        "Index\tRed\tGreen\tBlue\n" + "".join(f"{i} {row}\n" for i, row in enumerate(TEXT.splitlines())),
    ],
)
def test_text_has_256_rows(read, text):
    found = read("a.lut", text)
    np.testing.assert_allclose(found.lut(256), table())
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("9 9 9\n" + TEXT, "It has 257 rows: as in ImageJ, the first was not read."),
        ("9 9 9\n" + TEXT + "9 9 9\n", "It has 258 rows: as in ImageJ, the first and the last were not read."),
        ("R G B\n" + TEXT + "9 9 9\n", "It has 257 rows: as in ImageJ, what is beyond 256 was not read."),
    ],
)
def test_rows_beyond_256_are_passed_over_as_in_imagej(read, text, warning):
    found = read("a.lut", text)
    np.testing.assert_allclose(found.lut(256), table())
    assert found.warnings == (warning,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (RAW[:460], "a.lut: it has 460 bytes; a table of bytes has 768, or begins with ICOL; is the file whole?"),
        (RAW + b"\0", "a.lut: it has 769 bytes; a table of bytes has 768, or begins with ICOL; is the file whole?"),
        (b"ICOL" + bytes(8), "a.lut: it ends at byte 12; its header has 32 bytes"),
        (header(0) + RAW, "a.lut: byte 6 announces 0 colours; it must be 2 … 256"),
        (header(-1) + RAW, "a.lut: byte 6 announces -1 colours; it must be 2 … 256"),
        (header(257) + RAW, "a.lut: byte 6 announces 257 colours; it must be 2 … 256"),
        (header(3) + bytes(8), "a.lut: it ends at byte 40; 3 colours need 41 bytes"),
        (
            TEXT.replace("7 248 3\n", ""),
            "a.lut: it has 255 rows of numbers; a lookup table has 256; is the file whole?",
        ),
        (TEXT.replace("7 248 3\n", "7 abc 3\n"), "a.lut:8: 'abc' is not a number; green was expected"),
        (TEXT.replace("7 248 3\n", "7 9999 3\n"), "a.lut:8: green is 9999; it must be in 0 … 255"),
        (TEXT.replace("7 248 3\n", "7 -5 3\n"), "a.lut:8: green is -5; it must be in 0 … 255"),
        (TEXT.replace("7 248 3\n", "7 1.5 3\n"), "a.lut:8: '1.5' is not a whole number; green was expected"),
        (
            TEXT.replace("7 248 3\n", "7 3\n"),
            "a.lut:8: 2 columns where the rows above have 3; every row must have as many columns",
        ),
        ("".join(f"{i // 2} 1 2 3\n" for i in range(256)), "a.lut:2: the index is 0; 1 was expected"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(complaint, content, message):
    assert complaint("a.lut", content) == message


def test_nih_tables_of_few_colours_run_into_each_other(read):
    found = read("a.lut", header(3, 0, 2) + bytes([0, 100, 200, 10, 20, 30, 255, 255, 0]))
    np.testing.assert_allclose(
        found.lut(5)[:, :3] * 255, [[0, 10, 255], [50, 15, 255], [100, 20, 255], [150, 25, 127.5], [200, 30, 0]]
    )
    assert found.warnings == ()


def test_what_of_an_nih_table_is_not_used_is_warned_of(read):
    assert read("a.lut", header(256, 20, 90) + RAW + b"xx").warnings == (
        "The 2 bytes after the colours were not read.",
        "The indices 20 and 90, from which to which the table is, were not used.",
    )


def test_small_and_whole_numbers_are_told_from_ds9s_tables(read):
    assert read("a.lut", TEXT).stops[255][1] == (1, 0, 127 / 255, 1)
    rows = "".join(f"{i / 255:.3f} 0 1\n" for i in range(256))
    assert read("a.lut", rows).stops[128][1] == (0.502, 0, 1, 1)


@pytest.mark.parametrize("low", [33, 35, 48, 65, 128])
def test_bytes_that_could_be_letters_are_told_from_text(read, low):
    planes = np.linspace(low, low + 60, 768).astype(np.uint8)
    np.testing.assert_array_equal(read("a.lut", planes.tobytes()).lut(256)[:, 0], planes[:256] / 255)


def test_text_of_768_bytes_is_ds9s(read):
    text = "0.000 0.100 0.200\n" * 42
    assert len(read("a.lut", text + "#" * (768 - len(text))).stops) == 42


@pytest.mark.parametrize("seed", range(40))
def test_what_is_saved_is_loaded_again(tmp_path, seed):
    shades = np.random.default_rng(seed).integers(0, 256, (256, 4)) / 255
    shades[:, 3] = 1
    mine = Colormap.from_colors("mine", shades.tolist())
    save_colormap(mine, tmp_path / "mine.lut")
    assert (tmp_path / "mine.lut").stat().st_size == 768
    found = load_colormap(tmp_path / "mine.lut")
    assert found.name == "mine"
    np.testing.assert_array_equal(found.lut(256), mine.lut(256))


@pytest.mark.parametrize("name", ["viridis", "tab10", "cubehelix", "twilight"])
def test_maps_of_the_catalogue_keep_256_colours(tmp_path, name):
    save_colormap(colormap(name), tmp_path / "a.lut")
    np.testing.assert_allclose(load_colormap(tmp_path / "a.lut").lut(256), colormap(name).lut(256), atol=0.5001 / 255)


def test_transparency_is_not_lost_silently(tmp_path):
    mine = Colormap.from_colors("mine", [(0, 0, 0, 0), (1, 1, 1, 1)])
    with pytest.raises(ColormapError, match=r"cannot write 'mine' as \.lut: ImageJ knows no transparency"):
        save_colormap(mine, tmp_path / "mine.lut")
