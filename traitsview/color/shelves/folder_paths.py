"""The folders of colormap files."""

from __future__ import annotations

import os
from pathlib import Path

from ...user_folders import config_folder

__all__ = ["PATH_VARIABLE", "local_folders", "shipped_folder", "user_folder"]

#: Folders of colormap files for this process, separated as in ``$PATH``.
PATH_VARIABLE = "TRAITSVIEW_COLORMAP_PATH"


def shipped_folder() -> Path:
    """Return the folder of the files that come with traitsview."""
    return Path(__file__).parents[2] / "colormaps"


def local_folders() -> tuple[Path, ...]:
    """Return the folders of the environment variable, the most important first."""
    words = os.environ.get(PATH_VARIABLE, "").split(os.pathsep)
    return tuple(dict.fromkeys(Path(os.path.expanduser(word)).absolute() for word in words if word.strip()))


def user_folder() -> Path:
    """Return the folder of the user's colormap files, which may not exist.

    It is ``$XDG_CONFIG_HOME/traitsview/colormaps``, usually in ``~/.config``.
    """
    return config_folder() / "colormaps"
