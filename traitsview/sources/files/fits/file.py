"""Opens an image of a FITS file.  A plain image is mapped into memory, a compressed one is decoded tile by tile."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from ....errors import SourceError
from ...arrays.array_source import ArraySource, WorldOf
from ...derived.colour_planes import in_kind
from ...file_images import FileImages
from ...image_info import Axis
from ...image_source import ImageSource
from ...world.axes import WorldAxes, world_axes
from ...world.cards import WorldCards
from ...world.labels import WorldLabels
from ..regular_file import RegularFile
from .axes import axes_of, axes_of_groups, is_linear
from .elements import elements_of, is_groups, shape_of
from .exposure import mosaic_note, mosaic_of, wanted_mosaic
from .hdus import chosen_hdu, images_of, named_hdus
from .headers import described, row_origin, value_unit
from .reading import open_hdus, reading, unreadable

__all__ = ["open_fits"]


def open_fits(file: RegularFile, inside: str = "", **options: Any) -> ImageSource:
    """Return an image of a FITS file as a source.

    Parameters
    ----------
    file : RegularFile
    inside : str
        The number of the HDU, or EXTNAME, or ``EXTNAME,EXTVER``; by default the first HDU that holds an
        image of two axes or more.  ``mosaic`` means all images of an exposure beside each other, see `wanted_mosaic`.
    """
    with reading(file):
        hdus = open_hdus(file)
        try:
            wanted = wanted_mosaic(inside)
            if wanted is None or named_hdus(hdus, inside):
                return _source(file, hdus, chosen_hdu(file, hdus, inside), inside, options)
            mosaic, labels, known = mosaic_of(file, hdus, wanted, inside, options)
            return _opened(file, hdus, labels, mosaic, {"kind": "scalar", **known, **options})
        except BaseException:
            hdus.close()
            raise


def _source(file: RegularFile, hdus: Any, hdu: Any, inside: str, options: dict[str, Any]) -> ImageSource:
    shape = shape_of(hdu)
    assert shape is not None
    told = described(file, hdus, hdu)
    world, labels = _world(file, told.world, shape, is_groups(hdu))
    axes, extent = axes_of(world, shape)
    origin, turned = row_origin(told.header)
    known: dict[str, Any] = {
        "name": file.path.name + (f"::{inside}" if inside else ""),
        "extent": extent,
        "axes": axes,
        "origin": origin,
        "unit": value_unit(told.header),
        "world": told.world.text if labels else "",
        "world_problem": labels.problem if labels else world.problem,
        "notes": (*told.notes, *world.notes, *(() if "origin" in options else turned), *mosaic_note(hdus, hdu)),
    }
    array, elements = elements_of(file, hdu, told.header, partial(unreadable, file))
    kind = "rgb" if _is_colour(axes) else "scalar"
    source = _opened(file, hdus, labels, array, {"kind": kind, **known, **elements, **options})
    number = next(number for number, each in enumerate(hdus) if each is hdu)
    source.listing = partial(_images, file, number)
    return source


def _images(file: RegularFile, number: int) -> FileImages:
    """Return the images of a file, as far as they can be read.  The image in the HDU `number` is the one shown."""
    found: dict[int, str] = {}
    with contextlib.suppress(SourceError), reading(file), open_hdus(file) as hdus:
        found.update(images_of(hdus))
    return FileImages(str(number), tuple(map(str, found)), tuple(found.values()))


def _opened(file: RegularFile, hdus: Any, labels: WorldOf | None, array: Any, options: dict[str, Any]) -> ImageSource:
    """Return an array of a file as a source.  The kind in `options` says whether planes are colours."""

    def close() -> None:
        hdus.close()
        file.close()

    def make(kind: str | None) -> ImageSource:
        return ArraySource(array, world_of=labels, close=close, **{**options, "kind": kind})

    return in_kind(make, options["kind"], array.shape, interleaved=False)


def _world(
    file: RegularFile, cards: WorldCards, shape: tuple[int, ...], is_grouped: bool
) -> tuple[WorldAxes, WorldLabels | None]:
    """Return the axes of an image and its `WorldLabels`, None for random groups: each group is at another position."""
    if is_grouped:
        return axes_of_groups(world_axes(cards, (0, *shape[::-1])), len(shape)), None
    world = world_axes(cards, shape[::-1])
    return world, WorldLabels(world, partial(open_hdus, file, scaled=True), (1, 2) if is_linear(world, shape) else ())


def _is_colour(axes: Sequence[Axis]) -> bool:
    """Whether planes are colours: programs for pictures write ``CTYPE3 = 'RGB'``."""
    return any(axis.name == "rgb" and axis.size == 3 for axis in axes[:-2])
