"""Going places over an image, and back."""

from __future__ import annotations

from traits.api import Bool, HasStrictTraits, Instance, Property

from ..geometry import Viewport
from ..sources.image_source import ImageInfo, ImageSource
from . import navigation
from .navigation import History


class Navigator(HasStrictTraits):
    """Has a place over an image, goes to others and remembers them."""

    #: What is looked at.  It is not closed with who looks.
    source = Instance(ImageSource)

    #: What is visible.
    viewport = Instance(Viewport)

    #: Whether the whole image is seen, as `fit` shows it; if so it still is when the window changes its size.
    fitted = Property(Bool, observe="viewport, source")

    #: Whether places are also told as FITS and DS9 count pixels: from 1, whole at centres.
    fits_pixels = Bool()

    #: The places looked at before.
    history = Instance(History, ())

    can_go_back = Property(Bool, observe="history")
    can_go_forward = Property(Bool, observe="history")

    @property
    def info(self) -> ImageInfo:
        """What is known of the source."""
        return self.source.info

    def fit(self):
        """Show the whole image."""
        if self.source is not None:
            self.remember()
            self._move(Viewport.fitting(self.info, self.viewport.shape))

    def one_to_one(self, about=None):
        """Show one element per screen pixel, holding a data point in place (the centre by default)."""
        if self.source is not None:
            self.remember()
            self._move(navigation.one_to_one(self.viewport, self.info, about))

    def zoom(self, factor, about=None):
        """Magnify by `factor` about a data point, as far as makes sense."""
        if self.source is not None:
            self._move(navigation.zoomed(self.viewport, self.info, factor, about))

    def pan(self, columns, rows):
        """Move the viewport by whole screen pixels."""
        if self.source is not None:
            self._move(self.viewport.panned(columns, rows))

    def show(self, extent):
        """Show at least ``(x0, x1, y0, y1)``, to the scale that the image is shown in."""
        if self.source is not None:
            self.remember()
            self._move(navigation.showing(self.viewport, self.info, extent))

    def resize(self, shape):
        """Take the size (rows, columns), in device pixels, of the area that is painted on."""
        if self.viewport.shape == shape:
            return
        if self.fitted:
            self._move(Viewport.fitting(self.info, shape))
        else:
            self._move(self.viewport.resized(shape))

    def remember(self):
        """Note this place in the history: it is about to be left."""
        self.history = self.history.leaving(self.viewport)

    def back(self):
        """Return to the place before."""
        if self.can_go_back:
            self._travel(*self.history.back(self.viewport))

    def forward(self):
        """Return to the place that was gone back from."""
        if self.can_go_forward:
            self._travel(*self.history.forward(self.viewport))

    def _viewport_default(self):
        shape = (600, 800)
        return Viewport((1.0, 1.0), (0, 0), shape) if self.source is None else Viewport.fitting(self.info, shape)

    def _get_can_go_back(self):
        return bool(self.history.past)

    def _get_can_go_forward(self):
        return bool(self.history.future)

    def _get_fitted(self):
        return self.source is not None and self.viewport == Viewport.fitting(self.info, self.viewport.shape)

    def _move(self, viewport):
        self.viewport = viewport if self.source is None else navigation.bounded(viewport, self.info)

    def _travel(self, history, place):
        self.history = history
        self._move(place if place.shape == self.viewport.shape else place.resized(self.viewport.shape))
