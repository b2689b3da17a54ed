"""Reading a FITS file by astropy: what it says is kept still, and what it raises becomes our errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...errors import SourceError, SourceUnreadable, TraitsviewError
from ..quiet import quiet_astropy
from ..regular_file import RegularFile, reason_of

__all__ = ["open_hdus", "reading", "unreadable"]


@contextmanager
def reading(file: RegularFile) -> Iterator[None]:
    """Turn what astropy raises within the block into our errors, and keep it from saying anything."""
    try:
        with quiet_astropy():
            yield
    except TraitsviewError:
        raise
    except Exception as error:  # astropy raises what it likes for files that are broken
        raise unreadable(file, error) from error


def unreadable(file: RegularFile, error: Exception) -> SourceError:
    """Return the error to raise where astropy has raised another one."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, OSError) and error.errno is not None:  # the system's; astropy has others of that name
        return file.failure(error)
    why = f"it is broken FITS ({reason_of(error)})"
    return SourceUnreadable(file.what, why, "check that it was copied whole, with fitsverify")


def open_hdus(file: RegularFile, scaled: bool = False) -> Any:
    """Return the HDUs of a file; they read it through a stream of their own, and no memory maps.

    Numbers come as they are stored, unless they are to be `scaled`.
    """
    from astropy.io import fits

    return fits.open(file.stream(), memmap=False, lazy_load_hdus=True, do_not_scale_image_data=not scaled)
