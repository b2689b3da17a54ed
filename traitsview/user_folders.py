"""The folders of the user's own files."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

__all__ = ["config_folder", "home_folder"]


def home_folder() -> Path | None:
    """Return the user's home folder, or None if there is none that a process can enter.

    ``$HOME`` may name something that is no folder: for a service, in a container, or while a file server is away.  If
    it is missing or empty, the system's list of users names the folder.
    """
    home = os.environ.get("HOME", "")
    if not home:
        try:
            home = pwd.getpwuid(os.geteuid()).pw_dir
        except KeyError:
            return None
    usable = os.path.isabs(home) and os.path.isdir(home) and os.access(home, os.X_OK)
    return Path(home) if usable else None


def config_folder() -> Path:
    """Return the folder of the user's choices, which may not exist.

    It is ``$XDG_CONFIG_HOME/traitsview``, usually in ``~/.config``.
    """
    base = os.environ.get("XDG_CONFIG_HOME", "")
    # The specification of these variables: a relative path is ignored.
    config = Path(base) if os.path.isabs(base) else Path(os.path.expanduser("~")) / ".config"
    return config / "traitsview"
