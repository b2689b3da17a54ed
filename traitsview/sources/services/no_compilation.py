"""No compiler: takes the place of ``traitsview.compilation`` inside another program.

A program that somebody looks into must not import a compiler for it: see `far_bundle`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

__all__ = ["build", "compiled", "finished", "known"]


def compiled(key: Hashable, make: Callable[[], Any]) -> None:
    """Return None: nothing is ever compiled."""


def known(key: Hashable) -> None:
    """Return None."""


def finished(timeout: float) -> bool:
    """Return True: nothing is waited for."""
    return True


def build(function: Any, signature: Any) -> None:
    """Do nothing."""
