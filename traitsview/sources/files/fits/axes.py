"""Names, units and extent of the axes that a FITS header describes.

If both displayed axes are linear, have a unit, and are neither rotated nor distorted, data space has their coordinates.
Otherwise, as for the sky, data space counts elements, its axes are x and y, and world coordinates are labels.
"""

from __future__ import annotations

import math
from dataclasses import replace

from ....geometry import Extent
from ...image_info import Axis
from ...world.axes import WorldAxes
from ...world.kinds import Kind
from ...world.world_axis import WorldAxis

__all__ = ["axes_of", "axes_of_groups", "is_linear"]

#: Coordinates of planes are listed for at most this many planes.
_LISTED_COORDINATES = 4096

#: The largest distance of an element from 0, in elements.  Up to there a double tells thousands of places in it apart.
_OFFSET_LIMIT_ELEMENTS = 2.0**40

# Outside of these, floating-point numbers lose digits or are 0 or infinite.
_SMALLEST_STEP = 1e-200
_LARGEST_STEP = 1e200


def axes_of(world: WorldAxes, shape: tuple[int, ...]) -> tuple[tuple[Axis, ...], Extent]:
    """Return all axes in array order and the extent of the last two.

    Parameters
    ----------
    world : WorldAxes
    shape : tuple of int
        The shape of the array, two axes or more: ``NAXISn`` reversed.
    """
    number = len(shape)
    planes = [_plane(world, number - at, shape[at]) for at in range(number - 2)]
    rows, columns = shape[-2:]
    if is_linear(world, shape):
        x, y = (Axis(_name(world.axes[n - 1]), shape[-n], world.axes[n - 1].unit) for n in (1, 2))
        extent = (*_edges(world, 1, columns), *_edges(world, 2, rows))
    else:
        x, y = Axis("x", columns, "pixel"), Axis("y", rows, "pixel")
        extent = (0.0, float(columns), 0.0, float(rows))
    return _distinct((*planes, y, x)), extent


def axes_of_groups(world: WorldAxes, number: int) -> WorldAxes:
    """Return the axes of random groups as the axes of an image: the first axis, which has no elements, is left out.

    Parameters
    ----------
    world : WorldAxes
        The axes of FITS and one more, for the groups.
    number : int
        The number of axes of the image.  The last of them counts the groups.
    """
    axes = [replace(axis, number=axis.number - 1, row=axis.row[1:]) for axis in world.axes[1:]]
    axes[number - 1] = replace(axes[number - 1], kind=Kind("GROUP"))
    return replace(world, reference=world.reference[1:], axes=tuple(axes), projection=None)


def is_linear(world: WorldAxes, shape: tuple[int, ...]) -> bool:
    """Whether both displayed axes have a linear coordinate with a unit that grows with the element.

    The numbers must fit into doubles, too: data space cannot start at 10²⁰ and go on in steps of 1.
    """
    return all(
        _is_plain(world, n)
        and world.axes[n - 1].unit
        and not world.axes[n - 1].kind.unit
        and _SMALLEST_STEP <= _step(world, n) <= _LARGEST_STEP
        and all(abs(edge) < _step(world, n) * _OFFSET_LIMIT_ELEMENTS for edge in _edges(world, n, shape[-n]))
        for n in (1, 2)
    )


def _is_plain(world: WorldAxes, n: int) -> bool:
    """Whether the coordinates of axis `n`, from 1, are known and a linear function of its own pixel alone."""
    axis = world.axes[n - 1]
    return axis.is_given and axis.is_linear and not axis.kind.is_sky and not axis.problem and world.is_alone(n)


def _step(world: WorldAxes, n: int) -> float:
    return world.axes[n - 1].row[n - 1]


def _first(world: WorldAxes, n: int) -> float:
    """Return the coordinate of the centre of the first element, FITS's pixel 1."""
    return world.axes[n - 1].start + (1.0 - world.reference[n - 1]) * _step(world, n)


def _edges(world: WorldAxes, n: int, size: int) -> tuple[float, float]:
    step, first = _step(world, n), _first(world, n)
    return first - step / 2, first - step / 2 + size * step


def _plane(world: WorldAxes, n: int, size: int) -> Axis:
    axis = world.axes[n - 1]
    if not (_is_plain(world, n) and _step(world, n) and size <= _LISTED_COORDINATES):
        return Axis(_name(axis), size, axis.unit)
    first, step = _first(world, n), _step(world, n)
    coordinates = tuple(first + at * step for at in range(size))
    return Axis(_name(axis), size, axis.unit, coordinates if all(map(math.isfinite, coordinates)) else ())


def _name(axis: WorldAxis) -> str:
    return axis.kind.name.lower() or {1: "x", 2: "y"}.get(axis.number, f"axis{axis.number}")


def _distinct(axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    names = [axis.name for axis in axes]
    return tuple(
        Axis(f"{axis.name}{len(axes) - at}", axis.size, axis.unit, axis.coordinates)
        if names.count(axis.name) > 1
        else axis
        for at, axis in enumerate(axes)
    )
