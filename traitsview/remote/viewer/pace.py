"""Measures the bandwidth and the round trip of a link, and decides how many bytes may be on their way."""

from __future__ import annotations

import math
import threading
import time

from .. import wire
from ..protocol.codec import Code
from ..protocol.coder import QUICK_RATE, Speeds

__all__ = ["Pace"]

#: Seconds of old pixels that a new wish may wait behind.
_BEHIND_SECONDS = 0.05

#: Round trips that fill the link.  One would do if all took the same time; some take longer.
_FULL_ROUND_TRIPS = 1.25

#: When nothing has come lately the link may have become slow.  Until an answer shows its bandwidth, only the data of so
#: many round trips may be on their way, and at least the data of so many seconds.
_UNPROVED_ROUND_TRIPS = 0.5
_UNPROVED_SECONDS = 0.01

#: An answer that took longer than this is no pause for breath: the bandwidth is at most this many times what it shows.
_SLOW_SECONDS = 0.1
_SLOWER_FACTOR = 2.0

#: Bytes that may be on their way at once.
SMALLEST_WINDOW_BYTES = 1 << 15
LARGEST_WINDOW_BYTES = 1 << 24

#: Batches of tiles that are asked for at once within a machine.  They are few and large: a new wish waits for none of
#: them, and to wake a thread takes as long as half a megabyte.
_LOCAL_BATCHES = 4

#: Batches of tiles that are asked for at once over a link, before and after its bandwidth is measured.  They are many
#: and small: each is answered with what is ready, even if that is little, and the next question takes a round trip.
_FEWEST_BATCHES = 16
_MANY_BATCHES = 64

#: Bytes of a batch: below these there are fewer than `_MANY_BATCHES`; and the least of all.
_SMALL_BATCH_BYTES = 1 << 15
_SMALLEST_BATCH_BYTES = 1 << 13

#: Seconds of transfer after which an older measurement counts 1/e.
_MEMORY_SECONDS = 1.0

#: The bandwidth is known when this many bytes have come, or when fewer have taken this many seconds, as on a slow link.
_ENOUGH_BYTES = 1 << 17
_ENOUGH_SECONDS = 0.05

#: Bytes that a network may hand over at once, whatever its bandwidth: a shorter answer says nothing about that.
_BURST_BYTES = 1 << 16

#: The host is told the bandwidth before the next sign of life if it has changed by this factor.
_NEWS_FACTOR = 1.5

# Pixels of fewer bytes take less time to decode than the call does.
_DECODED_BYTES = 1 << 15

# Before anything is measured, a link with a shorter round trip than this is taken for a near one: one machine or room.
_NEAR_SECONDS = 0.0015
_NEAR_RATE = 1e9
_FAR_RATE = 12.5e6

# Bytes per second that two processes of one machine always reach, and a network never does.
_LOCAL_RATE = 2.5e8


