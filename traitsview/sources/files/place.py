"""Places that an image can be opened from: a file, a folder, or a query to a service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...errors import quoted
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


@dataclass(frozen=True, slots=True)
class Query:
    """A query to a service: ``yt:out?field=density``.

    Attributes
    ----------
    scheme : str
        The name of the service: ``"yt"``.
    text : str
        The query, in the words of the service: ``"out?field=density"``.
    """

    scheme: str
    text: str

    @property
    def what(self) -> str:
        """How a message about it begins: ``"cannot open 'yt:out?field=density'"``."""
        return f"cannot open {quoted(f'{self.scheme}:{self.text}')}"

    def close(self) -> None:
        """Do nothing: asking holds nothing open."""


Place = RegularFile | Folder | Query
