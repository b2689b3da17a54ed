"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ..errors import TraitsviewError, quoted

__all__ = ["WriteError", "whole_file"]


class WriteError(TraitsviewError, OSError):
    """A file cannot be written."""


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Yield a binary stream whose content becomes the file `path` at the end of the block.

    If the block fails, nothing is left and a file that was there before stays.

    Raises
    ------
    WriteError
        If the file cannot be written.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    # It is not there once renamed, or where it could not be made.
    with suppress(OSError):
        part.unlink()


def _refused(path: Path, error: OSError) -> TraitsviewError:
    if isinstance(error, TraitsviewError):
        return error
    what = f"cannot write {quoted(path)}"
    if isinstance(error, FileNotFoundError):
        return WriteError(what, f"there is no folder {quoted(path.parent)}", "make it, or choose another")
    if isinstance(error, IsADirectoryError):
        return WriteError(what, "it is a folder", "give the name of a file")
    reason = (error.strerror or str(error)).lower()
    if error.errno is None and not shutil.disk_usage(path.parent).free:  # NumPy counts elements, and says no more
        reason = os.strerror(errno.ENOSPC).lower()
    return WriteError(what, reason, "choose another folder")
