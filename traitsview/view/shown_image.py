"""An image that a viewer shows, from its opening to its end: its source, and the look that is kept of it."""

from __future__ import annotations

from ..model.keeping.kept_looks import LookKeeper
from .colormaps.appearance_clipboard import take_appearance
from .qt.closing_aside import close_aside

__all__ = ["ShownImage"]


class ShownImage:
    """Gives an image the look that it had when it was last closed, and keeps the look when it ends.

    Parameters
    ----------
    viewer : ImageViewer
    source : ImageSource
    name : str
        How the user spells the image; if it is empty, no look is kept.
    owned : bool
        Whether the source is closed at the end.

    Any thread may make one: it asks the disk.  Everything else belongs to the thread of the viewer.
    """

    def __init__(self, viewer, source, name="", owned=True):
        self.source = source
        self._viewer, self._owned = viewer, owned
        self._keeper = LookKeeper(viewer, name)
        self._remembered = self._keeper.look_up()

    def take_look(self):
        """Give the viewer the look that was kept, if there is one."""
        if self._remembered is not None:
            take_appearance(self._viewer, *self._remembered)

    def begin(self):
        """Note how the image looks before the user does anything: a look is kept only if the user changes it."""
        self._keeper.begin()

    def keep_look(self):
        """Keep the look, if the user has changed it."""
        self._keeper.keep()

    def close(self):
        """Close the source, if it is owned, without waiting for it."""
        if self._owned:
            close_aside(self.source)
