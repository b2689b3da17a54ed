"""Reads the colormap files of other people and compares what is found in them with facts that others established.

::

    python tools/check_colormaps.py FOLDER

``FOLDER/colormaps`` holds the files.  ``facts.json``, beside this folder or in it, holds the facts of each file: the
number of its maps; for each map the name, the number of colours, and the first, the middle and the last colour with
their positions.  ``INDEX.md`` lists the files.  If a file differs from its facts, it is named and the exit code is 1.
A file that is refused in one sentence, ``name: why; what to do``, is listed and counts as no difference.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import load_colormaps
from traitsview.errors import ColormapError

#: How far a share of a colour may be from the facts, which have six digits.
NEAR = 2e-6

#: Ranges of positions that are tried, besides the limits of the map and the range from its first to its last position.
UNITS = ((0.0, 1.0), (-1.0, 1.0), (0.0, 100.0), (0.0, 255.0))

#: Keys of facts whose number of colours is no number of stops: segments and slices have two stops, or more if curved.
COUNTED_OTHERWISE = ("segments", "slices")


def main(arguments: Sequence[str]) -> int:
    """Check a folder.  Return 0, or 1 if a file differs or is missing, or if there are no files."""
    root = Path(arguments[0]) if len(arguments) == 1 else None
    if root is None or not (root / "colormaps").is_dir():
        print("give the folder that holds colormaps/ and facts.json", file=sys.stderr)
        return 1
    facts = facts_of(root)
    files = sorted(path for path in (root / "colormaps").iterdir() if path.name not in ("facts.json", "INDEX.md"))
    refused, different = 0, 0
    for path in files:
        try:
            maps = load_colormaps(path)
        except ColormapError as error:
            refused += 1
            print(f"refused    {error}")
            if "\n" in str(error) or "; " not in str(error):
                different += 1
                print(f"DIFFERENT  {path.name}: the refusal does not say why and what to do")
            continue
        for difference in differences(maps, facts.get(path.name)):
            different += 1
            print(f"DIFFERENT  {path.name}: {difference}")
    missing = sorted({*facts, *listed(root)} - {path.name for path in files})
    for name in missing:
        print(f"DIFFERENT  {name}: it is not there")
    print(f"{len(files)} files: {refused} refused, {different + len(missing)} differences")
    return 1 if different or missing or not files else 0


def facts_of(root: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the facts of each colormap file, by its name."""
    found = {}
    for path in (root / "facts.json", root / "colormaps" / "facts.json"):
        if path.is_file():
            said = json.loads(path.read_text(encoding="utf-8"))
            for name, each in said.get("files", said).items():
                if "/" not in name or name.startswith("colormaps/"):
                    found[name.removeprefix("colormaps/")] = each["images"]
    return found


