"""Viewports and their places in a grid, planes, extents and points."""

from __future__ import annotations

from collections.abc import Sequence

from ...geometry import Extent, Viewport
from ...sources.image_info import Plane
from .values import LARGEST_LENGTH, LARGEST_NUMBER, finite, refusal, sized, typed, within

__all__ = [
    "POINTS",
    "TILES",
    "Place",
    "pack_points",
    "pack_tiles",
    "pack_viewport",
    "place_of",
    "unpack_extent",
    "unpack_place",
    "unpack_plane",
    "unpack_points",
    "unpack_tiles",
    "unpack_viewport",
]

#: The most viewports, and the most points, in one request.
TILES = 1024
POINTS = 1024

#: The most axes of a plane.
_AXES = 64

#: (column, row, rows, columns): a viewport in a grid that both sides know.
Place = tuple[int, int, int, int]


def place_of(tile: Viewport) -> Place:
    """Return the place of a viewport in its grid."""
    return (*tile.origin, *tile.shape)


def unpack_place(value: object) -> Place:
    """Return the place of a viewport in its grid, checked."""
    column, row, rows, columns = sized(value, 4)
    return (
        within(column, -LARGEST_NUMBER, LARGEST_NUMBER),
        within(row, -LARGEST_NUMBER, LARGEST_NUMBER),
        within(rows, 1, LARGEST_LENGTH),
        within(columns, 1, LARGEST_LENGTH),
    )


def pack_tiles(tiles: Sequence[Viewport]) -> tuple[object, ...]:
    """Return the form of viewports that share a grid, at most `TILES` of them."""
    (dx, dy), (ax, ay) = tiles[0].resolution, tiles[0].anchor
    return dx, dy, ax, ay, tuple(place_of(tile) for tile in tiles)


def unpack_tiles(value: object) -> tuple[Viewport, ...]:
    """Return viewports that share a grid."""
    dx, dy, ax, ay, places = sized(value, 5)
    resolution, anchor = (finite(dx), finite(dy)), (finite(ax), finite(ay))
    if not 1 <= len(typed(places, tuple)) <= TILES:
        raise refusal(f"{len(places)} tiles at once, at most {TILES}")
    tiles = []
    for place in places:
        column, row, rows, columns = unpack_place(place)
        tiles.append(Viewport(resolution, (column, row), (rows, columns), anchor))
    return tuple(tiles)


def pack_viewport(viewport: Viewport) -> tuple[object, ...]:
    """Return the form of one viewport."""
    return pack_tiles((viewport,))


def unpack_viewport(value: object) -> Viewport:
    """Return one viewport."""
    tiles = unpack_tiles(value)
    if len(tiles) != 1:
        raise refusal(f"{len(tiles)} viewports, expected 1")
    return tiles[0]


def unpack_plane(value: object) -> Plane:
    """Return a plane: one index for each axis that is not displayed, or no indices."""
    plane = typed(value, tuple)
    if len(plane) > _AXES:
        raise refusal(f"a plane of {len(plane)} axes")
    return tuple(within(at, 0, LARGEST_NUMBER) for at in plane)


def unpack_extent(value: object) -> Extent | None:
    """Return an extent, or None."""
    if value is None:
        return None
    x0, x1, y0, y1 = sized(value, 4)
    return finite(x0), finite(x1), finite(y0), finite(y1)


def pack_points(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return the form of points, at most `POINTS` of them."""
    return tuple((float(x), float(y)) for x, y in points)


def unpack_points(value: object) -> tuple[tuple[float, float], ...]:
    """Return points ``(x, y)``.  The coordinates of a point that has no place are NaN."""
    points = typed(value, tuple)
    if len(points) > POINTS:
        raise refusal(f"{len(points)} points at once, at most {POINTS}")
    pairs = (sized(point, 2) for point in points)
    return tuple((typed(x, float), typed(y, float)) for x, y in pairs)
