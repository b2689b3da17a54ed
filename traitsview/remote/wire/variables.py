"""What can be looked at on a host: names, addresses and shapes."""

from __future__ import annotations

from collections.abc import Sequence

from ...sources.services.namespace import Variable
from .texts import unpack_text, unpack_words, words
from .values import LARGEST_NUMBER, refusal, sized, typed, within

__all__ = ["pack_variables", "unpack_variables"]

#: Variables that one answer has at most, and axes of each.
VARIABLES = 1000
_AXES = 64

#: Bytes of one answer, which is one message, and of what is around the texts and the shape of a variable.
_ROOM_BYTES = 48 << 10
_FORM_BYTES = 32

#: Characters of a name or a detail, and of an address, at most.
_CHARACTERS = 256
_ADDRESS_CHARACTERS = 4096


def pack_variables(variables: Sequence[Variable]) -> tuple[object, ...]:
    """Return the form of variables: of as many as fit into a message, and of one that says how many more there are."""
    forms: list[tuple[object, ...]] = []
    room = _ROOM_BYTES
    for each in variables[:VARIABLES]:
        if len(each.address) <= _ADDRESS_CHARACTERS and len(each.shape) <= _AXES:
            texts = (words(each.name, _CHARACTERS), each.address.encode(errors="replace").decode())
            others = (words(each.dtype, _CHARACTERS), words(each.detail, _CHARACTERS))
            room -= sum(len(text.encode()) for text in (*texts, *others)) + 10 * len(each.shape) + _FORM_BYTES
            if room < 0:
                break
            forms.append((*texts, tuple(int(n) for n in each.shape), *others))
    left = len(variables) - len(forms)
    return (*forms, *([("…", "…", (), "", f"{left} more are not listed")] if left else []))


def unpack_variables(value: object) -> tuple[Variable, ...]:
    """Return variables."""
    forms: tuple[object, ...] = typed(value, tuple)
    if len(forms) > VARIABLES + 1:
        raise refusal(f"{len(forms)} variables, at most {VARIABLES}")
    found = []
    for form in forms:
        name, address, shape, dtype, detail = sized(form, 5)
        if len(typed(shape, tuple)) > _AXES:
            raise refusal(f"an array of {len(shape)} axes")
        found.append(
            Variable(
                unpack_words(name, _CHARACTERS),
                unpack_text(address, _ADDRESS_CHARACTERS),
                tuple(within(n, 0, LARGEST_NUMBER) for n in shape),
                unpack_words(dtype, _CHARACTERS),
                unpack_words(detail, _CHARACTERS),
            )
        )
    return tuple(found)
