"""The images of one exposure, which lie in several HDUs, as one image."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ....errors import SourceNotFound, SourceUnsupported, counted, quoted
from ...arrays.mosaic import Affine, Mosaic, Part, Section
from ...arrays.physical import Physical
from ...image_info import Axis
from ...world.axes import WorldAxes, world_axes
from ...world.labels import WorldLabels
from ...world.sky_grid import SkyGrid
from ...world.wcslib import OpenHDUs
from ..regular_file import RegularFile
from .elements import elements_of, is_groups, shape_of
from .hdus import is_image
from .headers import described, row_origin, value_unit
from .placing import Unplaced, placed_on_detector, placed_on_sky, used_section
from .reading import open_hdus, unreadable

__all__ = ["WAYS", "MosaicLabels", "Wanted", "mosaic_note", "mosaic_of", "wanted_mosaic"]

#: The ways to place images beside each other, in the order in which they are tried.
WAYS = ("detsec", "ccdsec", "wcs")

_WANTED = re.compile(r"mosaic(?:=([^,]*))?(?:,(.+))?", re.IGNORECASE)

#: A mosaic may have at most this many times the elements of its images.
_SPARSE_FACTOR = 100

#: The most names of images in a message.
_LISTED_IMAGES = 5

#: A larger error at the seams is noted.
_SEAM_ERROR_ELEMENTS = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """The mosaic that the user wants.

    Attributes
    ----------
    way : str or None
        One of `WAYS`, or another word that the user wrote; None for the first way for which there are cards.
    name : str
        EXTNAME of the HDUs of the mosaic in capitals; empty for all images.
    """

    way: str | None = None
    name: str = ""


def wanted_mosaic(inside: str) -> Wanted | None:
    """Return the mosaic that ``mosaic``, ``mosaic=wcs`` or ``mosaic,SCI`` asks for; None for any other text."""
    found = _WANTED.fullmatch(inside.strip())
    return None if found is None else Wanted(found[1] and found[1].lower().strip(), (found[2] or "").strip().upper())


def mosaic_note(hdus: Any, hdu: Any) -> tuple[str, ...]:
    """Return a note if the image is one part of a detector, else nothing."""
    if not any(hdu.header.get(word) for word in ("DETSEC", "CCDSEC")):
        return ()
    at = next(number for number, each in enumerate(hdus) if each is hdu)
    if at < 2 and not _is_there(hdus, at + 1):
        return ()
    return ("it is one part of a detector; ::mosaic shows all of them beside each other",)


def _is_there(hdus: Any, number: int) -> bool:
    """Whether there is an HDU of that number.  HDUs behind it are not read."""
    try:
        hdus[number]
    except IndexError:
        return False
    return True


class MosaicLabels:
    """Gives texts with the position of an element of a mosaic on the sky, by the header of the image there."""

    def __init__(self, mosaic: Mosaic, labels: Sequence[WorldLabels]) -> None:
        self._mosaic = mosaic
        self._labels = {id(part): each for part, each in zip(mosaic.parts, labels, strict=True)}

    def __call__(self, places: Sequence[tuple[float, float]], plane: Sequence[int] = ()) -> tuple[str, ...]:
        """Return one text for each of `places`, (column, row) counted from the first edge in elements."""
        return tuple(self._text(column, row, plane) for column, row in places)

    def _text(self, column: float, row: float, plane: Sequence[int]) -> str:
        found = self._mosaic.part_at(column - 0.5, row - 0.5)
        if found is None:
            return ""
        part, x, y = found
        return self._labels[id(part)]([(x + 0.5, y + 0.5)], plane)[0]


def mosaic_of(
    file: RegularFile, hdus: Any, wanted: Wanted, inside: str, told: Container[str]
) -> tuple[Mosaic, MosaicLabels, dict[str, Any]]:
    """Return the images of an exposure as one array, its labels, and options of `ArraySource`.

    Parameters
    ----------
    inside : str
        The name of the mosaic as the user wrote it.
    told : container of str
        The names of the options that the user has given.

    Raises
    ------
    SourceNotFound
        If there is no image of the wanted name, or no such way to place images.
    SourceUnsupported
        If there are fewer than two images, or their headers do not say where they lie.
    """
    what = file.what_of(inside)
    chosen = _wanted_images(what, hdus, wanted)
    images = [_image(file, hdus, hdu) for hdu in chosen]
    if len({image.shape[:-2] for image in images}) > 1:
        raise SourceUnsupported(what, "its images differ in the axes beside rows and columns")
    scaled = partial(open_hdus, file, scaled=True)
    try:
        sections = [used_section(image.header, image.shape) for image in images]
        placing = _placing(images, sections, wanted.way, scaled)
        arrays = [elements_of(file, image.hdu, image.header, partial(unreadable, file)) for image in images]
        parts = [
            Part(_physical(*array), section, way.straight(section))
            for array, section, way in zip(arrays, sections, placing.ways, strict=True)
        ]
        mosaic = Mosaic(parts)
        _require_near(mosaic)
    except Unplaced as error:
        raise SourceUnsupported(what, str(error), "open its images one by one") from error
    labels = [WorldLabels(image.world, scaled) for image in images]
    origin, turned = _row_origin(images)
    world_notes = _distinct(note for image in images for note in image.world.notes)
    known = {
        "name": f"{file.path.name}::{inside}",
        **_grid(mosaic, placing),
        "origin": origin,
        "unit": value_unit(images[0].header),
        "world_problem": "; ".join(_distinct(each.problem for each in labels)),
        "notes": (*_notes(mosaic, placing), *(() if "origin" in told else turned), *world_notes),
        "guard": file.guard,
        "lock": any("lock" in reading for _, reading in arrays),
    }
    return mosaic, MosaicLabels(mosaic, labels), known


@dataclass(frozen=True, slots=True)
class _Image:
    """One image of an exposure: its HDU and shape, the header of its values, and its world."""

    hdu: Any
    shape: tuple[int, ...]
    header: Any
    world: WorldAxes


@dataclass(frozen=True, slots=True)
class _Placing:
    """The places of the images in the mosaic.

    `ways` lead from elements of the common grid to elements of each image, and `how` names their origin in words.
    `element` is the width and height of an element in pixels of the detector, `off` the error at seams in elements.
    """

    ways: list[Affine]
    how: str
    element: tuple[float, float] = (1.0, 1.0)
    off: float = 0.0


def _wanted_images(what: str, hdus: Any, wanted: Wanted) -> list[Any]:
    """Return the HDUs of the wanted mosaic, or raise `SourceNotFound` or `SourceUnsupported`."""
    if wanted.way is not None and wanted.way not in WAYS:
        ways = ", ".join(f"mosaic={way}" for way in WAYS)
        raise SourceNotFound(what, f"{quoted(wanted.way)} is no way to place images", f"there are {ways}")
    chosen = _chosen(hdus, wanted.name)
    if wanted.name and not chosen:
        raise SourceNotFound(what, f"no image is called {quoted(wanted.name)}", _names(hdus))
    if len(chosen) < 2:
        named = f" called {quoted(wanted.name)}" if wanted.name else ""
        raise SourceUnsupported(what, f"it has {counted(len(chosen), 'image')}{named}, and a mosaic is of two or more")
    return chosen


def _images(hdus: Any) -> list[Any]:
    """Return the HDUs that may be parts of a mosaic."""
    return [hdu for hdu in hdus if is_image(shape_of(hdu)) and not is_groups(hdu)]


def _names(hdus: Any) -> str:
    """Return the names of the images of a file, for a message."""
    names = list(dict.fromkeys(hdu.name for hdu in _images(hdus) if hdu.name))
    if not names:
        return "its images have no names; leave it out"
    more = f" and {len(names) - _LISTED_IMAGES} more" if len(names) > _LISTED_IMAGES else ""
    return f"there are {', '.join(quoted(name, 24) for name in names[:_LISTED_IMAGES])}{more}"


def _chosen(hdus: Any, name: str) -> list[Any]:
    """Return the HDUs of an exposure: the images of that name.

    Without a name these are the images with the name of the first one, or all if no other has its name.
    """
    images = _images(hdus)
    if not name and images:
        same = [hdu for hdu in images if hdu.name and hdu.name.upper() == images[0].name.upper()]
        return same if len(same) > 1 else images
    return [hdu for hdu in images if hdu.name.upper() == name]


def _image(file: RegularFile, hdus: Any, hdu: Any) -> _Image:
    shape = shape_of(hdu)
    assert shape is not None
    told = described(file, hdus, hdu)
    return _Image(hdu, shape, told.header, world_axes(told.world, shape[::-1]))


def _require_near(mosaic: Mosaic) -> None:
    """Raise `Unplaced` if images are so far apart, from a mistake in a header, that the mosaic is almost only gaps."""
    rows, columns = mosaic.shape[-2:]
    held = sum((x1 - x0) * (y1 - y0) for x0, x1, y0, y1 in (part.section for part in mosaic.parts))
    if rows * columns > _SPARSE_FACTOR * held:
        raise Unplaced(f"its images lie too far apart: {columns:,} × {rows:,} elements, of which they are {held:,}")


def _placing(images: Sequence[_Image], sections: list[Section], way: str | None, scaled: OpenHDUs) -> _Placing:
    """Return the places of the images, by the wanted way, or by the first way for which their headers have cards."""
    headers = [image.header for image in images]
    for word in ("DETSEC", "CCDSEC"):
        if way == word.lower() or (not way and all(header.get(word) for header in headers)):
            ways, element = placed_on_detector(headers, [image.shape for image in images], word)
            return _Placing(ways, word, element)
    grids = []
    for number, image in enumerate(images, 1):
        if image.world.projection is None:
            others = "" if way else "DETSEC, CCDSEC or "
            raise Unplaced(f"image {number} of {len(images)} has no {others}positions on the sky to place it by")
        try:
            grids.append(SkyGrid(image.world, scaled))
        except ValueError as error:
            raise Unplaced(f"image {number} of {len(images)} has no place on the sky: {error}") from error
    ways, off = placed_on_sky(grids, sections)
    return _Placing(ways, "their sky", off=off)


def _physical(array: Any, reading: dict[str, Any]) -> Physical:
    return Physical(array, reading.get("scale", (1.0, 0.0)), reading.get("blank"), reading.get("dtype"))


def _grid(mosaic: Mosaic, placing: _Placing) -> dict[str, Any]:
    """Return the axes and the extent of a mosaic."""
    (column, row), (sx, sy) = mosaic.origin, placing.element
    *others, rows, columns = mosaic.shape
    names = [f"axis{len(mosaic.shape) - at}" for at in range(len(others))]
    return {
        "axes": (*map(Axis, names, others), Axis("y", rows, "pixel"), Axis("x", columns, "pixel")),
        "extent": (column * sx, (column + columns) * sx, row * sy, (row + rows) * sy),
    }


def _row_origin(images: Sequence[_Image]) -> tuple[str, tuple[str, ...]]:
    """Return the common `row_origin` of the images, or FITS's own order if they differ."""
    said = {row_origin(image.header) for image in images}
    return said.pop() if len(said) == 1 else ("lower", ())


def _notes(mosaic: Mosaic, placing: _Placing) -> tuple[str, ...]:
    placed = f"{len(mosaic.parts)} images placed by {placing.how}; overscan and gaps between them have no value"
    if placing.off <= _SEAM_ERROR_ELEMENTS:
        return (placed,)
    return placed, f"seams are off by up to {placing.off:.1f} elements, by which the sky is distorted"


def _distinct(sentences: Iterable[str]) -> list[str]:
    """Return the sentences without empty and repeated ones."""
    return list(dict.fromkeys(filter(None, sentences)))
