"""Moving the viewport over an image, and back to earlier places."""

from __future__ import annotations

from traits.api import Any, Bool, HasStrictTraits, Instance, Property

from ..geometry import Viewport
from . import navigation
from .navigation import History

__all__ = ["Places"]


class Places(HasStrictTraits):
    """Moves the viewport of a viewer, and remembers where it was."""

    #: The `ImageViewer` whose viewport it moves.
    viewer = Any()

    #: Whether the whole image is seen, as `fit` shows it.  It is then fitted again when the window changes its size.
    fitted = Property(Bool, observe="viewer.viewport, viewer.source, viewer.form")

    #: The places before, and those that `back` has left.
    history = Instance(History, ())

    can_go_back = Property(Bool, observe="history")
    can_go_forward = Property(Bool, observe="history")

    def fit(self):
        """Show the whole image."""
        if self.viewer.source is not None:
            self.remember()
            self.fit_again()

    def fit_again(self, shape=None):
        """Show the whole image in (rows, columns) pixels, as many as now by default, without a step of the history."""
        self.move(Viewport.fitting(self.viewer.info, shape or self.viewer.viewport.shape))

    def one_to_one(self, about=None):
        """Show one element per screen pixel, holding a data point in place (the centre by default)."""
        if self.viewer.source is not None:
            self.remember()
            self.move(navigation.one_to_one(self.viewer.viewport, self.viewer.info, about))

    def zoom(self, factor, about=None):
        """Magnify by `factor` about a data point, within the limits of `zoom_range`, without a step of the history."""
        if self.viewer.source is not None:
            self.move(navigation.zoomed(self.viewer.viewport, self.viewer.info, factor, about))

    def pan(self, columns, rows):
        """Move the viewport by whole screen pixels, without a step of the history."""
        if self.viewer.source is not None:
            self.move(self.viewer.viewport.panned(columns, rows))

    def show(self, extent):
        """Show at least ``(x0, x1, y0, y1)``, to the scale that the image is shown in."""
        if self.viewer.source is not None:
            self.remember()
            self.move(navigation.showing(self.viewer.viewport, self.viewer.info, extent))

    def resize(self, shape):
        """Take the size (rows, columns), in device pixels, of the area that is painted on."""
        if self.viewer.viewport.shape == shape:
            return
        if self.fitted:
            self.fit_again(shape)
        else:
            self.move(self.viewer.viewport.resized(shape))

    def move(self, viewport):
        """Show a viewport, moved so that its centre lies on the image, without a step of the history."""
        source = self.viewer.source
        self.viewer.viewport = viewport if source is None else navigation.bounded(viewport, self.viewer.info)

    def remember(self):
        """Add this place, which will be left, to the history."""
        self.history = self.history.leaving(self.viewer.viewport)

    def forget(self):
        """Empty the history, because there is another image."""
        self.history = History()

    def back(self):
        """Return to the place before."""
        if self.can_go_back:
            self._travel(*self.history.back(self.viewer.viewport))

    def forward(self):
        """Return to the place that `back` has left."""
        if self.can_go_forward:
            self._travel(*self.history.forward(self.viewer.viewport))

    def _get_can_go_back(self):
        return bool(self.history.past)

    def _get_can_go_forward(self):
        return bool(self.history.future)

    def _get_fitted(self):
        viewer = self.viewer
        if viewer is None or viewer.source is None:
            return False
        return viewer.viewport == Viewport.fitting(viewer.info, viewer.viewport.shape)

    def _travel(self, history, place):
        self.history = history
        shape = self.viewer.viewport.shape
        self.move(place if place.shape == shape else place.resized(shape))
