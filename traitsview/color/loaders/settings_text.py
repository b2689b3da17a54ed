"""Files of lines ``key=value``, maybe in sections, as MRIcroGL and SNAP write their colours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import counted
from .colormap_file import ColormapFile, Line
from .tables import MOST_ROWS

__all__ = ["Settings"]

_SETTING = re.compile(r"([^=:\s]+)\s*[=:]\s*(.*)")
_SECTION = re.compile(r"\[[^\]]*\]")


class Settings:
    """The values of a file by their keys.  Comments begin with ``#``, ``!`` or ``;``; headings of sections are skipped.

    Parameters
    ----------
    file : ColormapFile

    Attributes
    ----------
    warnings : list of str
        Warnings about lines without a meaning.

    Raises
    ------
    ColormapError
        If a key comes twice.
    """

    def __init__(self, file: ColormapFile) -> None:
        self._file = file
        self._said: dict[str, tuple[Line, str]] = {}
        self.warnings: list[str] = []
        for line in file.bare_lines("#!;"):
            found = _SETTING.fullmatch(line.text)
            if found is None:
                if not _SECTION.fullmatch(line.text) and not self.warnings:
                    self.warnings.append(f"Line {line.number} says nothing that could be read.")
                continue
            key = found[1]
            if key in self._said:
                line.fail(f"{key[:40]} is said twice, first in line {self._said[key][0].number}", "say it once")
            self._said[key] = line, found[2].strip()

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __contains__(self, key: object) -> bool:
        return key in self._said

    def line(self, key: str) -> tuple[Line, str]:
        """Return the line of a key and its value, or fail."""
        if key not in self._said:
            self._file.fail(f"it has no {key}", f"add {key}=…")
        return self._said[key]

    def count(self, key: str) -> int:
        """Return how many points a key announces, two or more, or fail."""
        line, word = self.line(key)
        return line.int(word, 2, MOST_ROWS, key)

    def number(self, key: str) -> float:
        """Return the number of a key, or fail."""
        line, word = self.line(key)
        return line.float(word, -1e300, 1e300, key)

    def flag(self, key: str) -> bool:
        """Return whether the value of a key is true, or fail; false if there is no such key."""
        if key not in self._said:
            return False
        line, word = self._said[key]
        if word.lower() not in ("true", "false"):
            line.fail(f"{key} is {word[:40]!r}", "write true or false")
        return word.lower() == "true"

    def bytes(self, key: str, separator: str) -> tuple[float, ...]:
        """Return the three or four parts of a colour in 0 … 255, as shares, or fail."""
        line, text = self.line(key)
        words = [word.strip() for word in text.rstrip(separator).split(separator)]
        if len(words) not in (3, 4):
            line.fail(f"{key} has {counted(len(words), 'part')}", f"give red{separator}green{separator}blue")
        return tuple(line.int(word, 0, 255, f"a part of {key}") / 255 for word in words)
