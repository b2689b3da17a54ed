"""One channel of an array of colours, as an array by itself."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["one_channel"]


def one_channel(data: Any, channel: int) -> Any:
    """Return what an array, (…, 3 | 4), has at one index of its last axis; nothing is read before it is sliced."""
    return data[..., channel] if isinstance(data, np.ndarray) else _OneChannel(data, channel)


class _OneChannel:
    """One channel of anything with ``shape``, ``dtype`` and slicing."""

    def __init__(self, data: Any, channel: int) -> None:
        self._data = data
        self._channel = channel
        self.shape = tuple(data.shape)[:-1]
        self.dtype = data.dtype
        chunks = getattr(data, "chunks", None)
        self.chunks = tuple(chunks)[:-1] if chunks else None

    def __getitem__(self, key: Any) -> Any:
        return self._data[key][..., self._channel]
