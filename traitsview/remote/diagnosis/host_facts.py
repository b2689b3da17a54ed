"""Tells the facts about a host to ``traitsview doctor`` on another machine.

Each line on its standard input is a question, which it answers by a line of JSON: to ``server`` it says what runs here,
for ``picture`` it writes a small image that the other machine can make too.  When its input ends, the image is removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ... import __version__
from ...errors import HostRefused, TraitsviewError
from ..protocol import endpoint, hello
from ..tunnel import relay_words
from ..user_server import served

if TYPE_CHECKING:
    import numpy as np

__all__ = ["MARK", "answer", "facts", "noise_image"]

#: The beginning of the first answer.  Bytes before it come from the shell on the host.
MARK = b"traitsview-facts:"

#: Rows and columns of the image.
_SHAPE = (512, 512)


def facts() -> dict[str, Any]:
    """Return the versions on this host, and the facts about this user's server."""
    record = served.running()
    return {
        "version": __version__,
        "protocols": [relay_words.VERSION, hello.VERSION],
        "python": platform.python_version(),
        "machine": platform.node(),
        "uid": os.geteuid(),
        "server": None if record is None else asdict(record),
        "socket": {} if record is None else _socket_facts(Path(record.socket)),
    }


def answer(asking: BinaryIO, said: BinaryIO) -> None:
    """Write the facts, and then the answers to questions until there are no more."""
    picture: Path | None = None

    def say(mark: bytes, known: dict[str, Any]) -> None:
        said.write(mark + json.dumps(known).encode() + b"\n")
        said.flush()

    try:
        say(MARK, facts())
        for line in asking:
            try:
                if line.strip() == b"picture":
                    picture = picture or _write_picture()
                    say(b"", {"picture": str(picture)})
                else:
                    say(b"", facts())
            except TraitsviewError as error:
                say(b"", {"error": [error.what, error.why, error.remedy]})
    except BrokenPipeError:
        pass
    finally:
        if picture is not None:
            picture.unlink(missing_ok=True)


def noise_image() -> np.ndarray:
    """Return an image of noise that is the same on each machine: float32, (rows, columns)."""
    import numpy as np

    rows, columns = _SHAPE
    bits = np.frombuffer(hashlib.shake_256(b"traitsview").digest(rows * columns * 4), "<u4")
    # Noise in the 23 bits of the fraction: numbers from 1 to 2 that no codec makes much smaller.
    return (bits & np.uint32(0x7FFFFF) | np.uint32(0x3F800000)).view("<f4").reshape(_SHAPE)


def _socket_facts(path: Path) -> dict[str, Any]:
    known: dict[str, Any] = {"path": str(path)}
    with contextlib.suppress(OSError):
        found, folder = path.lstat(), path.parent.lstat()
        known |= {"uid": found.st_uid, "mode": found.st_mode & 0o777}
        known |= {"folder_uid": folder.st_uid, "folder_mode": folder.st_mode & 0o777}
    return known


def _write_picture() -> Path:
    """Write the image into a file that only this user can read; return its path."""
    import numpy as np

    folder = endpoint.runtime_folder()
    for left in folder.glob("doctor-*.npy"):
        pid = left.stem.partition("-")[2]
        if pid.isdecimal() and not os.path.exists(f"/proc/{pid}"):
            left.unlink(missing_ok=True)
    path = folder / f"doctor-{os.getpid()}.npy"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            np.save(file, noise_image())
    except OSError as error:
        raise HostRefused(f"cannot write {path}", str(error.strerror or error)) from error
    return path
