"""Colours as GMT writes them: a name, a grey, ``r/g/b``, ``h-s-v``, ``c/m/y/k`` or ``#rrggbb``."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from ...errors import quoted
from ..colormap import RGBA
from .colormap_file import Line, closest
from .hex_colors import in_hex
from .x11_colors import color_names, named_color

__all__ = ["SKIPPED", "Paint", "in_columns", "in_one_word", "written"]

HSV = tuple[float, float, float]

#: In this form a hyphen separates numbers and is no sign.
_HSV = re.compile(r"([^-]+)-([^-]+)-([^-]+)")
_PATTERN = re.compile(r"p\d|p.*[+/]", re.IGNORECASE)

#: The numbers of a colour: the name of each in messages, and its largest value.
_RGB = (("red", 255), ("green", 255), ("blue", 255))
_HSV_PARTS = (("hue", 360), ("saturation", 1), ("value", 1))
_CMYK = (("cyan", 100), ("magenta", 100), ("yellow", 100), ("black", 100))


@dataclass(frozen=True)
class Paint:
    """A colour, and its hue, saturation and value if it was written so.

    Attributes
    ----------
    rgba : RGBA
    hsv : (float, float, float) or None
        Hue in turns, saturation and value, if the file says those.
    """

    rgba: RGBA
    hsv: HSV | None = None

    @property
    def as_hsv(self) -> HSV:
        """Hue in turns, saturation and value."""
        if self.hsv is not None:
            return self.hsv
        return colorsys.rgb_to_hsv(*self.rgba[:3])


#: The colour of a slice that is not painted at all: ``-``.
SKIPPED = Paint((0.0, 0.0, 0.0, 0.0))


def in_one_word(line: Line, word: str) -> Paint:
    """Return the colour that is written in one word, which ``@`` and a transparency in percent may follow."""
    if word == "-":
        return SKIPPED
    name, at, transparency = word.partition("@")
    alpha = 1 - line.float(transparency, 0, 100, "transparency") / 100 if at else 1.0
    if _PATTERN.match(name):
        line.fail(f"{quoted(name, 40)} is a pattern", "a colormap has colours only: give a colour in its place")
    if name.startswith("#"):
        return Paint((*in_hex(line, name)[:3], alpha))
    parts = name.split("/")
    if len(parts) == 3 or len(parts) == 4:
        return in_columns(line, parts, "cmyk" if len(parts) == 4 else "rgb", alpha)
    if hsv := _HSV.fullmatch(name):
        return in_columns(line, hsv.groups(), "hsv", alpha)
    if name[:1].isdigit() or name[:1] in (".", "+", "-"):
        grey = line.float(name, 0, 255, "grey") / 255
        return Paint((grey, grey, grey, alpha))
    rgb = named_color(name)
    if rgb is None:
        _unknown(line, name)
    return Paint((rgb[0] / 255, rgb[1] / 255, rgb[2] / 255, alpha))


def in_columns(line: Line, words: Sequence[str], model: str, alpha: float = 1.0) -> Paint:
    """Return the colour whose parts are `words`, three of ``"rgb"`` or ``"hsv"`` or four of ``"cmyk"``."""
    kinds = {"rgb": _RGB, "hsv": _HSV_PARTS, "cmyk": _CMYK}[model]
    parts = [line.float(word, 0, most, name) / most for word, (name, most) in zip(words, kinds, strict=True)]
    if model == "hsv":
        hue, saturation, value = parts
        r, g, b = colorsys.hsv_to_rgb(hue % 1, saturation, value)
        return Paint((r, g, b, alpha), (hue, saturation, value))
    if model == "cmyk":
        parts = [max(0.0, 1 - part - parts[3]) for part in parts[:3]]  # black adds up, as in GMT
    r, g, b = parts
    return Paint((r, g, b, alpha))


def written(color: RGBA) -> str:
    """Return a colour as GMT reads it, to a ten-millionth."""
    rgb = "/".join(format(part * 255, ".9g") for part in color[:3])
    return rgb if color[3] == 1 else f"{rgb}@{(1 - color[3]) * 100:.9g}"


def _unknown(line: Line, name: str) -> NoReturn:
    near = closest(name[:40], color_names())
    remedy = f"did you mean {near[0]}?" if near else "give a name of X11's, a grey, r/g/b, h-s-v, c/m/y/k or #rrggbb"
    line.fail(f"{quoted(name, 40)} is not a colour", remedy)
