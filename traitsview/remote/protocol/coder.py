"""Which way of writing pixels brings them soonest over a link.

What counts is the time to encode, to cross the link, and to decode.  Rates are measured, again and again, since links
and images change.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field

import numpy as np

from .codec import Code, bytes_of, encode, prepared

__all__ = ["AT_ONCE", "QUICK_RATE", "Coder", "Speeds", "is_worth_while"]

#: Bytes per second of a link from which on no code is quicker than none.
QUICK_RATE = 5e8

#: Bytes below which nothing is gained.
_SMALL_BYTES = 1024

#: Seconds between two measurements of a way that is not taken, and how much better it has to be to be taken.
_PROBE_SECONDS = 1.0
_BETTER_PART = 0.9

#: How much a new measurement counts beside those before.
_WEIGHT = 0.3


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
            other = _due(kind) if array.nbytes >= _SMALL_BYTES and is_worth_while(speeds) else None
        if code is Code.RAW and other is None:
            return code, bytes_of(array)
        if array.nbytes < _SMALL_BYTES or not prepared(array.nbytes / speeds.link):
            return Code.RAW, bytes_of(array)
        if other is not None:
            self._encode(kind, array, other)
        if code is Code.RAW:
            return code, bytes_of(array)
        data = self._encode(kind, array, code)
        return (code, data) if data.size < array.nbytes else (Code.RAW, bytes_of(array))

    def _encode(self, kind: _Kind, array: np.ndarray, code: Code) -> np.ndarray:
        began = time.perf_counter()
        data = encode(array, code)
        took = time.perf_counter() - began
        with self._lock:
            kind.figures[code].add(array.nbytes / max(took, 1e-9), array.nbytes / data.size)
        return data


def is_worth_while(speeds: Speeds) -> bool:
    """Return whether any code may be quicker than none over a link like that."""
    return speeds.link < QUICK_RATE


def _best(kind: _Kind, speeds: Speeds) -> Code:
    """Return the code that takes the least time for each byte; the one that is taken now unless another is better."""
    if not is_worth_while(speeds):
        return Code.RAW
    times = {Code.RAW: 1 / speeds.link}
    for (code, figures), decoding in zip(kind.figures.items(), speeds.decoding, strict=True):
        times[code] = 1 / figures.rate + 1 / figures.ratio / speeds.link + 1 / decoding
    best = min(times, key=lambda code: times[code])
    return best if times[best] < _BETTER_PART * times[kind.code] else kind.code


def _due(kind: _Kind) -> Code | None:
    """Return the code that is not taken and was not measured for the longest time, if that is long enough."""
    code, figures = min(kind.figures.items(), key=lambda item: item[1].at)
    return code if code is not kind.code and time.monotonic() - figures.at >= _PROBE_SECONDS else None
