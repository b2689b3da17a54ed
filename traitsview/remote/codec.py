"""How pixels are made smaller for a slow link, without losing any, and when that is worth the time.

Four ways: as they are; by Zstandard behind a shuffle of bytes; and by LZ4 or Zstandard behind the same shuffle of the
steps from pixel to pixel.  Neighbours are alike, so steps are small integers, of floats too when their bits are read
as such; they take a tenth less than values do, and a third less than indices.  Where neighbours are not alike, values
as they are take less.  The host takes the way that brings a tile soonest: time to encode, to cross the link, and to
decode.  Rates are measured, again and again, since links and images change.

Blosc2 takes 0.2 s to import, so a fast link never does, and a slow one does so beside everything else.
"""

from __future__ import annotations

import math
import struct
import threading
import time
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from ..errors import WireError

__all__ = ["AT_ONCE", "Code", "Coder", "Speeds", "decode", "encode", "is_worth_while", "prepare"]


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

#: Bytes below which nothing is gained.
_SMALL = 1024

#: Seconds between two measurements of a way that is not taken, and how much better it has to be to be taken.
_PROBE = 1.0
_BETTER = 0.9

#: Seconds that importing Blosc2 takes at most, where that pays off with the first array.
_IMPORT = 0.4

#: How much a new measurement counts beside those before.
_WEIGHT = 0.3

# versions of format, LZ4 or Zstandard, flags, typesize; sizes: array, block, all; filters, compressor; rest
_HEADER = struct.Struct("<4B3i6sB9s")

# What a chunk may be besides: nothing special, or all zeros.  Others are read from files or left uninitialised.
_KINDS = (bytes(9), bytes(8) + b"\x10")


@dataclass(frozen=True, slots=True)
class Speeds:
    """What a viewer has measured, in bytes per second: the link, and decoding each code but raw."""

    link: float
    decoding: tuple[float, ...] = (3e9, 1.5e9, 1e9)


#: The speeds of a link that is quicker than any codec.
AT_ONCE = Speeds(math.inf)


@dataclass(slots=True)
class _Figures:
    """What was measured of one code for one kind of arrays: bytes per second, and how many times smaller."""

    rate: float
    ratio: float
    at: float = -math.inf

    def add(self, rate: float, ratio: float) -> None:
        self.rate += _WEIGHT * (rate - self.rate)
        self.ratio += _WEIGHT * (ratio - self.ratio)
        self.at = time.monotonic()


def _guesses() -> dict[Code, _Figures]:
    return {Code.LZ4: _Figures(1e9, 1.3), Code.ZSTD: _Figures(5e8, 1.3), Code.ZSTD_STEPS: _Figures(4e8, 1.4)}


@dataclass(slots=True)
class _Kind:
    """What is known of arrays of one dtype, and how they are encoded now."""

    code: Code = Code.RAW
    figures: dict[Code, _Figures] = field(default_factory=_guesses)


class Coder:
    """Encodes the arrays of one image in the way that brings them soonest.  Any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kinds: dict[str, _Kind] = {}

    def encode(self, array: np.ndarray, speeds: Speeds) -> tuple[Code, np.ndarray]:
        """Return how a C-contiguous `array` is written, and its bytes, which may be its own."""
        with self._lock:
            kind = self._kinds.setdefault(array.dtype.str, _Kind())
            code = kind.code = _best(kind, speeds)
            other = _due(kind) if array.nbytes >= _SMALL and is_worth_while(speeds) else None
        if code is Code.RAW and other is None:
            return code, _bytes_of(array)
        if array.nbytes < _SMALL or not _prepared(array.nbytes / speeds.link):
            return Code.RAW, _bytes_of(array)
        if other is not None:
            self._encode(kind, array, other)
        if code is Code.RAW:
            return code, _bytes_of(array)
        data = self._encode(kind, array, code)
        return (code, data) if data.size < array.nbytes else (Code.RAW, _bytes_of(array))

    def _encode(self, kind: _Kind, array: np.ndarray, code: Code) -> np.ndarray:
        began = time.perf_counter()
        data = encode(array, code)
        took = time.perf_counter() - began
        with self._lock:
            kind.figures[code].add(array.nbytes / max(took, 1e-9), array.nbytes / data.size)
        return data


def is_worth_while(speeds: Speeds) -> bool:
    """Return whether any code may be quicker than none over a link like that."""
    return speeds.link < 5e8


def _best(kind: _Kind, speeds: Speeds) -> Code:
    """Return the code that takes the least time for each byte; the one that is taken now unless another is better."""
    if not is_worth_while(speeds):
        return Code.RAW
    times = {Code.RAW: 1 / speeds.link}
    for (code, figures), decoding in zip(kind.figures.items(), speeds.decoding, strict=True):
        times[code] = 1 / figures.rate + 1 / figures.ratio / speeds.link + 1 / decoding
    best = min(times, key=lambda code: times[code])
    return best if times[best] < _BETTER * times[kind.code] else kind.code


def _due(kind: _Kind) -> Code | None:
    """Return the code that is not taken and was not measured for the longest time, if that is long enough."""
    code, figures = min(kind.figures.items(), key=lambda item: item[1].at)
    return code if code is not kind.code and time.monotonic() - figures.at >= _PROBE else None


def encode(array: np.ndarray, code: Code) -> np.ndarray:
    """Return the bytes of a C-contiguous `array`, written in `code`, as an array of uint8."""
    if code is Code.RAW:
        return _bytes_of(array)
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


def _bytes_of(array: np.ndarray) -> np.ndarray:
    return array.reshape(-1).view(np.uint8)


_importing = threading.Lock()
_ready = threading.Event()


def prepare() -> bool:
    """Return whether Blosc2 can be used at once; if not, begin to import it in a thread."""
    if not _ready.is_set() and _importing.acquire(blocking=False):
        threading.Thread(target=_import, name="traitsview codecs", daemon=True).start()
    return _ready.is_set()


def _prepared(seconds: float) -> bool:
    """Return whether Blosc2 can be used at once, or soon for what takes so many seconds to cross without it."""
    return prepare() or (seconds >= _IMPORT and _ready.wait(_IMPORT))


def _import() -> None:
    _blosc2()
    _ready.set()


@cache
def _blosc2() -> Any:
    module = import_module("blosc2")
    # Others compute meanwhile.
    module.set_releasegil(True)
    return module
