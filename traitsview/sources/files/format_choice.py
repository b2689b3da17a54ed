"""The choice of the format of a file: by the end of its name and by its first bytes, which have to agree."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import SourceUnreadable, SourceUnsupported, quoted
from .file_format import FileFormat

__all__ = ["chosen_format"]

_MAGIC = (
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
)


def chosen_format(formats: Sequence[FileFormat], name: str, head: bytes, what: str) -> FileFormat:
    """Return the format of a file.

    Parameters
    ----------
    name : str
        The name of the file, in upper or lower case.
    head : bytes
        The first 4096 bytes of the file; fewer where it is shorter.
    what : str
        How an error begins.

    Raises
    ------
    SourceUnreadable
        If it is empty.
    SourceUnsupported
        If it is of no known format, or not of the format that its name tells.
    """
    if not head:
        raise SourceUnreadable(what, "it is empty (0 bytes)", "is it still being written?")
    named = [each for each in formats if name.lower().endswith(each.suffixes)]
    found = [each for each in formats if each.recognizes(head)]
    both = [each for each in named if each in found]
    if both:
        return both[0]
    if found and not named:
        return found[0]
    if found:
        remedy = f"rename it to end in {found[0].suffixes[0]}"
        raise SourceUnsupported(what, f"it is named as {named[0].name} and begins as {found[0].name}", remedy)
    if named:
        why = f"it is named as {named[0].name} and begins with {_beginning(head)}"
        raise SourceUnsupported(what, why, "check that it was written and copied whole")
    known = ", ".join(suffix for each in formats for suffix in each.suffixes[:1])
    raise SourceUnsupported(what, f"unknown kind of file, it begins with {_beginning(head)}", f"known are {known}")


def _beginning(head: bytes) -> str:
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return f"the mark of {name}"
    if all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head[:64]):
        return f"the text {quoted(head[:24].decode('ascii'))}"
    return f"the bytes {head[:8].hex(' ')}"
