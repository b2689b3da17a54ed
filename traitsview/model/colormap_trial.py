"""Trying colormaps on an image before one is taken."""

from __future__ import annotations

from ..color.catalogue import catalogue
from .colormap_choice import REVERSED
from .colormap_notes import notes_of

__all__ = ["ColormapTrial"]


class ColormapTrial:
    """Shows colormaps on the image of a viewer; `end` brings back the one before, unless another one was taken.

    Parameters
    ----------
    viewer : ImageViewer
    kept : KeptColormaps
        Is told which colormaps are used.
    """

    def __init__(self, viewer, kept):
        self._viewer, self._kept = viewer, kept
        self._before = None

    @property
    def going_on(self):
        """Whether nothing has been taken since `begin`."""
        return self._before is not None

    @property
    def shown_id(self):
        """The catalogue's id of the colormap that the image has; empty if it is not in the catalogue."""
        entry = self._entry()
        return "" if entry is None else entry.id

    def begin(self):
        """Remember the colormap, and whether it is inverted."""
        look = self._viewer.appearance
        self._before = look.colormap, look.inverted

    def show(self, id):
        """Show a colormap on the image; raise `TraitError` if it cannot be read."""
        self._viewer.appearance.colormap = id

    def show_before(self):
        """Show the colormap that the image had at `begin`, and go on."""
        if self._before is not None:
            self._viewer.appearance.colormap = self._before[0]

    def take(self, id):
        """Stay with a colormap that has been read; raise `ColormapError` if it cannot be had."""
        chosen = catalogue().held(id)
        self._before = None
        self._viewer.appearance.colormap = id
        self._viewer.status.notice = "; ".join(notes_of(chosen))
        self._kept.use(id.removesuffix(REVERSED))

    def end(self):
        """Bring back what was there at `begin`, unless a colormap was taken."""
        if self._before is not None:
            colormap, inverted = self._before
            self._before = None
            self._viewer.appearance.trait_set(colormap=colormap, inverted=inverted)

    def reread(self):
        """Read the file of the shown colormap anew, if it has one."""
        entry = self._entry()
        if entry is not None and entry.path is not None:
            self._viewer.appearance.reread()

    def _entry(self):
        chosen = self._viewer.appearance.colormap
        return catalogue().entry(chosen if isinstance(chosen, str) else chosen.name)
