"""Lists of hexadecimal colours: plain ones, ncWMS's palettes and Paint.NET's.

::

    #1f2430 ink                    % ncWMS                         ; paint.net Palette File
    #b5651d clay                   #ff1f2430                       FF1F2430
    #e6d5b0 sand                   #80b5651d                       FFB5651D

Of eight digits the last two are alpha in plain lists, as in CSS, and the first two in the other formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import quoted
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile, Line, is_number
from .colormap_format import Format
from .hex_colors import hex_color, is_hex
from .tables import MOST_ROWS, credits

__all__ = ["FORMATS"]

#: A colour, a separator, and a name, which may be missing.
_ROW = re.compile(r"(\S+?)(?:\s*[,;]\s*|\s+|$)(.*)")

#: Number of lines that are looked at to recognize a file.
_SNIFFED_LINES = 40


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a plain list.

    The colours of a ``.hex`` file are flat, and so are colours with names.  Others run into each other.
    """
    shades, labels = _read(file, "#;%!/", _alpha_first(file))
    warnings = ["Its colours begin with ff: read as alpha, red, green, blue."] if _alpha_first(file) else []
    flat = any(labels) or file.extension == ".hex"
    return [_colormap(file, shades, labels, flat, warnings)]


def load_ncwms(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a palette of ncWMS: colours that run into each other, alpha first."""
    shades, labels = _read(file, "%", True)
    return [_colormap(file, shades, labels, False, [])]


def load_paintnet(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a palette of Paint.NET: flat colours, alpha first."""
    shades, labels = _read(file, ";", True)
    return [_colormap(file, shades, labels, True, [])]


def _rows(file: ColormapFile, comment: str) -> Iterator[tuple[Line, str, str]]:
    """Yield each line that holds a colour, the colour, and the name behind the colour."""
    for line in file.bare_lines(""):
        found = _ROW.fullmatch(line.text)
        word, name = (found[1], found[2].lstrip("#;/ \t")) if found else (line.text, "")
        if line.text[0] not in comment or is_hex(word):
            yield line, word, name


def _read(file: ColormapFile, comment: str, alpha_first: bool) -> tuple[list[RGBA], list[str]]:
    shades: list[RGBA] = []
    labels: list[str] = []
    for line, word, name in _rows(file, comment):
        color = hex_color(word, alpha_first)
        if color is None:
            line.fail(f"{quoted(word, 40)} is not a colour", "write #rrggbb with six hexadecimal digits")
        if len(shades) == MOST_ROWS:
            line.fail(f"there are more than {MOST_ROWS} colours", "give a palette")
        shades.append(color)
        labels.append(file.called(name) if name.strip() else "")
    if not shades:
        file.fail("it has no colour", "write a #rrggbb in each line")
    return shades, labels


def _alpha_first(file: ColormapFile) -> bool:
    """Whether eight digits mean alpha first: all colours begin with ``ff``, and not all end with it."""
    words = [word[-8:].lower() for _, word, _ in _rows(file, "#;%!/") if is_hex(word, bare=True)]
    if not words or any(len(word) != 8 or not re.fullmatch("[0-9a-f]{8}", word) for word in words):
        return False
    return all(word.startswith("ff") for word in words) and not all(word.endswith("ff") for word in words)


def _colormap(file: ColormapFile, shades: list[RGBA], labels: list[str], flat: bool, warnings: list[str]) -> Colormap:
    named = {"labels": tuple(labels)} if flat and any(labels) else {}
    licence = credits(file, "#;%!/")
    return Colormap.from_colors(file.stem, shades, flat=flat, warnings=tuple(warnings), licence=licence, **named)


def _is_list(file: ColormapFile, comment: str, bare: bool) -> bool:
    """Whether the first lines are colours, each with a name at most."""
    found, names = [], []
    for _, word, name in _rows(file, comment):
        names.append(name)
        found.append(is_hex(word, bare) and not re.search(r"[,;\t]", name))
        if len(found) == _SNIFFED_LINES:
            break
    positions = all(map(is_number, names))  # a table of positions and colours, which another format reads
    return len(found) > 1 and all(found) and not positions


def _plausible(file: ColormapFile) -> bool:
    return _is_list(file, "#;%!/", bare=file.extension == ".hex")


def _plausible_ncwms(file: ColormapFile) -> bool:
    return file.extension == ".pal" and _is_list(file, "%", bare=False)


def _plausible_paintnet(file: ColormapFile) -> bool:
    """Whether it begins with a comment of Paint.NET's kind, and bare colours of eight digits follow."""
    if not file.text.lstrip().startswith(";"):
        return False
    words = [word for _, word, _ in _rows(file, ";")][:_SNIFFED_LINES]
    return bool(words) and all(re.fullmatch("[0-9a-fA-F]{8}", word) for word in words)


FORMATS = (
    Format("ncwms", "ncWMS palette", (".pal",), load_ncwms, plausible=_plausible_ncwms),
    Format("paintnet", "Paint.NET palette", (".txt",), load_paintnet, plausible=_plausible_paintnet),
    Format("hex", "list of #rrggbb", (".hex", ".txt"), load, plausible=_plausible),
)
