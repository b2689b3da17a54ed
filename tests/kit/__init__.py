"""What tests share: hands, viewers, hosts, lines that fail, and how long to wait.

Tests say ``from kit.hand import Hand``; programs that they start find it with `FOLDER` in ``PYTHONPATH``.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["FOLDER"]

#: The folder that this package is in.
FOLDER = Path(__file__).parents[1]
