"""GRASS's colour rules, which GDAL's color-relief reads too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile, Line, closest
from .colormap_format import Format
from .drawn_out import drawn_out
from .ranges import shown
from .tables import MOST_ROWS

__all__ = ["FORMATS"]

#: Red, green and blue of the named colours, in eighths.
NAMES = {
    "white": (8, 8, 8),
    "black": (0, 0, 0),
    "red": (8, 0, 0),
    "green": (0, 8, 0),
    "blue": (0, 0, 8),
    "yellow": (8, 8, 0),
    "magenta": (8, 0, 8),
    "cyan": (0, 8, 8),
    "aqua": (0, 6, 6),
    "grey": (6, 6, 6),
    "gray": (6, 6, 6),
    "orange": (8, 4, 0),
    "brown": (6, 4, 2),
    "purple": (4, 0, 8),
    "violet": (4, 0, 8),
    "indigo": (0, 4, 8),
}


@dataclass(frozen=True)
class _Rule:
    """A row of a file: a value, or a percentage of the range of an image, and its colour."""

    line: Line
    place: float
    color: RGBA
    percent: bool


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colours of a file: ``value colour`` or ``percent% colour``, ``nv colour``, ``default colour``.

    A colour is a name, or red, green, blue and maybe alpha in 0 … 255.  Values must rise, or fall all the way, and
    become the limits.  A percentage is a part of the range of an image; in a file with values, too, it becomes a part
    of the range of the values.  ``end`` ends the rules, as on GRASS's own command line.
    """
    special: dict[str, RGBA] = {}
    rules: list[_Rule] = []
    warnings: list[str] = []
    for line in file.bare_lines():
        words = re.split(r"[\s,:]+", line.text)
        key = words[0].lower()
        if words == ["end"]:
            break
        color = _color(line, words[1:])
        if key in ("nv", "default"):
            if key in special:
                line.fail(f"a second {key!r}", "remove one")
            special[key] = color
        elif key.endswith("%"):
            rules.append(_Rule(line, line.float(key[:-1], 0, 100, "a percentage"), color, True))
        else:
            rules.append(_Rule(line, line.float(key, -1e300, 1e300, "a value"), color, False))
        if len(rules) > MOST_ROWS:
            line.fail(f"it has more than {MOST_ROWS} rules", "give a colour table")
    attributes: dict[str, Any] = {"bad": special.get("nv")}
    if "default" in special:
        attributes |= {"under": special["default"], "over": special["default"]}
    if not rules:
        file.fail("it has no colour", "give a value and a colour in each line")
    if all(rule.percent for rule in rules):
        stops = drawn_out(_risen(rules), 100, warnings, " %")
    elif not any(rule.percent for rule in rules):
        stops = _risen(rules)
        attributes["limits"] = (stops[0][0], stops[-1][0])
    else:
        stops = _mixed(rules, attributes, warnings)
    return [Colormap.from_stops(file.stem, stops, warnings=tuple(warnings), **attributes)]


def _color(line: Line, words: list[str]) -> RGBA:
    if len(words) == 1 and words[0].lower() in NAMES:
        r, g, b = (eighths / 8 for eighths in NAMES[words[0].lower()])
        return r, g, b, 1.0
    if len(words) == 1 and not re.match(r"[-+.\d]", words[0]):
        near = closest(words[0], NAMES)
        remedy = f"did you mean {near[0]}?" if near else f"one of {', '.join(NAMES)}"
        line.fail(f"unknown colour {quoted(words[0])}", remedy)
    if len(words) not in (3, 4):
        line.fail(f"its colour has {counted(len(words), 'part')}", "give a name, or red, green, blue in 0 … 255")
    parts = [line.int(word, 0, 255, "a part of a colour") / 255 for word in words]
    return parts[0], parts[1], parts[2], parts[3] if len(parts) == 4 else 1.0


def _risen(rules: Sequence[_Rule]) -> list[Stop]:
    """Return the stops of rules that rise or fall all the way; the stops rise."""
    if len(rules) < 2:
        rules[0].line.file.fail("it has one colour", "give two values or more")
    way = -1 if rules[-1].place < rules[0].place else 1
    for before, after in pairwise(rules):
        if way * after.place < way * before.place:
            why = f"{shown(after.place)} follows {shown(before.place)}"
            after.line.fail(why, "values must rise, or fall all the way")
    rules = rules[::way]
    if not 0 < rules[-1].place - rules[0].place < float("inf"):
        rules[-1].line.fail(f"all values are {shown(rules[0].place)}", "give two values or more")
    return [(rule.place, rule.color) for rule in rules]


