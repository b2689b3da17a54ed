"""Draws colormaps: into a picture, and as a strip of coloured blanks in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..color.colormap import RGBA, Colormap
from ..numerals import numeral, numerals

__all__ = ["picture_of", "strip_of"]

# Sizes in pixels.
_WIDTH = 900
_MARGIN = 24
_ROW_HEIGHT = 128
_STRIP_HEIGHT = 48
_BAD_SIDE = 48

#: Length of the points for the colours under and over the limits.
_POINT_LENGTH = 28

_INK = (32, 32, 32)
_GREY = (112, 112, 112)
_PAPER = (255, 255, 255)
_LINE = (96, 96, 96)

#: Side of the squares that are seen through transparent colours.
_SQUARE_SIDE = 6

#: Greys of these squares.
_LIGHT = 255
_DARK = 208

#: Up to so many flat colours have lines between them.
_MOST_LINES = 64

#: Up to so many flat colours have texts under them.
_MOST_TEXTS = 40


def picture_of(colormaps: Sequence[tuple[str, str, Colormap]]) -> Image.Image:
    """Return a picture of colormaps, one below the other.

    Each has its name, a description and its colours: flat colours as bins, points at the ends for the under and the
    over colour if there are such, and a square for bad values at the right.  Transparent colours show grey squares.

    Parameters
    ----------
    colormaps : sequence of (str, str, Colormap)
        Names, descriptions and colormaps.
    """
    picture = Image.new("RGB", (_WIDTH, _ROW_HEIGHT * len(colormaps) + _MARGIN), _PAPER)
    draw = ImageDraw.Draw(picture)
    for row, (name, words, colormap) in enumerate(colormaps):
        _draw_one(picture, draw, row * _ROW_HEIGHT + _MARGIN // 2, name, words, colormap)
    return picture


def strip_of(colormap: Colormap, width: int) -> str:
    """Return a line of `width` coloured blanks for a terminal that knows 16 million colours."""
    flat = colormap.discrete or 0
    colors = colormap.lut(width if flat <= width else flat)[:width]
    seen = _over_squares(colors[None], square=2)[0]
    blanks = (f"\x1b[48;2;{r};{g};{b}m " for r, g, b in seen.tolist())
    return "".join(blanks) + "\x1b[0m"


def _draw_one(
    picture: Image.Image, draw: ImageDraw.ImageDraw, top: int, name: str, words: str, colormap: Colormap
) -> None:
    title, small = ImageFont.load_default(17), ImageFont.load_default(12)
    draw.text((_MARGIN, top + 8), _fitting(draw, name, title, _WIDTH // 2), _INK, title)
    said = _fitting(draw, words, small, _WIDTH // 2 - 2 * _MARGIN)
    draw.text((_WIDTH - _MARGIN - draw.textlength(said, small), top + 12), said, _GREY, small)
    left, right = _MARGIN + _POINT_LENGTH, _WIDTH - _MARGIN - _BAD_SIDE - 20 - _POINT_LENGTH
    upper, lower = top + 38, top + 38 + _STRIP_HEIGHT
    colors = np.repeat(colormap.lut(_columns(colormap, right - left))[None], _STRIP_HEIGHT, axis=0)
    strip = Image.fromarray(_over_squares(colors)).resize((right - left, _STRIP_HEIGHT), Image.Resampling.NEAREST)
    picture.paste(strip, (left, upper))
    middle = (upper + lower) / 2
    points = [
        (colormap.under, [(left, upper), (left - _POINT_LENGTH, middle), (left, lower)]),
        (colormap.over, [(right, upper), (right + _POINT_LENGTH, middle), (right, lower)]),
    ]
    for color, point in points:
        if color is not None:
            _fill(picture, point, color)
            draw.line([*point], _LINE)
    draw.rectangle((left, upper, right, lower), outline=_LINE)
    bad = (_WIDTH - _MARGIN - _BAD_SIDE, upper, _WIDTH - _MARGIN, lower)
    box = [(bad[0], upper), (bad[2], upper), (bad[2], lower), (bad[0], lower)]
    _fill(picture, box, colormap.bad or (0, 0, 0, 0))
    draw.rectangle(bad, outline=_LINE)
    _write_centred(draw, "bad", (bad[0] + bad[2]) / 2, lower + 5, small)
    _draw_bins(draw, colormap, left, right, upper, lower, small)


def _columns(colormap: Colormap, width: int) -> int:
    """Return how many columns show equal shares of flat colours: a multiple of their number."""
    flat = colormap.discrete
    return width if flat is None else flat * max(1, round(width / flat))


def _draw_bins(
    draw: ImageDraw.ImageDraw,
    colormap: Colormap,
    left: int,
    right: int,
    upper: int,
    lower: int,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    flat = colormap.discrete or 0
    if 1 < flat <= _MOST_LINES:
        for x in np.linspace(left, right, flat + 1)[1:-1].round().tolist():
            draw.line([(x, upper), (x, lower)], _LINE)
    texts: list[tuple[float, str]] = []
    if flat and flat <= _MOST_TEXTS and (colormap.labels or colormap.values):
        named = colormap.labels or numerals(*colormap.values)
        texts = [((index + 0.5) / flat, text) for index, text in enumerate(named)]
    elif colormap.limits is not None:
        low, high = numerals(*colormap.limits)
        texts = [(0.0, low), (1.0, high)]
        if colormap.hinge is not None:
            texts.insert(1, (0.5, numeral(colormap.hinge)))
    room = (right - left) / max(flat, 2) - 6
    for place, text in texts:
        _write_centred(draw, _fitting(draw, text, font, room), left + place * (right - left), lower + 5, font)


def _write_centred(
    draw: ImageDraw.ImageDraw, text: str, x: float, y: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> None:
    draw.text((x - draw.textlength(text, font) / 2, y), text, _GREY, font)


def _fitting(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, room: float
) -> str:
    """Return `text`, cut to the room."""
    text = " ".join(text.split())[:300]
    if draw.textlength(text, font) <= room:
        return text
    while text and draw.textlength(f"{text}…", font) > room:
        text = text[:-1]
    return f"{text}…" if text else ""


def _fill(picture: Image.Image, points: Sequence[tuple[float, float]], color: RGBA) -> None:
    """Fill a shape with a colour over squares."""
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).polygon(list(points), 255)
    box = mask.getbbox()
    if box is None:
        return
    colors = np.broadcast_to(np.array(color), (box[3] - box[1], box[2] - box[0], 4))
    picture.paste(Image.fromarray(_over_squares(colors)), box, mask.crop(box))


def _over_squares(colors: np.ndarray, square: int = _SQUARE_SIDE) -> np.ndarray:
    """Return RGBA (rows, columns, 4) in 0 … 1 as uint8 RGB, seen over light and dark squares."""
    rows, columns = np.indices(colors.shape[:2])
    dark = (rows // square + columns // square) % 2 == 1
    behind = np.where(dark, _DARK, _LIGHT)[..., None]
    alpha = colors[..., 3:]
    seen = colors[..., :3] * 255 * alpha + behind * (1 - alpha)
    return np.rint(seen).astype(np.uint8)
