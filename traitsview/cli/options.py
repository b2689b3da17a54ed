"""Options that several commands share: the place to look at, how a file is read, how it looks."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..errors import RequestError, printable, quoted
from ..numerals import comma_remedy

if TYPE_CHECKING:
    from ..geometry import Extent
    from ..sources.image_info import Axis, ImageInfo, Plane

__all__ = [
    "KIND_NAMES",
    "REDUCTION_NAMES",
    "SCALE_NAMES",
    "add_look",
    "add_place",
    "add_reading",
    "extent_of",
    "chosen_look",
    "plane_of",
    "read_as_told",
    "size_of",
    "window_size_of",
]

# Copies of REDUCTIONS, KINDS and SCALES: a help text must not import NumPy.  A test compares them.
REDUCTION_NAMES = ("mean", "min", "max", "nearest", "mode")
KIND_NAMES = ("scalar", "rgb", "rgba", "complex", "labels")
SCALE_NAMES = (
    *("linear", "sqrt", "log", "log10", "asinh", "square", "sinh"),
    *("power", "symlog", "hinge", "histogram", "labels", "labels0"),
)

#: Pixels that a picture may have.
_MOST_PIXELS = 1 << 28

#: Pixels that a window may be wide or high: a limit of screens and of Qt's pictures.
_WIDEST_WINDOW = 16384


def add_place(parser: ArgumentParser) -> None:
    """Add the options for the place to look at."""
    group = parser.add_argument_group("what is shown")
    group.add_argument(
        "--plane", metavar="AXIS=INDEX,…", help="the index on axes that are not displayed, from 0: time=3,channel=0"
    )
    group.add_argument(
        "--reduction",
        choices=REDUCTION_NAMES,
        help="how elements become one pixel; mode is the most frequent element (default: mean; for labels: mode)",
    )


def add_reading(parser: ArgumentParser) -> None:
    """Add the options for how a source is read."""
    group = parser.add_argument_group("how it is read")
    group.add_argument("--blank", metavar="VALUE", help="elements with this value have no value")
    group.add_argument(
        "--kind", choices=KIND_NAMES, help="the kind of the elements; rgb makes one image in colour of 3 planes"
    )
    group.add_argument(
        "--origin",
        choices=("lower", "upper"),
        help="whether the first row is at the bottom or at the top of the screen",
    )


def read_as_told(text: str, arguments: Namespace) -> str:
    """Return the text of a source together with the options for how it is read."""
    from ..opening import read_as

    blank = None if arguments.blank is None else arguments.blank.strip()
    return read_as(text, blank=blank, kind=arguments.kind, origin=arguments.origin)


def add_look(parser: ArgumentParser) -> None:
    """Add the options for colours."""
    group = parser.add_argument_group("how it looks")
    group.add_argument("--colormap", metavar="NAME|FILE", help="viridis, mine.cpt … (default: gray)")
    group.add_argument(
        "--scale",
        metavar="SCALE",
        help=f"how values are spread over the colours: {', '.join(SCALE_NAMES)}; some take a number: power:0.5, "
        "symlog:0.01, hinge:0 (default: linear)",
    )
    group.add_argument(
        "--limits",
        metavar="LIMITS",
        help="the values of the first and the last colour: LO HI, minmax, zscale, 3sigma, two percentiles (1%% 99%%), "
        "or the share of the values between them (default: 99.5%%); numbers have a decimal point",
    )
    group.add_argument("--invert", action="store_true", help="reverse the colormap")


def chosen_look(arguments: Namespace) -> dict[str, Any]:
    """Return what the options for colours say, and nothing of the others, as the traits of an `Appearance`.

    An unknown colormap, scale or limits are a `TraitsviewError`.
    """
    from ..color.limits import parse_limits
    from ..color.scales import check_scale
    from .colormap_word import colormap_id

    readers = {"colormap": colormap_id, "scale": check_scale, "limits": parse_limits}
    words = {name: getattr(arguments, name) for name in readers}
    chosen = {name: readers[name](word) for name, word in words.items() if word is not None}
    return {**chosen, "inverted": True} if arguments.invert else chosen


def size_of(text: str) -> tuple[int, int]:
    """Return ``WxH`` as (rows, columns)."""
    found = re.fullmatch(r"(\d+)\s*[xX×]\s*(\d+)", text.strip())
    if not found:
        raise RequestError(f"cannot read the size {quoted(text)}", "", "give WIDTHxHEIGHT, such as 1920x1080")
    columns, rows = (int(number) for number in found.groups())
    if not (rows and columns):
        raise RequestError(f"cannot use the size {quoted(text)}", "", "give at least 1x1")
    if rows * columns > _MOST_PIXELS:
        raise RequestError(
            f"cannot use the size {quoted(text)}", f"it has more than {_MOST_PIXELS:,} pixels", "choose less"
        )
    return rows, columns


def window_size_of(text: str) -> tuple[int, int]:
    """Return ``WxH`` as (width, height) of a window."""
    rows, columns = size_of(text)
    if max(rows, columns) > _WIDEST_WINDOW:
        why = f"a window is at most {_WIDEST_WINDOW} wide and high"
        raise RequestError(f"cannot use the size {quoted(text)}", why, "choose less")
    return columns, rows


def extent_of(text: str) -> Extent:
    """Return four numbers, ``X0 X1 Y0 Y1``, as an extent."""
    try:
        x0, x1, y0, y1 = (float(word) for word in text.replace(",", " ").split())
    except ValueError as error:
        remedy = comma_remedy(text.split()) or "give four numbers, X0 X1 Y0 Y1"
        raise RequestError(f"cannot read the extent {quoted(text.strip())}", "", remedy) from error
    if not (x0 < x1 and y0 < y1 and all(isfinite(edge) for edge in (x0, x1, y0, y1))):
        why = "it is empty or not finite"
        raise RequestError(f"cannot show the extent {quoted(text.strip())}", why, "give X0 < X1 and Y0 < Y1")
    return x0, x1, y0, y1


def plane_of(text: str | None, info: ImageInfo) -> Plane | None:
    """Return ``time=3,channel=0`` as one index for each axis not displayed; 0 for those left out."""
    if text is None:
        return None
    axes = {axis.name.lower(): at for at, axis in enumerate(info.planes)}
    if not axes:
        raise RequestError(
            f"cannot use the plane {quoted(text)}", "the image has no axes but those displayed", "leave it out"
        )
    plane = [0] * len(axes)
    for part in text.split(","):
        name, equals, number = (word.strip() for word in part.partition("="))
        if not equals or not re.fullmatch(r"[+-]?\d{1,18}", number):
            axis = info.planes[axes.get(name.lower(), 0)]
            raise RequestError(f"cannot read the plane {quoted(part)}", "", _index_remedy(axis))
        if name.lower() not in axes:
            near = get_close_matches(name.lower(), axes, 1)
            remedy = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(axes)}"
            raise RequestError(f"no axis {quoted(name)}", "", remedy)
        at = axes[name.lower()]
        if not 0 <= int(number) < info.planes[at].size:
            what = f"plane {number} is out of range for axis {quoted(name)}"
            raise RequestError(what, "it is an index, not a coordinate", _index_remedy(info.planes[at]))
        plane[at] = int(number)
    return tuple(plane)


def _index_remedy(axis: Axis) -> str:
    return f"give {printable(axis.name.lower())}=INDEX, from 0 to {axis.size - 1}"
