"""The form of a frame: what its bytes mean."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["ArrayForm", "Facts", "Form"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a publisher says of its arrays beside their numbers.

    Attributes
    ----------
    extent : (x0, x1, y0, y1) or None
        In data units, of the whole image if the arrays are parts of one.
    unit : str
        Of the values.
    display : {"upper", "lower", ""}
        Where row 0 belongs on the screen; empty where nothing was said.
    place : (row, column) or None
        Where the part begins in the whole image.
    whole : (rows, columns) or None
        Of the whole image.
    """

    extent: tuple[float, float, float, float] | None = None
    unit: str = ""
    display: str = ""
    place: tuple[int, int] | None = None
    whole: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ArrayForm:
    """One array of a frame.

    Attributes
    ----------
    name : str
    dtype : str
        In NumPy's short form, with the order of bytes.
    shape : tuple of int
    offset : int
        Where it begins, in bytes from the beginning of the arrays of the slot.
    nbytes : int
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int
    nbytes: int


@dataclass(frozen=True, slots=True)
class Form:
    """All that is the same in many frames.

    Attributes
    ----------
    arrays : tuple of ArrayForm
    scalars : tuple of str
        Their names.
    facts : Facts
    """

    arrays: tuple[ArrayForm, ...] = ()
    scalars: tuple[str, ...] = ()
    facts: Facts = field(default_factory=Facts)
