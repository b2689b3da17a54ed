"""Output files, which a command writes completely or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import TraitsviewError, quoted
from ..whole_files import replacing

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
    try:
        with replacing(path) as stream:
            yield stream
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> TraitsviewError:
    if isinstance(error, TraitsviewError):
        return error
    what = f"cannot write {quoted(path)}"
    if isinstance(error, FileNotFoundError):
        return WriteError(what, f"there is no folder {quoted(path.parent)}", "make it, or choose another")
    if isinstance(error, IsADirectoryError):
        return WriteError(what, "it is a folder", "give the name of a file")
    return WriteError(what, (error.strerror or str(error)).lower(), "choose another folder")
