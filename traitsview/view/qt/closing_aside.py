"""Closes sources without making a window wait: a host that does not answer can take seconds."""

from __future__ import annotations

from threading import Thread

__all__ = ["close_aside"]


def close_aside(source):
    """Close a source in a thread of its own, which the end of the program waits for."""
    Thread(target=source.close, name="traitsview closing").start()
