"""Which folders hold colormap files."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["PATH_VARIABLE", "local_folders", "shipped_folder", "user_folder"]

#: Folders of colormap files for this process, separated as in ``$PATH``.
PATH_VARIABLE = "TRAITSVIEW_COLORMAP_PATH"


def shipped_folder() -> Path:
    """Return the folder of the files that come with traitsview."""
    return Path(__file__).parents[2] / "colormaps"


def local_folders() -> tuple[Path, ...]:
    """Return the folders that the environment names, the first of which goes before the others."""
    words = os.environ.get(PATH_VARIABLE, "").split(os.pathsep)
    return tuple(dict.fromkeys(Path(os.path.expanduser(word)).absolute() for word in words if word.strip()))


def user_folder() -> Path:
    """Return the folder in which the user keeps colormap files; it need not be there.

    It is ``$XDG_CONFIG_HOME/traitsview/colormaps``, usually in ``~/.config``.
    """
    base = os.environ.get("XDG_CONFIG_HOME", "")
    # The rule of these variables: a relative path is as good as none.
    config = Path(base) if os.path.isabs(base) else Path(os.path.expanduser("~")) / ".config"
    return config / "traitsview" / "colormaps"
