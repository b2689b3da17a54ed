"""The words by which a command line names a colormap: a name, or a file and perhaps ``::`` and a name inside."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import ColormapError, printable, quoted

if TYPE_CHECKING:
    from ..color.colormap import Colormap

__all__ = [
    "add_reading",
    "as_options",
    "colormap_id",
    "colormaps_of",
    "is_file",
    "one_colormap",
    "reading_of",
    "reworded",
]

#: Messages about files name the keywords of `load_colormap`.
_KEYWORD = re.compile(r"\b(format|scale|columns)=([\w-]+)")


def add_reading(parser: ArgumentParser) -> None:
    """Add the options for how a colormap file is read."""
    group = parser.add_argument_group("how files are read that do not say it themselves")
    group.add_argument("--format", metavar="FORMAT", help="the format of the file, such as cpt, ds9-lut or text")
    group.add_argument("--scale", metavar="1|255|100", default="auto", help="the number that stands for full colour")
    group.add_argument(
        "--columns", metavar="COLUMNS", default="auto", help="the columns of a table: rgb, rgba, xrgb or xrgba"
    )


def reading_of(arguments: Namespace) -> dict[str, Any]:
    """Return the options of `add_reading` as keywords of `load_colormap`."""
    return {"format": arguments.format, "scale": arguments.scale, "columns": arguments.columns}


def as_options(text: str) -> str:
    """Return a message that names options in place of keywords: ``--scale 255`` for ``scale=255``."""
    return _KEYWORD.sub(r"--\1 \2", text)


@contextmanager
def reworded(words: Callable[[str], str]) -> Iterator[None]:
    """Apply `words` to the reason and the remedy of a `ColormapError` that is raised within the block."""
    try:
        yield
    except ColormapError as error:
        error.why, error.remedy = words(error.why), words(error.remedy)
        raise


def colormap_id(word: str) -> str:
    """Return the id in the catalogue of the colormap that a word names; a file is read and added.

    A word is a file if it has a ``/`` or an extension, and exists; all others are names.

    Raises
    ------
    ColormapError
        If the name is unknown, or the file cannot be read.
    """
    from ..color.catalogue import catalogue

    known = catalogue()
    path, inside = _split(word)
    if not is_file(path):
        _named(word)
        return word

    def in_sidecar(text: str) -> str:
        # These commands have no options for it, and no use for some that are called so.
        beside = os.path.splitext(os.path.basename(path))[0] + ".toml"
        return _KEYWORD.sub(rf'\1 = "\2" in {printable(beside)}', text)

    with reworded(in_sidecar):
        ids = known.add_file(path)
    id = _chosen(path, inside, [id.partition(":")[2] for id in ids])
    found = known.get(f"session:{id}")
    for warning in found.warnings:
        print(f"traitsview: note: {printable(os.path.basename(path))}: {in_sidecar(warning)}", file=sys.stderr)
    return f"session:{id}"


def one_colormap(word: str, **reading: Any) -> Colormap:
    """Return the colormap that a word names, or raise `ColormapError`."""
    found = colormaps_of(word, **reading)
    path, inside = _split(word)
    return found[_chosen(path, inside, list(found))] if is_file(path) else found[word]


def colormaps_of(word: str, **reading: Any) -> dict[str, Colormap]:
    """Return the colormap of a name, or the colormaps of a file by different names, or raise `ColormapError`.

    The colormaps of a file have the names that the file gives them.
    """
    from pathlib import Path

    from ..color.shelves.file_in_folder import distinct, stem_of
    from ..color.shelves.sidecar import sidecar_of

    path, inside = _split(word)
    if not is_file(path):
        return {word: _named(word)}
    place = Path(path)
    with reworded(as_options):
        maps = sidecar_of(place, **reading).load(place)
    names = [each.name for each in distinct(maps, stem_of(place))]
    found = dict(zip(names, maps, strict=True))
    if inside:
        chosen = _chosen(path, inside, names)
        return {chosen: found[chosen]}
    return found


def is_file(word: str) -> bool:
    """Return whether a word is a file rather than the name of a colormap."""
    return (os.sep in word or bool(os.path.splitext(word)[1])) and os.path.isfile(word)


def _split(word: str) -> tuple[str, str]:
    path, _, inside = word.partition("::")
    return os.path.expanduser(path), inside.strip()


def _named(word: str) -> Colormap:
    """Return the colormap of that name, or raise `ColormapError`, which tells a missing file from an unknown name."""
    from ..color.catalogue import catalogue, names_file

    path = _split(word)[0]
    known = catalogue()
    if not (os.path.isabs(path) or path.startswith(("./", "../"))):
        try:
            return known.get(word)
        except ColormapError:
            if known.entry(word) is not None or not names_file(path):
                raise
    why = "it is a folder" if os.path.isdir(path) else "no such file"
    raise ColormapError(f"cannot read {quoted(path)}", why, "check the name and the directory")


def _chosen(path: str, inside: str, names: list[str]) -> str:
    """Return the name of the colormap in a file that is meant."""
    if not inside and len(names) == 1:
        return names[0]
    short = {name.partition("/")[2] or name: name for name in names}
    if not inside:
        some = ", ".join(map(quoted, list(short)[:4])) + (" …" if len(short) > 4 else "")
        why = f"it holds {len(names)} colormaps, {some}"
        first = printable(next(iter(short)))
        raise ColormapError(f"cannot choose from {quoted(path)}", why, f"name one: '{printable(path)}::{first}'")
    fitting = [name for each, name in short.items() if inside.casefold() in (each.casefold(), name.casefold())]
    if not fitting:
        from ..color.catalogue import nearest_names

        near = nearest_names(inside, short)
        remedy = f"did you mean {quoted(near[0])}?" if near else f"there are {', '.join(map(quoted, list(short)[:4]))}"
        raise ColormapError(f"no colormap {quoted(inside)} in {quoted(path)}", "", remedy)
    return fitting[0]
