"""Swatches of Adobe's programs: Photoshop's colours, ``.aco``, and the exchange format of all of them, ``.ase``.

Both are big-endian, and give the colour space of each colour.  The layout of ``.aco`` is published in Adobe's
"Photoshop File Formats Specification".  The layout of ``.ase`` is not published; other programs agree on it.
"""

from __future__ import annotations

import colorsys
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...errors import counted, printable, quoted
from ..colormap import RGBA, Colormap
from ..spaces import lab_to_rgb
from .colormap_file import ColormapFile
from .colormap_format import Format
from .ranges import within
from .tables import MOST_ROWS

__all__ = ["FORMATS"]

#: The colour spaces of ``.aco`` by their numbers, each with the divisors of its numbers of 16 bits.  The quotients are
#: in 0 … 1 (hue in turns); those of Lab are L in 0 … 100, a and b.  Inks are stored inverted: 65535 is no ink.
_ACO_SPACES: dict[int, tuple[str, tuple[float, ...]]] = {
    0: ("RGB", (65535, 65535, 65535)),
    1: ("HSB", (65535, 65535, 65535)),
    2: ("CMYK", (65535, 65535, 65535, 65535)),
    7: ("LAB", (100, 100, 100)),
    8: ("Gray", (10000,)),
    9: ("CMYK", (10000, 10000, 10000, 10000)),
}

#: The colour spaces of ``.ase``, each with how many numbers a colour has.
_ASE_SPACES = {"RGB": 3, "CMYK": 4, "LAB": 3, "Gray": 1}

_ASE = b"ASEF"
_GROUP_BEGINS, _GROUP_ENDS, _COLOR = 0xC001, 0xC002, 0x0001


@dataclass
class _ColorsFound:
    """The colours of a file as they are found."""

    file: ColormapFile
    colors: list[RGBA] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)

    def add(self, space: str, parts: Sequence[float], name: str) -> None:
        """Add a colour of one of the spaces."""
        number = len(self.colors) + 1
        if number > MOST_ROWS:
            self.file.fail(f"it has more than {MOST_ROWS} colours", "give a palette")
        low, high = ((0.0, -128.0, -128.0), (100.0, 128.0, 128.0)) if space == "LAB" else ((0.0,) * 4, (1.0,) * 4)
        inside = [within(part, *ends) for part, *ends in zip(parts, low, high, strict=False)]
        if None in inside:
            self.file.fail(f"colour {number} is not in the range of {space}", "save it again")
        if space in ("CMYK", "LAB"):
            self.warnings[f"Its {space} colours became red, green and blue without a colour profile."] = None
        red, green, blue = _TO_RGB[space](*inside)
        self.colors.append((red, green, blue, 1.0))
        self.labels.append(printable(" ".join(name.split()))[:200])

    def colormap(self) -> Colormap:
        """Return the colormap of the flat colours; fail if there is none."""
        if not self.colors:
            self.file.fail("it has no colour that can be read", "save swatches of RGB, CMYK, Lab, HSB or grey")
        labels = tuple(self.labels) if any(self.labels) else ()
        return Colormap.from_colors(
            self.file.stem, self.colors, flat=True, labels=labels, warnings=tuple(self.warnings)
        )


def _from_cmyk(c: float, m: float, y: float, k: float) -> tuple[float, float, float]:
    return (1 - c) * (1 - k), (1 - m) * (1 - k), (1 - y) * (1 - k)


