"""Lists what can be looked at: the images of a file or a folder, and the arrays of running programs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..errors import RequestError, SourceError, SourceNotFound, SourceUnreadable, quoted
from .address import Address, parse_address
from .files.place import Folder
from .image_info import ImageInfo
from .image_source import ImageSource
from .registry import image_formats, open_address
from .services.namespace import Variable
from .services.namespaces import variables_of

__all__ = ["MOST", "list_sources"]

#: Images and arrays that are listed at most.
MOST = 1000

#: Files of a folder that are looked at, at most.
_MOST_FILES = 4000


def list_sources(text: str) -> tuple[Variable, ...]:
    """Return what is on this machine at an address: at most `MOST`.

    Parameters
    ----------
    text : str
        A file, a folder, ``kernel:`` or ``kernel:ID``, or another scheme of ``services.namespaces``.

    Raises
    ------
    SourceError
        If it is not there or cannot be listed.
    """
    address = parse_address(text)
    if address.host:
        raise RequestError(f"cannot list {quoted(text)}", "it is on another machine")
    if address.scheme != "file":
        return variables_of(address.scheme, address.path)[:MOST]
    path = Path(os.path.expanduser(address.path))
    if path.is_dir() and not any(each.recognizes_folder(Folder(path)) for each in image_formats()):
        return tuple(_of_folder(path, address))
    return tuple(_of_file(address))


def _of_folder(path: Path, address: Address) -> Iterator[Variable]:
    what = f"cannot list {quoted(address)}"
    try:
        names = sorted(entry.name for entry in os.scandir(path) if entry.is_file())[:_MOST_FILES]
    except OSError as error:
        raise SourceUnreadable(what, error.strerror or str(error)) from error
    count = 0
    for name in names:
        one = replace(address, path=os.path.join(address.path, name))
        with suppress(SourceError, RequestError), open_address(one) as source:
            yield _variable(name, one, source, _images_text(source))
            count += 1
        if count >= MOST:
            return


def _of_file(address: Address) -> Iterator[Variable]:
    with open_address(replace(address, inside="")) as source:
        images = source.file_images()
        if images is None or len(images.names) < 2:
            yield _variable(Path(address.path).name, replace(address, inside=""), source, "")
            return
    titles = dict(zip(images.names, images.titles, strict=False))
    for name in images.names[:MOST]:
        one = replace(address, inside=name)
        try:
            with open_address(one) as source:
                yield _variable(name, one, source, titles.get(name, ""))
        except SourceNotFound:
            raise
        except SourceError as error:
            yield Variable(name, str(one), detail=error.why)


def _images_text(source: ImageSource) -> str:
    images = source.file_images()
    return f"{len(images.names)} images" if images is not None and len(images.names) > 1 else ""


def _variable(name: str, address: Address, source: ImageSource, detail: str) -> Variable:
    return Variable(name, str(address), _shape(source.info), source.info.dtype, detail)


def _shape(info: ImageInfo) -> tuple[int, ...]:
    """Return the shape of the array that an image is of, with the axis of its colours."""
    shape = tuple(axis.size for axis in info.axes) or info.shape
    return (*shape, info.channels) if info.channels > 1 else shape
