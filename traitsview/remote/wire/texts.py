"""Texts: what is shown to people, and what names a source."""

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

#: Characters of a text, and texts in one answer.
TEXT = 4096
TEXTS = 64

# Characters of a short text.
_SHORT = 1024


def unpack_text(value: object, limit: int = TEXT) -> str:
    """Return a text of at most `limit` characters."""
    text = typed(value, str)
    if len(text) > limit:
        raise refusal(f"a text of {len(text)} characters is over the limit of {limit}")
    return text


def unpack_words(value: object, limit: int) -> str:
    """Return a text that is shown to people: nothing in it does anything to a terminal."""
    return errors.printable(unpack_text(value, limit))


def words(text: str, limit: int) -> str:
    """Return the form of a text that is shown to people; where it is cut, it says so: no number may look whole."""
    text = errors.printable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def pack_texts(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the form of short texts to be shown."""
    return tuple(words(text, _SHORT) for text in texts)


def unpack_texts(value: object, count: int) -> tuple[str, ...]:
    """Return `count` short texts to be shown."""
    return tuple(unpack_words(text, _SHORT) for text in sized(value, count))


def pack_source(text: str) -> str | bytes:
    """Return the form of what names a source; the name of a file need not be text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text)
    return text


def unpack_source(value: object) -> str:
    """Return what names a source."""
    if type(value) is not bytes:
        return unpack_text(value)
    if len(value) > TEXT:
        raise refusal(f"a name of {len(value)} bytes is over the limit of {TEXT}")
    return os.fsdecode(value)
