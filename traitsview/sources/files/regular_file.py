"""A regular file, opened once and safely, that can be mapped and watched for shrinking."""

from __future__ import annotations

import errno
import functools
import io
import math
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from ...errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported, TraitsviewError, quoted

__all__ = ["HEAD_BYTES", "RegularFile", "identity_of", "reason_of"]

#: Bytes at the beginning of a file that tell its format.
HEAD_BYTES = 4096

_KINDS = {
    stat.S_ISDIR: "a directory",
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


class RegularFile:
    """An open file that is known to be a regular one.

    Opening does not wait for the other end of a pipe, and does not make a terminal the one of this process.  Everything
    is read through one descriptor: if another file gets the name of this one, that changes nothing.

    Parameters
    ----------
    path : str or os.PathLike
    opened : int or callable, optional
        A descriptor of the file, which is closed with this object, or a function that returns one or raises OSError or
        ValueError.  Then `path` is used in messages only.

    Raises
    ------
    SourceNotFound, SourceUnreadable, SourceUnsupported
        If it is missing, may not be read, or is a directory, a pipe, a device …
    """

    def __init__(self, path: str | os.PathLike[str], opened: int | Callable[[], int] = -1) -> None:
        self.path = Path(os.fsdecode(path))
        self._needed = 0
        try:
            flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
            if callable(opened):
                self._fd = opened()
            else:
                self._fd = opened if opened >= 0 else os.open(self.path, flags)
        except SourceError:
            raise
        except (OSError, ValueError) as error:
            raise self.failure(error) from error
        try:
            self._require_regular()
            self.head = os.pread(self._fd, HEAD_BYTES, 0)
        except OSError as error:
            os.close(self._fd)
            raise error if isinstance(error, SourceError) else self.failure(error) from error
        except SourceError:
            os.close(self._fd)
            raise

    @property
    def what(self) -> str:
        """How a message about it begins: ``"cannot open 'm13.fits'"``."""
        return f"cannot open {quoted(self.path)}"

    def what_of(self, inside: str) -> str:
        """Return how a message about the image `inside` it begins: ``"cannot open 'm13.fits::1'"``."""
        return f"cannot open {quoted(f'{self.path}::{inside}')}" if inside else self.what

    @property
    def size(self) -> int:
        """Bytes in the file now."""
        return self._state().st_size

    @property
    def identity(self) -> str:
        """A text that changes if the file is changed, or replaced by another file of this name."""
        return identity_of(self._state())

    def stream(self) -> io.BufferedReader:
        """Return the file as a binary stream with a place of its own, for use before `close`.

        If the file has shrunk, the stream ends earlier.
        """
        return io.BufferedReader(_Positioned(self._fd), 1 << 16)

    def map(self, dtype: np.dtype, shape: Sequence[int], offset: int, order: str = "C") -> np.ndarray:
        """Return part of the file as a read-only array, mapped into memory rather than read.

        Raises
        ------
        SourceUnreadable
            If the file is shorter than that.
        """
        needed = offset + math.prod(shape) * dtype.itemsize
        if needed > self.size:
            raise SourceUnreadable(
                self.what,
                f"truncated ({self.size:,} of {needed:,} bytes)",
                "is it still being written? Try again later",
            )
        self._needed = max(self._needed, needed)
        with os.fdopen(os.dup(self._fd), "rb") as stream:
            try:
                mapped = np.memmap(stream, dtype, "r", offset, tuple(shape), "F" if order == "F" else "C")
            except (OSError, ValueError, OverflowError, MemoryError) as error:
                raise SourceUnreadable(self.what, f"it cannot be mapped into memory: {reason_of(error)}") from error
        return mapped.view(np.ndarray)

    def guard(self) -> None:
        """Raise `SourceUnreadable` if the file has become shorter than the part that was mapped.

        Touching a mapped page that a shrunken file has lost would end the process.
        """
        size = self.size
        if size < self._needed:
            raise SourceUnreadable(
                f"cannot read {quoted(self.path)}",
                f"it shrank while it was open ({size:,} of {self._needed:,} bytes)",
                "open it again once it is whole",
            )

    def failure(self, error: OSError | ValueError) -> SourceError:
        """Return the error to raise where the system does not open or read the file."""
        if isinstance(error, FileNotFoundError):
            return SourceNotFound(self.what, "no such file", "check the name and the directory")
        if isinstance(error, NotADirectoryError):
            return SourceNotFound(self.what, "part of its path is a file, not a directory", "check the name")
        if isinstance(error, PermissionError):
            return SourceUnreadable(self.what, "no permission to read it", "ask its owner, or check chmod and chown")
        if isinstance(error, UnicodeEncodeError):
            lacking = quoted(error.object[error.start : error.end])
            why = f"names of files are in {error.encoding} here, by the locale, and it has no {lacking}"
            remedy = "check the name" if error.encoding == "utf-8" else "set LC_ALL=C.UTF-8 on that machine"
            return SourceNotFound(self.what, why, remedy)
        if isinstance(error, OSError) and error.errno == errno.ENXIO:
            return SourceUnsupported(self.what, "it is a socket", "give a file")
        return SourceUnreadable(self.what, reason_of(error), "check that it can be read with other programs")

    @contextmanager
    def reading(self, broken: str, remedy: str, what: str = "") -> Iterator[None]:
        """Turn what a library raises about the file within the block into our errors, as `broken` does it.

        A library that is not installed stays a `ModuleNotFoundError`.
        """
        try:
            yield
        except (TraitsviewError, ModuleNotFoundError):
            raise
        except Exception as error:  # libraries raise anything for files that are broken
            raise self.broken(error, broken, remedy, what) from error

    def broken(self, error: Exception, broken: str, remedy: str, what: str = "") -> SourceError:
        """Return the error to raise where a library has raised another one about the file.

        Parameters
        ----------
        broken : str
            What is wrong with the file: ``"it is broken FITS"``; the reason follows it in brackets.
        remedy : str
            What the user can do about that.
        what : str
            How the error begins; by default that the file cannot be opened.
        """
        if isinstance(error, SourceError):
            return error
        if isinstance(error, OSError) and error.errno is not None:  # libraries raise OSError without a number
            return self.failure(error)
        return SourceUnreadable(what or self.what, f"{broken} ({reason_of(error)})", remedy)

    def close(self) -> None:
        """Close the descriptor; mapped arrays stay."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _state(self) -> os.stat_result:
        try:
            return os.fstat(self._fd)
        except OSError as error:
            raise self.failure(error) from error

    def _require_regular(self) -> None:
        found = os.fstat(self._fd)
        if not stat.S_ISREG(found.st_mode):
            kind = next((name for test, name in _KINDS.items() if test(found.st_mode)), "no regular file")
            raise SourceUnsupported(self.what, f"it is {kind}", "give a file")
        if found.st_dev in _kernel_devices():
            raise SourceUnsupported(self.what, "it is made up by the kernel when it is read", "give a file")


class _Positioned(io.RawIOBase):
    """Reads from a descriptor that it shares with others, at its own place."""

    def __init__(self, fd: int) -> None:
        super().__init__()
        self._fd = fd
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = os.preadv(self._fd, [buffer], self._place)
        self._place += count
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: os.fstat(self._fd).st_size}[whence]
        if base + offset < 0:
            raise ValueError(f"cannot seek to {base + offset}")
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        return self._place


@functools.cache
def _kernel_devices() -> frozenset[int]:
    """Return the devices of file systems whose files the kernel makes up."""
    return frozenset(os.stat(folder).st_dev for folder in ("/proc", "/sys") if os.path.ismount(folder))


def reason_of(error: BaseException, limit: int = 160) -> str:
    """Return the message of an error of the system or of a library as one short line, without its number."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    text = re.sub(r"<[^<>]* at 0x[0-9a-fA-F]+>", "…", " ".join(text.split())).rstrip(".")[:limit]
    if not text:
        return type(error).__name__
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def identity_of(found: os.stat_result) -> str:
    """Return the identity of a file in the state `found`; see `RegularFile.identity`."""
    return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"
