"""Makes bytes and values that are nearly right, and some that are not right at all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

#: Numbers at which code for sizes, counts and offsets often goes wrong.
NUMBERS = (0, 1, 2, 16, 127, 128, 255, 256, 4095, 65535, 65536, 65537, 2**24, 2**31 - 1, 2**31, 2**32 - 1)
WIDE = (2**40, 2**62, 2**62 + 1, 2**63 - 1, 2**63, 2**64 - 1)

#: Values of every kind that RPyC sends, at the edges of their ranges.
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    *NUMBERS,
    *WIDE,
    2**70,
    -1,
    -(2**31),
    -(2**62),
    -(2**63),
    0.0,
    -0.0,
    1.0,
    0.5,
    -1.5,
    5e-324,
    1e-300,
    1e300,
    1.7976931348623157e308,
    float("nan"),
    float("inf"),
    float("-inf"),
    "",
    "x",
    "mean",
    "min",
    "nearest",
    "<f4",
    "|O",
    "<f8,<f8",
    "\0",
    "\x1b[31m",
    "<b>bold</b>",
    "\ud800",
    "é" * 70,
    "a" * 5000,
    b"",
    b"x",
    b"\xff" * 300,
    (),
    (1,),
    (1.0, 1.0),
    (0, 0, 1, 1),
    ((), ((),)),
    1j,
    slice(1, 2, 3),
    ...,
    NotImplemented,
    frozenset({1, 2}),
)

#: The most values in one nested value.
_MOST = 6000


def mutated(rng: random.Random, data: bytes, others: Sequence[bytes] = (), most: int = 6) -> bytes:
    """Return `data` after 1 to `most` random accidents."""
    changed = bytearray(data)
    for _ in range(min(most, rng.choice((1, 1, 1, 2, 3, 6)))):
        _have_accident(rng, changed, others)
    return bytes(changed)


def _have_accident(rng: random.Random, data: bytearray, others: Sequence[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    upto = min(len(data), at + rng.choice((1, 2, 4, 8, 16, 64)))
    match rng.randrange(11):
        case 0 | 1 if at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        case 2 if at < len(data):
            data[at] = rng.choice((0, 1, 2, 3, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        case 3:
            width = rng.choice((2, 4, 4, 8))
            number = rng.choice(NUMBERS + WIDE if width == 8 else NUMBERS)
            data[at : at + width] = (number % (1 << 8 * width)).to_bytes(width, "big")
        case 4:
            data[at:at] = rng.randbytes(rng.choice((1, 2, 5, 9, 32)))
        case 5:
            del data[at:upto]
        case 6:
            data[at:at] = data[at:upto] * rng.choice((1, 1, 2, 50))
        case 7:
            del data[at:]
        case 8 if others:
            data[at:upto] = rng.choice(others)[: rng.choice((4, 32, 1000))]
        case 9:
            data[at:upto] = rng.randbytes(upto - at)
        case _ if at < len(data):
            data[at] = (data[at] + rng.choice((-1, 1))) % 256


def mutated_value(rng: random.Random, value: Any) -> Any:
    """Return `value` after 1 to 3 random changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        value = _other_value(rng, value)
    return value


def _weight(value: Any) -> int:
    """Return the number of values in a nested value."""
    return 1 + sum(map(_weight, value)) if type(value) is tuple else 1


def _other_value(rng: random.Random, value: Any) -> Any:
    if type(value) is tuple and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        match rng.randrange(12):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return (*value[:at], rng.choice(VALUES), *value[at:])
            case 2:
                return (value[at],) * min(rng.choice((len(value), 2, 65, 1025, 2000)), 1 + _MOST // _weight(value[at]))
            case 3:
                return value * 2 if 2 * _weight(value) < _MOST else ()
            case 4:
                return value[at]
            case _:
                return (*value[:at], _other_value(rng, value[at]), *value[at + 1 :])
    kind = type(value)
    if kind is int and rng.random() < 0.6:
        return rng.choice((value + 1, value - 1, -value, value * 2, value * 1000, float(value % 2**60), value % 2 == 0))
    if kind is float and rng.random() < 0.6:
        return rng.choice((value * 2, -value, value * 1e-9, value * 1e9, value + 1, str(value), rng.uniform(-1e6, 1e6)))
    if kind is str and value and rng.random() < 0.5:
        return rng.choice(
            (
                value[1:],
                value * 2,
                value * 500 if len(value) < 100 else "",
                value.encode("utf-8", "replace"),
                value[::-1],
                value + "\0",
                value.upper(),
            )
        )
    return rng.choice(VALUES)
