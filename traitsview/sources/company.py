"""Who looks at one source, and what the one who leads shows: values that travel between viewers and their host."""

from __future__ import annotations

from dataclasses import dataclass

from ..geometry import Viewport
from .picture import Picture

__all__ = ["LOOK_LENGTH", "NAME_LENGTH", "NOBODY", "Company", "Person", "Sight"]

#: Characters of a look as text, and of the name of a viewer, at most.
LOOK_LENGTH = 32 << 10
NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who looks at a source.

    Attributes
    ----------
    number : int
        From 1; no two viewers of one source have the same.
    name : str
        As that viewer calls itself, such as ``"anna@laptop"``, made different from the other names by the host.
    guest : bool
        Whether a share let the viewer in.
    """

    number: int
    name: str
    guest: bool = False

    def __str__(self) -> str:
        return f"{self.name} (guest)" if self.guest else self.name


@dataclass(frozen=True, slots=True)
class Sight:
    """What one viewer shows at a moment.

    Attributes
    ----------
    viewport : Viewport
        Windows of other sizes show at least its extent.
    picture : Picture
        The plane and the reduction; its version is 0, since each viewer shows the newest frame that it has.
    look : str
        Colormap, scale and limits as text; see ``model/keeping/appearance_text.py``.  It is empty where they are too
        long to be told.
    cursor : (float, float) or None
        The data point under the mouse.
    """

    viewport: Viewport
    picture: Picture
    look: str = ""
    cursor: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """Those who look at one source through one host, at a moment.

    Attributes
    ----------
    version : int
        Another number for each change.
    me : int
        The number of the viewer that asked.
    people : tuple of Person
        All who look, with the one who asked, in the order in which they came.
    leader : int
        The number of the one who leads; 0 if nobody does.
    sight : Sight or None
        What the leader shows.
    looks : int
        Another number for each look that was told; so no look crosses twice.
    """

    version: int = 0
    me: int = 0
    people: tuple[Person, ...] = ()
    leader: int = 0
    sight: Sight | None = None
    looks: int = 0

    def person(self, number: int) -> Person | None:
        """Return the person with a number; None if that one has left."""
        return next((person for person in self.people if person.number == number), None)


#: What is known before a host has answered.
NOBODY = Company()
