"""The access of those whom a share lets in: they look at what is shared, and at nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NoReturn

from ...errors import SourceUnreadable, quoted
from ...sources.address import parse_address
from ...sources.files.regular_file import identity_of
from ...sources.image_source import ImageSource
from ..host.access import Access
from ..host.source_pool import SourcePool
from .served_folders import ServedFolders

__all__ = ["LIVE", "Guest"]

#: Tries to open a file that is written meanwhile.
_TRIES = 3

#: Begins the name of a live image.
LIVE = "live:"


class Guest(Access):
    """The access by one share.

    Parameters
    ----------
    name : str
        Of the share.
    what : sequence of str
        Files, folders with all below them, and live images ``live:NAME``.

    Attributes
    ----------
    what : tuple of str
        The same, with paths without links.

    Raises
    ------
    SourceNotFound, SourceUnreadable
        If one of them cannot be opened.
    """

    guest = True

    def __init__(self, name: str, what: Sequence[str]) -> None:
        self.who = name
        self._live = frozenset(thing for thing in what if thing.startswith(LIVE))
        self._folders = ServedFolders([thing for thing in what if not thing.startswith(LIVE)])
        self.what = (*self._folders.paths, *sorted(self._live))

    def take(self, pool: SourcePool, text: str) -> ImageSource:
        """Return the source of `text` from a pool, if it is shared.

        Raises
        ------
        SourceUnreadable
            If it is not shared; nobody learns whether it exists.
        """
        if text in self._live:
            return self._kept(pool, pool.take(text), text)
        address = parse_address(text)
        if address.host or address.scheme != "file":
            _refuse(text)
        for _ in range(_TRIES):
            shared = self._identity(text, os.path.expanduser(address.path))
            source = pool.take(text, self._folders.open_source)
            # Others may have it open, from before somebody put a link in the place of the file.
            if source.identity == shared:
                return self._kept(pool, source, text)
            pool.give_back(source)
        _refuse(text)

    def close(self) -> None:
        """End the access."""
        self.ended = True
        self._folders.close()

    def _kept(self, pool: SourcePool, source: ImageSource, text: str) -> ImageSource:
        """Return a source that was taken, unless the share has ended meanwhile, and with it the check of its file."""
        if self.ended:
            pool.give_back(source)
            _refuse(text)
        return source

    def _identity(self, text: str, path: str) -> str:
        """Return the identity of a file that is shared."""
        try:
            descriptor = self._folders.open(path)
        except SourceUnreadable:
            _refuse(text)
        except (OSError, ValueError):
            # What is below the shared folders may be missing: opening it says why.
            self._folders.open_source(text).close()
            _refuse(text)
        try:
            return identity_of(os.fstat(descriptor))
        finally:
            os.close(descriptor)


def _refuse(text: str) -> NoReturn:
    raise SourceUnreadable(f"cannot open {quoted(text)}", "it is not shared with you", "ask the owner of the server")
