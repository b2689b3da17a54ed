"""FITS images: plain ones mapped into memory, tile-compressed ones decoded tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from ..errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported, TraitsviewError, quoted
from .array_source import ArraySource
from .colour_planes import in_kind
from .file_format import FileFormat
from .fits_axes import axes_of, is_linear
from .fits_elements import elements_of, is_groups, shape_of
from .fits_headers import described, groups_world, row_origin, value_unit, world_cards
from .fits_mosaic import mosaic_note, mosaic_of, wanted_mosaic
from .fits_world import WorldText
from .image_info import Axis
from .image_source import ImageSource
from .quiet import quiet_astropy
from .regular_file import RegularFile, reason_of

__all__ = ["FITS", "open_fits"]


#: Says for places, (column, row) counted from the first edge in elements, where in the world they are.
Labels = Callable[[Sequence[tuple[float, float]]], tuple[str, ...]]


class FitsSource(ArraySource):
    """An image of a FITS file together with the file and its world coordinates."""

    def __init__(self, file: RegularFile, close: Callable[[], None], labels: Labels | None, array: Any, **options: Any):
        super().__init__(array, **options)
        self._file = file
        self._close_file = close
        self._labels = labels

    def world(self, points: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        """Return for each of `points` where it is on the sky, or on other world axes, as text."""
        if self._labels is None:
            return super().world(points)
        (x0, y0), (sx, sy) = self.info.anchor, self.info.element
        return self._labels([((x - x0) / sx, (y - y0) / sy) for x, y in points])

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        self._close_file()
        self._file.close()


def open_fits(file: RegularFile, inside: str = "", **options: Any) -> ImageSource:
    """Return an image of a FITS file as a source.

    Parameters
    ----------
    file : RegularFile
    inside : str
        Number of the HDU, or EXTNAME, or ``EXTNAME,EXTVER``; by default the first HDU that holds an
        image of two axes or more.  ``mosaic`` is all images of an exposure beside each other, see `wanted_mosaic`.
    """
    with _translated(file), quiet_astropy():
        hdus = _hdus(file)
        try:
            wanted = wanted_mosaic(inside)
            if wanted is None or _named(hdus, inside):
                return _source(file, hdus, _chosen(file, hdus, inside), inside, options)
            mosaic, labels, known = mosaic_of(
                file, hdus, wanted, inside, partial(_unreadable, file), partial(_wcs, file)
            )
            return FitsSource(file, hdus.close, labels, mosaic, **{"origin": "lower", **known, **options})
        except BaseException:
            hdus.close()
            raise


def _source(file: RegularFile, hdus: Any, hdu: Any, inside: str, options: dict[str, Any]) -> ImageSource:
    shape = shape_of(hdu)
    assert shape is not None
    told = described(hdus, hdu)
    world = groups_world(told.world, shape) if is_groups(hdu) else told.world
    axes, extent = axes_of(world, shape)
    origin, turned = row_origin(told.header)
    known: dict[str, Any] = {
        "name": file.path.name + (f"::{inside}" if inside else ""),
        "extent": extent,
        "axes": axes,
        "origin": origin,
        "unit": value_unit(told.header),
        "world": "" if is_groups(hdu) else world_cards(told.world),
        "notes": (*told.notes, *(() if "origin" in options else turned), *mosaic_note(hdus, hdu)),
    }
    labels = None if is_linear(world) or not known["world"] else WorldText(lambda: _wcs(file, told.world))
    array, elements = elements_of(file, hdu, told.header, partial(_unreadable, file))
    known |= {**elements, **options}
    kind = known.pop("kind", None) or ("rgb" if _is_colour(axes) else "scalar")

    def opened(kind: str | None) -> ImageSource:
        return FitsSource(file, hdus.close, labels, array, kind=kind, **known)

    return in_kind(opened, kind, shape, interleaved=False)


def _is_colour(axes: Sequence[Axis]) -> bool:
    """Whether a file says that planes are colours, by ``CTYPE3 = 'RGB'``, as programs for pictures write it."""
    return any(axis.name == "rgb" and axis.size == 3 for axis in axes[:-2])


def _chosen(file: RegularFile, hdus: Any, inside: str) -> Any:
    """Return the HDU that `inside` names, or the first that holds an image."""
    if not inside:
        for hdu in hdus:
            if _is_image(shape_of(hdu)):
                return hdu
        raise SourceUnsupported(
            file.what, f"it holds no image of two axes or more, only {_contents(hdus)}", "give another file"
        )
    what = file.what_of(inside)
    found = _named(hdus, inside)
    if not found:
        raise SourceNotFound(what, f"no such HDU among {len(hdus)}", f"there are {_images(hdus)}")
    for hdu in found:
        if _is_image(shape_of(hdu)):
            return hdu
    raise SourceUnsupported(
        what, f"it is {_describe(found[0])}, not an image of two axes or more", f"there are {_images(hdus)}"
    )


def _named(hdus: Any, inside: str) -> list[Any]:
    if inside.isascii() and inside.isdigit():
        number = int(inside) if len(inside) < 10 else len(hdus)
        return [hdus[number]] if number < len(hdus) else []
    name, _, version = inside.upper().partition(",")
    return [
        hdu for hdu in hdus if hdu.name.upper() == name.strip() and (not version or str(hdu.ver) == version.strip())
    ]


def _is_image(shape: tuple[int, ...] | None) -> bool:
    return shape is not None and len(shape) >= 2 and min(shape) > 0


def _images(hdus: Any, limit: int = 5) -> str:
    images = [f"{at}{_title(hdu)} ({_describe(hdu)})" for at, hdu in enumerate(hdus) if _is_image(shape_of(hdu))]
    if not images:
        return "no images in the file"
    rest = f" and {len(images) - limit} more" if len(images) > limit else ""
    return ", ".join(images[:limit]) + rest


def _contents(hdus: Any, limit: int = 5) -> str:
    rest = f" and {len(hdus) - limit} more" if len(hdus) > limit else ""
    return ", ".join(f"{at}{_title(hdu)} ({_describe(hdu)})" for at, hdu in enumerate(hdus[:limit])) + rest


def _title(hdu: Any) -> str:
    name = str(hdu.name)
    return f" {quoted(name, 24)}" if name and name != "PRIMARY" else ""


def _describe(hdu: Any) -> str:
    shape = shape_of(hdu)
    if shape:
        return " × ".join(f"{size}" for size in shape)
    if shape == ():
        return "no data"
    return "a table" if "Table" in type(hdu).__name__ else "no image"


def _wcs(file: RegularFile, header: Any) -> Any:
    """Return the coordinate system of an image, with the distortion tables that are in other HDUs."""
    from astropy.wcs import WCS

    with quiet_astropy(), _hdus(file, scaled=True) as hdus:
        return WCS(header, hdus)


def _hdus(file: RegularFile, scaled: bool = False) -> Any:
    """Return the HDUs of a file; they read it through a stream of their own, and no memory maps.

    Numbers come as they are stored, unless they are to be `scaled`.
    """
    from astropy.io import fits

    return fits.open(file.stream(), memmap=False, lazy_load_hdus=True, do_not_scale_image_data=not scaled)


@contextmanager
def _translated(file: RegularFile) -> Iterator[None]:
    try:
        yield
    except TraitsviewError:
        raise
    except Exception as error:  # astropy raises what it likes for files that are broken
        raise _unreadable(file, error) from error


def _unreadable(file: RegularFile, error: Exception) -> SourceError:
    if isinstance(error, SourceError):
        return error
    if isinstance(error, OSError) and error.errno is not None:  # the system's; astropy has others of that name
        return file.failure(error)
    why = f"it is broken FITS ({reason_of(error)})"
    return SourceUnreadable(file.what, why, "check that it was copied whole, with fitsverify")


FITS = FileFormat(
    "FITS",
    (".fits", ".fit", ".fts", ".fits.fz", ".fz"),
    lambda head: head.startswith((b"SIMPLE  =", b"XTENSION=")),
    open_fits,
)
