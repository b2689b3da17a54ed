"""Tools that tests share: hands, viewers, hosts, lines that fail, and time limits.

Tests write ``from kit.hand import Hand``.  Programs that tests start find this package if `FOLDER` is in
``PYTHONPATH``.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["FOLDER"]

#: The folder that this package is in.
FOLDER = Path(__file__).parents[1]
