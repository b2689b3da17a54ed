"""Where the user's own files are kept."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["config_folder"]


def config_folder() -> Path:
    """Return the folder of what the user has chosen, which need not be there.

    It is ``$XDG_CONFIG_HOME/traitsview``, usually in ``~/.config``.
    """
    base = os.environ.get("XDG_CONFIG_HOME", "")
    # The rule of these variables: a relative path is as good as none.
    config = Path(base) if os.path.isabs(base) else Path(os.path.expanduser("~")) / ".config"
    return config / "traitsview"
