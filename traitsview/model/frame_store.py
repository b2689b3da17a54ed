"""Frames on disk: a Zarr array whose first axis is the frames, each frame one chunk.

Version 2 of the format (https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html) without compression: a folder with
two small JSON files, and a file of plain numbers for each chunk.  So recording needs no library, and each frame that
was written stays readable whatever happens to the next.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np

from ..errors import RequestError, quoted
from ..sources.frame import Frame
from ..sources.image_info import ImageInfo
from ..whole_files import replacing

__all__ = ["FrameStore"]

#: Seconds between two times that the attributes are written: their length grows with the number of frames.
NOTE_SECONDS = 1.0


class FrameStore:
    """Writes frames of one form to a new folder; one thread at a time may call it.

    Parameters
    ----------
    path : Path
        Of the folder, which must not exist.

    Raises
    ------
    RequestError
        If the folder exists, or cannot be made.

    Attributes
    ----------
    count, nbytes : int
        Frames and bytes that were written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._shape: tuple[int, ...] = ()
        self._dtype = np.dtype(np.float32)
        self._steps: list[int | None] = []
        self._times: list[float | None] = []
        self._info: ImageInfo | None = None
        self._noted = float("-inf")
        self.count = self.nbytes = 0
        try:
            path.mkdir()
        except FileExistsError:
            raise RequestError(
                f"cannot record to {quoted(path)}", "it is there already", "choose another name"
            ) from None
        except OSError as error:
            raise self._failure(error) from error

    def add(self, array: np.ndarray, frame: Frame) -> None:
        """Write one frame, whole or not at all; raise `RequestError` if it has another form, or there is no room."""
        if not self.count:
            self._shape, self._dtype = array.shape, array.dtype
        if (array.shape, array.dtype) != (self._shape, self._dtype):
            why = f"its frames are {self._dtype} of {self._shape}, and now they are {array.dtype} of {array.shape}"
            raise RequestError(f"cannot record more to {quoted(self._path)}", why, "record to another folder")
        chunk = self._path / ".".join([str(self.count), *("0" * array.ndim)])
        try:
            array.tofile(chunk)
            self._steps.append(frame.step)
            self._times.append(frame.time)
            self._describe(self.count + 1)
            self._info = frame.info
            if time.monotonic() - self._noted >= NOTE_SECONDS:
                self.note()
        except OSError as error:
            chunk.unlink(missing_ok=True)
            raise self._failure(error) from error
        self.count += 1
        self.nbytes += array.nbytes

    def note(self) -> None:
        """Write the steps and the times of the frames, and what is known of all: the attributes of the array."""
        if self._info is None:
            return
        self._noted = time.monotonic()
        info = self._info
        about = {"name": info.name, "unit": info.unit, "extent": info.extent, "origin": info.origin}
        _write(self._path / ".zattrs", {**about, "steps": self._steps, "times": self._times})

    def _describe(self, count: int) -> None:
        about = {
            "zarr_format": 2,
            "shape": [count, *self._shape],
            "chunks": [1, *self._shape],
            "dtype": self._dtype.str,
            "compressor": None,
            "fill_value": None,
            "order": "C",
            "filters": None,
        }
        _write(self._path / ".zarray", about)

    def _failure(self, error: OSError) -> RequestError:
        return RequestError(
            f"cannot record to {quoted(self._path)}", (error.strerror or str(error)).lower(), "choose another place"
        )


def _write(path: Path, value: object) -> None:
    with replacing(path) as stream:
        stream.write(json.dumps(value).encode())
