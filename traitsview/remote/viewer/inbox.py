"""The tiles that arrive at a viewer.  Each is checked: the viewer must have asked for it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...color.indexing import EXTRA, Indexing
from ...errors import TraitsviewError, WireError
from ...geometry import Viewport
from ...sources.image_info import ImageInfo
from ...sources.image_source import Rendered, Stage
from .. import wire
from ..protocol import codec
from ..protocol.channel import AttachmentChannel
from ..protocol.codec import Code
from ..wire import Chunk, Place

__all__ = ["Inbox"]


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A tile that was asked for.

    If it comes as values, they are of `dtype`, or pairs if the image is `whole`.  If it comes as indices, they are
    indices of `indexing`; if that is None, it must come as values.
    """

    tile: Viewport
    shape: tuple[int, ...]
    dtype: np.dtype
    whole: bool
    indexing: Indexing | None

    @property
    def nbytes(self) -> int:
        """Bytes of the tile: as indices if those are allowed, else as values."""
        indexing = self.indexing
        return math.prod(self.shape) * (self.dtype if indexing is None else indexing.dtype).itemsize

    def takes(self, chunk: Chunk) -> bool:
        """Whether this chunk, the first of the tile, has a dtype that was asked for."""
        dtype = chunk.dtype.newbyteorder("=")
        if not chunk.indexed:
            return dtype == self.dtype or (self.whole and dtype == wire.PAIR)
        if self.indexing is None:
            raise WireError("refused an answer", "it has indices where values were asked for")
        return dtype == self.indexing.dtype


class _Partial:
    """A tile of which some bytes have arrived."""

    def __init__(self, awaited: _Awaited, chunk: Chunk) -> None:
        self.awaited = awaited
        self._first = chunk
        self._filled = 0
        size = math.prod(awaited.shape) * chunk.dtype.itemsize
        if not awaited.takes(chunk) or chunk.total > size:
            raise WireError("refused an answer", f"{chunk.total} bytes of {chunk.dtype} are not the tile asked for")
        self._data = chunk.data if chunk.data.size == chunk.total else np.empty(chunk.total, np.uint8)

    def add(self, chunk: Chunk) -> bool:
        """Add the bytes of the next chunk; return whether it was the last one."""
        first = self._first
        same = (chunk.indexed, chunk.code, chunk.dtype, chunk.total) == (
            first.indexed,
            first.code,
            first.dtype,
            first.total,
        )
        end = chunk.offset + chunk.data.size
        if not same or chunk.offset != self._filled or not chunk.data.size or end > chunk.total:
            raise WireError("refused an answer", "its chunks make no tile")
        if chunk.data is not self._data:
            self._data[chunk.offset : end] = chunk.data
        self._filled = end
        return end == chunk.total

    def decoded(self) -> Rendered:
        """Decode the bytes of the tile and return it."""
        first, awaited = self._first, self.awaited
        array = codec.decode(self._data, first.code, first.dtype, awaited.shape)
        if not array.dtype.isnative:
            array = array.astype(array.dtype.newbyteorder("="))
        if not first.indexed:
            return Rendered(awaited.tile, wire.from_pairs(array))
        indexing = awaited.indexing
        assert indexing is not None
        if array.max() >= indexing.size + EXTRA:
            raise WireError("refused an answer", f"index {array.max()} in a table of {indexing.size} colours")
        return Rendered(awaited.tile, indexing.values(array), indexing)

    @property
    def code(self) -> Code:
        return self._first.code


