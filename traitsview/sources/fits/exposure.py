"""The images of one exposure, which lie in several HDUs, as one image."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...errors import SourceUnsupported, quoted
from ..fits_world import WorldText
from ..image_info import Axis
from ..mosaic import Affine, Mosaic, Part, Section
from ..physical import Physical
from ..regular_file import RegularFile
from .elements import elements_of, shape_of
from .hdus import is_image
from .headers import Described, described, value_unit
from .placing import Unplaced, placed_on_detector, placed_on_sky, used_section

__all__ = ["WAYS", "MosaicLabels", "Wanted", "mosaic_note", "mosaic_of", "wanted_mosaic"]

#: How images can be placed beside each other, in the order in which that is tried.
WAYS = ("detsec", "ccdsec", "wcs")

_WANTED = re.compile(rf"mosaic(?:=({'|'.join(WAYS)}))?(?:,(.+))?", re.IGNORECASE)

#: How many times the elements of its images a mosaic may have.
_SPARSE = 100

#: Elements by which seams may be off before it is said.
_SEEN = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mosaic is wanted: placed in one of `WAYS`, or as can be, of the HDUs of a name, or of all images."""

    way: str = ""
    name: str = ""


def wanted_mosaic(inside: str) -> Wanted | None:
    """Return what ``mosaic``, ``mosaic=wcs`` or ``mosaic,SCI`` means; None for anything else."""
    found = _WANTED.fullmatch(inside.strip())
    return None if found is None else Wanted((found[1] or "").lower(), (found[2] or "").strip().upper())


def mosaic_note(hdus: Any, hdu: Any) -> tuple[str, ...]:
    """Return what is to be noted about an image that lies beside others on a detector."""
    if not any(hdu.header.get(word) for word in ("DETSEC", "CCDSEC")):
        return ()
    at = next(number for number, each in enumerate(hdus) if each is hdu)
    if at < 2 and not _is_there(hdus, at + 1):
        return ()
    return ("it is one part of a detector; ::mosaic shows all of them beside each other",)


def _is_there(hdus: Any, number: int) -> bool:
    """Whether there is an HDU of a number, without reading those behind it."""
    try:
        hdus[number]
    except IndexError:
        return False
    return True


