"""A colormap format: its names, how it is recognized, its reader and its writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..colormap import Colormap
from .colormap_file import ColormapFile

__all__ = ["Format"]


@dataclass(frozen=True)
class Format:
    """One colormap format.

    Attributes
    ----------
    name : str
        The name in options and messages: ``"cpt"``.
    title : str
        The name for people: ``"GMT colour palette table"``.
    extensions : tuple of str
        The usual extensions of its files: ``(".cpt",)``.
    load : callable
        From a `ColormapFile` to its colormaps, one or more; raises `ColormapError`.
    save : callable or None
        From a `Colormap` to the bytes of a file; raises `ColormapError` if the format cannot hold the colormap.
    magic : callable or None
        Whether the first bytes of a file prove that it has this format.
    plausible : callable or None
        Whether a file has the structure of this format.  Quick; raises nothing but `ColormapError`.
    loose : bool
        Whether files of other formats have this structure, too.  Such a format is asked last.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    load: Callable[[ColormapFile], list[Colormap]]
    save: Callable[[Colormap], bytes] | None = None
    magic: Callable[[ColormapFile], bool] | None = None
    plausible: Callable[[ColormapFile], bool] | None = None
    loose: bool = False
