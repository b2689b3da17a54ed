"""A colormap file as its readers see it: bytes, text, lines and numbers, each with its place for messages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NoReturn

from ...errors import ColormapError, printable, quoted
from .ranges import shown, within

__all__ = ["COLUMNS", "SCALES", "ColormapFile", "Line", "Options", "is_number", "read"]

#: A larger file is no colormap file.
LARGEST_BYTES = 5_000_000

#: More lines than any colormap has.
MOST_LINES = 100_000

#: Characters of a line in files that are read by lines.
LONGEST_LINE = 100_000

#: Options for the number that means full intensity; with ``"auto"`` it is found from the numbers of the file.
SCALES = ("auto", "1", "255", "100")

#: Options for the columns of a table: ``x`` is the position of the colour; with ``"auto"`` the file decides.
COLUMNS = ("auto", "rgb", "rgba", "xrgb", "xrgba")

#: The byte that DOS writes behind the last line of a text.
_END_OF_FILE = b"\x1a"

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Options:
    """The user's options for reading a file that does not say these things itself.

    Attributes
    ----------
    scale : str
        One of `SCALES`.
    columns : str
        One of `COLUMNS`.
    """

    scale: str = "auto"
    columns: str = "auto"

    def __post_init__(self) -> None:
        for name, known in (("scale", SCALES), ("columns", COLUMNS)):
            if getattr(self, name) not in known:
                raise ColormapError(
                    f"unknown {name} {quoted(str(getattr(self, name)))}", "", f"one of {', '.join(known)}"
                )


@dataclass(frozen=True)
class Line:
    """A line of a file.

    Attributes
    ----------
    file : ColormapFile
    number : int
        From 1.
    text : str
        Without its end.
    """

    file: ColormapFile = field(repr=False)
    number: int
    text: str

    def fail(self, why: str, remedy: str = "") -> NoReturn:
        """Raise a `ColormapError` about this line: ``geo.cpt:12: why; remedy``."""
        raise ColormapError(f"{self.file.name}:{self.number}", printable(why), printable(remedy))

    def float(self, word: str, low: float, high: float, what: str = "a number") -> float:
        """Return `word` as a finite number in ``low … high``, or fail.  No nan, inf, 0x1 or 1_0.

        Rounding may put a number just outside the range: 1.0000002 becomes 1.  See `within`.
        """
        if not _NUMBER.fullmatch(word):
            self.fail(f"{quoted(word)} is not a number", f"{what} was expected")
        value = within(float(word), low, high)
        if value is None:
            self.fail(f"{what} is {_short(word)}", f"it must be in {shown(low)} … {shown(high)}")
        return value

    def int(self, word: str, low: int, high: int, what: str = "a whole number") -> int:
        """Return `word` as a whole number in ``low … high``, or fail."""
        if not re.fullmatch(r"[-+]?\d{1,12}", word, re.ASCII):
            self.fail(f"{quoted(word)} is not a whole number", f"{what} was expected")
        value = int(word)
        if not low <= value <= high:
            self.fail(f"{what} is {word}", f"it must be in {low} … {high}")
        return value


@dataclass(frozen=True)
class ColormapFile:
    """A file: its path, its bytes, and the options for reading it.

    Attributes
    ----------
    path : Path
        The path of the file; messages show only its name.
    data : bytes
    options : Options
    """

    path: Path
    data: bytes = field(repr=False)
    options: Options = Options()

    @property
    def name(self) -> str:
        """Its file name, as messages say it."""
        return printable(self.path.name)

    @property
    def stem(self) -> str:
        """Its name without the extension: the name of a colormap that has none in the file."""
        return printable(self.path.stem) or self.name

    def called(self, name: str) -> str:
        """Return a name from the file as one line of at most 100 characters, or its stem if the name is empty."""
        return printable(" ".join(name.split()))[:100].strip() or self.stem

    @property
    def extension(self) -> str:
        """Its extension in small letters, ``".cpt"``; empty if it has none."""
        return self.path.suffix.lower()

    def fail(self, why: str, remedy: str = "") -> NoReturn:
        """Raise a `ColormapError` about the whole file: ``geo.cpt: why; remedy``."""
        raise ColormapError(self.name, printable(why), printable(remedy))

    @property
    def text_data(self) -> bytes:
        """Its bytes without the end-of-file bytes of DOS."""
        return self.data.rstrip(_END_OF_FILE)

    @cached_property
    def text(self) -> str:
        """Its text: UTF-8, else Latin-1, without a byte order mark; fails if it is not text."""
        if b"\0" in self.data:
            self.fail("it is binary", "a text file was expected")
        try:
            return self.text_data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.text_data.decode("latin-1")

    @property
    def latin(self) -> bool:
        """Whether its text is not UTF-8.  Then it is read as Latin-1, and letters beyond ASCII are a guess."""
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            return True
        return False

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Its lines, which may end with LF, CR LF or CR; fails if they are more, or longer, than any colormap has."""
        if self._line_ends > 2 * MOST_LINES:
            self.fail(f"it has more than {MOST_LINES} lines", "give a colormap file")
        texts = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        found = tuple(Line(self, n, text) for n, text in enumerate(texts, 1))
        for line in found:
            if len(line.text) > LONGEST_LINE:
                line.fail(f"it has more than {LONGEST_LINE} characters", "give a colormap file")
        return found

    @cached_property
    def _line_ends(self) -> int:
        """The number of line ends, counted once: every format that is tried asks for the lines."""
        return self.text.count("\n") + self.text.count("\r")

    @property
    def filled_lines(self) -> list[Line]:
        """Its lines that are not blank; fails if there is none."""
        return [line for line in self.lines if line.text.strip()] or self.fail("it is empty", "give a colormap file")

    def bare_lines(self, comment: str = "#") -> Iterator[Line]:
        """Yield the lines that are neither blank nor comments; each character of `comment` begins a comment."""
        for line in self.lines:
            stripped = line.text.strip()
            if stripped and stripped[0] not in comment:
                yield Line(self, line.number, stripped)


def is_number(word: str) -> bool:
    """Whether a word is a finite number, as `Line.float` reads it."""
    return _NUMBER.fullmatch(word) is not None


def read(path: str | os.PathLike[str], options: Options = Options()) -> ColormapFile:
    """Return the file at `path`.

    Raises
    ------
    ColormapError
        If it cannot be read, is no regular file, is empty or too large.
    """
    place = Path(path)
    name = printable(place.name) or str(place)
    try:
        with open(place, "rb", opener=_without_waiting) as file:
            if not os.path.isfile(place):
                raise ColormapError(name, "it is not a file", "give the path of a colormap file")
            data = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, ColormapError):
            raise
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ColormapError(f"cannot read {name}", why.lower(), "check the path") from error
    if not data.strip():
        raise ColormapError(name, "it is empty", "give a colormap file")
    if len(data) > LARGEST_BYTES:
        raise ColormapError(name, f"it is larger than {LARGEST_BYTES // 1_000_000} MB", "give a colormap file")
    return ColormapFile(place, data, options)


def _short(word: str, limit: int = 40) -> str:
    """Return a number as a message can show it."""
    return word if len(word) <= limit else f"{word[:limit]}…"


def _without_waiting(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def closest(word: str, words: Iterable[str]) -> Sequence[str]:
    """Return the one of `words` that `word` was probably meant to be; empty if none is near."""
    from difflib import get_close_matches

    # A word of more than 60 characters is no typing error, and comparing it takes milliseconds.
    return get_close_matches(word.lower(), list(words), n=1, cutoff=0.6) if len(word) <= 60 else []
