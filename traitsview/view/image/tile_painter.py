"""Paints what a viewer holds: exact tiles, coarser or finer pixels in place of missing ones, and the ground."""

from __future__ import annotations

from functools import lru_cache

from pyface.qt import QtCore, QtGui

from ...model.loading.plan import part_shown, seen_at
from .colored_tiles import ColoredTiles

#: Tiles that are missing are replaced by pixels of at most this many other resolutions.
STAND_IN_GRIDS = 3

#: At most this many other resolutions, the nearest ones, are searched for such pixels.
SEARCHED_GRIDS = 12

#: Pixels may have come as indices for another look.  Each such index stands for a range of values.  The pixels are
#: painted if each of these ranges has at most this part of the colours of the present look: coarser pixels would be
#: further from the truth.
LARGEST_UNCERTAINTY = 1 / 8


class TilePainter:
    """Paints the image of one viewer; places are pixels of the screen, from the first corner of the image area.

    Every pixel of the area is painted, and hardly any is painted twice: writing to memory takes most of the time.

    Attributes
    ----------
    viewer : ImageViewer
    upward : bool
        Whether y grows upwards on the screen.
    theme : Theme
        Has the colours around the image, and where the image has no value.
    """

    def __init__(self, viewer):
        self.viewer = viewer
        self.upward = True
        self.theme = None
        self._colored = ColoredTiles()
        # Asked for once in each painting: a viewer compares what it was made of each time.
        self._shading = None

    def paint(self, painter):
        """Paint the viewer's viewport with a QPainter whose origin is the first corner of the image area."""
        viewer = self.viewer
        rows, columns = viewer.viewport.shape
        whole = QtCore.QRect(0, 0, columns, rows)
        self._colored.frame = viewer.live.version
        inside = self._inside()
        for strip in QtGui.QRegion(whole).subtracted(inside):
            painter.fillRect(strip, self.theme.beside)
        if viewer.summary is None:
            self._paint_ground(painter, QtGui.QRegion(inside))
            return
        self._shading = viewer.shading
        store, picture = viewer.pixels.store, viewer.picture
        patches = [patch for tile in viewer.viewport.tiles() for patch in store.patches(picture, tile)]
        exact = self._cut([patch for patch in patches if patch.indexing is None])
        if viewer.pixels.held.missing:
            awaited = QtGui.QRegion(inside)
            for block, _ in exact:
                awaited -= self._rect(block)
            for block, image in self._cut([patch for patch in patches if patch.indexing and self._is_like(patch)]):
                self._paint_exactly(painter, block, image)
                awaited -= self._rect(block)
            self._paint_stand_ins(painter, awaited)
        for block, image in exact:
            self._paint_exactly(painter, block, image)

    # ---- patches ------------------------------------------------------------

    def _paint_exactly(self, painter, block, image):
        where = self._rect(block)
        if image.hasAlphaChannel():
            self._paint_ground(painter, QtGui.QRegion(where))
        painter.drawImage(where.topLeft(), image)

    def _paint_ground(self, painter, region):
        stripes = QtGui.QBrush(self.theme.stripes, QtCore.Qt.BDiagPattern)
        for rect in region:
            painter.fillRect(rect, self.theme.blank)
            painter.fillRect(rect, stripes)

    def _paint_stand_ins(self, painter, awaited):
        """Paint what is held of other resolutions, and the overview where there is none; no pixel twice."""
        painter.save()
        bare = awaited
        for blocks in self._nearest_layers():
            bare = self._paint_layer(painter, blocks, bare)
            if bare.isEmpty():
                break
        else:
            self._paint_overview(painter, bare)
        painter.restore()

    def _paint_layer(self, painter, blocks, bare):
        """Paint blocks of another resolution where nothing is painted yet; return what is left bare."""
        painter.setClipRegion(bare)
        left = bare
        for block, image in blocks:
            area = self._area(block)
            seen = bare.intersected(area.toRect())
            if seen.isEmpty():
                continue
            if image.hasAlphaChannel():
                self._paint_ground(painter, seen)
            painter.drawImage(area, image)
            left -= seen
        return left

    def _paint_overview(self, painter, bare):
        painter.setClipRegion(bare)
        overview = self.viewer.pixels.overview
        if overview is not None and overview.picture.version != self.viewer.picture.version:
            overview = None  # no picture is of two frames
        image = None
        if overview is not None:
            image = self._colored.image(overview.pixels, self._shading, self.upward)
        if image is None or image.hasAlphaChannel():
            self._paint_ground(painter, bare)
        if image is not None:
            painter.setRenderHint(QtGui.QPainter.SmoothPixmapTransform, True)
            painter.drawImage(self._area(overview.viewport), image)

    def _nearest_layers(self):
        """Yield, for each of the nearest other resolutions, the blocks and images that `_cut` makes of its patches."""
        viewer, viewport = self.viewer, self.viewer.viewport
        yielded = 0
        for resolution in viewer.pixels.store.nearest_grids(viewer.picture, viewport.resolution, SEARCHED_GRIDS):
            there = seen_at(viewport, resolution)
            if there.shape[0] * there.shape[1] > 16 * viewport.shape[0] * viewport.shape[1]:
                continue  # far finer tiles: many, and too small to see
            tiles = there.tiles()
            held = [patch for tile in tiles for patch in viewer.pixels.store.patches(viewer.picture, tile)]
            held = [patch for patch in held if self._is_like(patch)]
            if held:
                yield self._cut(held)
                yielded += 1
            if yielded == STAND_IN_GRIDS:
                return

    def _is_like(self, patch):
        """Whether the colours of a patch are those of its values, or nearly so if it came for another look."""
        if patch.indexing is None:
            return True
        return _coarseness(patch.indexing, self._shading.indexing) <= LARGEST_UNCERTAINTY

    # ---- places and images -------------------------------------------------

    def _cut(self, patches):
        """Return the part of each patch of one grid that lies on the image, as pairs of a block and a QImage."""
        found = []
        for patch in patches:
            shown = self._part_shown(patch.block)
            if shown is not None:
                part = patch.block.overlap(shown)
                image = self._colored.image(patch.pixels, self._shading, self.upward, part)
                found.append((shown, image))
        return found

    def _inside(self):
        """Return the part of the image area that shows elements; the rest lies beyond the image."""
        viewer = self.viewer
        shown = None if viewer.source is None else self._part_shown(viewer.viewport)
        return QtCore.QRect() if shown is None else self._rect(shown)

    def _part_shown(self, block):
        """Return the part of a block of any grid that shows elements of the image; None if none does."""
        return part_shown(block, self.viewer.info, self.viewer.picture.reduction)

    def _rect(self, block):
        """Return where a block of the viewport's own grid is on the screen."""
        viewport, (rows, columns) = self.viewer.viewport, block.shape
        left, row = block.origin[0] - viewport.origin[0], block.origin[1] - viewport.origin[1]
        return QtCore.QRect(left, viewport.shape[0] - row - rows if self.upward else row, columns, rows)

    def _area(self, block):
        """Return where a block of any grid is on the screen."""
        viewport = self.viewer.viewport
        x0, x1, y0, y1 = block.extent
        (left, bottom), (right, top) = viewport.pixel_at(x0, y0), viewport.pixel_at(x1, y1)
        if self.upward:
            top, bottom = viewport.shape[0] - top, viewport.shape[0] - bottom
        else:
            top, bottom = bottom, top
        return QtCore.QRectF(left, top, right - left, bottom - top)


@lru_cache(maxsize=64)
def _coarseness(indexing, now):
    return 0.0 if indexing == now else indexing.coarseness_under(now)
