"""The table of colormap formats; how the format of a file is found; reading and writing.

The format of a file is found by its first bytes, then by its structure, then by its extension.  Well-known files
that are no colormaps are refused before the loose formats are asked, which fit many files.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from pathlib import Path

from ...errors import ColormapError, printable, quoted
from ...whole_files import replacing
from ..colormap import Colormap
from .colormap_file import ColormapFile, Options, closest, read
from .colormap_format import Format
from .lost_on_save import losses
from .not_colormaps import refuse

__all__ = ["format_named", "formats", "load_colormap", "load_colormaps", "save_colormap", "sniff"]

#: The modules of the formats, in the order in which their structure is tried: the strictest first.
MODULES: tuple[str, ...] = (
    "palettes",
    "adobe_swatches",
    "gpl",
    "plplot",
    "hexadecimal",
    "ggr",
    "cpt",
    "paraview",
    "paraview_xml",
    "visit",
    "qgis",
    "sld",
    "napari",
    "niivue",
    "mricrogl",
    "snap",
    "gwyddion",
    "ferret",
    "qgis_text",
    "grass",
    "esri",
    "npy",
    "label_tables",
    "fsl",
    "imagej",
    "ds9",
    "ncl",
    "segmentdata",
    "idl",
    "matrix",
    "chaco",
    "text",
)


@cache
def formats() -> dict[str, Format]:
    """Return the formats by name."""
    found = (import_module(f".{module}", __package__).FORMATS for module in MODULES)
    return {each.name: each for group in found for each in group}


def format_named(name: str) -> Format:
    """Return the format of that name, or raise `ColormapError`."""
    try:
        return formats()[name]
    except (KeyError, TypeError):
        near = closest(str(name), formats())
        remedy = f"did you mean {near[0]}?" if near else f"one of {', '.join(formats())}"
        raise ColormapError(f"unknown colormap format {quoted(str(name))}", "", remedy) from None


def sniff(file: ColormapFile) -> Format:
    """Return the format of a file.

    Raises
    ------
    ColormapError
        If no format fits, or several do.
    """
    known = formats().values()
    for each in known:
        if each.magic is not None and each.magic(file):
            return each
    meant = [each for each in known if file.extension in each.extensions]
    for loose in (False, True):
        if loose:
            refuse(file)
        for each in (*meant, *known):
            if each.loose is loose and each.plausible is not None and _fits(each, file):
                return each
    # The reader of the loosest format with that extension says what is wrong with the file.
    if meant:
        return meant[-1]
    file.fail("it is no colormap that we know", "if it is one, say which format, as in format=text")


def _fits(each: Format, file: ColormapFile) -> bool:
    assert each.plausible is not None
    try:
        return each.plausible(file)
    except ColormapError:
        return False


def load_colormaps(
    path: str | os.PathLike[str], format: str | None = None, *, scale: str = "auto", columns: str = "auto"
) -> list[Colormap]:
    """Return the colormaps of a file, one or more.

    Parameters
    ----------
    path : str or Path
    format : str, optional
        The name of its format; otherwise it is found out.
    scale : str
        The number that stands for full colour, if the file does not say it: ``"1"``, ``"255"`` or ``"100"``.
    columns : str
        The columns of a table: ``"rgb"``, ``"rgba"``, ``"xrgb"`` or ``"xrgba"``.

    Raises
    ------
    ColormapError
        ``geo.cpt:12: slice ends at 0.5 but the next starts at 0.6; slices must touch``
    """
    file = read(path, Options(scale, columns))
    chosen = sniff(file) if format is None else format_named(format)
    return chosen.load(file)


def load_colormap(
    path: str | os.PathLike[str], format: str | None = None, *, scale: str = "auto", columns: str = "auto"
) -> Colormap:
    """Return the colormap of a file that holds one; otherwise as `load_colormaps`."""
    found = load_colormaps(path, format, scale=scale, columns=columns)
    if len(found) > 1:
        name = printable(Path(path).name)
        raise ColormapError(name, f"it holds {len(found)} colormaps", "read them with load_colormaps")
    return found[0]


def save_colormap(colormap: Colormap, path: str | os.PathLike[str], format: str | None = None) -> tuple[str, ...]:
    """Write a colormap to a file, which is replaced in one step.

    Parameters
    ----------
    colormap : Colormap
    path : str or Path
    format : str, optional
        The name of its format; otherwise the extension of `path` says it.

    Returns
    -------
    tuple of str
        A phrase for each part of the colormap that the format has no place for: ``"its limits"``.

    Raises
    ------
    ColormapError
        If the format cannot be written or cannot hold the map, or the file cannot be written.
    """
    target = Path(path)
    chosen = _writable_format(target, format)
    assert chosen.save is not None
    data = chosen.save(colormap)
    try:
        with replacing(target) as stream:
            stream.write(data)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ColormapError(f"cannot write {printable(target.name)}", why, "choose another place") from error
    return _lost(colormap, chosen, ColormapFile(target, data))


def _lost(colormap: Colormap, chosen: Format, file: ColormapFile) -> tuple[str, ...]:
    try:
        (found,) = chosen.load(file)
    except ColormapError as error:
        return (f"so much that traitsview could read it again ({error})",)
    return losses(colormap, found)


def _writable_format(path: Path, name: str | None) -> Format:
    if name is not None:
        chosen = format_named(name)
        if chosen.save is None:
            raise ColormapError(f"cannot write {chosen.title}", "it is only read", f"choose {_writable()}")
        return chosen
    for each in formats().values():
        if path.suffix.lower() in each.extensions and each.save is not None:
            return each
    raise ColormapError(f"cannot tell the format of {printable(path.name)}", "", f"name it: {_writable()}")


def _writable() -> str:
    return ", ".join(each.name for each in formats().values() if each.save is not None)
