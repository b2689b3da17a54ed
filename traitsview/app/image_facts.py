"""Facts about an image as pairs of a label and a text."""

from __future__ import annotations

from ..errors import counted
from ..numerals import numeral, numerals
from ..sources.frame import Frame
from ..sources.image_info import Axis, ImageInfo
from ..sources.image_words import dtype_text, stored_text
from ..sources.summary import Summary

__all__ = ["frame_facts", "image_facts", "value_facts"]

Facts = list[tuple[str, str]]


def image_facts(info: ImageInfo) -> Facts:
    """Return the facts that are known without reading values."""
    rows, columns = info.shape
    (left, right), (first, last) = (numerals(*info.extent[at : at + 2], digits=9) for at in (0, 2))
    facts = [
        ("Name", info.name),
        ("Size", f"{columns:,} wide, {rows:,} high"),
        ("Elements", _elements_text(info)),
        ("Stored", stored_text(info.stored)),
        ("Unit", info.unit),
        *(("Axis", _axis_text(axis)) for axis in reversed(info.axes) if axis in info.planes or _tells(axis)),
        ("x", f"{left} … {right}"),
        ("y", f"{first} … {last}, {'upwards' if info.origin == 'lower' else 'downwards'}"),
        ("Problem", info.world_problem),
        *(("Note", note) for note in info.notes),
        ("World", "\n".join(card.split(" / ")[0].rstrip() for card in info.world.splitlines())),
    ]
    return [(label, text) for label, text in facts if text]


def frame_facts(frame: Frame) -> Facts:
    """Return what is known of one frame of a live image, and the numbers that were published beside it."""
    facts = [
        ("Step", "" if frame.step is None else str(frame.step)),
        ("Time", "" if frame.time is None else numeral(frame.time)),
        ("State", frame.state),
        *((name, numeral(value) if isinstance(value, float) else str(value)) for name, value in frame.scalars),
    ]
    return [(label, text) for label, text in facts if text]


def value_facts(summary: Summary | None, unit: str = "", one_plane: bool = False) -> Facts:
    """Return facts about the values of an image, or of one of its planes."""
    if summary is None:
        return [("Values", "looking …")]
    if not summary.valid:
        return [("Values", f"none of {summary.count:,} is finite")]
    unit = f" {unit}" if unit else ""
    low, median, high = summary.percentiles(1, 50, 99)
    labels = ("Lowest", "1 %", "Median", "Mean", "99 %", "Highest")
    texts = numerals(summary.minimum, low, median, summary.mean, high, summary.maximum)
    return [
        *((label, text + unit) for label, text in zip(labels, texts, strict=True)),
        ("Deviation", numeral(summary.std) + unit),
        ("Looked at", _looked_at_text(summary, " of one plane" if one_plane else "")),
    ]


def _elements_text(info: ImageInfo) -> str:
    return dtype_text(info.dtype) + ("" if info.kind == "scalar" else f", {info.kind}")


def _tells(axis: Axis) -> bool:
    """Whether a displayed axis has coordinates or a unit."""
    return bool(axis.coordinates) or axis.unit not in ("", "pixel")


def _axis_text(axis: Axis) -> str:
    unit = f" {axis.unit}" if axis.unit else ""
    if axis.coordinates:
        first, last = numerals(axis.coordinates[0], axis.coordinates[-1])
        return f"{axis.name}: {axis.size:,}, {first} … {last}{unit}"
    return f"{axis.name}: {axis.size:,}" + (f", in{unit}" if unit else "")


def _looked_at_text(summary: Summary, where: str) -> str:
    which = "all" if summary.exact else "a sample of"
    unusable = summary.count - summary.valid
    return f"{which} {counted(summary.count, 'value')}{where}" + (
        f", {unusable:,} of them not finite" if unusable else ""
    )
