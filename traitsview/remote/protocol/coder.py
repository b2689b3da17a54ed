"""Chooses the code in which pixels cross a link soonest.

The time is the sum of encoding, crossing the link and decoding.  The rates are measured again and again, because links
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

#: On a link of more bytes per second than these, uncoded pixels come soonest.
QUICK_RATE = 5e8

#: Arrays of fewer bytes are not coded: nothing is gained.
_SMALL_BYTES = 1024

#: Seconds between two measurements of a code that is not in use.
_PROBE_SECONDS = 1.0

#: Another code is taken if it needs less than this part of the time.
_BETTER_PART = 0.9

#: The weight of a new measurement in the running mean; the older ones have the rest.
_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Speeds:
    """What a viewer has measured, in bytes per second: its link, and its decoding of LZ4, ZSTD and ZSTD_STEPS."""

    link: float
    decoding: tuple[float, ...] = (3e9, 1.5e9, 1e9)


#: The speeds of a link that is quicker than any codec.
AT_ONCE = Speeds(math.inf)


@dataclass(slots=True)
class _Figures:
    """What was measured of one code for one kind of arrays: bytes per second, and size before / size after."""

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
class _ArraysOfDtype:
    """What is known of arrays of one dtype, and the code that they have now."""

    code: Code = Code.RAW
    figures: dict[Code, _Figures] = field(default_factory=_guesses)


class Coder:
    """Encodes the arrays of one image in the code that brings them soonest.  Any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kinds: dict[str, _ArraysOfDtype] = {}

    def encode(self, array: np.ndarray, speeds: Speeds) -> tuple[Code, np.ndarray]:
        """Return the code that was used for a C-contiguous `array`, and its bytes, which may share its memory."""
        with self._lock:
            kind = self._kinds.setdefault(array.dtype.str, _ArraysOfDtype())
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

    def _encode(self, kind: _ArraysOfDtype, array: np.ndarray, code: Code) -> np.ndarray:
        began = time.perf_counter()
        data = encode(array, code)
        took = time.perf_counter() - began
        with self._lock:
            kind.figures[code].add(array.nbytes / max(took, 1e-9), array.nbytes / data.size)
        return data


def is_worth_while(speeds: Speeds) -> bool:
    """Return whether any code may be quicker than none over a link like that."""
    return speeds.link < QUICK_RATE


def _best(kind: _ArraysOfDtype, speeds: Speeds) -> Code:
    """Return the code that takes the least time for a byte; the present one, unless another is better by a tenth."""
    if not is_worth_while(speeds):
        return Code.RAW
    times = {Code.RAW: 1 / speeds.link}
    for (code, figures), decoding in zip(kind.figures.items(), speeds.decoding, strict=True):
        times[code] = 1 / figures.rate + 1 / figures.ratio / speeds.link + 1 / decoding
    best = min(times, key=lambda code: times[code])
    return best if times[best] < _BETTER_PART * times[kind.code] else kind.code


def _due(kind: _ArraysOfDtype) -> Code | None:
    """Return the code whose measurement is the oldest, if it is not in use and is due to be measured again."""
    code, figures = min(kind.figures.items(), key=lambda item: item[1].at)
    return code if code is not kind.code and time.monotonic() - figures.at >= _PROBE_SECONDS else None
