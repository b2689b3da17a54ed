"""Errors: the name of the class and the three parts cross, and become an error of the same class again."""

from __future__ import annotations

from ... import errors
from ...errors import HostError, TraitsviewError
from .texts import unpack_words, words
from .values import sized

__all__ = ["pack_error", "unpack_error"]

#: Characters of each part at most.
_PART_CHARACTERS = 1024

_ERRORS = {
    name: kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, TraitsviewError)
}


def pack_error(error: BaseException) -> tuple[str, str, str, str]:
    """Return the form of an error; a foreign one becomes a `HostError` with the name of its class and its text."""
    if isinstance(error, TraitsviewError):
        what, why, remedy = (words(part, _PART_CHARACTERS) for part in (error.what, error.why, error.remedy))
        return type(error).__name__, what, why, remedy
    return "HostError", "the host failed", words(f"{type(error).__name__}: {error}", _PART_CHARACTERS), ""


def unpack_error(value: object) -> TraitsviewError:
    """Return an error to be raised, a `HostError` if its class is not one of traitsview's."""
    name, *parts = (unpack_words(part, _PART_CHARACTERS) for part in sized(value, 4))
    return _ERRORS.get(name, HostError)(*parts)
