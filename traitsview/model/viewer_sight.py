"""What a viewer shows as a `Sight`, and the sight of another viewer shown by it."""

from __future__ import annotations

from traits.api import Any, HasStrictTraits

from ..color.catalogue import catalogue
from ..color.colormap import Colormap
from ..errors import RequestError, TraitsviewError
from ..geometry import check_extent
from ..sources.company import LOOK_LENGTH, Sight
from ..sources.image_info import check_plane
from ..sources.picture import Picture
from . import navigation
from .keeping.appearance_text import appearance_from_text, appearance_to_text

__all__ = ["ViewerSight"]


class ViewerSight(HasStrictTraits):
    """Makes the sight of a viewer, and shows that of a leader.  It belongs to the viewer's thread."""

    #: The `ImageViewer`.
    viewer = Any()

    #: The extent of the image when the last sight was shown.
    extent = Any()

    #: The number of the leader's look that was taken last; None before the first.
    _looks = Any()

    #: Cache of `look`: (`Look`, text).
    _look_text = Any((None, ""))

    def told(self):
        """Return what the viewer shows, as a `Sight`."""
        viewer = self.viewer
        picture = Picture(viewer.picture.plane, viewer.reduction)
        return Sight(viewer.viewport, picture, self.look(), viewer.cursor)

    def look(self):
        """Return the look as text, or "" if it is too long to be told."""
        look = self.viewer.appearance.look
        if self._look_text[0] is not look:
            text = appearance_to_text(self.viewer.appearance, whole=False)
            self._look_text = look, text if len(text) <= LOOK_LENGTH else ""
        return self._look_text[1]

    def begin(self):
        """Take the next look that is shown, even if it was taken before."""
        self._looks = None

    def show(self, company):
        """Show what the leader of a company shows; the viewer says what of it cannot be shown.

        Returns
        -------
        bool
            False if the leader's look is too long to be told, so that the viewer keeps its own.
        """
        sight, anew = company.sight, company.looks != self._looks
        self._tried(self._take_place, sight)
        # Colours that make no sense do not keep the place from being shown.
        self._looks = company.looks
        if anew and sight.look:
            self._tried(self._take_look, sight)
        return not anew or bool(sight.look)

    def _tried(self, take, sight):
        """Take a part of a sight, or say why it cannot be taken: a hostile viewer may have told it."""
        try:
            take(sight)
        except TraitsviewError as error:
            self.viewer.status.complain(error)
        except (ArithmeticError, ValueError):
            self.viewer.status.complain(RequestError("cannot follow", "there is no such place"))

    def _take_place(self, sight):
        viewer = self.viewer
        viewer.trait_set(plane=check_plane(viewer.info, sight.picture.plane), reduction=sight.picture.reduction)
        self.extent = viewer.info.extent
        viewer.places.move(_fitted(sight.viewport, viewer))

    def _take_look(self, sight):
        appearance, _ = appearance_from_text(sight.look)
        if isinstance(appearance.colormap, Colormap):
            appearance.colormap = catalogue().add(appearance.colormap)
        self.viewer.appearance.copy_traits(appearance)


def _fitted(viewport, viewer):
    """Return a viewport of the size of a viewer's that shows at least what another viewport shows."""
    if viewport.shape == viewer.viewport.shape and viewport.anchor == viewer.info.anchor:
        return viewport
    return navigation.showing(viewer.viewport, viewer.info, check_extent(viewport.extent, "cannot follow"))
