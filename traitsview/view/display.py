"""Finds out whether windows can be opened, before the toolkit is imported."""

from __future__ import annotations

import os
import sys

from ..errors import DisplayError

__all__ = ["require_display"]


def require_display():
    """Raise `DisplayError` where Qt could not open a window.

    TraitsUI and Envisage start Qt when they are imported, and Qt ends the process where there is no display.
    """
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform or sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    raise DisplayError(
        "cannot open a window",
        "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)",
        "use --screenshot OUT.png or 'traitsview render', or set QT_QPA_PLATFORM=offscreen",
    )
