"""FITS images: plain ones mapped into memory, tile-compressed ones decoded tile by tile."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported, quoted
from .array_source import ArraySource
from .file_format import FileFormat
from .fits_arrays import CompressedImage, UnsignedImage, stored_dtype
from .fits_axes import axes_of, is_linear
from .image_source import ImageSource, Plane, check_plane
from .regular_file import RegularFile, reason_of
from .world.axes import world_axes
from .world.cards import read_cards
from .world.labels import WorldLabels

__all__ = ["FITS", "open_fits"]

# FITS has one signedness for each width; BZERO at half of the range stands for the other one.
_OTHER_SIGN = {("|u1", -(2.0**7)): "i1", (">i2", 2.0**15): "u2", (">i4", 2.0**31): "u4", (">i8", 2.0**63): "u8"}


class FitsSource(ArraySource):
    """An image of a FITS file together with the file and its world coordinates."""

    def __init__(
        self, file: RegularFile, close: Callable[[], None], labels: WorldLabels, array: Any, **options: Any
    ) -> None:
        super().__init__(array, **options)
        self._file = file
        self._close_file = close
        self._labels = labels

    def world(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> tuple[str, ...]:
        """Return for each of `points` where it is on the sky, or on other world axes, as text."""
        at = check_plane(self.info, plane)
        (x0, y0), (sx, sy) = self.info.anchor, self.info.element
        return self._labels([((x - x0) / sx, (y - y0) / sy) for x, y in points], at)

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
        image of two axes or more.
    """
    with _translated(file), _quiet():
        hdus = _hdus(file)
        try:
            hdu = _chosen(file, hdus, inside)
            return _source(file, hdus, hdu, inside, options)
        except BaseException:
            hdus.close()
            raise


def _source(file: RegularFile, hdus: Any, hdu: Any, inside: str, options: dict[str, Any]) -> ImageSource:
    from astropy.io import fits

    shape = _shape(hdu)
    assert shape is not None
    header = hdu.header.copy()
    inherited = _cards(file, hdus[0]) if header.get("INHERIT") is True else []
    world = world_axes(read_cards(_cards(file, hdu), inherited), shape[::-1])
    labels = WorldLabels(world, lambda: _hdus(file), (1, 2) if is_linear(world) else ())
    axes, extent = axes_of(world, shape)
    known: dict[str, Any] = {
        "name": file.path.name + (f"::{inside}" if inside else ""),
        "extent": extent,
        "axes": axes,
        "origin": "lower",
        "unit": str(header.get("BUNIT", "")).strip(),
        "kind": "scalar",
        "world": world.cards.text,
        "world_problem": labels.problem,
        "world_note": "; ".join(world.notes),
    }
    if isinstance(hdu, fits.CompImageHDU):
        array = CompressedImage(hdu, lambda error: _unreadable(file, error))
        return FitsSource(file, hdus.close, labels, array, lock=True, **{**known, **options})
    array, meaning = _mapped(file, hdu, shape)
    return FitsSource(file, hdus.close, labels, array, guard=file.guard, **{**known, **meaning, **options})


def _mapped(file: RegularFile, hdu: Any, shape: tuple[int, ...]) -> tuple[Any, dict[str, Any]]:
    """Return the elements as stored, and what `ArraySource` is to be told for their values."""
    header = hdu.header
    raw = file.map(stored_dtype(header["BITPIX"]), shape, int(hdu.fileinfo()["datLoc"]))
    slope, zero = (float(header.get(key, default)) for key, default in (("BSCALE", 1.0), ("BZERO", 0.0)))
    if not (np.isfinite(slope) and np.isfinite(zero) and slope):
        raise ValueError(f"BSCALE is {slope:g} and BZERO {zero:g}, they must be finite and BSCALE not 0")
    meaning: dict[str, Any] = {}
    integer = raw.dtype.kind in "iu"
    blank = header.get("BLANK")
    if integer and isinstance(blank, int) and not isinstance(blank, bool):
        meaning["blank"] = blank
    if (slope, zero) == (1.0, 0.0):
        return raw, meaning
    other = _OTHER_SIGN.get((raw.dtype.str, zero)) if slope == 1 else None
    if other in ("u4", "u8") and not meaning:
        return UnsignedImage(raw), {}
    floating = np.float32 if raw.itemsize < 4 else np.float64
    dtype = other or (floating if integer else raw.dtype)
    return raw, {**meaning, "scale": (slope, zero), "dtype": dtype}


def _chosen(file: RegularFile, hdus: Any, inside: str) -> Any:
    """Return the HDU that `inside` names, or the first that holds an image."""
    if not inside:
        for hdu in hdus:
            if _is_image(_shape(hdu)):
                return hdu
        raise SourceUnsupported(
            file.what, f"it holds no image of two axes or more, only {_contents(hdus)}", "give another file"
        )
    what = f"cannot open {quoted(f'{file.path}::{inside}')}"
    found = _named(hdus, inside)
    if not found:
        raise SourceNotFound(what, f"no such HDU among {len(hdus)}", f"there are {_images(hdus)}")
    for hdu in found:
        if _is_image(_shape(hdu)):
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


def _shape(hdu: Any) -> tuple[int, ...] | None:
    """Return the shape of the image in an HDU; None where it holds something else."""
    from astropy.io import fits

    if isinstance(hdu, fits.GroupsHDU) or not isinstance(hdu, (fits.PrimaryHDU, fits.ImageHDU, fits.CompImageHDU)):
        return None
    return tuple(int(size) for size in hdu.shape)


def _is_image(shape: tuple[int, ...] | None) -> bool:
    return shape is not None and len(shape) >= 2 and min(shape) > 0


def _images(hdus: Any, limit: int = 5) -> str:
    images = [f"{at}{_title(hdu)} ({_describe(hdu)})" for at, hdu in enumerate(hdus) if _is_image(_shape(hdu))]
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
    shape = _shape(hdu)
    if shape:
        return " × ".join(f"{size}" for size in shape)
    if shape == ():
        return "no data"
    return "a table" if "Table" in type(hdu).__name__ else "no image"


def _cards(file: RegularFile, hdu: Any) -> list[str]:
    """Return the 80 characters of each card of a header as they are in the file: astropy mends what it gives."""
    place = hdu.fileinfo()
    with file.stream() as stream:
        stream.seek(place["hdrLoc"])
        header = stream.read(place["datLoc"] - place["hdrLoc"]).decode("latin1")
    return [header[at : at + 80] for at in range(0, len(header), 80)]


def _hdus(file: RegularFile) -> Any:
    """Return the HDUs of a file; they read it through a stream of their own, and no memory maps."""
    from astropy.io import fits

    return fits.open(file.stream(), memmap=False, lazy_load_hdus=True)


@contextmanager
def _translated(file: RegularFile) -> Iterator[None]:
    try:
        yield
    except SourceError:
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


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


FITS = FileFormat(
    "FITS",
    (".fits", ".fit", ".fts", ".fits.fz", ".fz"),
    lambda head: head.startswith((b"SIMPLE  =", b"XTENSION=")),
    open_fits,
)
