"""The elements of the image in an HDU, as they are stored, and the values that they stand for."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ..regular_file import RegularFile
from .arrays import CompressedImage, stored_dtype
from .scaling import values_of, whole_number

__all__ = ["elements_of", "is_groups", "shape_of"]

#: The most rows, and the most columns, of an image of one constant: no array in the file proves that its size is right.
_CONSTANT_SIDE = 1 << 20


def shape_of(hdu: Any) -> tuple[int, ...] | None:
    """Return the shape of the image in an HDU, ``NAXISn`` reversed; None where it holds something else.

    Random groups are an image with one more axis, which counts the groups.  An HDU without data is an image if its
    cards give the value of all elements, as those of the Hubble Space Telescope do (NPIX1, NPIX2, PIXVALUE).
    """
    from astropy.io import fits

    header = hdu.header
    if is_groups(hdu):
        return (int(header["GCOUNT"]), *(int(header[f"NAXIS{n}"]) for n in range(int(header["NAXIS"]), 1, -1)))
    if not isinstance(hdu, (fits.PrimaryHDU, fits.ImageHDU, fits.CompImageHDU)):
        return None
    shape = tuple(int(size) for size in hdu.shape)
    if not shape and _is_constant(header):
        return int(header["NPIX2"]), int(header["NPIX1"])
    return shape


def is_groups(hdu: Any) -> bool:
    """Whether an HDU holds random groups (FITS 4.0, section 6)."""
    from astropy.io import fits

    return isinstance(hdu, fits.GroupsHDU)


def elements_of(
    file: RegularFile, hdu: Any, header: Any, failure: Callable[[Exception], Exception]
) -> tuple[Any, dict[str, Any]]:
    """Return the elements of an image, and options of `ArraySource` for them.

    Parameters
    ----------
    hdu : astropy.io.fits.PrimaryHDU, ImageHDU, CompImageHDU or GroupsHDU
        Opened with ``do_not_scale_image_data``.
    header : Header
        The header with the cards of the values.
    failure : callable
        Returns our error for an exception of astropy.
    """
    from astropy.io import fits

    shape = shape_of(hdu)
    assert shape is not None
    dtype = stored_dtype(header["BITPIX"])
    if isinstance(hdu, fits.CompImageHDU):
        raw: Any = CompressedImage(hdu, failure)
        reading: dict[str, Any] = {"lock": True}
    elif not tuple(hdu.shape):
        raw, reading = np.broadcast_to(_constant(header["PIXVALUE"], dtype), shape), {}
    else:
        start = int(hdu.fileinfo()["datLoc"])
        raw = _groups(file, header, dtype, shape, start) if is_groups(hdu) else file.map(dtype, shape, start)
        reading = {"guard": file.guard}
    array, meaning = values_of(raw, header)
    return array, {**reading, **meaning}


def _groups(file: RegularFile, header: Any, dtype: np.dtype, shape: tuple[int, ...], start: int) -> np.ndarray:
    """Return the arrays of random groups.  In the file, parameters stand before each of them."""
    parameters = int(header.get("PCOUNT", 0))
    raw = file.map(dtype, (shape[0], parameters + prod(shape[1:])), start)
    return raw[:, parameters:].reshape(shape)


def _is_constant(header: Any) -> bool:
    sizes = [header.get(f"NPIX{n}") for n in (1, 2)]
    return "PIXVALUE" in header and all(isinstance(size, int) and size <= _CONSTANT_SIDE for size in sizes)


def _constant(value: Any, dtype: np.dtype) -> np.ndarray:
    """Return a number as an element of a dtype, or as float64 if the dtype cannot hold it."""
    if dtype.kind not in "iu":
        return np.array(float(value), dtype)
    whole, ends = whole_number(value), np.iinfo(dtype)
    if whole is None or not ends.min <= whole <= ends.max:
        return np.array(float(value), ">f8")
    return np.array(whole, dtype)
