"""Keeps the bytes that a stream does not take at once."""

from __future__ import annotations

from .byte_stream import ByteStream

__all__ = ["WriteBuffer"]


class WriteBuffer:
    """Writes to a stream, in order and without waiting; ``len()`` is how many bytes are still to be written."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._data = bytearray()

    def __len__(self) -> int:
        return len(self._data)

    @property
    def pending(self) -> bool:
        """Whether `flush` is to be called when the stream takes something."""
        return bool(self._data) or self._stream.unsent

    def write(self, data: memoryview) -> None:
        """Write `data`, or keep what the stream does not take."""
        while data and not self._data:
            try:
                data = data[self._stream.write(data) :]
            except BlockingIOError:
                break
        self._data += data

    def flush(self) -> None:
        """Write the bytes that were kept, as far as the stream takes them."""
        if self._stream.unsent:
            self._stream.flush()
        while self._data:
            try:
                with memoryview(self._data) as data:
                    count = self._stream.write(data)
            except BlockingIOError:
                break
            del self._data[:count]
