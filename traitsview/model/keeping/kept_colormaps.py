"""Which colormaps the user likes and has used, from one day to the next."""

from __future__ import annotations

import atexit
from functools import cache

from traits.api import HasStrictTraits, Instance, Tuple

from ...user_folders import config_folder
from .choices_file import ChoicesFile

__all__ = ["KeptColormaps", "kept_colormaps"]

#: How many are kept.
MOST_FAVOURITES, MOST_RECENT = 200, 8


class KeptColormaps(HasStrictTraits):
    """Favourites and what was used last; belongs to one thread, and all windows of a program share it."""

    favourites = Tuple()

    #: The last one first.
    recent = Tuple()

    #: Where they are kept.
    file = Instance(ChoicesFile)

    def read(self):
        """Return what the file holds.  Any thread may call this."""
        return self.file.read() if self.file is not None else {}

    def load(self, held):
        """Take what `read` returned; what makes no sense is passed over."""
        self.favourites = _ids(held.get("favourites"), MOST_FAVOURITES)
        self.recent = _ids(held.get("recent"), MOST_RECENT)

    def star(self, id, liked):
        """Make one a favourite, or no longer."""
        self._change("favourites", lambda ids: [other for other in ids if other != id] + [id] * liked, MOST_FAVOURITES)

    def use(self, id):
        """Note that one was chosen."""
        self._change("recent", lambda ids: [id, *(other for other in ids if other != id)], MOST_RECENT)

    def _change(self, name, change, most):
        def made(ids):
            return _ids(change(list(ids)), most)

        setattr(self, name, made(getattr(self, name)))
        if self.file is not None:
            self.file.change(lambda held: held.__setitem__(name, list(made(_ids(held.get(name), most)))))


@cache
def kept_colormaps():
    """Return those of this program."""
    kept = KeptColormaps(file=ChoicesFile(config_folder() / "colormaps.json"))
    atexit.register(kept.file.wait_written, 2.0)
    return kept


def _ids(words, most):
    """Return what in `words` can be the id of a colormap."""
    if not isinstance(words, list | tuple):
        return ()
    return tuple(dict.fromkeys(word for word in words if isinstance(word, str) and 0 < len(word) < 500))[:most]
