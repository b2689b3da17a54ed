"""Durations as they are typed: ``90``, ``30s``, ``10m``, ``24h``, ``7d``."""

from __future__ import annotations

import argparse
import re

__all__ = ["duration"]

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> float:
    """Return the seconds of a typed duration; several parts are added: ``1h30m``."""
    parts = re.findall(r"(\d{1,9}(?:\.\d{1,9})?)([smhd]?)", text)
    bare = len(parts) > 1 and any(not unit for _, unit in parts)
    if not parts or bare or "".join(number + unit for number, unit in parts) != text:
        remedy = "write 1.5h, with a point" if "," in text else "write 90s, 10m, 24h or 7d"
        raise argparse.ArgumentTypeError(f"'{text}' is no duration: {remedy}")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)
