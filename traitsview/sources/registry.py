"""Opens whatever it is given: an array, a path or an address."""

from __future__ import annotations

import functools
import logging
import os
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from ..errors import RequestError, SourceUnsupported, quoted
from .address import Address, parse_address
from .arrays.no_value import number_of
from .files.file_format import FileFormat
from .files.format_choice import chosen_format
from .files.place import Folder, Query
from .files.regular_file import RegularFile
from .files.table import FORMATS, opened
from .image_source import ImageSource

__all__ = ["OPTIONS", "file_formats", "image_formats", "open_address", "open_file", "open_source"]

logger = logging.getLogger(__name__)

#: Keywords of `open_source`.  They override the array or the file.
OPTIONS = ("name", "extent", "origin", "unit", "axes", "kind", "world", "blank")


def open_source(what: object, **options: Any) -> ImageSource:
    """Return `what` as something that can render viewports.

    Parameters
    ----------
    what : ImageSource, array, str or os.PathLike
        An `ImageSource` comes back as it is.  An array is anything with ``shape``, ``dtype`` and slicing;
        it is not copied.  A str is read as ``[HOST:]FILE[::IMAGE]``, a path object names a file.
    **options
        Any of `OPTIONS`; `blank` is the value that is taken as no value.

    Raises
    ------
    SourceError
        If it is not there, cannot be read or is not an image.
    RequestError
        If an address or an option makes no sense.
    """
    _check_options(options)
    if isinstance(what, ImageSource):
        if options:
            raise RequestError("cannot open the source", f"it is open already, without {', '.join(options)}")
        return what
    if isinstance(what, str):
        return open_address(parse_address(what), **options)
    if isinstance(what, os.PathLike):
        return open_address(Address(os.fsdecode(what)), **options)
    if all(hasattr(what, name) for name in ("shape", "dtype", "__getitem__")):
        from .arrays.array_source import ArraySource
        from .derived.colour_planes import in_kind

        renamed = _renamed(options)
        kind = renamed.pop("kind", None)
        return in_kind(lambda kind: ArraySource(what, kind=kind, **renamed), kind, _shape(what))
    raise SourceUnsupported(
        f"cannot show a {type(what).__name__}", "it has no shape, dtype and slicing", "try numpy.asarray(it)"
    )


def open_address(address: Address, **options: Any) -> ImageSource:
    """Return the image at an address; see `open_source`."""
    what = f"cannot open {quoted(address)}"
    if address.host:
        # Whoever serves sources opens them here, and goes to no third machine.
        why = f"it is on another machine, '{address.host}', and only what is on this one can be opened here"
        raise SourceUnsupported(what, why, "open it with traitsview.api.open_source")
    if address.scheme != "file":
        asked = next((each for each in image_formats() if address.scheme in each.schemes), None)
        if asked is None:
            raise SourceUnsupported(what, f"this version cannot show '{address.scheme}:' sources", "give a file")
        return opened(asked, Query(address.scheme, address.path), address.inside, **_options_of(address, options))
    path = os.path.expanduser(address.path)
    if os.path.isdir(path):
        folder = Folder(Path(path))
        held = next((each for each in image_formats() if each.recognizes_folder(folder)), None)
        if held is not None:
            return opened(held, folder, address.inside, **_options_of(address, options))
    return open_file(RegularFile(path), address, **options)


def open_file(file: RegularFile, address: Address, **options: Any) -> ImageSource:
    """Return the image `inside` a file, which is the source's to close from then on, or is closed."""
    try:
        identity = file.identity
        chosen = chosen_format(file_formats(), file.path.name, file.head, file.what)
        source = opened(chosen, file, address.inside, **_options_of(address, options))
        source.identity = identity
        return source
    except BaseException:
        file.close()
        raise


def file_formats() -> tuple[FileFormat, ...]:
    """Return the kinds of files that can be opened here: `image_formats`, also when they are packed."""
    from .files.packed import packed_formats

    return (*image_formats(), *packed_formats(image_formats))


@functools.cache
def image_formats() -> tuple[FileFormat, ...]:
    """Return the formats of images: our own, then those of entry points.

    An entry point that cannot be loaded is logged and left out.
    """
    formats = list(FORMATS)
    for entry in entry_points(group="traitsview.sources"):
        try:
            offered = entry.load()
        except Exception:  # the code of others, which may raise anything
            logger.exception("the file format %r of %r cannot be loaded", entry.name, entry.value)
            continue
        if isinstance(offered, FileFormat):
            formats.append(offered)
        else:
            logger.error("the entry point %r is not a FileFormat: %r", entry.name, entry.value)
    return tuple(formats)


def _options_of(address: Address, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of an address and those of a call, which go before them, as formats know them."""
    return _renamed({**dict(address.readings), **options})


def _shape(array: Any) -> tuple[int, ...]:
    """Return the shape of an array-like; empty where it has none, which `ArraySource` refuses."""
    return tuple(array.shape) if isinstance(array.shape, tuple) else ()


def _renamed(options: dict[str, Any]) -> dict[str, Any]:
    """Return options of `open_source` by the names that formats and `ArraySource` have for them."""
    renamed = {name: value for name, value in options.items() if value is not None}
    if "blank" in renamed:
        renamed["no_value"] = number_of(renamed.pop("blank"))
    return renamed


def _check_options(options: dict[str, Any]) -> None:
    for option in options:
        if option not in OPTIONS:
            raise RequestError(f"unknown option '{option}'", "", f"one of {', '.join(OPTIONS)}")
