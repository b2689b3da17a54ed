"""A colormap file in a folder: its sidecar, and its colormaps once it has been read."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...errors import ColormapError, printable
from ..colormap import Colormap
from .sidecar import Sidecar, sidecar_of

__all__ = ["EXTENSIONS", "FileInFolder", "distinct", "files_in", "stem_of"]

logger = logging.getLogger(__name__)

#: Names of texts that often lie beside colormap files.
_OTHERS = ("readme", "licence", "license", "copying", "copyright", "authors", "changes", "changelog", "makefile")

_WORDS = """
    .aco .act .ase .chaco .clr .clut .cmap .cpd .cpt .csv .ct .ctab .ctbl .dat .ggr .gp .gpl .hex .json .label .lbl
    .lut .m .map .ncar .ncmap .npy .pal .psppalette .qml .rgb .rules .sao .sld .spk .tbl .tsv .txt .xml
"""

#: The extensions of all formats.  They are listed here, because importing the formats to scan a folder takes 50 ms.
EXTENSIONS = frozenset(_WORDS.split())

Stamp = tuple[int, ...]


@dataclass
class FileInFolder:
    """A file that may hold colormaps, in one version: a changed file is another object.

    Attributes
    ----------
    path : Path
    stamp : tuple of int
        The times and sizes of the file and of its sidecar.
    sidecar : Sidecar
    reason : str
        Why it or its sidecar cannot be read; empty if no reason is known.
    """

    path: Path
    stamp: Stamp
    sidecar: Sidecar = field(default_factory=Sidecar)
    reason: str = ""
    _maps: tuple[Colormap, ...] | None = field(default=None, repr=False)
    _error: ColormapError | None = field(default=None, repr=False)
    _reading: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        if len(self.stamp) > 2:
            try:
                self.sidecar = sidecar_of(self.path)
            except ColormapError as error:
                self._fail(error)

    @property
    def read(self) -> bool:
        """Whether it has been read, or cannot be read."""
        return self._maps is not None or self._error is not None

    @property
    def colormaps(self) -> tuple[Colormap, ...]:
        """Its colormaps, under different names; empty if it was not read yet."""
        return self._maps or ()

    @property
    def stem(self) -> str:
        """Its name without the extension."""
        return stem_of(self.path)

    def load(self) -> tuple[Colormap, ...]:
        """Return its colormaps, under different names.  The first call reads the file.

        Raises
        ------
        ColormapError
        """
        with self._reading:
            if not self.read:
                self._read()
        if self._error is not None:
            error = self._error
            raise ColormapError(error.what, error.why, error.remedy)
        return self.colormaps

    def _read(self) -> None:
        try:
            self._maps = distinct(self.sidecar.load(self.path), self.stem)
        except ColormapError as error:
            self._fail(error)
        except Exception as error:  # whatever is wrong with this file, the others can be used
            logger.exception("cannot read %s", self.path)
            self._fail(ColormapError(printable(self.path.name), f"unexpected {type(error).__name__}", "report it"))

    def _fail(self, error: ColormapError) -> None:
        self._error = error
        self.reason = str(error)


def stem_of(path: Path) -> str:
    """Return the name of a file without its extension, as part of an id."""
    return (printable(path.stem) or printable(path.name)).replace(":", "-")


def distinct(colormaps: Sequence[Colormap], stem: str) -> tuple[Colormap, ...]:
    """Return the colormaps of a file; a single one is named ``stem``, several ``stem/name``."""
    if len(colormaps) == 1:
        return (replace(colormaps[0], name=stem),)
    taken: set[str] = set()
    found = []
    for each in colormaps:
        name = plain = f"{stem}/{each.name.strip().replace(':', '-')}"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain} ({number})"
        taken.add(name.casefold())
        found.append(replace(each, name=name))
    return tuple(found)


def files_in(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    """Yield the files of a folder that may hold colormaps, in the order of names, and their stamps."""
    try:
        with os.scandir(folder) as found:
            stamps = {each.name: stamp for each in found if (stamp := _stamp(each)) is not None}
    except (OSError, ValueError):
        return
    for name in sorted(stamps):
        if _may_hold_colormaps(name):
            beside = stamps.get(Path(name).with_suffix(".toml").name, ())
            yield folder / name, stamps[name] + beside


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    try:
        if not entry.is_file():
            return None
        found = entry.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _may_hold_colormaps(name: str) -> bool:
    if name.startswith((".", "#")) or name.endswith("~"):
        return False
    stem, dot, tail = name.rpartition(".")
    if (stem or name).casefold().rpartition(".")[2].startswith(_OTHERS):
        return False
    return not dot or f".{tail.lower()}" in EXTENSIONS
