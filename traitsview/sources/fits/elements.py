"""The elements of the image in an HDU, as they are stored, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ..regular_file import RegularFile
from .arrays import CompressedImage, UnsignedImage, stored_dtype

__all__ = ["elements_of", "is_groups", "shape_of"]

# FITS has one signedness for each width; BZERO at half of the range stands for the other one.
_OTHER_SIGN = {("u1", -(2.0**7)): "i1", ("i2", 2.0**15): "u2", ("i4", 2.0**31): "u4", ("i8", 2.0**63): "u8"}


#: Rows and columns that a constant may have: there is no array that would vouch for them.
_CONSTANT = 1 << 20


def shape_of(hdu: Any) -> tuple[int, ...] | None:
    """Return the shape of the image in an HDU, ``NAXISn`` reversed; None where it holds something else.

    Random groups are an image with one more axis, which counts the groups.  An HDU without data is one where it says
    what all elements are, as the Hubble Space Telescope's do (NPIX1, NPIX2, PIXVALUE).
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
    """Return the elements of an image, and what `ArraySource` is to be told of them.

    Parameters
    ----------
    hdu : astropy.io.fits.PrimaryHDU, ImageHDU, CompImageHDU or GroupsHDU
        Opened with ``do_not_scale_image_data``.
    header : Header
        Of its values.
    failure : callable
        Turns what astropy raises into an error to raise.
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
    array, meaning = _meant(raw, header)
    return array, {**reading, **meaning}


def _groups(file: RegularFile, header: Any, dtype: np.dtype, shape: tuple[int, ...], start: int) -> np.ndarray:
    """Return the arrays of random groups, between which there are parameters."""
    parameters = int(header.get("PCOUNT", 0))
    raw = file.map(dtype, (shape[0], parameters + prod(shape[1:])), start)
    return raw[:, parameters:].reshape(shape)


def _is_constant(header: Any) -> bool:
    sizes = [header.get(f"NPIX{n}") for n in (1, 2)]
    return "PIXVALUE" in header and all(isinstance(size, int) and size <= _CONSTANT for size in sizes)


def _constant(value: Any, dtype: np.dtype) -> np.ndarray:
    """Return a number as an element of a dtype, or as a floating-point one where that does not hold it."""
    number = float(value)
    if dtype.kind in "iu" and not (number.is_integer() and np.iinfo(dtype).min <= number <= np.iinfo(dtype).max):
        dtype = np.dtype(">f8")
    return np.array(number, dtype)


def _meant(raw: Any, header: Any) -> tuple[Any, dict[str, Any]]:
    """Return the elements as stored, mapped or compressed, and what `ArraySource` is to be told for their values.

    BSCALE, BZERO and BLANK are those of FITS 4.0, section 4.4.2; BLANK is for integers only.
    """
    slope, zero = (float(header.get(key, default)) for key, default in (("BSCALE", 1.0), ("BZERO", 0.0)))
    if not (np.isfinite(slope) and np.isfinite(zero) and slope):
        raise ValueError(f"BSCALE is {slope:g} and BZERO {zero:g}, they must be finite and BSCALE not 0")
    meaning: dict[str, Any] = {}
    integer = raw.dtype.kind in "iu"
    blank = _whole(header.get("BLANK")) if integer else None
    if blank is not None:
        meaning["blank"] = blank
    if (slope, zero) == (1.0, 0.0):
        return raw, meaning
    other = _OTHER_SIGN.get((raw.dtype.str[1:], zero)) if slope == 1 else None
    if other in ("u4", "u8") and not meaning:
        return UnsignedImage(raw), {}
    floating = np.float32 if raw.dtype.itemsize < 4 else np.float64
    dtype = other or (floating if integer else raw.dtype)
    return raw, {**meaning, "scale": (slope, zero), "dtype": dtype}


def _whole(value: Any) -> int | None:
    """Return the integer that a card holds, also where it is written as ``-32768.`` or ``'-32768'``, or None."""
    if isinstance(value, bool):
        return None
    try:
        return int(value) if int(value) == float(value) else None
    except (TypeError, ValueError, OverflowError):
        return None
