"""Choosing a colormap: what is offered, in which order, and what a search finds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from traits.api import Enum, HasStrictTraits, Property, Str, Tuple, cached_property

from ..color.catalogue import MENU, nearest_names

__all__ = ["CATEGORIES", "ColormapChoice", "Row"]

#: What the list can be narrowed down to.
CATEGORIES = ("all", "sequential", "diverging", "cyclic", "categorical", "mine")

#: The end of a name that turns the colours round.
REVERSED = "_r"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list.

    Attributes
    ----------
    id : str
        What to call the colormap; empty if the line is a heading.
    name : str
        What to show.
    namespace : str
        Where it is from, shown in grey.
    origin : str
        The same for people, such as the path of its file.
    slow : bool
        Whether a file may have to be read to see it.
    """

    id: str
    name: str
    namespace: str = ""
    origin: str = ""
    slow: bool = False


class ColormapChoice(HasStrictTraits):
    """What the list of colormaps shows."""

    #: All there are, as the catalogue has them.
    entries = Tuple()

    #: What was typed: words that all must be in a name.
    query = Str()

    category = Enum(*CATEGORIES)

    #: Ids that come first.
    favourites = Tuple()

    #: Ids of those that were used, the last one first.
    recent = Tuple()

    #: The only ids that are offered, such as those of one file; empty if all are.
    only = Tuple()

    #: What is shown.
    rows = Property(Tuple, observe="entries, query, category, favourites, recent, only")

    #: Whether nothing fits the search, and what is shown is only similar.
    guessed = Property(observe="rows")

    def row_of(self, id):
        """Return the number of the row of a colormap; -1 if it is not shown."""
        return next((at for at, row in enumerate(self.rows) if row.id and row.id == id), -1)

    @property
    def first(self):
        """The number of the first row that can be chosen; -1 if there is none."""
        return next((at for at, row in enumerate(self.rows) if row.id), -1)

    # ---- what follows --------------------------------------------------------

    @cached_property
    def _get_rows(self):
        offered = [entry for entry in self.entries if self._fits_category(entry)]
        if self.only:
            by_id = {entry.id: entry for entry in offered}
            offered = [by_id[id] for id in self.only if id in by_id]
        words = self.query.casefold().split()
        if words:
            return tuple(self._found(words, offered))
        return tuple(_row(entry) for entry in offered) if self.only else tuple(self._grouped(offered))

    def _get_guessed(self):
        return bool(self.rows) and self.rows[0].name == _NEAREST

    def _fits_category(self, entry):
        if self.category == "all":
            return True
        return entry.mine if self.category == "mine" else entry.category == self.category

    def _grouped(self, offered):
        by_id = {entry.id: entry for entry in offered}
        common = _common(offered)
        shown = set()
        for heading, ids in (("Favourites", self.favourites), ("Recent", self.recent), ("Common", common)):
            group = [by_id[id] for id in dict.fromkeys(ids) if id in by_id and id not in shown]
            if group:
                yield Row("", heading)
                yield from map(_row, group)
                shown.update(entry.id for entry in group)
        # Those above are listed again: who looks along the alphabet shall find every name.
        if shown and offered:
            yield Row("", "All" if self.category == "all" else f"All {self.category}")
        yield from map(_row, sorted(offered, key=lambda entry: (not entry.mine, *_alphabetical(entry))))

    def _found(self, words, offered):
        tail = ""
        if words[-1].endswith(REVERSED) and len(words[-1]) > len(REVERSED):
            plain = [*words[:-1], words[-1].removesuffix(REVERSED)]
            if not _ranked(words, offered):
                words, tail = plain, REVERSED
        found = _ranked(words, offered)
        if not found:
            by_id = {entry.id: entry for entry in offered}
            found = [by_id[id] for id in nearest_names(" ".join(words), by_id, 8) if id in by_id]
            if found:
                yield Row("", _NEAREST)
        yield from (_row(entry, tail) for entry in found)


_NEAREST = "Nothing has that name.  Similar:"


def _row(entry, tail=""):
    name = (entry.title or entry.name) + tail
    slow = entry.path is not None and entry.namespace != "session"  # which is read already
    return Row(entry.id + tail, name, entry.namespace, str(entry.path or entry.origin), slow)


def _common(offered):
    """Return the ids of those that a short menu would offer; a bare name is of the first collection that has it."""
    names = {}
    for entry in offered:
        names.setdefault(entry.name.casefold(), entry.id)
        names[entry.id.casefold()] = entry.id
    wanted = (name.removesuffix(REVERSED).casefold() for name in MENU)
    return [names[name] for name in wanted if name in names]


def _alphabetical(entry):
    """Return a key by which ``Blues_9`` comes before ``Blues_10``."""
    words = re.split(r"(\d+)", entry.name.casefold())
    return tuple((word.isdigit(), int(word) if word.isdigit() else 0, word) for word in words), entry.id


def _ranked(words, offered):
    """Return what has all words in its name, the name that is most like the first of them first."""
    found = []
    for entry in offered:
        name = entry.name.casefold()
        text = f"{entry.id} {entry.title}".casefold()
        if all(word in text for word in words):
            first = words[0].rpartition(":")[2]
            rank = 0 if name == first else 1 if name.startswith(first) else 2 if first in name else 3
            found.append((rank, len(name) if rank < 3 else 0, _alphabetical(entry), entry))
    return [entry for *_, entry in sorted(found, key=lambda item: item[:3])]