def _from_lab(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    red, green, blue = lab_to_rgb([lightness, a, b]).tolist()
    return red, green, blue


_TO_RGB: dict[str, Callable[..., tuple[float, float, float]]] = {
    "RGB": lambda r, g, b: (r, g, b),
    "HSB": colorsys.hsv_to_rgb,
    "CMYK": _from_cmyk,
    "LAB": _from_lab,
    "Gray": lambda grey: (grey, grey, grey),
}


class _BinaryReader:
    """Reads big-endian numbers and names, one after the other."""

    def __init__(self, file: ColormapFile) -> None:
        self._file = file
        self.at = 0

    @property
    def left(self) -> int:
        """The number of bytes that are left."""
        return len(self._file.data) - self.at

    def raw(self, size: int) -> bytes:
        """Return the next `size` bytes, or fail where the file ends."""
        if size > self.left:
            self._file.fail(f"it ends at byte {len(self._file.data)}, within a colour", "is the file whole?")
        self.at += size
        return self._file.data[self.at - size : self.at]

    def whole(self, layout: str) -> tuple[int, ...]:
        """Return the next whole numbers; `layout` is a format of `struct` without byte order."""
        return struct.unpack(f">{layout}", self.raw(struct.calcsize(f">{layout}")))

    def floats(self, count: int) -> tuple[float, ...]:
        """Return the next `count` numbers of single precision."""
        return struct.unpack(f">{count}f", self.raw(4 * count))

    def name(self, length: int) -> str:
        """Return the next name: `length` units of UTF-16, the last of which is 0."""
        return self.raw(2 * length).decode("utf-16-be", "replace").rstrip("\0")


def load_aco(file: ColormapFile) -> list[Colormap]:
    """Return the flat colours of a file of Photoshop, with their names if the second version of the table follows."""
    reader = _BinaryReader(file)
    swatches = _aco_version(file, reader, 1) if file.data[:2] == b"\0\1" else None
    if reader.left >= 4:
        swatches = _aco_version(file, reader, 2)
    if swatches is None:
        file.fail("it begins with neither version 1 nor 2", "save it with Photoshop")
    return [swatches.colormap()]


def _aco_version(file: ColormapFile, reader: _BinaryReader, expected: int) -> _ColorsFound:
    version, count = reader.whole("HH")
    if version != expected:
        file.fail(f"its version is {version} where {expected} was expected", "save it with Photoshop")
    swatches = _ColorsFound(file)
    for _ in range(count):
        space, *parts = reader.whole("5H")
        name = ""
        if version == 2:
            _, length = reader.whole("HH")
            name = reader.name(length)
        if space not in _ACO_SPACES:
            swatches.warnings["Colours of a book of colours, such as Pantone's, were left out."] = None
            continue
        kind, units = _ACO_SPACES[space]
        if kind == "LAB":  # a and b have signs
            parts[1:3] = [part - 65536 if part > 32767 else part for part in parts[1:3]]
        shares = [part / unit for part, unit in zip(parts, units, strict=False)]
        swatches.add(kind, [1 - share for share in shares] if space == 2 else shares, name)
    return swatches


def load_ase(file: ColormapFile) -> list[Colormap]:
    """Return the flat colours of a file of Adobe Swatch Exchange, of all its groups, with their names."""
    reader = _BinaryReader(file)
    if not file.data.startswith(_ASE):
        file.fail("it does not begin with ASEF", "export the swatches for exchange")
    reader.at = len(_ASE)
    major, _, count = reader.whole("HHI")
    if major != 1:
        file.fail(f"its version is {major}", "export it in version 1")
    swatches = _ColorsFound(file)
    groups = 0
    for _ in range(count):
        if not reader.left:
            file.fail(f"it announces {counted(count, 'block')} and ends before the last", "is the file whole?")
        kind, length = reader.whole("HI")
        end = reader.at + length
        if kind == _COLOR:
            _add_ase_color(file, reader, swatches)
        elif kind == _GROUP_BEGINS:
            groups += 1
        elif kind != _GROUP_ENDS:
            file.fail(f"block of the unknown kind {kind:#06x} at byte {reader.at - 6}", "export the swatches again")
        if reader.at > end:
            file.fail(f"a colour is longer than its block, which ends at byte {end}", "export the swatches again")
        reader.at = end
    if groups > 1:
        swatches.warnings[f"Its {groups} groups were put together."] = None
    return [swatches.colormap()]


def _add_ase_color(file: ColormapFile, reader: _BinaryReader, swatches: _ColorsFound) -> None:
    (length,) = reader.whole("H")
    name = reader.name(length)
    model = reader.raw(4).decode("latin-1").strip()
    space = {each.upper(): each for each in _ASE_SPACES}.get(model.upper())
    if space is None:
        file.fail(f"a colour is of the unknown kind {quoted(model)}", "export swatches of RGB, CMYK, LAB or Gray")
    parts = reader.floats(_ASE_SPACES[space])
    swatches.add(space, [parts[0] * 100, *parts[1:]] if space == "LAB" else parts, name)


def _is_aco(file: ColormapFile) -> bool:
    """Whether the file begins with a version and has room for the number of colours that it announces."""
    data = file.data
    if len(data) < 14 or data[:2] not in (b"\0\1", b"\0\2"):
        return False
    version, count = struct.unpack_from(">HH", data)
    size = 4 + 10 * count
    if version == 1:
        return count > 0 and (len(data) == size or data[size : size + 4] == b"\0\2" + data[2:4])
    return file.extension == ".aco" and count > 0 and len(data) >= size


FORMATS = (
    Format("aco", "Adobe Photoshop colours", (".aco",), load_aco, plausible=_is_aco),
    Format("ase", "Adobe Swatch Exchange", (".ase",), load_ase, magic=lambda file: file.data.startswith(_ASE)),
)
