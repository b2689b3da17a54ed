"""Files that are written completely or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

__all__ = ["replacing"]


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Yield a binary stream whose content becomes the file `path` at the end of the block.

    If the block fails, nothing is left and a file that was there before stays.

    Parameters
    ----------
    path : Path
    mode : int
        Permissions of the file, less the umask.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        # Only a new file: in a shared folder somebody else might have put a link there.
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with open(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        # NumPy's error has no reason.  A full disk is recognized while the unfinished file is still there.
        if error.errno is None and part.exists() and not shutil.disk_usage(part.parent).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise
    finally:
        # The file is gone if it was renamed, or could not be made.
        with suppress(OSError):
            part.unlink()
