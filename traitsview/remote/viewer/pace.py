"""How quick a link is, as measured where things arrive, and so how much may be on its way."""

from __future__ import annotations

import math
import threading
import time

from .. import wire
from ..protocol.codec import Code
from ..protocol.coder import QUICK, Speeds

__all__ = ["Pace"]

#: Seconds of old pixels that a new wish may wait behind.
_BEHIND = 0.05

#: Round trips that fill the line, with what makes up for those that take longer.
_FULL = 1.25

#: The part of what fills the line that may set out before anything has shown that it is as quick as it was, and the
#: least seconds of it: what is on its way when a line becomes slow takes as much longer.
_UNPROVED, _START = 0.5, 0.01

#: Seconds from which on what came so slowly is not a pause for breath but what the line now carries, within a factor.
_SLOW, _SLOWER = 0.1, 2.0

#: Bytes that are on their way at once.
LEAST, MOST = 1 << 15, 1 << 24

#: Batches of tiles that are asked for at once within a machine, where a new wish waits for none of them, and to wake a
#: thread takes as long as half a megabyte: few large ones.
_AHEAD_LOCAL = 4

#: The same over a line: the fewest, and the most unless they were smaller than that.  Many small ones: each is answered
#: with what is ready, be it little, and the next question takes a round trip.
_FEWEST, _MANY, _SMALL = 16, 64, 1 << 15

#: Bytes that a batch may have at least.
_LEAST_BATCH = 1 << 13

#: Seconds of transfer after which what was measured before counts less than half.
_MEMORY = 1.0

#: Bytes that have to have come before their rate says something, or how long they took: slow links say it sooner.
_ENOUGH, _LONG_ENOUGH = 1 << 17, 0.05

#: Bytes that a network may hand over at once, whatever its rate: an answer that is no longer says nothing of the rate.
_BURST = 1 << 16

#: How many times quicker or slower than it was told a link has to be for the host to be told before it is due.
_NEWS = 1.5

# Bytes of pixels from which on decoding is more than the call for it.
_TILE = 1 << 15

# What is assumed before anything is measured: within a machine or a room, and beyond.
_NEAR = 0.0015
_NEAR_RATE, _FAR_RATE = 1e9, 12.5e6

# What a network does not bring in a second, and two processes of one machine always do.
_LOCAL_RATE = 2.5e8


class Pace:
    """Keeps the bandwidth and the round trip of a link.  Any thread may call it.

    Parameters
    ----------
    local : bool
        Whether both ends are on one machine, where what is measured is how busy that is.

    Attributes
    ----------
    round_trip : float
        Seconds, the least of those measured lately; 0 before the first.
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
        """Take note of a round trip of a call that needs no time in itself, when it has just ended."""
        with self._lock:
            longest = self.round_trip or math.inf
            if time.monotonic() - self._brought_at > seconds:
                # A way that has become longer is believed in by and by; an answer behind pixels says nothing of it,
                # and if it did, more of them would be asked for, and the next answer would come later still.
                longest *= 1.05
            self.round_trip = min(seconds, longest)

    def came(self, size: int, began: float, ended: float, behind: bool = False) -> None:
        """Take note of an answer of `size` bytes, on any connection of the link.

        Parameters
        ----------
        size : int
        began, ended : float
            When its first byte came, and its last, by `time.monotonic`.  Answers on several connections share the link,
            so the time that they overlap counts once, and the bytes of all.
        behind : bool
            Whether it followed another answer without a pause; `began` is the end of that.
        """
        with self._lock:
            seconds = max(0.0, ended - max(began, self._counted_until))
            self._counted_until = max(ended, self._counted_until)
        if behind or size > _BURST or ended - began >= _LONG_ENOUGH:
            self.brought(size, seconds)

    def brought(self, size: int, seconds: float) -> None:
        """Take note of bytes that came one behind the other, and how long that took."""
        with self._lock:
            self._brought_at = time.monotonic()
            kept = math.exp(-seconds / _MEMORY)
            self._bytes = self._bytes * kept + size
            self._seconds = self._seconds * kept + seconds
            self._newest = size / seconds if seconds > _SLOW else math.inf

    def decoded(self, code: Code, size: int, seconds: float) -> None:
        """Take note of what it took to decode pixels of `size` bytes."""
        if code is not Code.RAW and size >= _TILE:
            self._decoding[code] += 0.2 * (size / max(seconds, 1e-9) - self._decoding[code])

    @property
    def measured(self) -> bool:
        """Whether enough came to know the bandwidth."""
        return self._seconds > 0 and (self._bytes >= _ENOUGH or self._seconds >= _LONG_ENOUGH)

    @property
    def bandwidth(self) -> float:
        """Bytes per second."""
        with self._lock:
            if self.local:
                return _NEAR_RATE
            if self.measured:
                return min(self._bytes / self._seconds, _SLOWER * self._newest)
            return _NEAR_RATE if self.round_trip < _NEAR else _FAR_RATE

    @property
    def window(self) -> int:
        """Bytes that may be on their way, so that the link is never idle and never far behind."""
        return int(min(max(self.bandwidth * (_FULL * self.round_trip + _BEHIND), LEAST), MOST))

    @property
    def unproved(self) -> int:
        """Bytes that may set out when nothing has come lately."""
        return int(min(max(self.bandwidth * max(self.round_trip * _UNPROVED, _START), LEAST), MOST))

    def room(self, missing: int) -> int:
        """Return the bytes that may be on their way while so many are known to be still to come."""
        return min(self.window, self.unproved + missing)

    @property
    def batch(self) -> int:
        """Bytes that each batch of those on their way may have."""
        window = self.window
        if self.local:
            return min(window // _AHEAD_LOCAL, wire.BATCH_BYTES)
        few = window // _FEWEST
        # What is asked for before the link is known stays asked for when it turns out to be slow.
        many = max(window // _MANY, _SMALL) if self.measured else few
        return max(min(few, many), _LEAST_BATCH)

    @property
    def speeds(self) -> Speeds:
        """What a host has to know to choose a codec."""
        return Speeds(self.bandwidth, tuple(self._decoding.values()))

    def told(self) -> Speeds:
        """Return `speeds`, which the host is about to be told."""
        speeds = self.speeds
        self._told = speeds.link
        return speeds

    @property
    def is_news(self) -> bool:
        """Whether the host believes in a link that is much quicker or slower, so that it chooses another codec."""
        change = min(self.bandwidth, QUICK) / min(self._told, QUICK)
        return not 1 / _NEWS < change < _NEWS

    def delay(self, size: int) -> float:
        """Return the seconds until `size` bytes that are asked for now have come; 0 within a machine."""
        bandwidth = self.bandwidth
        near = self.local or (self.round_trip < _NEAR and bandwidth > _LOCAL_RATE)
        return 0.0 if near else self.round_trip + size / bandwidth
