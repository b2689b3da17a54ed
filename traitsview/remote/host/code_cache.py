"""Where compiled code is kept when a host's user has no home to keep it in."""

from __future__ import annotations

import os
from pathlib import Path

from ...user_folders import home_folder

__all__ = ["keep_code_in"]

#: Where it is kept first, beside the sources.
_PACKAGE = Path(__file__).parents[2]

_VARIABLE = "NUMBA_CACHE_DIR"


def keep_code_in(folder: Path) -> None:
    """Have compiled code kept in a private folder of this user's, if it can be kept nowhere else.

    Numba looks for a place beside the sources, then in ``$XDG_CACHE_HOME`` or ``~/.cache``.  Where neither can be
    written, each server would compile for seconds what the one before has compiled.  To be called before Numba is
    imported, which reads ``$NUMBA_CACHE_DIR`` then.
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
