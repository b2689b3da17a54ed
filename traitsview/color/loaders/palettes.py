"""Small palettes of flat colours: JASC's (Paint Shop Pro), Microsoft's RIFF, Adobe's colour tables and Fractint's maps.

::

    JASC-PAL
    0100
    2
    0 0 90
    255 255 240
"""

from __future__ import annotations

import re
import struct

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap
from .byte_tables import TABLE_BYTES, byte_order
from .colormap_file import ColormapFile, Line, is_number
from .colormap_format import Format
from .tables import CHANNELS, MOST_ROWS, announced

__all__ = ["FORMATS"]

_JASC = ("JASC-PAL", "0100")

#: Bytes of Adobe's table of 256 colours.
_ACT_BYTES = TABLE_BYTES

#: Bytes of Adobe's table if the number of colours and the number of the transparent colour follow.
_COUNTED_ACT_BYTES = 772

#: The number of the transparent colour if no colour is transparent.
_NONE_TRANSPARENT = 0xFFFF

#: The header of a RIFF palette: RIFF, length, PAL, data, length, version, number of colours.
_RIFF = struct.Struct("<4sI4s4sIHH")
_RIFF_VERSION = 0x0300

_FRACTINT_COLORS = 256


def load_jasc(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a JASC palette."""
    lines = file.filled_lines
    for line, expected in zip(lines, _JASC, strict=False):
        if line.text.strip() != expected:
            line.fail(f"{quoted(line.text.strip(), 40)} is not {expected}", "a palette begins with JASC-PAL and 0100")
    rows = announced(lines, 2, "colours")
    width = len(rows[0].text.split())
    colors = [_color(line, line.text.split(), width) for line in rows]
    return [Colormap.from_colors(file.stem, colors, flat=True)]


def _color(line: Line, words: list[str], width: int) -> RGBA:
    """Return the colour of a line of 3 or 4 whole numbers."""
    if len(words) != width or width not in (3, 4):
        line.fail(counted(len(words), "number"), f"a colour has {width if width in (3, 4) else '3 or 4'}")
    numbers = [line.int(word, 0, 255, what) / 255 for word, what in zip(words, CHANNELS, strict=False)]
    return numbers[0], numbers[1], numbers[2], numbers[3] if width == 4 else 1.0


def load_riff(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a RIFF palette."""
    if len(file.data) < _RIFF.size:
        file.fail(f"it has {counted(len(file.data), 'byte')}", f"a RIFF palette has {_RIFF.size} before its colours")
    riff, whole, kind, chunk, size, version, count = _RIFF.unpack_from(file.data)
    if (riff, kind, chunk) != (b"RIFF", b"PAL ", b"data"):
        file.fail("it is a RIFF file without a palette", "a palette has PAL and data in its first 16 bytes")
    if version != _RIFF_VERSION:
        file.fail(f"its version is {version:#06x}", f"it must be {_RIFF_VERSION:#06x}")
    rest = len(file.data) - _RIFF.size
    if not 1 <= count <= rest // 4:
        file.fail(f"it announces {counted(count, 'colour')} and has bytes for {rest // 4}", "copy it again")
    if size < 4 + 4 * count or whole < 12 + size:
        file.fail(
            f"its lengths say {whole} and {counted(size, 'byte')} for {counted(count, 'colour')}", "copy it again"
        )
    colors = [_opaque(file.data[at : at + 3]) for at in range(_RIFF.size, _RIFF.size + 4 * count, 4)]
    return [Colormap.from_colors(file.stem, colors, flat=True)]


def load_act(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of an Adobe colour table."""
    size, count, transparent = len(file.data), 256, _NONE_TRANSPARENT
    if size not in (_ACT_BYTES, _COUNTED_ACT_BYTES):
        file.fail(f"it has {counted(size, 'byte')}", f"an Adobe colour table has {_ACT_BYTES} or {_COUNTED_ACT_BYTES}")
    if size == _COUNTED_ACT_BYTES:
        count, transparent = struct.unpack_from(">HH", file.data, _ACT_BYTES)
        if not 1 <= count <= 256:
            file.fail(f"it announces {counted(count, 'colour')}", "it must be 1 … 256")
        if transparent >= count and transparent != _NONE_TRANSPARENT:
            file.fail(f"its transparent colour has the number {transparent}", f"it has {counted(count, 'colour')}")
    colors = [_opaque(file.data[at : at + 3]) for at in range(0, 3 * count, 3)]
    if transparent < count:
        colors[transparent] = (*colors[transparent][:3], 0.0)
    return [Colormap.from_colors(file.stem, colors, flat=True)]


def _opaque(data: bytes) -> RGBA:
    return data[0] / 255, data[1] / 255, data[2] / 255, 1.0


def load_fractint(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a Fractint map, whose lines may end with a comment."""
    lines = list(file.bare_lines(";#"))
    if not lines:
        file.fail("it has no colours", "give a line of red, green, blue for each")
    colors = [_commented(line) for line in lines[:MOST_ROWS]]
    warnings = []
    if len(lines) > _FRACTINT_COLORS:
        warnings.append(f"It has {len(lines)} colours: as in Fractint, what is beyond {_FRACTINT_COLORS} was not read.")
    return [Colormap.from_colors(file.stem, colors[:_FRACTINT_COLORS], flat=True, warnings=tuple(warnings))]


def _commented(line: Line) -> RGBA:
    """Return the colour of a line of three whole numbers, which a comment may follow.

    A fourth number is refused: the first of four may be a value.
    """
    words = line.text.split()
    if len(words) > 3 and is_number(words[3]):
        line.fail(
            f"{quoted(words[3], 40)} follows the colour",
            "put ; before a comment, or say format=esri if a value is first",
        )
    return _color(line, words[:3], 3)


def _is_jasc(file: ColormapFile) -> bool:
    return file.data.removeprefix(b"\xef\xbb\xbf").startswith(b"JASC-PAL")


def _is_riff(file: ColormapFile) -> bool:
    return file.data[:4] == b"RIFF"


def _is_act(file: ColormapFile) -> bool:
    """Whether it has 772 bytes and is called ``.act``, or has 768 bytes in triples.

    ImageJ's tables have 768 bytes in planes.  If both orders give smooth colours, the extension decides.
    """
    if file.extension == ".act" and len(file.data) == _COUNTED_ACT_BYTES:
        return True
    order = byte_order(file)
    return order == "triples" or (file.extension == ".act" and order == "either")


def _is_fractint(file: ColormapFile) -> bool:
    if file.extension != ".map":
        return False
    lines = file.text.splitlines()
    return bool(lines) and re.match(r"\s*\d+\s+\d+\s+\d+(\s|$)", lines[0], re.ASCII) is not None


FORMATS = (
    Format("jasc", "JASC palette (Paint Shop Pro)", (".pal", ".psppalette"), load_jasc, magic=_is_jasc),
    Format("riff", "RIFF palette (Microsoft)", (".pal",), load_riff, magic=_is_riff),
    Format("act", "Adobe colour table", (".act",), load_act, plausible=_is_act),
    Format("fractint", "Fractint map", (".map",), load_fractint, plausible=_is_fractint),
)
