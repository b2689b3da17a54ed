"""Files that are often taken for colormaps.  The error says what such a file is, and what to do instead.

They are recognized by their content, not by their names, before the loose formats can read their words as colours.
"""

from __future__ import annotations

import json
import re

from ...errors import quoted
from .colormap_file import ColormapFile
from .tables import numeric, split
from .xml_tree import root_tag

__all__ = ["by_first_bytes", "refuse"]

_WEB = ("it is a web page", "download the file itself, which sites call raw")
_UTF16 = ("it is in UTF-16", "save it in UTF-8")
_IMAGE = ("it is an image", "read its colours with a program for images, and save them as text")
_ARCHIVE = ("it is an archive", "unpack it")
_COMPRESSED = ("it is compressed", "unpack it")
_PROGRAM = ("it is a program", "save the colours that it makes as text")
_DOCUMENT = ("it is a document", "copy its colours into a text file")
_APPLE = ("it is a list of Apple's", "export its colours as text")
_INKS = ("it is a palette of CorelDRAW, whose colours are inks", "export it in RGB, as .gpl or .ase")
_GRADING = ("it is a table for grading pictures", "give a table of one dimension")
_LIST = ("it is a list as in a program", "save its colours as #rrggbb, one a line")
_SHEET_OF_STYLES = ("it is a style sheet", "save its colours as #rrggbb, one a line")
_PICKLE = ("it is a pickle of Python, which could run anything", "save the colours as text or with numpy.save")
_SHEET = ("it is a spreadsheet or another file of an office program", "save the colours as CSV")

#: The first bytes of files, in small letters; for each the two parts of the message.
_BEGINNINGS: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"<!doctype html", _WEB),
    (b"<html", _WEB),
    (b"\xff\xfe", _UTF16),
    (b"\xfe\xff", _UTF16),
    (b"\x89png", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"gif8", _IMAGE),
    (b"ii*\0", _IMAGE),
    (b"mm\0*", _IMAGE),
    (b"8bps", _IMAGE),
    (b"pk\x03\x04", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"rar!", _ARCHIVE),
    (b"\x1f\x8b", _COMPRESSED),
    (b"bzh", _COMPRESSED),
    (b"\xfd7zxz", _COMPRESSED),
    (b"\x28\xb5\x2f\xfd", _COMPRESSED),
    (b"%pdf", _DOCUMENT),
    (b"%!ps", _DOCUMENT),
    (b"%!vest-lut", ("it is a lookup table of VEST", "save its colours as a row of red, green, blue each, .cmap")),
    (b"{\\rtf", _DOCUMENT),
    (b"\xd0\xcf\x11\xe0", _SHEET),
    (b"8bgr", ("it holds gradients of Photoshop", "export them from a program that writes GIMP's, .ggr")),
    (b"8bcb", ("it is a book of colours of Photoshop", "save its swatches for exchange, .ase")),
    (b"bplist", _APPLE),
    (b"\x04\x0bstreamtyped", _APPLE),
    (b"matlab 5.0", ("it is of MATLAB", "save the matrix as text there, with writematrix")),
    (b"\x89hdf", ("it is in HDF5", "save its colours as text")),
    (b"cdf\x01", ("it is in NetCDF", "save its colours as text")),
    (b"cdf\x02", ("it is in NetCDF", "save its colours as text")),
    (b"simple  =", ("it is in FITS", "save its colours as text")),
    (b"sqlite format", ("it is a database", "export colormaps from it")),
    (b"\x80\x04", _PICKLE),
    (b"***colors", ("it is a palette of AFNI", "save its colours as #rrggbb")),
)

#: Beginnings of lines that no colormap has, in small letters; for each the two parts of the message.
_PHRASES: tuple[tuple[str, tuple[str, str]], ...] = (
    (r"#!|#include\b|<\?php|function\b|def\s+\w+\(|from\s+[\w.]+\s+import\b|import\s+[\w.]+(\s|;|$)", _PROGRAM),
    (r"(library|source)\(|using\s+\w+;|package\s+[\w.]+;?$|(export\s+)?(const|let|var)\s+\w+\s*=", _PROGRAM),
    (r"'set rgb", ("it is a script of GrADS", "save its colours as a table")),
    (r"colormap \d+ \d+$", ("it is a spectrum of Surfer", "save position, red, green, blue as text")),
    (r"#declare\s|colou?r_map\s*\{", ("it is a scene of POV-Ray", "save its colours as a table")),
    (r"[\w-]*linear-gradient\s*\(|[\w.#-]+\s*\{\s*(background|color)\b", _SHEET_OF_STYLES),
    (r"envi density slice", ("it is a density slice of ENVI", "save position, red, green, blue as text")),
    (r"set\s+(palette|style line|linetype|pm3d)\b", ("it is a script of gnuplot", "save its colours as a table")),
    (r"(\w+\s*(<-|=)\s*)?c\(\s*[\"']#|\[1\]\s+\"#", ("it is a vector of R", "save it with writeLines, one a line")),
    (
        r"(\w+\s*=\s*)?[\[(]\s*[\"']#[0-9a-f]{3}",
        ("it is a list as in a program", "save its colours as #rrggbb, one a line"),
    ),
    (r"lut_3d_size\b", _GRADING),
    (r"gradient:$", ("it is a gradient of Ultra Fractal", "export it as a map, .map")),
)

