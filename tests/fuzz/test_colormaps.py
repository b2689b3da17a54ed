"""A colormap file with any bytes, of any format, is read or refused in one line; nothing else happens."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from kit.fuzzing import fuzz, require_one_line
from kit.mutation import mutated

from traitsview.color.loaders.colormap_file import ColormapFile, Options
from traitsview.color.loaders.formats import formats, sniff
from traitsview.errors import ColormapError

SHIPPED = Path(__file__).parents[2] / "colormaps"

#: Texts in the place of a number or a word.
WORDS = r"""
    0 1 -1 2 0.5 1.5 -0.1 100 101 255 256 257 9999 65536 1e-9 1e9 1e308 1e400 -1e400 1e-400 nan NaN inf -inf 0x10 1_0
    1,5 .5 5. . + - -- 1e 1e+ 00 ٣ ½ abc True null [] {} [[[[ \" ' ( ) < > & ; : / # ! % = $ \ // rgb hsv white none red
    #fff #12345g &amp; <!DOCTYPE <!ENTITY ]]> RGB: N B F L U ퟿ é
"""
NASTY = [
    word.encode()
    for word in (
        *WORDS.split(),
        *("", "\t", "\n", "\r", "\0", "\x1b[31m", "\u202e", "\u2028", "\x85"),
        *("9" * 400, "a" * 900, "0 " * 100, "[" * 3000, "(" * 900, "<a>" * 500),
    )
]

#: Small files, which are read more quickly than the shipped ones.
SMALL = {
    "cpt": ["# HARD_HINGE\n-1 10/20/90 0 white\n0 30/110/50 1 90-0.5-1 ;a\nB black\nN 128\n", "1 red ;a\n2 #1e5ac8\n"],
    "ggr": ["GIMP Gradient\nName: two\n1\n0 0.4 1 0 0 0 1 0.8 0.1 0 1 2 1 0 3\n"],
    "gist": ["ncolors= 2\nntsc= 1\n0 0 0 9\n255 250 200 99\n"],
    "ds9-lut": ["# two\n0 0.1 0.2\n1 0.9 0.8;0 0 0\n"],
    "imagej": ["\0" * 768],
    "ncmap": ["0 0 90\n80 160 200\n255 255 240\n"],
    "paraview": ['[{"Name":"a","ColorSpace":"RGB","NanColor":[0.5,0,0],"RGBPoints":[0,0,0,0.3,4,1,1,0.9]}]'],
    "paraview-xml": ['<ColorMap name="a" space="RGB"><Point x="0" o="1" r="0" g="0" b="0"/>\n</ColorMap>'],
    "visit": [
        "<Object name='ColorTable'><Object name='ColorControlPointList'><Object name='ColorControlPoint'>\n"
        "<Field name='colors' type='unsignedCharArray' length='4'>0 0 0 255</Field>\n"
        "<Field name='position' type='float'>0</Field></Object></Object></Object>"
    ],
}

_WORD = re.compile(rb"[^\s,;:()\[\]{}<>\"'=/]+")


@cache
def seeds():
    """Return the shipped files of each format, and small ones."""
    found = {name: [] for name in formats()}
    for path in sorted(SHIPPED.iterdir()):
        if path.suffix not in (".rst", ".toml"):
            file = ColormapFile(path, path.read_bytes())
            found[sniff(file).name].append(file)
    for name, some in SMALL.items():
        found[name] += [ColormapFile(Path(f"small{formats()[name].extensions[0]}"), data.encode()) for data in some]
    return found


def one_of(rng, files):
    """Return one of the files; small ones come more often."""
    return rng.choices(files, [1 / (20 + len(file.data)) for file in files])[0]


def spoiled(rng, data, others):
    """Return a file after some accidents: to its bytes, its words or its lines."""
    kind = rng.random()
    if kind < 0.35:
        return mutated(rng, data, others)
    if kind < 0.8:
        changed = data
        for _ in range(rng.choice((1, 1, 2, 4))):
            word = _WORD.search(changed, rng.randrange(len(changed) + 1))
            if word is not None:
                changed = changed[: word.start()] + rng.choice(NASTY) + changed[word.end() :]
        return changed
    lines = data.splitlines(keepends=True)
    for _ in range(rng.choice((1, 2, 5))):
        at = rng.randrange(len(lines) + 1)
        match rng.randrange(5):
            case 0:
                del lines[at : at + rng.choice((1, 3))]
            case 1:
                lines[at:at] = lines[at : at + 1] * rng.choice((1, 1, 1, 2, 2, 2, 9, 300))
            case 2:
                lines[at:at] = rng.choice(others).splitlines(keepends=True)[:3]
            case 3:
                rng.shuffle(lines)
            case _:
                lines[at:] = []
    return b"".join(lines)


def read(chosen, file):
    """Read a file, and check the colormaps that come of it."""
    try:
        found = chosen.load(file)
    except ColormapError as error:
        require_one_line(error)
        return
    assert found
    for each in found:
        assert each.name.strip()
        assert each.name.isprintable()
        assert ((each.lut(3) >= 0) & (each.lut(3) <= 1)).all()
        assert all(warning.isprintable() for warning in each.warnings)


@pytest.mark.parametrize("name", list(formats()))
def test_any_file_of_a_format_is_read_or_refused(name):
    files = seeds()[name]
    others = [file.data for each in seeds().values() for file in each]

    def made(rng):
        file = one_of(rng, files)
        scale, columns = rng.choice(("auto", "auto", "auto", "1", "255")), rng.choice(("auto", "auto", "xrgb", "rgba"))
        return ColormapFile(file.path, spoiled(rng, file.data, others), Options(scale, columns))

    def check(file):
        read(formats()[name], file)

    fuzz(f"{name} files", made, check)


def test_format_of_any_file_is_recognized_or_refused():
    files = [file for each in seeds().values() for file in each]
    others = [file.data for file in files]

    def made(rng):
        file = one_of(rng, files)
        path = rng.choice((file.path, rng.choice(files).path, Path("x")))
        return ColormapFile(path, spoiled(rng, file.data, others))

    def check(file):
        try:
            chosen = sniff(file)
        except ColormapError as error:
            require_one_line(error)
        else:
            read(chosen, file)

    fuzz("colormap formats", made, check)
