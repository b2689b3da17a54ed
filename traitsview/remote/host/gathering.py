"""Those who look at one source of a host: their names, who leads, and what the leader shows."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from ...errors import RequestError
from ...sources.company import Company, Person, Sight

__all__ = ["Gathering", "Member"]


@dataclass(frozen=True, eq=False, slots=True)
class Member:
    """A session, as a gathering knows it.

    Attributes
    ----------
    guest : bool
        Whether a share let the viewer in.
    gone : callable
        Returns whether the session has ended.
    """

    guest: bool
    gone: Callable[[], bool]


class Gathering:
    """Those who look at one source.  It holds one sight, the newest: nothing queues.  Any thread may call any method.

    A member comes with its first `wait`, and has to `leave`.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._people: dict[Member, Person] = {}
        self._company = Company(version=1)

    def wait(self, member: Member, name: str, seen: int, timeout: float) -> Company:
        """Return the company when it has another version than `seen`, or when `timeout` seconds have passed.

        It also returns when the member leaves meanwhile.

        Raises
        ------
        RequestError
            If the session has ended.
        """
        with self._changed:
            me = self._number(member, name)
            self._changed.wait_for(lambda: self._company.version != seen or member not in self._people, timeout)
            return replace(self._company, me=me)

    def lead(self, member: Member, sight: Sight | None, begin: bool) -> bool:
        """Note what a session shows; return whether it leads, which only a member can.

        Parameters
        ----------
        member : Member
        sight : Sight or None
            None gives the lead up.
        begin : bool
            True takes the lead from whoever has it.  False notes the sight only if the member leads.

        Raises
        ------
        RequestError
            If a guest wants to take the lead from a member who is not a guest.
        """
        with self._changed:
            person = self._people.get(member)
            if person is None:
                return False  # contact was lost, and it has not come again yet
            leader = self._company.person(self._company.leader)
            if begin and sight is not None:
                if leader is not None and person.guest and not leader.guest:
                    raise RequestError("cannot lead", f"{leader} leads", "follow, or ask for the lead")
            elif leader is not person:
                return False
            self._show(0 if sight is None else person.number, sight)
            return sight is not None

    @property
    def look(self) -> str:
        """The look that the leader has told last; empty if nobody leads."""
        sight = self._company.sight
        return "" if sight is None else sight.look

    def leave(self, member: Member) -> None:
        """Take note that a member looks no more."""
        with self._changed:
            person = self._people.pop(member, None)
            if person is None:
                return
            if self._company.leader == person.number:
                self._show(0, None)
            self._count()

    def _number(self, member: Member, name: str) -> int:
        """Return the number of a member, who may just have come."""
        if member.gone():
            raise RequestError("cannot look with others", "the session has ended")
        person = self._people.get(member)
        if person is None:
            taken = {str(other) for other in self._people.values()}
            person = Person(next(self._numbers), name, member.guest)
            for number in itertools.count(2):
                if str(person) not in taken:
                    break
                person = replace(person, name=f"{name} {number}")
            self._people[member] = person
            self._count()
        return person.number

    def _show(self, leader: int, sight: Sight | None) -> None:
        was = self._company
        before = was.sight.look if was.sight is not None else None
        looks = was.looks + (sight is not None and sight.look != before)
        self._company = replace(was, version=was.version + 1, leader=leader, sight=sight, looks=looks)
        self._changed.notify_all()

    def _count(self) -> None:
        was, people = self._company, tuple(self._people.values())
        self._company = replace(was, version=was.version + 1, people=people)
        self._changed.notify_all()