def _mixed(rules: Sequence[_Rule], attributes: dict[str, Any], warnings: list[str]) -> list[Stop]:
    """Return the stops of a file with both values and percentages, and put ``hinge`` or ``limits`` into `attributes`.

    A percentage is a part of the range of an image, which is not known here.  A single value becomes the hinge between
    0 % and 100 %.  Several values span a range of their own, of width w: 0 % is placed at the smallest value - w, 100 %
    at the largest value + w, and other percentages between these ends.
    """
    values = [rule.place for rule in rules if not rule.percent]
    percents = [rule.place for rule in rules if rule.percent]
    if values[-1] < values[0] or (len(values) == 1 and percents[-1] < percents[0]):
        rules = rules[::-1]
    low, high = (_end(rules, percent) for percent in (0, 100))
    if len(values) == 1:
        for rule in rules:
            if rule.percent and rule not in (low, high):
                why = f"{shown(rule.place)} % among values means another place for each image"
                rule.line.fail(why, "give values only, or percentages only")
        if not (low and high):
            rules[0].line.file.fail("it has one value and one percentage", "give both 0 % and 100 %")
        attributes["hinge"] = values[0]
        return [(place, rule.color) for place, rule in zip((0.0, 0.5, 1.0), rules, strict=True)]
    span = max(values) - min(values)
    ends = (min(values) - span * (low is not None), max(values) + span * (high is not None))
    if low or high:
        warnings.append(f"Its 0 % and 100 % are an image's own limits: drawn at {shown(ends[0])} and {shown(ends[1])}.")
    placed = [_placed(rule, ends) for rule in rules]
    for rule, before, here, after in zip(rules[1:], placed, placed[1:], placed[2:], strict=False):
        if rule.percent and not before.place <= here.place <= after.place:
            between = f"{shown(before.place)} and {shown(after.place)}"
            why = f"{shown(rule.place)} % of its range lies at {shown(here.place)}, not between {between}"
            rule.line.fail(why, "give values only, or percentages only")
    inner = [f"{shown(rule.place)} %" for rule in rules if rule.percent and rule is not low and rule is not high]
    if inner:
        listed = ", ".join(inner[:4]) + ", …" * (len(inner) > 4)
        reach = f"{shown(ends[0])} to {shown(ends[1])}"
        warnings.append(f"Percentages among its values ({listed}) are of an image's own range: placed in {reach}.")
    stops = _risen(placed)
    attributes["limits"] = ends
    return stops


def _end(rules: Sequence[_Rule], percent: int) -> _Rule | None:
    """Return the rule for 0 % or 100 %, if there is one.  0 % must be the first rule, 100 % the last, each once."""
    found = [rule for rule in rules if rule.percent and rule.place == percent]
    if len(found) > 1:
        found[1].line.fail(f"{percent} % is there twice", "remove one")
    if found and found[0] is not rules[-1 if percent else 0]:
        found[0].line.fail("0 % or 100 % stands among the values", "put 0 % first and 100 % last")
    return found[0] if found else None


def _placed(rule: _Rule, ends: tuple[float, float]) -> _Rule:
    """Return a rule whose percentage, if it has one, is replaced by the value between `ends`."""
    if not rule.percent:
        return rule
    share = rule.place / 100
    return replace(rule, place=ends[0] * (1 - share) + ends[1] * share, percent=False)


_RULE = re.compile(r"(?i:nv|default|[-+.\deE]+%?)[\s,:]+(?:[a-zA-Z]+|\d+[\s,:]+\d+[\s,:]+\d+(?:[\s,:]+\d+)?)", re.ASCII)
_PLAIN = re.compile(r"[-+.\deE\s,]+", re.ASCII)


def plausible(file: ColormapFile) -> bool:
    """Whether the first lines are rules.  Rules of numbers alone look like other tables: then the extension decides."""
    found: list[str] = []
    for line in file.bare_lines():
        if line.text == "end" or len(found) == 40:
            break
        found.append(line.text)
    alone = all(_PLAIN.fullmatch(text) for text in found)
    return all(_RULE.fullmatch(text) for text in found) and (not alone or file.extension == ".rules")


FORMATS = (Format("grass", "GRASS colour rules, GDAL color-relief", (".rules", ".txt"), load, plausible=plausible),)