class Inbox:
    """Holds the tiles that have arrived for the newest wish.

    Any thread may call any method, but only one thread at a time `accept`.

    Attributes
    ----------
    brought : int
        The number of tiles that have arrived since the inbox was made.
    decoded : callable
        Called after a tile was decoded, with its code, its bytes, and the seconds that decoding took.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._sequence = 0
        self._missing: dict[tuple[int, Place], _Awaited] = {}
        self._awaited = 0
        self._partial: _Partial | None = None
        self._arrived: list[Rendered] = []
        self._error: TraitsviewError | None = None
        self.brought = 0
        self.decoded: Callable[[Code, int, float], None] = lambda code, size, seconds: None

    def expect(self, stages: Sequence[Stage], info: ImageInfo) -> int:
        """Forget all other tiles and wait for those of `stages`; return the number of the wish for them."""
        colours = () if info.channels == 1 else (info.channels,)
        with self._changed:
            self._sequence += 2
            self._missing = {
                (number, wire.place_of(tile)): _Awaited(
                    tile, tile.shape + colours, info.pixel_dtype, info.whole, stage.indexing
                )
                for number, stage in enumerate(stages)
                for tile in stage.tiles
            }
            self._awaited = len(self._missing)
            self._partial = None
            self._arrived = []
            self._error = None
            return self._sequence

    def take(self, timeout: float) -> tuple[list[Rendered], bool]:
        """Return the tiles that have arrived, and whether more will come.

        If none has arrived it waits for at most `timeout` seconds.  If the host sent an error, it is raised once all
        tiles that came before it have been taken.
        """
        with self._changed:
            if not self._arrived and self._awaited and self._error is None:
                self._changed.wait(timeout)
            arrived, self._arrived = self._arrived, []
            self._awaited -= len(arrived)
            if not arrived and self._error is not None:
                raise self._error
            return arrived, bool(self._awaited or self._error)

    def accept(self, answer: object, channel: AttachmentChannel) -> bool:
        """Add the tiles of an answer of the host; return whether the host had more to send.

        Raises `WireError` if the answer has tiles that were not asked for, or breaks the protocol otherwise.
        """
        batch = wire.unpack_batch(answer, channel)
        arrived: list[Rendered] = []
        for chunk in batch.chunks:
            partial = self._add(batch.sequence, chunk)
            if partial is not None:
                arrived.append(self._decoded(partial))
        with self._changed:
            if not self._is_newest(batch.sequence):
                return batch.backlog
            self._arrived += arrived
            self.brought += len(arrived)
            if batch.error is not None:
                self._error = batch.error
            elif batch.done and self._missing:
                raise WireError("refused an answer", f"it ends with {len(self._missing)} tiles missing")
            self._changed.notify_all()
        return batch.backlog

    @property
    def missing_bytes(self) -> int:
        """The most bytes that the missing tiles may have."""
        with self._changed:
            return sum(awaited.nbytes for awaited in self._missing.values())

    def fail(self, error: TraitsviewError) -> None:
        """Raise `error` in the thread that waits in `take`, or in the next one that calls it."""
        with self._changed:
            self._error = error
            self._changed.notify_all()

    def _add(self, number: int, chunk: Chunk) -> _Partial | None:
        """Add a chunk to its tile; return the tile if it is whole now.  Chunks of older wishes are ignored."""
        with self._changed:
            if not self._is_newest(number):
                return None
            awaited = self._missing.get((chunk.stage, chunk.place))
            if awaited is None:
                raise WireError("refused an answer", "it is a tile that was not asked for")
            if self._partial is None:
                self._partial = _Partial(awaited, chunk)
            elif self._partial.awaited is not awaited:
                raise WireError("refused an answer", "it begins a tile before the one before has come whole")
            partial = self._partial
            if not partial.add(chunk):
                return None
            self._partial = None
            del self._missing[chunk.stage, chunk.place]
            return partial

    def _decoded(self, partial: _Partial) -> Rendered:
        """Decode a tile, without the lock because it may take long."""
        began = time.perf_counter()
        rendered = partial.decoded()
        self.decoded(partial.code, rendered.pixels.nbytes, time.perf_counter() - began)
        return rendered

    def _is_newest(self, number: int) -> bool:
        if number > self._sequence + 1:
            raise WireError("refused an answer", f"it is to request {number}, the last was {self._sequence}")
        return number == self._sequence
