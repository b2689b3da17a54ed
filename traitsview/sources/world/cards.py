"""The cards of a FITS header that say where its elements lie, read as numbers and words.

Every number is read here and nowhere else; a library that skips a card which it cannot read would take the default in
its place and be wrong without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...errors import printable, quoted
from .card_values import Card, card_of, number_of

__all__ = ["WorldCards", "read_cards"]

_AXIS = r"[1-9]\d?"
_NUMBERS = re.compile(
    rf"C(RVAL|RPIX|DELT|ROTA){_AXIS}|(PC|CD){_AXIS}_{_AXIS}|(PC|CD)0\d\d0\d\d|PV{_AXIS}_\d\d?|PROJP\d"
    r"|WCSAXES|LONPOLE|LATPOLE|EQUINOX|EPOCH|RESTFRQ|RESTFREQ|RESTWAV|VELREF|[AB]P?_(ORDER|\d_\d)"
    r"|PLT(RA[HMS]|DEC[DMS])|AMD[XY]\d\d?|PPO\d|CNPIX[12]|[XY]PIXELSZ"
)
_WORDS = re.compile(rf"C(TYPE|UNIT|NAME){_AXIS}|PS{_AXIS}_\d|RADESYS|RADECSYS|SPECSYS|WCSNAME|PLTDECSN")
# Tables of distortions in other HDUs, and IRAF's polynomials: astropy and WCSLIB read these as they stand.
_PASSED = re.compile(r"(CPDIS|CPERR|DP|D2IMDIS|D2IMERR|D2IM)\d|AXISCORR|WAT\d_\d{3}")

# Cards of which no value at all is as good as no card.
_OPTIONAL = re.compile(r"CROTA.*|PV.*|LONPOLE|LATPOLE|EQUINOX|EPOCH|REST.*|VELREF|WCSAXES|PROJP.*")

# Without any of these a header says nothing of where its elements lie.
_PLACES = re.compile(r"C(TYPE|UNIT|RVAL|DELT)\d\d?|CD.*|PLTRAH")

# Equinoxes are also written J2000 and B1950.0.
_EQUINOX = re.compile(r"[JBjb]([12]\d{3}(\.\d*)?)")


@dataclass(frozen=True)
class WorldCards:
    """Cards of the world coordinates.

    Attributes
    ----------
    text : str
        The cards as they were written, one a line.
    numbers, words : mapping of str
        By keyword; where a keyword comes twice, the last card counts.
    unread : mapping of str
        Of each card that should be a number and is none, or text with control characters: a sentence that says so.
    passed : tuple of str
        Images of cards that are for libraries to read.
    notes : tuple of str
        Sentences about cards that two readers may read differently.
    """

    text: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def number(self, name: str, default: float = 0.0) -> float:
        """Return the number of a card, or the default that FITS gives to a card that is not there."""
        return self.numbers.get(name, default)

    def word(self, name: str) -> str:
        """Return the text of a card, empty where it is not there."""
        return self.words.get(name, "")

    def has(self, name: str) -> bool:
        """Whether there is a number by that name, readable or not."""
        return name in self.numbers or name in self.unread


def read_cards(images: Iterable[str], inherited: Iterable[str] = ()) -> WorldCards:
    """Return the cards of the primary world coordinates among the cards of a header.

    Parameters
    ----------
    images : iterable of str
        The 80 characters of each card.
    inherited : iterable of str
        Those of the primary header, where it counts too: for what the other one leaves out.
    """
    own, before = _Reading(), _Reading()
    for reading, each in ((before, inherited), (own, images)):
        for image in each:
            reading.read(image)
    numbers, words = {**before.numbers, **own.numbers}, {**before.words, **own.words}
    if not any(_PLACES.fullmatch(name) for name in (*numbers, *words)):
        return WorldCards()
    return WorldCards(
        "\n".join(before.lines + own.lines),
        {name: value for name, value in numbers.items() if isinstance(value, float)},
        {name: str(word) for name, word in words.items()},
        {name: value for name, value in numbers.items() if isinstance(value, str)},
        (*before.passed, *own.passed),
        (*before.notes.values(), *own.notes.values()),
    )


class _Reading:
    """What the cards of one header say, as far as they were read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.passed: list[str] = []
        self.numbers: dict[str, float | str] = {}  # a sentence where it is none
        self.words: dict[str, float | str] = {}
        self.notes: dict[str, str] = {}

    def read(self, image: str) -> None:
        """Read the next card."""
        card = card_of(image)
        if card is None:
            return
        name = _modern(card.keyword)
        if _PASSED.fullmatch(name):
            self.passed.append(image[:80])
        elif _NUMBERS.fullmatch(card.keyword):
            if not card.text and _OPTIONAL.fullmatch(name):
                return
            self._put(self.numbers, name, _number(card))
        elif _WORDS.fullmatch(name) and card.text.isprintable():
            self._put(self.words, name, card.text)
        elif _WORDS.fullmatch(name):
            self.numbers[name] = f"{name} cannot be read: {quoted(card.text, 40)}"
        else:
            return
        self.lines.append(printable(image.rstrip()))

    def _put(self, known: dict[str, float | str], name: str, value: float | str) -> None:
        if known.get(name, value) != value:
            self.notes[name] = f"{name} is there more than once, and the last one counts"
        known[name] = value


def _number(card: Card) -> float | str:
    """Return the number of a card, or a sentence that says that it is none."""
    found = _EQUINOX.fullmatch(card.text) if card.keyword in ("EQUINOX", "EPOCH") else None
    number = float(found.group(1)) if found else number_of(card.text)
    if number is not None:
        return number
    return f"{card.keyword} is no number: {quoted(card.text, 40)}" if card.text else f"{card.keyword} has no value"


def _modern(name: str) -> str:
    """Return the name of today for an element of a matrix: PC001002 was PC1_2 in early drafts of the standard."""
    if name.startswith(("PC0", "CD0")):
        return f"{name[:2]}{int(name[2:5])}_{int(name[5:8])}"
    return name
