"""Finds the HDU that a name means, and lists HDUs for messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....errors import SourceNotFound, SourceUnsupported, quoted
from ..regular_file import RegularFile
from .elements import shape_of

__all__ = ["chosen_hdu", "images_of", "is_image", "named_hdus"]

#: The most HDUs in a message.
_LISTED_HDUS = 5


def chosen_hdu(file: RegularFile, hdus: Any, inside: str) -> Any:
    """Return the HDU that `inside` names; for an empty name the first HDU that holds an image."""
    if not inside:
        for hdu in hdus:
            if is_image(shape_of(hdu)):
                return hdu
        raise SourceUnsupported(
            file.what, f"it holds no image of two axes or more, only {_contents(hdus)}", "give another file"
        )
    what = file.what_of(inside)
    found = named_hdus(hdus, inside)
    if not found:
        raise SourceNotFound(what, f"no such HDU among {len(hdus)}", f"there are {_images(hdus)}")
    for hdu in found:
        if is_image(shape_of(hdu)):
            return hdu
    raise SourceUnsupported(
        what, f"it is {_describe(found[0])}, not an image of two axes or more", f"there are {_images(hdus)}"
    )


def named_hdus(hdus: Any, inside: str) -> list[Any]:
    """Return the HDUs with a number, EXTNAME or ``EXTNAME,EXTVER``."""
    if inside.isascii() and inside.isdigit():
        number = int(inside) if len(inside) < 10 else len(hdus)
        return [hdus[number]] if number < len(hdus) else []
    name, _, version = inside.upper().partition(",")
    return [
        hdu for hdu in hdus if hdu.name.upper() == name.strip() and (not version or str(hdu.ver) == version.strip())
    ]


def is_image(shape: tuple[int, ...] | None) -> bool:
    """Whether a shape is that of an image: it has two axes or more, and none of them is empty."""
    return shape is not None and len(shape) >= 2 and min(shape) > 0


def images_of(hdus: Any) -> Iterator[tuple[int, str]]:
    """Yield the number and the EXTNAME of each HDU that holds an image."""
    for at, hdu in enumerate(hdus):
        if is_image(shape_of(hdu)):
            yield at, "" if hdu.name == "PRIMARY" else str(hdu.name)


def _images(hdus: Any) -> str:
    images = [f"{at}{_title(hdu)} ({_describe(hdu)})" for at, hdu in enumerate(hdus) if is_image(shape_of(hdu))]
    if not images:
        return "no images in the file"
    rest = f" and {len(images) - _LISTED_HDUS} more" if len(images) > _LISTED_HDUS else ""
    return ", ".join(images[:_LISTED_HDUS]) + rest


def _contents(hdus: Any) -> str:
    rest = f" and {len(hdus) - _LISTED_HDUS} more" if len(hdus) > _LISTED_HDUS else ""
    return ", ".join(f"{at}{_title(hdu)} ({_describe(hdu)})" for at, hdu in enumerate(hdus[:_LISTED_HDUS])) + rest


def _title(hdu: Any) -> str:
    name = str(hdu.name)
    return f" {quoted(name, 24)}" if name and name != "PRIMARY" else ""


def _describe(hdu: Any) -> str:
    shape = shape_of(hdu)
    if shape:
        return " × ".join(f"{size}" for size in shape)
    if shape == ():
        return "no data"
    return "a table" if "Table" in type(hdu).__name__ else "no image"