#: A name and four inks in percent.  In palettes of CorelDRAW every row is like this.
_ROW_OF_INKS = re.compile(r'"[^"]*"(\s+(100|\d\d?)){4}$')

#: Root elements of XML files, without the prefix of a namespace, in small letters.
_ROOTS = {
    "html": _WEB,
    "svg": ("it is a drawing", "save its gradient as GIMP's, .ggr"),
    "palette": ("it is a palette of CorelDRAW", "export its colours as text or GIMP's, .gpl"),
    "scribuscolors": ("it holds colours of Scribus", "export them as GIMP's, .gpl"),
    "color-table": ("it is a palette of LibreOffice", "save its colours as GIMP's, .gpl"),
    "resources": ("it holds resources of Android", "save its colours as #rrggbb, one a line"),
    "plist": _APPLE,
    "kml": ("it is a map in KML", "save its colours as #rrggbb, one a line"),
    "map": ("it is a style of Mapnik", "export the colours of its raster as text"),
    "gml": ("it is a map in GML", "give a table of colours"),
}

#: Beginnings of comments in programs and tables.
_COMMENTS = ("#", "//", "/*", "*", "%", ";", "--")

#: Number of lines behind the comments that are looked at to recognize a file.
_SNIFFED_LINES = 3

#: At most this many keys of a JSON file are named in a message.
_MOST_KEYS = 5


def refuse(file: ColormapFile) -> None:
    """Raise `ColormapError` if a file, which has none of our strict formats, is known to be something else."""
    if found := by_first_bytes(file):
        file.fail(*found)
    if b"\0" in file.data:
        return
    _refuse_xml(file)
    _refuse_json(file)
    lines, has_rows = _telling_lines(file)
    if lines and all(map(_ROW_OF_INKS.match, lines)):
        file.fail(*_INKS)
    for line in lines:
        for pattern, found in _PHRASES:
            # Rows of numbers may have a title that reads like a program.
            if re.match(pattern, line) and not (has_rows and found is _PROGRAM):
                file.fail(*found)


def by_first_bytes(file: ColormapFile) -> tuple[str, str] | None:
    """Return what a file is and what to do, if its first bytes show that it is no colormap; else None."""
    begin = file.data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    known = next((found for start, found in _BEGINNINGS if begin.startswith(start)), None)
    return known or (("it is a colour profile", "give a colormap") if file.data[36:40] == b"acsp" else None)


def _refuse_xml(file: ColormapFile) -> None:
    tag = root_tag(file)
    if tag is None:
        return
    known = _ROOTS.get(tag.rpartition(":")[2].lower())
    why, remedy = known or (f"it is XML of another kind: its root is <{tag[:40]}>", "give a file of a known format")
    file.fail(why, remedy)


def _refuse_json(file: ColormapFile) -> None:
    """Refuse a JSON object: no format of ours knows its keys.  Invalid JSON is left to the readers of JSON."""
    if file.text.lstrip()[:1] != "{":
        return
    try:
        top = json.loads(file.text)
    except (ValueError, RecursionError):
        return
    keys = [quoted(key, 20) for key in top if not isinstance(top[key], (int, float))][:_MOST_KEYS]
    if keys:
        why = f"it is JSON of another kind: it has {', '.join(keys)}" + ", …" * (len(top) > len(keys))
        file.fail(why, "give RGBPoints, colors, R, G and B, or red, green and blue")


def _telling_lines(file: ColormapFile) -> tuple[list[str], bool]:
    """Return the first line and those after the comments, in small letters, and whether most lines are numbers."""
    lines = [line.text.strip() for line in file.lines[:200] if line.text.strip()]
    rows = [split(text) for text in lines[:60]]
    has_rows = sum(len(words) > 1 and all(map(numeric, words)) for words in rows) * 2 > len(rows)
    bare = [text for text in lines if not text.startswith(_COMMENTS)]
    return [text.lower() for text in (*lines[:1], *bare[:_SNIFFED_LINES])], has_rows
