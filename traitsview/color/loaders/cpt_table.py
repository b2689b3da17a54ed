"""The lines of a GMT colour palette table: slices, categories, the colours outside, and comments with a meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...errors import counted, printable, quoted
from ..colormap import RGBA
from .colormap_file import ColormapFile, Line
from .cpt_slices import Slice
from .gmt_colors import Paint, in_columns, in_one_word
from .ranges import shown
from .tables import LARGEST_NUMBER, MOST_ROWS

__all__ = ["EXTREMES", "FLAG", "KEY", "Table"]

#: Comments that say something, with a value and without.
KEY = re.compile(r"#\s*(COLOR_MODEL|RANGE|HINGE)\s*=\s*(.*?)\s*")
FLAG = re.compile(r"#\s*(HARD_HINGE|SOFT_HINGE|CYCLIC)\s*")

#: The attributes of a colormap that the letters stand for.
EXTREMES = {"B": "under", "F": "over", "N": "bad"}


@dataclass
class Table:
    """The content of a table, collected line by line.  Whether slices touch is checked at the end."""

    file: ColormapFile
    model: str = "rgb"
    in_hsv: bool = False
    keys: dict[str, Line] = field(default_factory=dict)
    limits: tuple[float, float] | None = None
    hinge: float | None = None
    extremes: dict[str, RGBA] = field(default_factory=dict)
    slices: list[Slice] = field(default_factory=list)
    categories: list[tuple[Line, str, Paint, str]] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    paints: dict[str, Paint] = field(default_factory=dict)

    def comment(self, line: Line) -> None:
        """Take the content of a comment that has a meaning for GMT."""
        text = line.text.strip()
        if flag := FLAG.fullmatch(text):
            self._once(line, flag[1])
            if flag[1] == "HARD_HINGE":
                self.hinge = 0.0
        elif key := KEY.fullmatch(text):
            self._once(line, key[1])
            if key[1] == "COLOR_MODEL":
                self._color_model(line, key[2])
            elif key[1] == "HINGE":
                self.hinge = line.float(key[2], -LARGEST_NUMBER, LARGEST_NUMBER, "the hinge")
            else:
                self._range(line, key[2])

    def _once(self, line: Line, key: str) -> None:
        if key in self.keys:
            line.fail(f"{key} is said twice, first in line {self.keys[key].number}", "say it once")
        self.keys[key] = line

    def _color_model(self, line: Line, word: str) -> None:
        model = word.lower().removeprefix("+")
        if model not in ("rgb", "hsv", "cmyk"):
            line.fail(f"unknown colour model {quoted(word, 40)}", "one of RGB, HSV, CMYK")
        if self.slices or self.categories:
            line.fail("the colour model comes after colours", "put it above them")
        self.model = model
        # GMT reads hue, saturation and value for HSV, too, and lets colours run in it only for hsv and +HSV.
        self.in_hsv = word in ("hsv", "+hsv", "+HSV")
        if model == "cmyk" and word != "CMYK":
            self.warnings["Its colours run into each other in red, green and blue instead of CMYK."] = None

    def _range(self, line: Line, text: str) -> None:
        words = text.split("/")
        if len(words) != 2:
            line.fail(f"{quoted(text, 40)} is no range", "write RANGE = low/high")
        low, high = (
            line.float(word.strip(), -LARGEST_NUMBER, LARGEST_NUMBER, "a limit of the range") for word in words
        )
        if not low < high:
            line.fail(f"the range goes from {shown(low)} to {shown(high)}", "it must rise")
        self.limits = low, high

    def row(self, line: Line) -> None:
        """Take a slice, a category or one of the colours B, F and N."""
        body, *labels = line.text.split(";")
        words = body.split()
        if words and words[0] in EXTREMES:
            self._extreme(line, words)
            return
        if len(words) in (5, 9, 11) and words[-1] in ("L", "U", "B"):
            self.warnings["Which ends of its slices get numbers (L, U, B) is not kept."] = None
            words.pop()
        if len(self.slices) + len(self.categories) == MOST_ROWS:
            line.fail(f"there are more than {MOST_ROWS} rows", "give a table of colours")
        if len(words) == 2:
            self._category(line, words, printable(";".join(labels).strip()))
        elif len(words) in (4, 8, 10):
            self._slice(line, words, labels)
        else:
            line.fail(
                counted(len(words), "word"),
                "a slice has two values with a colour each, a category a key and a colour",
            )

    def _paint(self, line: Line, words: Sequence[str]) -> Paint:
        if len(words) == 1:
            return self._named(line, words[0])
        if len(words) != (4 if self.model == "cmyk" else 3):
            line.fail(
                f"a colour of {counted(len(words), 'word')} in {self.model.upper()}", "give one word, or all its parts"
            )
        return in_columns(line, words, self.model)

    def _named(self, line: Line, word: str) -> Paint:
        """Return the colour of a word.  The result is kept: where slices meet, the word comes twice."""
        if word not in self.paints:
            self.paints[word] = in_one_word(line, word)
        return self.paints[word]

    def _extreme(self, line: Line, words: Sequence[str]) -> None:
        end = EXTREMES[words[0]]
        if end in self.extremes:
            line.fail(f"{words[0]} is said twice", "say it once")
        self.extremes[end] = self._paint(line, words[1:]).rgba

    def _category(self, line: Line, words: Sequence[str], label: str) -> None:
        if self.slices:
            line.fail("a category among slices", "a table has either")
        self.categories.append((line, words[0], in_one_word(line, words[1]), label))

    def _slice(self, line: Line, words: Sequence[str], labels: Sequence[str]) -> None:
        if self.categories:
            line.fail("a slice among categories", "a table has either")
        half = len(words) // 2
        low = line.float(words[0], -LARGEST_NUMBER, LARGEST_NUMBER, "the lower end of a slice")
        high = line.float(words[half], -LARGEST_NUMBER, LARGEST_NUMBER, "the upper end of a slice")
        first = self._paint(line, words[1:half])
        upper = words[half + 1 :]
        last = first if list(upper) == ["-"] else self._paint(line, upper)
        if list(words[1:half]) == ["-"] and list(upper) != ["-"]:
            line.fail("a slice begins with - and ends with a colour", "skip it whole, with - at both ends")
        if len(labels) > 1:
            self.warnings["The label of the upper end of a slice is not kept."] = None
        self.slices.append(Slice(line, low, first, high, last, printable(labels[0].strip()) if labels else ""))
