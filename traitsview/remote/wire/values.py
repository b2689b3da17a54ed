"""The builtin values that messages consist of: each has the expected type and size, or the message is refused."""

from __future__ import annotations

import math
from typing import Any, TypeVar

from ...errors import WireError
from ...whole_numbers import number

__all__ = [
    "LARGEST_NUMBER",
    "LARGEST_LENGTH",
    "LONGEST_WAIT",
    "typed",
    "finite",
    "pack_life",
    "pack_number",
    "refusal",
    "sized",
    "unpack_flag",
    "unpack_life",
    "unpack_number",
    "unpack_sequence",
    "unpack_wait",
    "within",
]

#: The largest coordinate or count.
LARGEST_NUMBER = 1 << 62

#: The largest length of an array along one axis.
LARGEST_LENGTH = 1 << 31

#: Seconds that a call may wait for something to happen.
LONGEST_WAIT = 30.0

#: A refusal shows ints of at most so many bits.
_TOLD_BITS = 128

_T = TypeVar("_T")


def refusal(why: str) -> WireError:
    """Return the error of a message that is refused."""
    return WireError("refused a message", why)


def typed(value: object, kind: type[_T]) -> _T:
    """Return `value`, whose class has to be `kind` itself and no subclass: True is no int."""
    if type(value) is not kind:
        raise refusal(f"found {type(value).__name__}, expected {kind.__name__}")
    return value


def sized(value: object, size: int) -> tuple[Any, ...]:
    """Return a tuple of `size` items."""
    items: tuple[Any, ...] = typed(value, tuple)
    if len(items) != size:
        raise refusal(f"found {len(items)} items, expected {size}")
    return items


def within(value: object, low: int, high: int) -> int:
    """Return an int from `low` to `high`."""
    number = typed(value, int)
    if not low <= number <= high:
        raise refusal(f"{_text(number)} is not within {low} … {high}")
    return number


def _text(number: int) -> str:
    """Return an int for a message, in few characters however large it is."""
    bits = number.bit_length()
    return f"{number:.20g}" if bits <= _TOLD_BITS else f"a number of {bits} bits"


def finite(value: object) -> float:
    """Return a float that is neither infinite nor NaN."""
    number = typed(value, float)
    if not math.isfinite(number):
        raise refusal("a coordinate is not finite")
    return number


def pack_number(value: float | int) -> float | int:
    """Return the form of a number: a float, or an int if a float would round it."""
    return number(value)


def unpack_number(value: object) -> float | int:
    """Return a number: a float, or an int of 64 bits."""
    if type(value) is not int:
        return typed(value, float)
    found = number(value)
    if found != value:
        raise refusal(f"{_text(value)} is more than 64 bits hold")
    return found


def unpack_sequence(value: object) -> int:
    """Return a sequence number."""
    return within(value, 0, LARGEST_NUMBER)


def unpack_wait(value: object) -> float:
    """Return the seconds that a call may wait."""
    seconds = typed(value, float)
    if not 0 <= seconds <= LONGEST_WAIT:
        raise refusal(f"a wait must be 0 … {LONGEST_WAIT:g} s")
    return seconds


def unpack_flag(value: object) -> bool:
    """Return a bool."""
    return typed(value, bool)


def pack_life(busy: bool, left: float | None) -> tuple[bool, float | None]:
    """Return the form of a sign of life: whether the host is computing, and the seconds until its end if known."""
    return busy, left


def unpack_life(value: object) -> tuple[bool, float | None]:
    """Return whether the host is computing, and the seconds until its end, None if it is not known."""
    busy, left = sized(value, 2)
    if left is not None and finite(left) < 0:
        raise refusal(f"it ended {-left:g} s ago")
    return typed(busy, bool), left
