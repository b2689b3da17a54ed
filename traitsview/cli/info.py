"""Say what there is to know about a source.

Ranges and percentiles of large images are those of a sample, and the text says so.

examples
  traitsview info m13.fits
  traitsview info m13.fits::1 --json
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..errors import printable
from ..numerals import numeral, numerals

if TYPE_CHECKING:
    from ..sources.image_source import Axis, ImageSource, Summary

__all__ = ["add_arguments", "facts", "run"]

# Up to so many elements all of them are looked at: a fraction of a second.
_FEW = 1 << 24
_PERCENTS = (0.5, 25.0, 50.0, 75.0, 99.5)


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command is told."""
    parser.add_argument("source", metavar="SOURCE", help="the image")
    parser.add_argument("--json", action="store_true", help="for programs: one JSON object")


def run(arguments: Namespace) -> int:
    """Print what is known; return the exit code."""
    from ..opening import open_source

    with open_source(arguments.source) as source:
        known = facts(source)
    if arguments.json:
        print(json.dumps(known, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(printable(line) for line in _lines(known)))
    return 0


def facts(source: ImageSource) -> dict[str, Any]:
    """Return what is known of a source, as JSON has it: None stands for what is not a number."""
    info = source.info
    x0, x1, y0, y1 = info.extent
    center = ((x0 + x1) / 2, (y0 + y1) / 2)
    return {
        "name": info.name,
        "shape": list(info.shape),
        "dtype": info.dtype,
        "kind": info.kind,
        "axes": [_axis_facts(axis) for axis in info.axes],
        "planes": [axis.name for axis in info.planes],
        "extent": list(info.extent),
        "origin": info.origin,
        "unit": info.unit,
        "world": info.world,
        "world_problem": info.world_problem,
        "world_note": info.world_note,
        "center": source.world([center])[0],
        "levels": [],
        "version": info.version,
        "range": _range_facts(source.summarize(exact=info.shape[0] * info.shape[1] <= _FEW)),
    }


def _axis_facts(axis: Axis) -> dict[str, Any]:
    coordinates = [_finite(value) for value in axis.coordinates]
    return {"name": axis.name, "size": axis.size, "unit": axis.unit, "coordinates": coordinates}


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
    }


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _lines(known: dict[str, Any]) -> list[str]:
    rows, columns = known["shape"]
    unit = f" {known['unit']}" if known["unit"] else ""
    (left, right), (first, last) = (numerals(*known["extent"][at : at + 2], digits=12) for at in (0, 2))
    lines = [
        known["name"],
        _line("shape", f"{rows} × {columns} (rows × columns)"),
        _line("dtype", f"{_dtype_name(known['dtype'])}, {known['kind']}"),
        *(_line("axis", _axis_text(axis)) for axis in known["axes"]),
        _line("extent", f"x {left} … {right}, y {first} … {last}, origin {known['origin']}"),
        _line("levels", ", ".join(known["levels"]) or "no pyramid"),
        *_range_lines(known["range"], unit),
    ]
    if known["center"]:
        lines.append(_line("centre", known["center"]))
    if known["world_problem"]:
        lines.append(_line("problem", known["world_problem"]))
    if known["world_note"]:
        lines.append(_line("note", known["world_note"]))
    lines += [
        _line("world" if at == 0 else "", card.split(" / ")[0].rstrip())
        for at, card in enumerate(known["world"].splitlines())
    ]
    return lines


def _line(word: str, text: str) -> str:
    return f"  {word:<8} {text}"


def _dtype_name(dtype: str) -> str:
    import numpy as np

    order = {"<": "little-endian", ">": "big-endian"}.get(dtype[:1], "")
    return f"{np.dtype(dtype).name}{', ' + order if order else ''}"


def _axis_text(axis: dict[str, Any]) -> str:
    text = f"{axis['name']}, {axis['size']} elements"
    values = [value for value in axis["coordinates"] if value is not None]
    if values:
        first, last = numerals(values[0], values[-1])
        return f"{text}, {first} … {last} {axis['unit']}".rstrip()
    return f"{text}, in {axis['unit']}" if axis["unit"] not in ("", "pixel") else text


def _range_lines(values: dict[str, Any], unit: str) -> list[str]:
    if values["minimum"] is None:
        return [_line("range", f"none of {values['count']:,} values is finite")]
    looked = "all" if values["exact"] else "a sample of"
    percents = values["percentiles"]
    low, high, mean, *found = numerals(values["minimum"], values["maximum"], values["mean"], *percents.values())
    percentiles = ", ".join(f"{percent}%: {text}" for percent, text in zip(percents, found, strict=True))
    finite = "" if values["valid"] == values["count"] else f", {values['count'] - values['valid']:,} not finite"
    return [
        _line("range", f"{low} … {high}{unit}"),
        _line("", f"mean {mean}, standard deviation {numeral(values['std'])}"),
        _line("", percentiles),
        _line("", f"from {looked} {values['count']:,} values{finite}"),
    ]
