"""Finds out whether a window can be opened, before Qt is asked: without a display Qt ends the process."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Mapping

from .errors import DisplayError

__all__ = ["has_display", "off_screen", "require_display"]

#: Seconds within which a display on another host has to answer.
_ANSWER_SECONDS = 3.0


def require_display() -> None:
    """Raise `DisplayError` if no window can be opened here."""
    if not has_display(os.environ):
        named = [f"{name}={os.environ[name]}" for name in ("DISPLAY", "WAYLAND_DISPLAY") if os.environ.get(name)]
        why = f"nothing answers at {' or '.join(named)}" if named else "neither DISPLAY nor WAYLAND_DISPLAY is set"
        if platform := os.environ.get("QT_QPA_PLATFORM"):
            why += f", and QT_QPA_PLATFORM={platform} leaves nothing else"
        remedy = "use 'traitsview view SOURCE --screenshot OUT.png' or 'traitsview render' instead"
        raise DisplayError("cannot open a window", why, remedy)


def off_screen() -> None:
    """Have Qt paint without a display, if there is none."""
    if not has_display(os.environ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether Qt would find a display: a display answers, or the user has chosen a platform of Qt that needs none.

    ``QT_QPA_PLATFORM`` may be set for every shell, also for those without the display that it needs.
    """
    if sys.platform != "linux":
        return True
    chosen = [part.partition(":")[0] for part in environment.get("QT_QPA_PLATFORM", "").split(";") if part]
    wayland = [name for name in chosen if name.startswith("wayland")]
    if len(wayland) + chosen.count("xcb") < len(chosen):
        return True
    name = environment.get("WAYLAND_DISPLAY") or ("wayland-0" if wayland else "")
    if name and (wayland or not chosen) and _answers(os.path.join(environment.get("XDG_RUNTIME_DIR", ""), name)):
        return True
    x11 = environment.get("DISPLAY", "")
    return bool(x11 and ("xcb" in chosen or not chosen) and _x_answers(x11))


def _x_answers(display: str) -> bool:
    found = re.fullmatch(r"(?:unix)?(.*):(\d+)(?:\.\d+)?", display)
    if not found:
        return False
    host, number = found.group(1), int(found.group(2))
    if host and not host.startswith("/"):
        try:
            with socket.create_connection((host, 6000 + number), _ANSWER_SECONDS):
                return True
        except (OSError, OverflowError):
            return False
    path = f"/tmp/.X11-unix/X{number}"
    return _answers(path) or _answers("\0" + path)


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_ANSWER_SECONDS)
        try:
            probe.connect(path)
        except OSError:
            return False
    return True
