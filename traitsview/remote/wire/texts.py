"""Texts that are shown to people, and texts that name a source."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ... import errors
from .values import refusal, sized, typed

__all__ = [
    "TEXT",
    "TEXTS",
    "pack_source",
    "pack_texts",
    "unpack_source",
    "unpack_text",
    "unpack_texts",
    "unpack_words",
    "words",
]

#: Characters of a text at most, and texts in one answer at most.
TEXT = 4096
TEXTS = 64

# Characters of a short text at most.
_SHORT_CHARACTERS = 1024


def unpack_text(value: object, limit: int = TEXT) -> str:
    """Return a text of at most `limit` characters."""
    text = typed(value, str)
    if len(text) > limit:
        raise refusal(f"a text of {len(text)} characters is over the limit of {limit}")
    return text


def unpack_words(value: object, limit: int) -> str:
    """Return a text that is shown to people, with control characters escaped."""
    return errors.printable(unpack_text(value, limit))


def words(text: str, limit: int) -> str:
    """Return the form of a text that is shown to people.

    A long text is cut and then ends in "…", so that a number that was cut does not look whole.
    """
    text = errors.printable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def pack_texts(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the form of short texts that are shown to people."""
    return tuple(words(text, _SHORT_CHARACTERS) for text in texts)


def unpack_texts(value: object, count: int) -> tuple[str, ...]:
    """Return `count` short texts that are shown to people."""
    return tuple(unpack_words(text, _SHORT_CHARACTERS) for text in sized(value, count))


def pack_source(text: str) -> str | bytes:
    """Return the form of the text that names a source: bytes if the name of its file is no valid text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text)
    return text


def unpack_source(value: object) -> str:
    """Return the text that names a source."""
    if type(value) is not bytes:
        return unpack_text(value)
    if len(value) > TEXT:
        raise refusal(f"a name of {len(value)} bytes is over the limit of {TEXT}")
    return os.fsdecode(value)
