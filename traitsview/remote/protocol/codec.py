"""Codes that make pixels smaller for a slow link, without any loss.

There are four: the bytes as they are; Zstandard after a shuffle of bytes; and LZ4 or Zstandard after the same shuffle
of the steps from each pixel to the next.  Neighbours are mostly alike, so steps are small integers; this holds for
floats too when their bits are read as integers.  Coded steps are a tenth smaller than coded values, and a third smaller
where these are indices.  Where neighbours are not alike, coded values are smaller.

Blosc2 takes 0.2 s to import.  It is not imported for a fast link, and in a thread of its own for a slow one.
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

#: The codes that hold steps from pixel to pixel.
_STEPS = (Code.LZ4, Code.ZSTD_STEPS)

#: Importing Blosc2 takes fewer seconds than these: an array that needs more to cross a link waits for it.
_IMPORT_SECONDS = 0.4

# versions of format, LZ4 or Zstandard, flags, typesize; sizes: array, block, all; filters, compressor; rest
_HEADER = struct.Struct("<4B3i6sB9s")

# The last bytes of the headers that are accepted: of a plain chunk, and of a chunk of zeros.  With other kinds of
# chunks Blosc2 reads files or leaves memory as it is.
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
    """Return the array that is written in `data`, uint8; memory is allocated only after all sizes were checked.

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
    """Return the steps from each pixel to the next one of its row; steps 0, -1, 1, -2, … are written 0, 1, 2, 3, …"""
    words = _words(array)
    steps = words.copy()
    steps[:, 1:] -= words[:, :-1]
    bits = 8 * steps.itemsize
    signs: np.ndarray = steps.view(steps.dtype.str.replace("u", "i")) >> (bits - 1)
    zigzag: np.ndarray = (steps << 1) ^ signs.view(steps.dtype)
    return zigzag


def _undo_steps(array: np.ndarray) -> None:
    """Replace the steps in an array by the values that they lead to."""
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
    """Refuse all but plain chunks: other kinds have Blosc2 read files, load plug-ins or leave memory as it is."""
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
    """Return whether Blosc2 can be used for an array that takes so many seconds to cross uncoded.

    A large array waits until Blosc2 is imported.
    """
    return prepare() or (seconds >= _IMPORT_SECONDS and _ready.wait(_IMPORT_SECONDS))


def _import() -> None:
    _blosc2()
    _ready.set()


@cache
def _blosc2() -> Any:
    module = import_module("blosc2")
    # Other threads can compute while one encodes.
    module.set_releasegil(True)
    return module
