"""Tables of the figures of bench_links.py: one for each line in the terminal, and those of the documentation.

``python benchmarks/link_report.py`` makes the tables of the documentation again from the figures of the last run.
"""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict
from pathlib import Path
from typing import Any

from link_scene import ROWS
from link_screen import Seen
from table import verdict

DOCS = Path(__file__).parents[1] / "docs"
FIGURES = DOCS / "links.json"
TABLES = DOCS / "links.inc"

#: The most seconds that our way may take: first pixels seen, all colours right, exact; medians of all steps.
ASKED = {
    "1 Gbit/s, 0 ms": (0.05, 0.08, 0.15),
    "100 Mbit/s, 20 ms": (0.08, 0.2, 0.7),
    "100 Mbit/s, 150 ms": (0.25, 0.4, 0.9),
    "10 Mbit/s, 50 ms": (0.25, 1.0, 6.0),
}

NAMES = {
    "raw": "every pixel as it is",
    "X11": "``ssh -X``",
    "X11 -C": "``ssh -X -C``",
    "VNC": "VNC",
    "ours": "traitsview",
    "window": "traitsview's window",
}

#: The ways of this project.
OURS = ("ours", "window")

#: The pixels of the picture.
_PIXELS = ROWS * 1920

#: One step: its kind, its times, and the bytes that crossed the line.
Step = tuple[str, Seen, int]


def figures(steps: list[Step]) -> dict[str, Any]:
    """Return the figures of a way: the medians over its steps, and all steps."""
    seen = [seen for _, seen, _ in steps]
    exact = [each.exact for each in seen if each.exact is not None]
    always = len(exact) == len(seen)
    return {
        "first": _median([each.first for each in seen]),
        "colored": _median([each.colored for each in seen]),
        "exact": statistics.median(exact) if always else None,
        "settled": _median([each.settled for each in seen]),
        "megabytes": statistics.median(nbytes for _, _, nbytes in steps) / 1e6,
        "wrong": statistics.median(each.wrong for each in seen) / _PIXELS,
        "error": max(each.error for each in seen),
        "steps": [{"kind": kind, "bytes": nbytes, **asdict(each)} for kind, each, nbytes in steps],
    }


def _median(values: list[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return statistics.median(there) if there else None


def of_kind(found: dict[str, Any], what: str, pans: bool) -> float | None:
    """Return the median of one figure over the pans, or over the other steps, which show a new view altogether."""
    return _median([step[what] for step in found["steps"] if (step["kind"] == "pan") == pans])


def print_line(name: str, ways: dict[str, dict[str, Any]]) -> None:
    """Print the figures of all ways over one line."""
    print(f"\n{name}")
    print(f"{'seconds, median':18}{'first':>8}{'colours':>9}{'exact':>8}{'looks':>9}{'MB':>8}{'wrong':>8}")
    for way, found in ways.items():
        words = [_seconds(found[what]) for what in ("first", "colored", "exact", "settled")]
        words += [f"{found['megabytes']:.2f}", f"{found['wrong']:.0%}"]
        print(f"{way:18}" + "".join(word.rjust(width) for word, width in zip(words, (8, 9, 8, 9, 8, 8), strict=True)))
    ours = ways.get("ours")
    if ours is None:
        return
    for pans, words in ((True, "  of the pans"), (False, "  of new views")):
        these = [_seconds(of_kind(ours, what, pans)) for what in ("first", "colored", "exact")]
        print(f"{words:18}" + "".join(word.rjust(width) for word, width in zip(these, (8, 9, 8), strict=True)))
    for what, asked in zip(("first", "colored", "exact"), ASKED[name], strict=True):
        value = ours[what]
        met = "never" if value is None else verdict(value, asked)
        best = _best(what, ways)
        ratio = "" if best is None or not value else f", {best / value:.1f} times as fast as the best of the others"
        print(f"  {what}: asked ≤ {asked:g} s: {met}{ratio}", flush=True)


def _best(what: str, ways: dict[str, dict[str, Any]]) -> float | None:
    """Return the least time of other ways for the figure most like `what`.  Only ways that send values are exact."""
    if what == "exact":
        found = [each["exact"] for way, each in ways.items() if way == "raw"]
    else:
        like = {"first": "first", "colored": "settled"}[what]
        found = [each[like] for way, each in ways.items() if way not in OURS]
    return min((value for value in found if value is not None), default=None)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def save(found: dict[str, Any]) -> None:
    """Keep the figures, and make the tables of the documentation from them."""
    FIGURES.write_text(json.dumps(found, indent=1) + "\n")
    write_tables(found)


def write_tables(found: dict[str, Any]) -> None:
    """Write the tables of the documentation."""
    lines = [f".. Made by benchmarks/link_report.py from {FIGURES.name}; not to be edited.", ""]
    for name, ways in found["lines"].items():
        lines += [f"**{name}**", "", ".. list-table::", "   :header-rows: 1", "   :widths: 28 12 14 12 12 10 12", ""]
        lines += _row("", "first seen", "right colours", "exact", "looks right", "MB", "wrong pixels")
        for way in NAMES:
            if way not in ways:
                continue
            each = ways[way]
            colored = each["colored"] if way in OURS else each["exact"]
            exact = "never" if each["exact"] is None else _seconds(each["exact"])
            # A window elsewhere sends only colours, never values.
            exact = exact if way == "raw" or way in OURS else "never"
            wrong = f"{each['wrong']:.0%}" if each["wrong"] >= 0.005 else "none" if not each["wrong"] else "< 1 %"
            # Our picture may look right earlier; the time until all colours are right is shown.
            first, settled = _seconds(each["first"]), _seconds(each["colored" if way in OURS else "settled"])
            colored_words = "never" if colored is None else _seconds(colored)
            lines += _row(NAMES[way], first, colored_words, exact, settled, f"{each['megabytes']:.2f}", wrong)
            if way == "ours":
                new = [_seconds(of_kind(each, what, pans=False)) for what in ("first", "colored", "exact", "colored")]
                megabytes = (of_kind(each, "bytes", pans=False) or 0) / 1e6
                lines += _row("… zooms and jumps alone", *new, f"{megabytes:.2f}", wrong)
        lines += [""]
    TABLES.write_text("\n".join(lines))


def _row(*words: str) -> list[str]:
    return [f"   {'*' if not at else ' '} - {word}".rstrip() for at, word in enumerate(words)]


if __name__ == "__main__":
    write_tables(json.loads(FIGURES.read_text()))
