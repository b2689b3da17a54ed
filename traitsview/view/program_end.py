"""Lets a program end when its last window is closed."""

from __future__ import annotations

from functools import partial
from threading import Thread

from pyface.image import image


def end_at_once():
    """Have no thread of Pyface hold up the end of the program.

    Importing TraitsUI opens Pyface's archives of icons, and a thread each waits up to three seconds to close
    them again; Python would wait for those threads.  Call this before TraitsUI is imported.
    """
    image.Thread = partial(Thread, daemon=True)