class Pace:
    """The bandwidth and the round trip of a link.  Any thread may call any method.

    Parameters
    ----------
    local : bool
        Whether both ends are on one machine; then the bandwidth is not measured, but assumed.

    Attributes
    ----------
    round_trip : float
        The shortest round trip that was measured lately, in seconds; 0 before the first.
    """

    def __init__(self, local: bool = False) -> None:
        self.local = local
        self._lock = threading.Lock()
        self._bytes = 0.0
        self._seconds = 0.0
        self._newest = math.inf
        self._decoding = {Code.LZ4: 3e9, Code.ZSTD: 1.5e9, Code.ZSTD_STEPS: 1e9}
        self._brought_at = -math.inf
        self._counted_until = -math.inf
        self._told = math.inf
        self.round_trip = 0.0

    def answered(self, seconds: float) -> None:
        """Take note of a round trip that has just ended, of a call that the host answers at once."""
        with self._lock:
            longest = self.round_trip or math.inf
            if time.monotonic() - self._brought_at > seconds:
                # A longer round trip is believed step by step.  An answer that had to wait behind pixels is not
                # believed: more pixels would be asked for then, and the next answer would come later still.
                longest *= 1.05
            self.round_trip = min(seconds, longest)

    def came(self, size: int, began: float, ended: float, behind: bool = False) -> None:
        """Take note of an answer of `size` bytes, on any connection of the link.

        Parameters
        ----------
        size : int
        began, ended : float
            The times of its first byte and its last one, by `time.monotonic`.  Answers on several connections share
            the link: where they overlap the bytes of all count, and the time counts once.
        behind : bool
            Whether it followed another answer without a pause; then `began` is the end of that answer.
        """
        with self._lock:
            seconds = max(0.0, ended - max(began, self._counted_until))
            self._counted_until = max(ended, self._counted_until)
        if behind or size > _BURST_BYTES or ended - began >= _ENOUGH_SECONDS:
            self.brought(size, seconds)

    def brought(self, size: int, seconds: float) -> None:
        """Take note of bytes that came without a pause, and of the seconds that they took."""
        with self._lock:
            self._brought_at = time.monotonic()
            kept = math.exp(-seconds / _MEMORY_SECONDS)
            self._bytes = self._bytes * kept + size
            self._seconds = self._seconds * kept + seconds
            self._newest = size / seconds if seconds > _SLOW_SECONDS else math.inf

    def decoded(self, code: Code, size: int, seconds: float) -> None:
        """Take note of the seconds that it took to decode pixels of `size` bytes."""
        if code is not Code.RAW and size >= _DECODED_BYTES:
            self._decoding[code] += 0.2 * (size / max(seconds, 1e-9) - self._decoding[code])

    @property
    def measured(self) -> bool:
        """Whether enough bytes have come to know the bandwidth."""
        return self._seconds > 0 and (self._bytes >= _ENOUGH_BYTES or self._seconds >= _ENOUGH_SECONDS)

    @property
    def bandwidth(self) -> float:
        """Bytes per second."""
        with self._lock:
            if self.local:
                return _NEAR_RATE
            if self.measured:
                return min(self._bytes / self._seconds, _SLOWER_FACTOR * self._newest)
            return _NEAR_RATE if self.round_trip < _NEAR_SECONDS else _FAR_RATE

    @property
    def window(self) -> int:
        """Bytes that may be on their way: enough for the link never to be idle, and few enough for a new wish."""
        return _within_window(self.bandwidth * (_FULL_ROUND_TRIPS * self.round_trip + _BEHIND_SECONDS))

    @property
    def unproved(self) -> int:
        """Bytes that may be on their way when nothing has come lately."""
        return _within_window(self.bandwidth * max(self.round_trip * _UNPROVED_ROUND_TRIPS, _UNPROVED_SECONDS))

    def room(self, missing: int) -> int:
        """Return the bytes that may be on their way while `missing` bytes are known to be still to come."""
        return min(self.window, self.unproved + missing)

    @property
    def batch(self) -> int:
        """Bytes that each batch may have at most."""
        window = self.window
        if self.local:
            return min(window // _LOCAL_BATCHES, wire.BATCH_BYTES)
        few = window // _FEWEST_BATCHES
        # Batches that were asked for before the bandwidth is known cannot be taken back if the link is slow.
        many = max(window // _MANY_BATCHES, _SMALL_BATCH_BYTES) if self.measured else few
        return max(min(few, many), _SMALLEST_BATCH_BYTES)

    @property
    def speeds(self) -> Speeds:
        """The speeds that a host has to know to choose a code."""
        return Speeds(self.bandwidth, tuple(self._decoding.values()))

    def speeds_to_tell(self) -> Speeds:
        """Return `speeds`, which the host is about to be told."""
        speeds = self.speeds
        self._told = speeds.link
        return speeds

    @property
    def is_news(self) -> bool:
        """Whether the bandwidth differs so much from the one told to the host that another code may be better."""
        change = min(self.bandwidth, QUICK_RATE) / min(self._told, QUICK_RATE)
        return not 1 / _NEWS_FACTOR < change < _NEWS_FACTOR

    def delay(self, size: int) -> float:
        """Return the seconds that `size` bytes need to come, if they are asked for now; 0 within a machine."""
        bandwidth = self.bandwidth
        near = self.local or (self.round_trip < _NEAR_SECONDS and bandwidth > _LOCAL_RATE)
        return 0.0 if near else self.round_trip + size / bandwidth


def _within_window(size: float) -> int:
    """Return a number of bytes, cut to those that may be on their way at once."""
    return int(min(max(size, SMALLEST_WINDOW_BYTES), LARGEST_WINDOW_BYTES))
