"""Unpacks the content of a file, once, into a temporary file that nobody else sees."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from ...errors import SourceError, SourceUnreadable, SourceUnsupported
from .regular_file import HEAD_BYTES, RegularFile, reason_of

__all__ = ["XzReader", "beginning", "bunzip2", "gunzip", "unpacked", "unpacking", "unxz"]

_CHUNK_BYTES = 1 << 20

#: Bytes of a dictionary of xz, at most: ``xz -9`` needs 65 MB, and files can ask for 4 GB.
_XZ_MEMORY_BYTES = 1 << 28


def gunzip(stream: BinaryIO) -> BinaryIO:
    """Return the content of a gzip stream as a stream."""
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream))


def bunzip2(stream: BinaryIO) -> BinaryIO:
    """Return the content of a bzip2 stream as a stream."""
    return cast(BinaryIO, bz2.BZ2File(stream))


def unxz(stream: BinaryIO) -> BinaryIO:
    """Return the content of an xz stream as a stream; at most 256 MiB of memory are used."""
    return io.BufferedReader(XzReader(stream), _CHUNK_BYTES)


class XzReader(io.RawIOBase):
    """Reads an xz file, which may be several streams in a row, with an upper bound for its memory.

    Parameters
    ----------
    packed : binary stream
    """

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__()
        self._packed = packed
        self._decompressor = self._another()

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read some bytes; 0 at the end."""
        while True:
            if self._decompressor.eof:
                rest = self._decompressor.unused_data or self._packed.read(_CHUNK_BYTES)
                while rest and not rest.strip(b"\0"):  # streams are padded
                    rest = self._packed.read(_CHUNK_BYTES)
                if not rest:
                    return 0
                self._decompressor = self._another()
                data = self._decompressor.decompress(rest.lstrip(b"\0"), len(buffer))
            elif self._decompressor.needs_input:
                packed = self._packed.read(_CHUNK_BYTES)
                if not packed:
                    raise EOFError
                data = self._decompressor.decompress(packed, len(buffer))
            else:
                data = self._decompressor.decompress(b"", len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)

    def _another(self) -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)


def beginning(file: RegularFile, stream: BinaryIO) -> bytes:
    """Return the first bytes of the content of a packed file, which tell its format."""
    with unpacking(file):
        return stream.read(HEAD_BYTES)


def unpacked(file: RegularFile, stream: BinaryIO, begun: bytes = b"") -> RegularFile:
    """Return the content of a packed file, as a file under the same path.

    Parameters
    ----------
    file : RegularFile
        Stays open.
    stream : binary stream
        The content of the file.
    begun : bytes
        Bytes that were read from the stream before.

    Raises
    ------
    SourceUnreadable
        If it is damaged, or more than half of the space for temporary files.
    """
    with tempfile.TemporaryFile() as target:
        most = shutil.disk_usage(tempfile.gettempdir()).free // 2
        with unpacking(file):
            target.write(begun)
            while chunk := stream.read(_CHUNK_BYTES):
                if target.tell() + len(chunk) > most:
                    why = f"it unpacks to more than {most:,} bytes, half of what is free"
                    raise SourceUnreadable(file.what, why, "unpack it elsewhere")
                target.write(chunk)
            target.flush()
        return RegularFile(file.path, os.dup(target.fileno()))


@contextlib.contextmanager
def unpacking(file: RegularFile) -> Iterator[None]:
    """Turn errors of the readers of packed files into ours."""
    try:
        yield
    except SourceError:
        raise
    except NotImplementedError as error:  # a method of zip archives
        raise SourceUnsupported(file.what, f"it cannot be unpacked ({reason_of(error)})", "unpack it") from error
    except RuntimeError as error:  # a password
        raise SourceUnsupported(file.what, f"it cannot be unpacked ({reason_of(error)})", "unpack it") from error
    except (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        reason = "truncated" if isinstance(error, EOFError) else reason_of(error)
        raise SourceUnreadable(
            file.what, f"it cannot be unpacked ({reason})", "check that it was copied whole"
        ) from error
