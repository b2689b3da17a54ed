"""Print the facts of an image: shape, axes, coordinates, and the range of its values.

The range and the percentiles of a large image come from a sample, and those of a cube from its first plane;
the text says so.

examples
  traitsview info m13.fits
  traitsview info m13.fits::1 --json
  traitsview info live:density
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..errors import counted, printable
from ..numerals import numeral, numerals
from .answer import answer
from .first_frame import add_waiting, wait_for_frame
from .frame_facts import frame_facts, frame_lines
from .options import add_reading, read_as_told

if TYPE_CHECKING:
    from ..sources.file_images import FileImages
    from ..sources.image_info import Axis, ImageInfo
    from ..sources.image_source import ImageSource
    from ..sources.summary import Summary

__all__ = ["add_arguments", "facts", "run"]

# An image of at most so many elements is summarized exactly, which takes a fraction of a second.
_EXACT_ELEMENTS = 1 << 24

_CHANNELS = ("red", "green", "blue", "alpha")
_PERCENTS = (0.5, 25.0, 50.0, 75.0, 99.5)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("source", metavar="SOURCE", help="the image")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for programs")
    add_reading(parser)
    add_waiting(parser)


def run(arguments: Namespace) -> int:
    """Print the facts; return the exit code."""
    from ..opening import open_source
    from ..sources.image_words import stored_text

    with open_source(read_as_told(arguments.source, arguments)) as source:
        wait_for_frame(source, arguments.source, arguments.wait)
        known, stored = facts(source), source.info.stored
    if arguments.json:
        answer(json.dumps(known, ensure_ascii=False, allow_nan=False))
    else:
        answer("\n".join(printable(line) for line in _lines(known, stored_text(stored))))
    return 0


def facts(source: ImageSource) -> dict[str, Any]:
    """Return the facts of a source as JSON can hold them: None stands for NaN and infinities."""
    info = source.info
    x0, x1, y0, y1 = info.extent
    center = ((x0 + x1) / 2, (y0 + y1) / 2)
    return {
        "name": info.name,
        "shape": list(info.shape),
        "dtype": info.dtype,
        "stored": _stored_facts(info),
        "kind": info.kind,
        "axes": [_axis_facts(axis) for axis in info.axes],
        "planes": [axis.name for axis in info.planes],
        "extent": list(info.extent),
        "origin": info.origin,
        "unit": info.unit,
        "world": info.world,
        "world_problem": info.world_problem,
        "center": source.world([center])[0],
        "notes": list(info.notes),
        "levels": [],
        "version": info.version,
        **_images_facts(source.file_images()),
        **frame_facts(source),
        "range": {
            # Only this plane is looked at.
            "plane": {axis.name: 0 for axis in info.planes},
            **_range_facts(source.summarize(exact=info.shape[0] * info.shape[1] <= _EXACT_ELEMENTS)),
        },
    }


def _images_facts(images: FileImages | None) -> dict[str, Any]:
    """Return the name of the image in its file, and all images there; empty if they are not known."""
    if images is None:
        return {"image": "", "images": []}
    pairs = zip(images.names, images.titles, strict=True)
    return {"image": images.shown, "images": [{"image": name, "title": title} for name, title in pairs]}


def _images_text(known: dict[str, Any]) -> str:
    from ..sources.file_images import FileImages

    names, titles = (tuple(each[key] for each in known["images"]) for key in ("image", "title"))
    return FileImages(known["image"], names, titles).text


def _axis_facts(axis: Axis) -> dict[str, Any]:
    coordinates = [_finite(value) for value in axis.coordinates]
    return {"name": axis.name, "size": axis.size, "unit": axis.unit, "coordinates": coordinates}


def _stored_facts(info: ImageInfo) -> dict[str, Any]:
    stored = info.stored
    if stored is None:
        return {"dtype": info.dtype, "scale": 1.0, "offset": 0.0, "nodata": None}
    nodata = stored.nodata
    known = nodata if nodata is None or isinstance(nodata, int) else _finite(nodata)
    return {"dtype": stored.dtype, "scale": stored.scale, "offset": stored.offset, "nodata": known}


def _range_facts(summary: Summary) -> dict[str, Any]:
    percentiles = zip(_PERCENTS, summary.percentiles(*_PERCENTS), strict=True)
    return {
        "minimum": _finite(summary.minimum),
        "maximum": _finite(summary.maximum),
        "mean": _finite(summary.mean),
        "std": _finite(summary.std),
        "percentiles": {f"{percent:g}": _finite(value) for percent, value in percentiles},
        "count": summary.count,
        "valid": summary.valid,
        "exact": summary.exact,
        "channels": [_range_facts(channel) for channel in summary.channels],
    }


def _finite(value: float | int) -> float | int | None:
    return value if isfinite(value) else None


def _lines(known: dict[str, Any], stored: str) -> list[str]:
    from ..sources.image_words import dtype_text

    rows, columns = known["shape"]
    unit = f" {known['unit']}" if known["unit"] else ""
    images = _images_text(known)
    (left, right), (first, last) = (numerals(*known["extent"][at : at + 2], digits=12) for at in (0, 2))
    lines = [
        known["name"],
        *([_line("image", images)] if images else []),
        _line("shape", f"{rows} × {columns} (rows × columns)"),
        _line("dtype", f"{dtype_text(known['dtype'])}, {known['kind']}"),
        *([_line("stored", stored)] if stored else []),
        *(_line(*each) for each in frame_lines(known)),
        *(_line("axis", _axis_text(axis)) for axis in known["axes"]),
        _line("extent", f"x {left} … {right}, y {first} … {last}, origin {known['origin']}"),
        _line("levels", ", ".join(known["levels"]) or "no pyramid"),
        *_range_lines(known["range"], unit),
    ]
    lines += [_line("note", note) for note in known["notes"]]
    if known["center"]:
        lines.append(_line("centre", known["center"]))
    if known["world_problem"]:
        lines.append(_line("problem", known["world_problem"]))
    lines += [
        _line("world" if at == 0 else "", card.split(" / ")[0].rstrip())
        for at, card in enumerate(known["world"].splitlines())
    ]
    return lines


def _line(word: str, text: str) -> str:
    return f"  {word:<8} {text}"


def _axis_text(axis: dict[str, Any]) -> str:
    text = f"{axis['name']}, {counted(axis['size'], 'element')}"
    values = [value for value in axis["coordinates"] if value is not None]
    if values:
        first, last = numerals(values[0], values[-1])
        return f"{text}, {first} … {last} {axis['unit']}".rstrip()
    return f"{text}, in {axis['unit']}" if axis["unit"] not in ("", "pixel") else text


def _range_lines(values: dict[str, Any], unit: str) -> list[str]:
    plane = ", ".join(f"{name}={at}" for name, at in values["plane"].items())
    of_plane = f" of the plane {plane}" if plane else ""
    if values["minimum"] is None:
        return [_line("range", f"none of {counted(values['count'], 'value')}{of_plane} is finite")]
    looked = "all" if values["exact"] else "a sample of"
    percents = values["percentiles"]
    low, high, mean, *found = numerals(values["minimum"], values["maximum"], values["mean"], *percents.values())
    percentiles = ", ".join(f"{percent}%: {text}" for percent, text in zip(percents, found, strict=True))
    finite = "" if values["valid"] == values["count"] else f", {values['count'] - values['valid']:,} not finite"
    return [
        _line("range", f"{low} … {high}{unit}"),
        _line("", f"mean {mean}, standard deviation {numeral(values['std'])}"),
        _line("", percentiles),
        _line("", f"from {looked} {counted(values['count'], 'value')}{of_plane}{finite}"),
        *(_line(name, _channel_text(part)) for name, part in zip(_CHANNELS, values["channels"], strict=False)),
    ]


def _channel_text(values: dict[str, Any]) -> str:
    if values["minimum"] is None:
        return "no value is finite"
    low, high, mean = numerals(values["minimum"], values["maximum"], values["mean"])
    return f"{low} … {high}, mean {mean}"
