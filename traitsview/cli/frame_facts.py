"""What is known of the newest frame of a live image, for programs and for people."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from ..errors import counted
from ..numerals import numeral

if TYPE_CHECKING:
    from ..sources.image_source import ImageSource

__all__ = ["frame_facts", "frame_lines"]


def frame_facts(source: ImageSource) -> dict[str, Any]:
    """Return the facts of the newest frame as JSON can hold them; of an image that is not live, that it is not."""
    if not source.info.live:
        return {"live": False}
    frame, images = source.frame, source.file_images()
    return {
        "live": True,
        "step": frame.step,
        "time": _finite(frame.time),
        "age": frame.age,
        "frames": frame.count,
        "state": frame.state,
        "scalars": {name: _finite(value) for name, value in frame.scalars},
        "curves": list(source.info.curves),
        "arrays": [] if images is None else list(images.names),
    }


def frame_lines(known: dict[str, Any]) -> list[tuple[str, str]]:
    """Return words, and what there is to say of each, about the facts of a frame."""
    if not known["live"]:
        return []
    step = f"{known['step']:,}" if known["step"] is not None else "not known"
    moment = f", time {numeral(known['time'], 7)}" if known["time"] is not None else ""
    age = f", {known['age']:.1f} s old" if known["age"] is not None else ""
    lines = [("step", f"{step}{moment}, {counted(known['frames'], 'frame')} so far{age}")]
    if known["scalars"]:
        lines.append(("numbers", ", ".join(f"{name} {_text(value)}" for name, value in known["scalars"].items())))
    if known["curves"]:
        lines.append(("curves", ", ".join(known["curves"])))
    if known["state"]:
        lines.append(("state", known["state"]))
    return lines


def _text(value: float | int | bool | None) -> str:
    if value is None or isinstance(value, bool):
        return "not finite" if value is None else str(value).lower()
    return numeral(value, 7)


def _finite(value: float | int | None) -> float | int | None:
    return value if value is None or isfinite(value) else None
