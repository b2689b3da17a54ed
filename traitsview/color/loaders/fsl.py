"""FSLeyes' lookup tables, ``.lut``: a colour and a name for each label of an atlas.

::

    1 0.27 0.51 0.71 Thalamus
    2 0.80 0.36 0.36 Putamen
"""

from __future__ import annotations

import re
from itertools import islice

from ...errors import counted
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile
from .colormap_format import Format
from .tables import CHANNELS, MOST_ROWS, credits, numeric

__all__ = ["FORMATS", "load"]


def load(file: ColormapFile) -> list[Colormap]:
    """Return the flat colours, values and labels of a lookup table."""
    values: list[float] = []
    shades: list[RGBA] = []
    labels: list[str] = []
    seen: set[int] = set()
    for line in file.bare_lines():
        words = line.text.split(maxsplit=4)
        if len(words) < 4:
            line.fail(counted(len(words), "column"), "label, red, green, blue and a name were expected")
        label = line.int(words[0], 0, 10**9, "the label")
        if label in seen:
            line.fail(f"label {label} comes twice", "give each one colour")
        if len(values) == MOST_ROWS:
            line.fail(f"there are more than {MOST_ROWS} labels", "give a table of colours")
        r, g, b = (line.float(word, 0, 1, name) for word, name in zip(words[1:4], CHANNELS, strict=False))
        if len(words) == 5 and re.fullmatch(r"[-+.\d][-+.\deE\s]*", words[4]):
            line.fail(f"{words[4][:40]} follows the colour", "a name was expected")
        seen.add(label)
        values.append(float(label))
        shades.append((r, g, b, 1.0))
        labels.append("".join(filter(str.isprintable, words[4]))[:200] if len(words) == 5 else "")
    if not values:
        file.fail("it has no label", "give rows of label, red, green, blue, name")
    return [
        Colormap.from_colors(
            file.stem, shades, flat=True, values=tuple(values), labels=tuple(labels), licence=credits(file)
        )
    ]


def _plausible(file: ColormapFile) -> bool:
    """Whether each of the first lines has a whole number, three numbers and a name."""
    words = [line.text.split(maxsplit=4) for line in islice(file.bare_lines(), 4)]
    return (
        file.extension == ".lut"
        and bool(words)
        and all(
            len(each) == 5 and each[0].isdigit() and all(map(numeric, each[1:4])) and not numeric(each[4])
            for each in words
        )
    )


FORMATS = (Format("fsl", "FSLeyes lookup table", (".lut",), load, plausible=_plausible),)
