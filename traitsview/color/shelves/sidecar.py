"""Sidecars: ``name.toml`` beside a colormap file, with what the file itself does not say."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ...errors import ColormapError, printable, quoted
from ...numerals import numerals
from ..colormap import Colormap
from ..loaders.colormap_file import COLUMNS, SCALES, closest
from ..loaders.formats import load_colormaps
from .shelf import CATEGORIES

__all__ = ["Sidecar", "read_sidecar", "sidecar_of"]

#: A larger file is no sidecar.
_LARGEST_BYTES = 100_000

_Fail = Callable[[str, str], ColormapError]


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The content of a sidecar.  None or empty: the colormap file decides.

    Attributes
    ----------
    title : str
        The title of the colormap, for people.
    category : str
        One of `CATEGORIES` but ``"mine"``.
    format : str
        The format of the file, if it cannot be recognized.
    scale, columns : str
        How the numbers of a table are read; see `load_colormaps`.
    cyclic : bool or None
        Whether the last colour is meant to meet the first.
    hinge : float or None
        The value of the middle.  Each side of it is stretched by itself.
    limits : (float, float) or None
        The values of the two ends.
    licence : str
        The authors and the licence.
    """

    title: str = ""
    category: str = ""
    format: str = ""
    scale: str = "auto"
    columns: str = "auto"
    cyclic: bool | None = None
    hinge: float | None = None
    limits: tuple[float, float] | None = None
    licence: str = ""

    def load(self, path: Path) -> list[Colormap]:
        """Return the colormaps of the file at `path`, read with this sidecar, or raise `ColormapError`."""
        found = load_colormaps(path, self.format or None, scale=self.scale, columns=self.columns)
        return [self._applied(each) for each in found]

    def _applied(self, colormap: Colormap) -> Colormap:
        said = {
            name: value
            for name in ("cyclic", "hinge", "limits", "licence")
            if (value := getattr(self, name)) is not None and value != ""
        }
        return replace(colormap, **said) if said else colormap


def sidecar_of(path: Path, format: str | None = None, scale: str = "auto", columns: str = "auto") -> Sidecar:
    """Return the sidecar of the file at `path`, an empty one if there is none; arguments win over its content."""
    beside = path.with_suffix(".toml")
    found = read_sidecar(beside) if beside != path and beside.is_file() else Sidecar()
    return replace(
        found,
        format=format or found.format,
        scale=found.scale if scale == "auto" else scale,
        columns=found.columns if columns == "auto" else columns,
    )


def read_sidecar(path: Path) -> Sidecar:
    """Return the content of a sidecar, or raise `ColormapError`."""

    def fail(why: str, remedy: str) -> ColormapError:
        return ColormapError(printable(path.name), why, remedy)

    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
        if len(data) > _LARGEST_BYTES:
            raise fail(f"it is larger than {_LARGEST_BYTES // 1000} kB", "say what the colormap is, and no more")
        said = tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise ColormapError(f"cannot read {printable(path.name)}", (error.strerror or str(error)).lower()) from error
    except (ValueError, RecursionError) as error:
        why = printable(" ".join(str(error).split()))[:200]
        raise fail(f"it is not TOML, {why}", "write lines such as category = 'cyclic'") from error
    known = {each.name for each in fields(Sidecar)}
    for name in said:
        if name not in known:
            near = closest(name, known)
            remedy = f"did you mean {near[0]}?" if near else f"it may say {', '.join(sorted(known))}"
            raise fail(f"unknown key {quoted(name)}", remedy)
    return Sidecar(**{name: _checked(name, value, fail) for name, value in said.items()})


def _checked(name: str, value: object, fail: _Fail) -> Any:
    match name:
        case "cyclic":
            if not isinstance(value, bool):
                raise fail(f"{name} is {quoted(value)}", "write true or false")
            return value
        case "hinge":
            return _number(name, value, fail)
        case "limits":
            if not isinstance(value, list) or len(value) != 2:
                raise fail(f"{name} is {quoted(value)}", "write two numbers, [low, high]")
            low, high = (_number(name, each, fail) for each in value)
            if not low < high:
                raise fail("{} are {} and {}".format(name, *numerals(low, high)), "the first must be the smaller")
            return low, high
    if not isinstance(value, str):
        raise fail(f"{name} is {quoted(value)}", "write text in quotes")
    words = {"scale": SCALES, "columns": COLUMNS, "category": CATEGORIES[:-1]}.get(name)
    if words is not None and value not in words:
        raise fail(f"{name} is {quoted(value)}", f"write one of {', '.join(words)}")
    return printable(value) if name == "title" else value


def _number(name: str, value: object, fail: _Fail) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise fail(f"{name} is {quoted(value)}", "write a number")
    return float(value)
