"""A small file of the user's choices: the program runs whatever the file holds, and no file is ever half written."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...whole_files import replacing

__all__ = ["ChoicesFile"]

logger = logging.getLogger(__name__)

#: Our files have about ten thousand bytes.  A larger one is not ours, and is not read.
FILE_BYTES = 8 << 20


class ChoicesFile:
    """Keeps a dict of what JSON can say in a file that several programs may share.

    A change is a function that changes the dict in place.  It is applied to what the file holds at that moment.  It may
    be applied twice, which must give the same result as once.  A thread writes the changes in their order, and ends
    when there are no more.
    Any thread may call any method.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._changed = threading.Condition()
        self._changes: list[Callable[[dict[str, Any]], None]] = []

    def read(self) -> dict[str, Any]:
        """Return what the file holds, with the changes that are not written yet.

        The dict is empty if there is no file or if its text makes no sense.  Such a file gets the ending ``.bad``.
        """
        # The changes are read before the file.  A change that is written meanwhile is then applied twice, never lost.
        with self._changed:
            changes = list(self._changes)
        held = self._held()
        for change in changes:
            change(held)
        return held

    def _held(self) -> dict[str, Any]:
        try:
            with open(self.path, "rb") as stream:
                data = stream.read(FILE_BYTES + 1)
        except FileNotFoundError:
            return {}
        except OSError as error:
            logger.warning("going without what was chosen before: cannot read %s: %s", self.path, error.strerror)
            return {}
        try:
            if len(data) > FILE_BYTES:
                raise ValueError(f"it has more than {FILE_BYTES} bytes")
            held = json.loads(data)
            if not isinstance(held, dict):
                raise ValueError(f"it holds {type(held).__name__}, not an object")
        except (ValueError, RecursionError) as error:
            aside = self.path.with_name(self.path.name + ".bad")
            try:
                self.path.replace(aside)
            except OSError:
                aside = self.path
            logger.warning("going without what was chosen before: %s makes no sense (%s)", aside, error)
            return {}
        return held

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Have `change` applied to what the file holds, and the result written.  Returns at once."""
        with self._changed:
            self._changes.append(change)
            if len(self._changes) == 1:
                threading.Thread(target=self._write_all, name="choices", daemon=True).start()

    def wait_written(self, timeout: float) -> bool:
        """Wait until all changes are on disk, or could not be; return whether that was within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._changes, timeout)

    def _write_all(self) -> None:
        while True:
            with self._changed:
                changes = list(self._changes)
            try:
                self._write(changes)
            except Exception:
                logger.exception("what was chosen is not kept in %s", self.path)
            with self._changed:
                del self._changes[: len(changes)]
                self._changed.notify_all()
                if not self._changes:
                    return

    def _write(self, changes: list[Callable[[dict[str, Any]], None]]) -> None:
        held = self._held()
        for change in changes:
            change(held)
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Other users of the machine may not read what this one looks at.
            with replacing(self.path, 0o600) as stream:
                stream.write(json.dumps(held, indent=1).encode())
        except OSError as error:
            logger.warning("what was chosen is not kept: cannot write %s: %s", self.path, error.strerror)
