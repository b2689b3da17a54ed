"""Choosing a colormap: the colormaps that are offered, their order, and the results of a search."""

from __future__ import annotations

import re
from dataclasses import dataclass

from traits.api import Enum, HasStrictTraits, Property, Str, Tuple, cached_property

from ..color.catalogue import MENU, nearest_names

__all__ = ["CATEGORIES", "ColormapChoice", "Row"]

#: The categories that the list can be restricted to.
CATEGORIES = ("all", "sequential", "diverging", "cyclic", "categorical", "mine")

#: The ending of a name that reverses the colours.
REVERSED = "_r"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list.

    Attributes
    ----------
    id : str
        The id of the colormap; empty if the line is a heading.
    name : str
        The text of the line.
    namespace : str
        The namespace of the colormap, shown in grey.
    origin : str
        Its origin in words, such as the path of its file.
    slow : bool
        Whether a file may have to be read before its colours can be shown.
    """

    id: str
    name: str
    namespace: str = ""
    origin: str = ""
    slow: bool = False


class ColormapChoice(HasStrictTraits):
    """The content of the list of colormaps."""

    #: The entries of the catalogue.
    entries = Tuple()

    #: The words that were typed.  A name must have all of them.
    query = Str()

    category = Enum(*CATEGORIES)

    #: Ids of the user's favourites, which come first.
    favourites = Tuple()

    #: Ids of the colormaps that were used, the last one first.
    recent = Tuple()

    #: The only ids that are offered, such as those of one file; empty if all ids are offered.
    only = Tuple()

    #: The lines of the list.
    rows = Property(Tuple, observe="entries, query, category, favourites, recent, only")

    #: Whether no name fits the search, so that similar names are shown.
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
        # The colormaps of the groups above are listed again, so that the alphabetical list is complete.
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
    slow = (
        entry.path is not None and entry.namespace != "session"
    )  # a file that was opened in this session has been read
    return Row(entry.id + tail, name, entry.namespace, str(entry.path or entry.origin), slow)


def _common(offered):
    """Return the ids of the names in `MENU`; a name without a namespace is that of the first collection that has it."""
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
    """Return the entries with all words in their names.  Names that are most like the first word come first."""
    found = []
    for entry in offered:
        name = entry.name.casefold()
        text = f"{entry.id} {entry.title}".casefold()
        if all(word in text for word in words):
            first = words[0].rpartition(":")[2]
            rank = 0 if name == first else 1 if name.startswith(first) else 2 if first in name else 3
            found.append((rank, len(name) if rank < 3 else 0, _alphabetical(entry), entry))
    return [entry for *_, entry in sorted(found, key=lambda item: item[:3])]
