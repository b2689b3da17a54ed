"""NumPy's archives of arrays: a stored array is mapped into memory, a deflated one is unpacked once."""

from __future__ import annotations

import zipfile
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from ...errors import SourceError, SourceNotFound, SourceUnsupported, quoted
from ..file_images import FileImages
from ..image_source import ImageSource
from .npy import open_array, read_header
from .regular_file import RegularFile
from .table import LOCAL_HEADER
from .unpacking import unpacked, unpacking

__all__ = ["open_npz"]

_SUFFIX = ".npy"

#: Arrays of an archive that a message lists.
_LISTED_ARRAYS = 5


def open_npz(file: RegularFile, inside: str = "", **options: Any) -> ImageSource:
    """Return an array of an ``.npz`` file as a source.

    Parameters
    ----------
    file : RegularFile
    inside : str
        The name that the array was saved under; by default the first array of two axes or more.
    """
    options = {"name": file.path.name + (f"::{inside}" if inside else ""), **options}
    with file.stream() as packed, unpacking(file), zipfile.ZipFile(packed) as archive:
        members = {each.filename.removesuffix(_SUFFIX): each for each in archive.infolist()}
        names = _names(members)
        if inside:
            member = members.get(inside.removesuffix(_SUFFIX))
            if member is None:
                raise SourceNotFound(file.what_of(inside), "no such array in the file", f"there are {names}")
            return _listed(_open(file, archive, member, inside, options), file.path, member)
        refused: SourceError | None = None
        for name, member in members.items():
            try:
                return _listed(_open(file, archive, member, name, options), file.path, member)
            except SourceUnsupported as error:
                refused = refused or error
    if refused is None:
        raise SourceUnsupported(file.what, "the archive is empty", "give another file")
    why = f"it holds no array of two axes or more that is an image, only {names}"
    raise SourceUnsupported(file.what, why, "give another file") from refused


def _listed(source: ImageSource, path: Path, member: zipfile.ZipInfo) -> ImageSource:
    """Return the source, which can tell of the other arrays of the archive then."""
    source.listing = partial(_images, path, member.filename.removesuffix(_SUFFIX))
    return source


def _images(path: Path, shown: str) -> FileImages | None:
    """Return the arrays of an archive that are images; None if it cannot be read any more."""
    names = []
    try:
        with closing(RegularFile(path)) as file, file.stream() as packed, zipfile.ZipFile(packed) as archive:
            for member in archive.infolist():
                name = member.filename.removesuffix(_SUFFIX)
                with suppress(SourceUnsupported), archive.open(member) as stream:
                    read_header(file, cast(BinaryIO, stream), file.what_of(name))
                    names.append(name)
    except (SourceError, OSError, zipfile.BadZipFile, RuntimeError, EOFError, ValueError, NotImplementedError):
        return None
    return FileImages(shown, tuple(names))


def _names(members: dict[str, zipfile.ZipInfo]) -> str:
    more = f" and {len(members) - _LISTED_ARRAYS} more" if len(members) > _LISTED_ARRAYS else ""
    return ", ".join(quoted(name, 40) for name in list(members)[:_LISTED_ARRAYS]) + more


def _open(
    file: RegularFile, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, options: dict[str, Any]
) -> ImageSource:
    what = file.what_of(name)
    if member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 1:
        with file.stream() as stream:
            return open_array(file, what, _start(stream, member), **options)
    with archive.open(member) as stream:
        read_header(file, cast(BinaryIO, stream), what)  # an array that is no image is refused before it is unpacked
    with archive.open(member) as stream:
        plain = unpacked(file, cast(BinaryIO, stream))
    try:
        source = open_array(plain, what, **options)
    except BaseException:
        plain.close()
        raise
    file.close()
    return source


def _start(stream: BinaryIO, member: zipfile.ZipInfo) -> int:
    """Return where the bytes of a member begin in the archive."""
    stream.seek(member.header_offset)
    head = stream.read(LOCAL_HEADER.size)
    if len(head) < LOCAL_HEADER.size:
        raise EOFError
    name_length, extra_length = LOCAL_HEADER.unpack(head)[-2:]
    return member.header_offset + LOCAL_HEADER.size + int(name_length) + int(extra_length)