class MosaicLabels:
    """Says where on the sky an element of a mosaic is, by the header of the image that lies there."""

    def __init__(self, mosaic: Mosaic, labels: Sequence[WorldText]) -> None:
        self._mosaic = mosaic
        self._labels = {id(part): each for part, each in zip(mosaic.parts, labels, strict=True)}

    def __call__(self, places: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        """Return one text for each of `places`, (column, row) counted from the first edge in elements."""
        return tuple(self._text(column, row) for column, row in places)

    def _text(self, column: float, row: float) -> str:
        found = self._mosaic.part_at(column - 0.5, row - 0.5)
        if found is None:
            return ""
        part, x, y = found
        return self._labels[id(part)]([(x + 0.5, y + 0.5)])[0]


def mosaic_of(
    file: RegularFile,
    hdus: Any,
    wanted: Wanted,
    inside: str,
    failure: Callable[[Exception], Exception],
    system: Callable[[Any], Any],
) -> tuple[Mosaic, MosaicLabels, dict[str, Any]]:
    """Return the images of an exposure as one array, what says where its elements are, and options of `ArraySource`.

    Parameters
    ----------
    inside : str
        As the user wrote it.
    failure : callable
        Turns what astropy raises into an error to raise.
    system : callable
        Returns the `astropy.wcs.WCS` of a header.

    Raises
    ------
    SourceUnsupported
        If there are not two images, or they do not say where they lie.
    """
    what = file.what_of(inside)
    chosen = _chosen(hdus, wanted.name)
    if len(chosen) < 2:
        named = f" called {quoted(wanted.name)}" if wanted.name else ""
        raise SourceUnsupported(what, f"it has {len(chosen)} images{named}, and a mosaic is of two or more")
    told = [described(hdus, hdu) for hdu in chosen]
    shapes = [shape for hdu in chosen if (shape := shape_of(hdu))]
    if len({shape[:-2] for shape in shapes}) > 1:
        raise SourceUnsupported(what, "its images differ in the axes beside rows and columns")
    try:
        sections = [used_section(each.header, shape) for each, shape in zip(told, shapes, strict=True)]
        placing = _placing(told, shapes, sections, wanted.way, system)
        arrays = [elements_of(file, hdu, each.header, failure) for hdu, each in zip(chosen, told, strict=True)]
        parts = [
            Part(_physical(*array), section, way.straight(section))
            for array, section, way in zip(arrays, sections, placing.ways, strict=True)
        ]
        mosaic = Mosaic(parts)
        _require_near(mosaic)
    except Unplaced as error:
        raise SourceUnsupported(what, str(error), "open its images one by one") from error
    labels = MosaicLabels(mosaic, [WorldText(partial(system, each.world)) for each in told])
    known = _known(f"{file.path.name}::{inside}", mosaic, placing, told[0].header)
    return mosaic, labels, {**known, "guard": file.guard, "lock": any("lock" in reading for _, reading in arrays)}


@dataclass(frozen=True, slots=True)
class _Placing:
    """How elements of the common grid become those of each image, how it was found, and what an element spans."""

    ways: list[Affine]
    how: str
    element: tuple[float, float] = (1.0, 1.0)
    off: float = 0.0


def _chosen(hdus: Any, name: str) -> list[Any]:
    """Return the HDUs of an exposure: the images of that name, or of the first one's if others have the same."""
    images = [hdu for hdu in hdus if is_image(shape_of(hdu))]
    if not name and images:
        same = [hdu for hdu in images if hdu.name and hdu.name.upper() == images[0].name.upper()]
        return same if len(same) > 1 else images
    return [hdu for hdu in images if hdu.name.upper() == name]


def _require_near(mosaic: Mosaic) -> None:
    """Raise `Unplaced` if images are so far apart that there is hardly anything but gaps, by a slip in a header."""
    rows, columns = mosaic.shape[-2:]
    held = sum((x1 - x0) * (y1 - y0) for x0, x1, y0, y1 in (part.section for part in mosaic.parts))
    if rows * columns > _SPARSE * held:
        raise Unplaced(f"its images lie too far apart: {columns:,} × {rows:,} elements, of which they are {held:,}")


def _placing(
    told: Sequence[Described],
    shapes: list[tuple[int, ...]],
    sections: list[Section],
    way: str,
    system: Callable[[Any], Any],
) -> _Placing:
    """Return where images lie, in the way that is asked for, or in the first one that they tell of."""
    headers = [each.header for each in told]
    for word in ("DETSEC", "CCDSEC"):
        if way == word.lower() or (not way and all(header.get(word) for header in headers)):
            ways, element = placed_on_detector(headers, shapes, word)
            return _Placing(ways, word, element)
    systems = []
    for number, each in enumerate(told, 1):
        wcs = system(each.world)
        if wcs is None or not wcs.has_celestial:
            others = "" if way else "DETSEC, CCDSEC or "
            raise Unplaced(f"image {number} of {len(told)} has no {others}positions on the sky to place it by")
        systems.append(wcs.celestial)
    ways, off = placed_on_sky(systems, sections)
    return _Placing(ways, "their sky", off=off)


def _physical(array: Any, reading: dict[str, Any]) -> Physical:
    return Physical(array, reading.get("scale", (1.0, 0.0)), reading.get("blank"), reading.get("dtype"))


def _known(name: str, mosaic: Mosaic, placing: _Placing, header: Any) -> dict[str, Any]:
    """Return what `ArraySource` is to be told of a mosaic, whose first image has a header."""
    (column, row), (sx, sy) = mosaic.origin, placing.element
    *others, rows, columns = mosaic.shape
    notes = [f"{len(mosaic.parts)} images placed by {placing.how}; overscan and gaps between them have no value"]
    if placing.off > _SEEN:
        notes.append(f"seams are off by up to {placing.off:.1f} elements, by which the sky is distorted")
    names = [f"axis{len(mosaic.shape) - at}" for at in range(len(others))]
    return {
        "name": name,
        "axes": (*map(Axis, names, others), Axis("y", rows, "pixel"), Axis("x", columns, "pixel")),
        "extent": (column * sx, (column + columns) * sx, row * sy, (row + rows) * sy),
        "unit": value_unit(header),
        "notes": tuple(notes),
    }
