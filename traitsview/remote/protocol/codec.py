"""How pixels are written, to be smaller for a slow link without losing any.

Four ways: as they are; by Zstandard behind a shuffle of bytes; and by LZ4 or Zstandard behind the same shuffle of the
steps from pixel to pixel.  Neighbours are alike, so steps are small integers, of floats too when their bits are read
as such; they take a tenth less than values do, and a third less than indices.  Where neighbours are not alike, values
as they are take less.

Blosc2 takes 0.2 s to import, so a fast link never does, and a slow one does so beside everything else.
"""

from __future__ import annotations

import math
import struct
import threading
from enum import IntEnum
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from ...errors import WireError

__all__ = ["Code", "bytes_of", "decode", "encode", "prepare", "prepared"]


class Code(IntEnum):
    """How the bytes of an array are written."""

    RAW = 0
    LZ4 = 1
    ZSTD = 2
    ZSTD_STEPS = 3


#: Blosc2's numbers of the compressor and the filter of each code.
_BLOSC = {Code.LZ4: (1, 1), Code.ZSTD: (5, 1), Code.ZSTD_STEPS: (5, 1)}

#: The codes of steps from pixel to pixel.
_STEPS = (Code.LZ4, Code.ZSTD_STEPS)

#: Seconds that importing Blosc2 takes at most, where that pays off with the first array.
_IMPORT_SECONDS = 0.4

# versions of format, LZ4 or Zstandard, flags, typesize; sizes: array, block, all; filters, compressor; rest
_HEADER = struct.Struct("<4B3i6sB9s")

# What a chunk may be besides: nothing special, or all zeros.  Others are read from files or left uninitialised.
_KINDS = (bytes(9), bytes(8) + b"\x10")


def encode(array: np.ndarray, code: Code) -> np.ndarray:
    """Return the bytes of a C-contiguous `array`, written in `code`, as an array of uint8."""
    if code is Code.RAW:
        return bytes_of(array)
    blosc2 = _blosc2()
    compressor, filter_ = _BLOSC[code]
    data = blosc2.compress2(
        _steps(array) if code in _STEPS else array,
        codec=blosc2.Codec(compressor),
        clevel=1,
        filters=[blosc2.Filter(filter_)],
        filters_meta=[0],
        typesize=array.dtype.itemsize,
        # A second thread takes longer to start than a tile takes.
        nthreads=1,
    )
    return np.frombuffer(data, np.uint8)


def decode(data: np.ndarray, code: Code, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    """Return the array that is written in `data`, uint8; nothing is allocated before all sizes are checked.

    Raises
    ------
    WireError
        If it is not an array of `dtype` and `shape` written in `code`.
    """
    size = math.prod(shape) * dtype.itemsize
    if code is Code.RAW:
        if data.size != size:
            raise WireError("refused pixels", f"{data.size} bytes, expected {size}")
        array: np.ndarray = data.view(dtype).reshape(shape)
        return array
    _require_chunk(data, code, dtype.itemsize, size)
    array = np.empty(shape, dtype)
    try:
        _blosc2().decompress2(data, dst=array, nthreads=1)
    except Exception as error:  # whatever a library makes of what it did not expect
        raise WireError("refused pixels", f"they cannot be decoded ({type(error).__name__})") from error
    if code in _STEPS:
        _undo_steps(array)
    return array


def _steps(array: np.ndarray) -> np.ndarray:
    """Return the steps from each pixel to the next one of its row as integers, small ones of either sign small."""
    words = _words(array)
    steps = words.copy()
    steps[:, 1:] -= words[:, :-1]
    bits = 8 * steps.itemsize
    signs: np.ndarray = steps.view(steps.dtype.str.replace("u", "i")) >> (bits - 1)
    zigzag: np.ndarray = (steps << 1) ^ signs.view(steps.dtype)
    return zigzag


def _undo_steps(array: np.ndarray) -> None:
    """Put the values in the place of their steps."""
    words = _words(array)
    signs = np.negative(words & 1)
    words >>= 1
    words ^= signs
    np.add.accumulate(words, axis=1, out=words)


def _words(array: np.ndarray) -> np.ndarray:
    """Return the memory of a C-contiguous array as unsigned integers of its item's size, (rows, columns, channels)."""
    shape = array.shape if array.ndim > 1 else (1, array.size)
    words: np.ndarray = array.reshape(shape[0], shape[1], -1).view(f"<u{min(array.itemsize, 8)}")
    return words


def _require_chunk(data: np.ndarray, code: Code, itemsize: int, size: int) -> None:
    """Refuse what is not a plain chunk of Blosc2: others have it read files, load plug-ins or leave memory as it is."""
    if data.size < _HEADER.size:
        raise WireError("refused pixels", f"{data.size} bytes are too few")
    header = _HEADER.unpack(data[: _HEADER.size].tobytes())
    typesize, nbytes, block, all_, filters, compressor, rest = header[3:]
    wanted = _BLOSC[code]
    if (nbytes, all_, typesize) != (size, data.size, itemsize) or not 0 < block <= size:
        raise WireError("refused pixels", f"{nbytes} bytes in {all_}, expected {size} in {data.size}")
    if filters != bytes([wanted[1], 0, 0, 0, 0, 0]) or compressor != wanted[0] or rest not in _KINDS:
        raise WireError("refused pixels", "they are written in another way than announced")


def bytes_of(array: np.ndarray) -> np.ndarray:
    """Return the memory of a C-contiguous `array` as it is, as an array of uint8."""
    return array.reshape(-1).view(np.uint8)


_importing = threading.Lock()
_ready = threading.Event()


def prepare() -> bool:
    """Return whether Blosc2 can be used at once; if not, begin to import it in a thread."""
    if not _ready.is_set() and _importing.acquire(blocking=False):
        threading.Thread(target=_import, name="traitsview codecs", daemon=True).start()
    return _ready.is_set()


def prepared(seconds: float) -> bool:
    """Return whether Blosc2 can be used at once, or soon for what takes so many seconds to cross without it."""
    return prepare() or (seconds >= _IMPORT_SECONDS and _ready.wait(_IMPORT_SECONDS))


def _import() -> None:
    _blosc2()
    _ready.set()


@cache
def _blosc2() -> Any:
    module = import_module("blosc2")
    # Others compute meanwhile.
    module.set_releasegil(True)
    return module