def listed(root: Path) -> Iterator[str]:
    """Yield the names of the colormap files that the index lists."""
    for path in (root / "INDEX.md", root / "colormaps" / "INDEX.md"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            if path.parent == root:
                text = text.partition("## Colour maps")[2].partition("\n## ")[0]
            yield from re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def differences(maps: Sequence[Colormap], facts: Sequence[dict[str, Any]] | None) -> Iterator[str]:
    """Yield in words how the maps of a file differ from its facts."""
    if facts is None:
        yield "there are no facts of it"
        return
    if len(maps) != len(facts):
        yield f"it has {len(maps)} maps, not {len(facts)}"
        return
    for number, (colormap, said) in enumerate(zip(maps, facts, strict=True), 1):
        for difference in _differences(colormap, said):
            yield f"map {number}, {colormap.name!r}: {difference}" if len(maps) > 1 else difference


def _differences(colormap: Colormap, said: dict[str, Any]) -> Iterator[str]:
    inner = " ".join(str(said.get("inner", "")).split())
    if inner and colormap.name != inner:
        yield f"its name is {colormap.name!r}, not {inner!r}"
    if not _is_count(colormap, said):
        yield f"it has {len(colormap.stops)} colours, not {said['colours']}"
        return
    wanted = [_share(said[key], said) for key in ("first", "middle", "last")]
    if _is_stepped(said):  # an interval has the colour of its end: the first colour is not used
        wanted[0] = None
    found = list(_found(colormap, said))
    if not any(all(_is_among(color, near) for color, near in zip(wanted, each, strict=True)) for each in found):
        yield f"its first, middle and last colours are not {wanted} at {said.get('positions', 'equal distances')}"
    if "labels" in said and [colormap.labels[k] for k in _three(said)] != said["labels"]:
        yield f"its labels are {[colormap.labels[k] for k in _three(said)]}, not {said['labels']}"
    if said.get("nan") and (colormap.bad is None or not _is_same(colormap.bad, said["nan"])):
        yield f"its colour for bad values is {colormap.bad}, not {said['nan']}"


def _is_stepped(said: dict[str, Any]) -> bool:
    return str(said.get("space", "")).lower() == "step"


def _three(said: dict[str, Any]) -> tuple[int, int, int]:
    """Return the numbers of the first colour, the one in the middle and the last."""
    return 0, said["colours"] // 2, said["colours"] - 1


def _is_count(colormap: Colormap, said: dict[str, Any]) -> bool:
    """Whether there are as many colours as the facts say, or more where curves and hard steps need more stops."""
    count, expected = len(colormap.stops), said["colours"]
    if _is_stepped(said):
        return count >= expected - 1
    if str(said.get("space", "rgb")).lower() != "rgb" or any(key in said for key in COUNTED_OTHERWISE):
        return count >= expected
    return count - sum("drawn out" in warning for warning in colormap.warnings) == expected


def _share(numbers: Sequence[float], said: dict[str, Any]) -> list[float] | None:
    """Return a colour of the facts as red, green and blue in 0 … 1; None if its numbers are not RGB or CMYK."""
    full = {"0..1": 1.0, "0..255": 255.0, "0..65535": 65535.0}[said["scale"]]
    parts = [number / full for number in numbers]
    if len(parts) == 4 and "CMYK" in said.get("models", ()):
        return [(1 - part) * (1 - parts[3]) for part in parts[:3]]
    return parts[:3] if all(-NEAR <= part <= 1 + NEAR for part in parts[:3]) else None


def _found(colormap: Colormap, said: dict[str, Any]) -> Iterator[list[np.ndarray]]:
    """Yield the colours found at the three positions, (n, 3) each, once for each range that positions may be in."""
    stops = np.array([color[:3] for _, color in colormap.stops])
    positions = said.get("positions")
    unplaced = colormap.discrete and not colormap.values and colormap.limits is None and not _is_stepped(said)
    if positions is None or unplaced:
        yield [stops[[min(k, len(stops) - 1)]] for k in _three(said)]
    elif colormap.values:
        yield [stops[[k for k, value in enumerate(colormap.values) if value == place]] for place in positions]
    else:
        for low, high in (colormap.limits or UNITS[0], (positions[0], positions[-1]), *UNITS):
            yield [_beside(colormap, (place - low) / (high - low or 1.0)) for place in positions]


def _beside(colormap: Colormap, place: float) -> np.ndarray:
    """Return the colours just left and right of a place, (n, 3); empty if the place is not in 0 … 1."""
    if not -NEAR <= place <= 1 + NEAR:
        return np.empty((0, 3))
    if colormap.discrete:
        rows = np.floor(np.array([place - 1e-9, place + 1e-9]) * colormap.discrete).astype(int)
        return colormap.lut(colormap.discrete)[np.clip(rows, 0, colormap.discrete - 1), :3]
    places = np.array([each for each, _ in colormap.stops])
    colors = np.array([color[:3] for _, color in colormap.stops])
    near = [k for k, each in enumerate(places) if abs(each - place) < 1e-5]
    if near:
        return colors[near]
    return np.array([[np.interp(place, places, colors[:, part]) for part in range(3)]])


def _is_among(color: Sequence[float] | None, near: np.ndarray) -> bool:
    return color is None or any(_is_same(each, color) for each in near)


def _is_same(one: Sequence[float], other: Sequence[float]) -> bool:
    return bool(np.abs(np.asarray(one[:3]) - np.asarray(other[:3])).max() <= NEAR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
