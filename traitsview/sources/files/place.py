"""Places that an image can be opened from: a file, a folder, or a query to a service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...errors import quoted
from ..query import Query
from .regular_file import RegularFile

__all__ = ["Folder", "Place", "Query"]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that may be one image, or hold several.

    Attributes
    ----------
    path : Path
    """

    path: Path

    @property
    def what(self) -> str:
        """How a message about it begins: ``"cannot open 'cells.zarr'"``."""
        return f"cannot open {quoted(self.path)}"

    def close(self) -> None:
        """Do nothing: a folder is not held open."""


Place = RegularFile | Folder | Query
