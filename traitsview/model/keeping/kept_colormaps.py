"""The user's favourite colormaps and those used last, kept from one day to the next."""

from __future__ import annotations

import atexit
from functools import cache

from traits.api import HasStrictTraits, Instance, Tuple

from ...user_folders import config_folder
from .choices_file import ChoicesFile

__all__ = ["KeptColormaps", "kept_colormaps"]

#: Favourites that are kept at most.
FAVOURITES = 200

#: Colormaps that were used last and are kept, at most.
RECENT = 8


class KeptColormaps(HasStrictTraits):
    """The user's favourite colormaps and those used last.  All windows of a program share it; one thread uses it."""

    favourites = Tuple()

    #: The last one first.
    recent = Tuple()

    #: Where they are kept.
    file = Instance(ChoicesFile)

    def read(self):
        """Return what the file holds.  Any thread may call this."""
        return self.file.read() if self.file is not None else {}

    def load(self, held):
        """Take what `read` returned, without the words that cannot be ids of colormaps."""
        self.favourites = _ids(held.get("favourites"), FAVOURITES)
        self.recent = _ids(held.get("recent"), RECENT)

    def star(self, id, liked):
        """Make a colormap a favourite if it is `liked`, and else no favourite any more."""
        self._change("favourites", lambda ids: [other for other in ids if other != id] + [id] * liked, FAVOURITES)

    def use(self, id):
        """Note that a colormap was chosen."""
        self._change("recent", lambda ids: [id, *(other for other in ids if other != id)], RECENT)

    def _change(self, name, change, most):
        def made(ids):
            return _ids(change(list(ids)), most)

        setattr(self, name, made(getattr(self, name)))
        if self.file is not None:
            self.file.change(lambda held: held.__setitem__(name, list(made(_ids(held.get(name), most)))))


@cache
def kept_colormaps():
    """Return the `KeptColormaps` of this program."""
    kept = KeptColormaps(file=ChoicesFile(config_folder() / "colormaps.json"))
    atexit.register(kept.file.wait_written, 2.0)
    return kept


def _ids(words, most):
    """Return the words that can be ids of colormaps, the first `most` of them."""
    if not isinstance(words, list | tuple):
        return ()
    return tuple(dict.fromkeys(word for word in words if isinstance(word, str) and 0 < len(word) < 500))[:most]
