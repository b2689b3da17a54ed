"""Chooses a folder for compiled code where the user of a host has no home."""

from __future__ import annotations

import os
from pathlib import Path

from ...user_folders import home_folder

__all__ = ["keep_code_in"]

#: Numba keeps compiled code here first, beside the sources.
_PACKAGE = Path(__file__).parents[2]

_VARIABLE = "NUMBA_CACHE_DIR"


def keep_code_in(folder: Path) -> None:
    """Keep compiled code in `folder`, a private one of this user, if Numba can keep it nowhere else.

    Numba keeps it beside the sources, or else in ``$XDG_CACHE_HOME`` or ``~/.cache``.  Where neither can be written,
    each server would compile for seconds what the server before has compiled.  Call this before Numba is imported,
    because Numba reads ``$NUMBA_CACHE_DIR`` then.
    """
    if not (os.environ.get(_VARIABLE) or _is_writable(_PACKAGE) or _is_writable(_cache_folder())):
        os.environ[_VARIABLE] = str(folder)


def _cache_folder() -> Path | None:
    base, home = os.environ.get("XDG_CACHE_HOME", ""), home_folder()
    return Path(base) if os.path.isabs(base) else home / ".cache" if home is not None else None


def _is_writable(folder: Path | None) -> bool:
    """Return whether a file can be made in a folder, which may have to be made first."""
    if folder is None:
        return False
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
