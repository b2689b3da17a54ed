"""The cards of a FITS header that say where its elements lie, read as numbers and words.

Every number is read here and nowhere else.  A library may skip a card that it cannot read and take the default: then
positions are wrong and nobody is told.
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
    rf"C(RVAL|RPIX|DELT|ROTA){_AXIS}|(PC|CD){_AXIS}_{_AXIS}|PV{_AXIS}_\d\d?|PROJP\d"
    r"|WCSAXES|LONPOLE|LATPOLE|EQUINOX|EPOCH|RESTFRQ|RESTFREQ|RESTWAV|VELREF|[AB]P?_(ORDER|\d_\d)"
    r"|PLT(RA[HMS]|DEC[DMS])|AMD[XY]\d\d?|PPO\d|CNPIX[12]|[XY]PIXELSZ|AXISCORR|DC-FLAG"
)
_WORDS = re.compile(
    rf"C(TYPE|UNIT|NAME){_AXIS}|PS{_AXIS}_\d|RADESYS|RADECSYS|SPECSYS|WCSNAME|PLTDECSN|(CPDIS|CQDIS|D2IMDIS)\d"
)
# Texts that go on in the next card: their blanks count.
_PARTS = re.compile(rf"WAT{_AXIS}_\d{{3}}")
# Cards that hold a field and its number, with several cards for one keyword: DP1 = 'EXTVER: 2.0'.
_RECORDS = re.compile(r"(DP|DQ|D2IM)\d")
_RECORD = re.compile(r"([A-Za-z0-9_.-]+): *(.*)")
# Cards that belong to the description though their values are not needed here.
_KEPT = re.compile(r"(CPERR|CQERR|D2IMERR)\d|WAT0_\d{3}")
# Early drafts of the standard wrote PC001002 for PC1_2, and CASA PC01_02.
_EARLY = re.compile(r"(PC|CD)(?:0(\d\d)0(\d\d)|(\d\d)_(\d\d))")

# Cards that do not count if they have no value.
_OPTIONAL = re.compile(r"DC-FLAG|CROTA.*|PV.*|LONPOLE|LATPOLE|EQUINOX|EPOCH|REST.*|VELREF|WCSAXES|PROJP.*")

# A header without any of these keywords does not say where its elements lie.
_PLACES = re.compile(r"C(TYPE|UNIT|RVAL|DELT)\d\d?|CD.*|PLTRAH")

_MATRIX = re.compile(rf"(?:PC|CD){_AXIS}_{_AXIS}")
# Groups of cards that have a meaning only together.  A header either has a group itself or inherits the whole group:
# half of one matrix and half of another are no matrix.
_GROUPS = re.compile(
    rf"({_MATRIX.pattern}|CROTA{_AXIS}|CDELT{_AXIS})|(P[VS]\d+_\d+|PROJP\d)|([AB]P?_.*)|(WAT.*)"
    r"|(C[PQ]DIS.*|C[PQ]ERR.*|D[PQ]\d.*|D2IM.*|AXISCORR)"
    r"|(PLT.*|AMD.*|PPO.*|CNPIX.|.PIXELSZ)|(EQUINOX|EPOCH)|(RADE.*)|(RESTFR.*)"
)

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
        The values by keyword, ``DP1.EXTVER`` for fields.  Where a keyword comes twice, the last card counts.
    unread : mapping of str
        A sentence by keyword, for each card that should be a number and is none, and for text with control characters.
    notes : tuple of str
        Sentences about cards that two readers may read differently.
    inherited : tuple of str
        Keywords of the cards that another header lends.
    """

    text: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()

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
        Cards of the primary header, if the other header inherits them.  They count where the other one has none.
    """
    own = _Reading(images)
    lent = _Reading(inherited, own)
    numbers, words = {**lent.numbers, **own.numbers}, {**lent.words, **own.words}
    if not any(_PLACES.fullmatch(name) for name in (*numbers, *words)):
        return WorldCards()
    return WorldCards(
        "\n".join(own.lines + lent.lines),
        {name: value for name, value in numbers.items() if isinstance(value, float)},
        {name: str(word) for name, word in words.items()},
        {name: value for name, value in numbers.items() if isinstance(value, str)},
        (*own.notes.values(), *lent.notes.values()),
        tuple(lent.names),
    )


class _Reading:
    """The cards of one header, as far as they can be read.

    Parameters
    ----------
    images : iterable of str
        The 80 characters of each card.
    before : _Reading, optional
        The cards of a header that counts before this one.  Cards that it has are left out here.
    """

    def __init__(self, images: Iterable[str], before: _Reading | None = None) -> None:
        self._before = before
        self.names: dict[str, int | None] = {}  # with the group of each
        self.lines: list[str] = []
        self.numbers: dict[str, float | str] = {}  # a sentence where it is none
        self.words: dict[str, float | str] = {}
        self.notes: dict[str, str] = {}
        for image in images:
            self._read(image)

    def _says(self, name: str) -> bool:
        """Whether there is a card of that name or of the same group."""
        if name in self.names:
            return True
        if name.startswith("CDELT"):  # each axis has a step of its own, unless there is a matrix
            return any(map(_MATRIX.fullmatch, self.names))
        group = _group(name)
        return group is not None and group in self.names.values()

    def _read(self, image: str) -> None:
        """Read the next card."""
        card = card_of(image)
        if card is None:
            return
        name = _modern(card.keyword)
        if self._before is not None and self._before._says(name):
            return
        if _RECORDS.fullmatch(name):
            self._put_record(name, card)
        elif _NUMBERS.fullmatch(name):
            if not card.text and _OPTIONAL.fullmatch(name):
                return
            self._put(self.numbers, name, _number(card))
        elif _WORDS.fullmatch(name) or _PARTS.fullmatch(name):
            if card.text.isprintable():
                self._put(self.words, name, card.spaced if _PARTS.fullmatch(name) else card.text)
            else:
                self.numbers[name] = f"{name} cannot be read: {quoted(card.text, 40)}"
        elif not _KEPT.fullmatch(name):
            return
        self.names[name] = _group(name)
        self.lines.append(printable(image.rstrip()))

    def _put_record(self, name: str, card: Card) -> None:
        """Keep the number of a field by the name ``DP1.EXTVER``."""
        found = _RECORD.fullmatch(card.text)
        if found is None:
            self.numbers[name] = f"{name} has no field and number: {quoted(card.text, 40)}"
        else:
            field_name, text = found.groups()
            self._put(self.numbers, f"{name}.{field_name.upper()}", _number(Card(f"{name}.{field_name}", text)))

    def _put(self, known: dict[str, float | str], name: str, value: float | str) -> None:
        if known.get(name, value) != value:
            self.notes[name] = f"{name} is there more than once, and the last one counts"
        known[name] = value


def _group(name: str) -> int | None:
    """Return the number of the group that a card belongs to, or None."""
    found = _GROUPS.fullmatch(name)
    return None if found is None else found.lastindex


def _number(card: Card) -> float | str:
    """Return the value of a card as a number, or a sentence that says why it is no number."""
    found = _EQUINOX.fullmatch(card.text) if card.keyword in ("EQUINOX", "EPOCH") else None
    number = float(found.group(1)) if found else number_of(card.text)
    if number is not None:
        return number
    return f"{card.keyword} is no number: {quoted(card.text, 40)}" if card.text else f"{card.keyword} has no value"


def _modern(name: str) -> str:
    """Return the keyword; elements of a matrix get the name of today, ``PC1_2`` for ``PC001002``."""
    found = _EARLY.fullmatch(name)
    if found is None:
        return name
    i, j = (int(number) for number in found.groups()[1:] if number)
    return f"{found.group(1)}{i}_{j}"
