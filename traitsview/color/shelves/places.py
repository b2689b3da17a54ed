"""Which folders hold colormap files."""

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
    """Return the folders that the environment names, the first of which goes before the others."""
    words = os.environ.get(PATH_VARIABLE, "").split(os.pathsep)
    return tuple(dict.fromkeys(Path(os.path.expanduser(word)).absolute() for word in words if word.strip()))


def user_folder() -> Path:
    """Return the folder in which the user keeps colormap files; it need not be there.

    It is ``$XDG_CONFIG_HOME/traitsview/colormaps``, usually in ``~/.config``.
    """
    return config_folder() / "colormaps"
