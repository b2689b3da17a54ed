"""The attributes of a colormap as comments above a table of colours.  Only tables of traitsview have them.

::

    # traitsview colormap
    # name: snow line
    # limits: -500 3000
    # hinge: 0
    # bad: 0.5 0.5 0.5 1.0
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...errors import counted, printable, quoted
from ..colormap import Colormap
from .colormap_file import ColormapFile, Line, closest

__all__ = ["FIRST", "notes", "written"]

#: The line that says that notes follow.
FIRST = "# traitsview colormap"

#: A larger number in a comment is a mistake.
LARGEST_NUMBER = 1e300


def notes(file: ColormapFile) -> dict[str, Any]:
    """Return the attributes of a colormap in the comments at the top of a file; ``flat`` is one of them.

    The comments of other programs give an empty dictionary.

    Raises
    ------
    ColormapError
        If the first line announces notes, and one of them is unknown or cannot be read.
    """
    said: dict[str, Any] = {}
    if file.lines[0].text.strip() != FIRST:
        return said
    for line in file.lines[1:]:
        key, colon, text = line.text.lstrip("# ").partition(":")
        if not line.text.startswith("#") or not colon:
            break
        if key not in _READERS:
            near = closest(key, _READERS)
            line.fail(
                f"unknown note {quoted(key, 40)}",
                f"did you mean {near[0]}?" if near else f"one of {', '.join(_READERS)}",
            )
        value = _READERS[key](line, text.strip())
        if key in ("label", "licence"):
            said.setdefault(key, []).append(value)
        elif key in said:
            line.fail(f"{key} is said twice", "say it once")
        else:
            said[key] = value
    if "label" in said:
        said["labels"] = tuple(said.pop("label"))
    if "licence" in said:
        said["licence"] = "\n".join(said["licence"])
    return said


def written(colormap: Colormap) -> list[str]:
    """Return the notes of a colormap, line by line, the first included."""
    lines = [FIRST, f"# name: {_one_line(colormap.name) or 'unnamed'}"]
    if colormap.discrete:
        lines.append("# colors: flat")
    if colormap.limits is not None:
        lines.append(f"# limits: {_numbers(colormap.limits)}")
    if colormap.hinge is not None:
        lines.append(f"# hinge: {_numbers([colormap.hinge])}")
    if colormap.cyclic:
        lines.append("# cyclic: yes")
    for end in ("under", "over", "bad"):
        color = getattr(colormap, end)
        if color is not None:
            lines.append(f"# {end}: {_numbers(color)}")
    if colormap.values:
        lines.append(f"# values: {_numbers(colormap.values)}")
    lines += [f"# label: {_one_line(label)}" for label in colormap.labels]
    lines += [f"# licence: {_one_line(text)}" for text in colormap.licence.splitlines()]
    return lines


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _numbers(numbers: Sequence[float]) -> str:
    return " ".join(repr(float(number)) for number in numbers)


def _read_text(line: Line, text: str) -> str:
    return text[:1000]


def _read_name(line: Line, text: str) -> str:
    return text[:100] if text and text.isprintable() else line.fail("the name is empty", "give one")


def _read_word(expected: str, value: bool | str) -> Callable[[Line, str], Any]:
    def read(line: Line, text: str) -> Any:
        return (
            value if text == expected else line.fail(f"{quoted(text, 40)} is not '{expected}'", "or leave the note out")
        )

    return read


def _read_color(line: Line, text: str) -> tuple[float, ...]:
    words = text.split()
    if len(words) != 4:
        line.fail(counted(len(words), "number"), "give red, green, blue and alpha, 0 … 1")
    return tuple(line.float(word, 0, 1, "a share") for word in words)


def _read_values(line: Line, text: str) -> tuple[float, ...]:
    return tuple(line.float(word, -LARGEST_NUMBER, LARGEST_NUMBER, "a value") for word in text.split())


def _read_limits(line: Line, text: str) -> tuple[float, ...]:
    limits = _read_values(line, text)
    return (
        limits if len(limits) == 2 else line.fail(counted(len(limits), "number"), "give the lower and the upper limit")
    )


def _read_hinge(line: Line, text: str) -> float:
    return line.float(text, -LARGEST_NUMBER, LARGEST_NUMBER, "the hinge")


_READERS: dict[str, Callable[[Line, str], Any]] = {
    "name": _read_name,
    "colors": _read_word("flat", True),
    "limits": _read_limits,
    "hinge": _read_hinge,
    "cyclic": _read_word("yes", True),
    "under": _read_color,
    "over": _read_color,
    "bad": _read_color,
    "values": _read_values,
    "label": _read_text,
    "licence": _read_text,
}
