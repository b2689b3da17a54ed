"""Files that another program has packed: gzip, bzip2, xz, and zip archives with one image in them or several.

The file inside may be of any other format, which its name and first bytes tell before the rest is unpacked.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from ...errors import SourceNotFound, SourceUnsupported, quoted
from ..image_source import ImageSource
from .file_format import FileFormat
from .format_choice import chosen_format
from .regular_file import RegularFile
from .table import opened
from .unpacking import beginning, bunzip2, gunzip, unpacked, unpacking, unxz

__all__ = ["packed_formats"]

# Ways of packing within a zip archive that need little memory.
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)

#: Members of an archive that a message lists.
_LISTED_MEMBERS = 5

Formats = Callable[[], Sequence[FileFormat]]


def packed_formats(formats: Formats) -> tuple[FileFormat, ...]:
    """Return the kinds of packed files.

    Parameters
    ----------
    formats : callable
        Returns the formats of the files that may be packed in them.
    """
    return (
        _packed("gzip", ".gz", b"\x1f\x8b", gunzip, formats),
        _packed("bzip2", ".bz2", b"BZh", bunzip2, formats),
        _packed("xz", ".xz", b"\xfd7zXZ\x00", unxz, formats),
        FileFormat(
            "a zip archive",
            (".zip",),
            lambda head: head.startswith(b"PK\x03\x04"),
            lambda file, inside="", **options: _open_zip(file, inside, formats(), options),
        ),
    )


def _packed(
    name: str, suffix: str, magic: bytes, unpack: Callable[[BinaryIO], BinaryIO], formats: Formats
) -> FileFormat:
    def open_packed(file: RegularFile, inside: str = "", **options: Any) -> ImageSource:
        with file.stream() as packed, unpack(packed) as stream:
            bare = file.path.name
            bare = bare[: -len(suffix)] if bare.lower().endswith(suffix) else bare
            return _open(file, stream, bare, inside, formats(), options)

    return FileFormat(name, (suffix,), lambda head: head.startswith(magic), open_packed)


def _open(
    file: RegularFile,
    stream: BinaryIO,
    name: str,
    inside: str,
    formats: Sequence[FileFormat],
    options: dict[str, Any],
) -> ImageSource:
    """Return the image `inside` the file of that name that a stream brings."""
    head = beginning(file, stream)
    chosen = chosen_format(formats, name, head, f"{file.what}, of what is packed in it")
    plain = unpacked(file, stream, head)
    try:
        source = opened(chosen, plain, inside, **options)
    except BaseException:
        plain.close()
        raise
    file.close()
    return source


def _open_zip(file: RegularFile, inside: str, formats: Sequence[FileFormat], options: dict[str, Any]) -> ImageSource:
    with file.stream() as packed, unpacking(file), zipfile.ZipFile(packed) as archive:
        member, inside = _member(file, archive, inside, formats)
        if member.compress_type not in _ZIP_METHODS:
            raise NotImplementedError(f"method {member.compress_type} of zip archives is not read here")
        with archive.open(member) as stream:
            name = posixpath.basename(member.filename)
            return _open(file, stream, name, inside, formats, options)  # type: ignore[arg-type]


def _member(
    file: RegularFile, archive: zipfile.ZipFile, inside: str, formats: Sequence[FileFormat]
) -> tuple[zipfile.ZipInfo, str]:
    """Return the member of an archive that `inside` names, and the rest of `inside`, which names an image in it."""
    members = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    name, _, rest = inside.partition("::")
    for each in members:
        if each.filename == name:
            return each, rest
    suffixes = tuple(suffix for each in formats for suffix in each.suffixes)
    images = [each for each in members if each.filename.lower().endswith(suffixes)] or members
    if len(images) == 1:
        return images[0], inside
    names = ", ".join(quoted(each.filename, 60) for each in images[:_LISTED_MEMBERS])
    more = f" and {len(images) - _LISTED_MEMBERS} more" if len(images) > _LISTED_MEMBERS else ""
    if not images:
        raise SourceUnsupported(file.what, "the archive is empty", "give another file")
    if name:
        raise SourceNotFound(file.what_of(inside), f"no such file in the archive, it holds {names}{more}")
    remedy = f"choose one, as {file.path.name}::{images[0].filename}"
    raise SourceUnsupported(file.what, f"it holds {len(images)} files: {names}{more}", remedy)
