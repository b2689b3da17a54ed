"""Who looks at one source, and what the leader shows."""

from __future__ import annotations

from ...errors import RequestError
from ...sources.company import LOOK_LENGTH, NAME_LENGTH, Company, Person, Sight
from .texts import unpack_text, unpack_words, words
from .values import finite, refusal, sized, typed, unpack_flag, unpack_sequence, within
from .viewports import pack_viewport, unpack_viewport
from .wishes import pack_picture, unpack_picture

__all__ = ["pack_company", "pack_name", "pack_sight", "unpack_company", "unpack_name", "unpack_sight"]

#: Viewers of one source that are told of.  With these and a look a message is within its limit.
_PEOPLE = 64


def pack_name(name: str) -> str:
    """Return the form of the name of a viewer."""
    return words(name, NAME_LENGTH)


def unpack_name(value: object) -> str:
    """Return the name of a viewer, with control characters escaped."""
    name = words(unpack_text(value, NAME_LENGTH), NAME_LENGTH).strip()
    if not name:
        raise refusal("a name is empty")
    return name


def pack_sight(sight: Sight | None, look: bool = True) -> tuple[object, ...] | None:
    """Return the form of what a viewer shows, with its look only if `look` says so."""
    if sight is None:
        return None
    cursor = None if sight.cursor is None else tuple(float(at) for at in sight.cursor)
    return pack_viewport(sight.viewport), pack_picture(sight.picture), sight.look if look else None, cursor


def unpack_sight(value: object, look: str | None = None) -> Sight | None:
    """Return what a viewer shows; `look` is its look if the form has none, or None if the form has to have one."""
    if value is None:
        return None
    viewport, picture, said, cursor = sized(value, 4)
    if said is not None:
        look = unpack_text(said, LOOK_LENGTH)
        if not look.isascii():  # JSON that we write is, so that its bytes are as many as its characters
            raise refusal("a look that is not in ASCII")
    elif look is None:
        raise refusal("what a viewer shows has no look")
    try:
        seen = unpack_viewport(viewport)
    except RequestError as error:
        raise refusal(str(error)) from error
    if cursor is not None:
        x, y = sized(cursor, 2)
        cursor = finite(x), finite(y)
    return Sight(seen, unpack_picture(picture), look, cursor)


def pack_company(company: Company, looks: int) -> tuple[object, ...]:
    """Return the form of a company for a viewer that has the look number `looks`."""
    people = tuple((person.number, pack_name(person.name), person.guest) for person in company.people[:_PEOPLE])
    sight = pack_sight(company.sight, company.looks != looks)
    return company.version, company.me, people, company.leader, sight, company.looks


def unpack_company(value: object, known: Company) -> Company:
    """Return a company; `known` is the one before, whose look may still be the one."""
    version, me, people, leader, sight, looks = sized(value, 6)
    if len(typed(people, tuple)) > _PEOPLE:
        raise refusal(f"{len(people)} viewers of one source")
    there = []
    for person in people:
        number, name, guest = sized(person, 3)
        there.append(Person(unpack_sequence(number), unpack_words(name, NAME_LENGTH), unpack_flag(guest)))
    number = unpack_sequence(looks)
    look = known.sight.look if known.sight is not None and known.looks == number else None
    found = unpack_sight(sight, look)
    if (found is None) != (within(leader, 0, 1 << 62) == 0):
        raise refusal("a leader who shows nothing, or nobody who shows something")
    return Company(unpack_sequence(version), unpack_sequence(me), tuple(there), leader, found, number)
