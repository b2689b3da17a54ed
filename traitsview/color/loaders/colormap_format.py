"""What a colormap format is: its names, how it is recognised, its reader and its writer."""

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
        What options and messages call it: ``"cpt"``.
    title : str
        Whose it is, for people: ``"GMT colour palette table"``.
    extensions : tuple of str
        Which files usually have it, ``(".cpt",)``.
    load : callable
        From a `ColormapFile` to its colormaps, one or more; raises `ColormapError`.
    save : callable or None
        From a `Colormap` to the bytes of a file; raises `ColormapError` where the format cannot hold the map.
    magic : callable or None
        Whether a file, by its first bytes, is surely of this format.
    plausible : callable or None
        Whether a file has the structure of this format: quick, never raises anything but `ColormapError`.
    loose : bool
        Whether files of other formats have that structure, too, so that it is asked last.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    load: Callable[[ColormapFile], list[Colormap]]
    save: Callable[[Colormap], bytes] | None = None
    magic: Callable[[ColormapFile], bool] | None = None
    plausible: Callable[[ColormapFile], bool] | None = None
    loose: bool = False
