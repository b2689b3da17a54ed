"""What the user should know about the file of a colormap, in words."""

from __future__ import annotations

from ..numerals import numerals

__all__ = ["notes_of"]


def notes_of(colormap):
    """Return sentences about a colormap's file: what was lost or guessed, and for which values it is made."""
    notes = list(colormap.warnings)
    if colormap.limits is not None:
        notes.append("made for values {} … {}".format(*numerals(*colormap.limits)))
    return [f"{colormap.name.rpartition(':')[2]}: {note}" for note in notes]
