"""Shares of a server, which its owner makes, lists and ends."""

from __future__ import annotations

from ..share import Share
from .texts import unpack_text, unpack_words, words
from .values import finite, refusal, sized, typed

__all__ = ["LONGEST_SHARE", "pack_share", "unpack_order", "unpack_share", "unpack_share_name"]

#: Things in one share, and guests that are told of, at most.
_THINGS = 16
_GUESTS = 64

#: Characters of a path, and of a name, at most.
_PATH_CHARACTERS = 512
_NAME_CHARACTERS = 64

#: Seconds that a share lasts at most: a year.
LONGEST_SHARE = 366 * 86400.0


def unpack_share_name(value: object) -> str:
    """Return the name of a share; it may be empty."""
    return unpack_text(value, _NAME_CHARACTERS)


def unpack_order(name: object, seconds: object, what: object) -> tuple[str, float, tuple[str, ...]]:
    """Return the name, the duration and the things of a share that is to be made."""
    things = typed(what, tuple)
    lasting = finite(seconds)
    if not 1 <= len(things) <= _THINGS:
        raise refusal(f"{len(things)} things in one share, at least 1 and at most {_THINGS}")
    if not 0 < lasting <= LONGEST_SHARE:
        raise refusal("a share lasts at most 366 days, and more than 0 s")
    return unpack_share_name(name), lasting, tuple(unpack_text(thing, _PATH_CHARACTERS) for thing in things)


def pack_share(share: Share | None) -> tuple[object, ...] | None:
    """Return the form of a share, or of none."""
    if share is None:
        return None
    return (
        words(share.name, _NAME_CHARACTERS),
        words(share.address, _PATH_CHARACTERS),
        words(share.file, _PATH_CHARACTERS),
        tuple(words(thing, _PATH_CHARACTERS) for thing in share.what[:_THINGS]),
        float(share.seconds),
        tuple(words(guest, _NAME_CHARACTERS) for guest in share.guests[:_GUESTS]),
    )


def unpack_share(value: object) -> Share | None:
    """Return a share, or None."""
    if value is None:
        return None
    name, address, file, what, seconds, guests = sized(value, 6)
    if len(typed(what, tuple)) > _THINGS or len(typed(guests, tuple)) > _GUESTS:
        raise refusal(f"a share of {len(what)} things with {len(guests)} guests")
    return Share(
        unpack_words(name, _NAME_CHARACTERS),
        unpack_words(address, _PATH_CHARACTERS),
        unpack_words(file, _PATH_CHARACTERS),
        tuple(unpack_words(thing, _PATH_CHARACTERS) for thing in what),
        finite(seconds),
        tuple(unpack_words(guest, _NAME_CHARACTERS) for guest in guests),
    )
