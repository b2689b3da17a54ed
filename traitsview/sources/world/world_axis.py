"""One axis of the world."""

from __future__ import annotations

from dataclasses import dataclass

from .kinds import Kind

__all__ = ["WorldAxis"]


@dataclass(frozen=True)
class WorldAxis:
    """One axis of the world.

    Its intermediate coordinate at the pixel p is ``start + Σ_j row_j (p_j - r_j)``, where r is the reference pixel.

    Attributes
    ----------
    number : int
        The axis of FITS, counted from 1.
    kind : Kind
        The coordinate of the axis, and how its value follows from the intermediate coordinate.
    title : str
        A name for people, where the header gives one (``CNAMEi``).
    unit : str
        The unit of the header, in the right spelling if it is known, else as it was written.
    reference : float
        ``CRVALi``; in degrees for a projected axis.
    start : float
        The intermediate coordinate at the reference pixel: the reference value of linear axes, else mostly 0.
    row : tuple of float
        Steps of the intermediate coordinate along each pixel axis; in degrees for a projected axis.
    is_described : bool
        Whether the header describes the axis at all.
    is_given : bool
        Whether the header has any card with the steps of the axis.
    problem : str
        A sentence that says why the axis has no value, or empty.
    """

    number: int
    kind: Kind
    title: str
    unit: str
    reference: float
    start: float
    row: tuple[float, ...]
    is_described: bool
    is_given: bool
    problem: str = ""

    @property
    def is_linear(self) -> bool:
        """Whether the value is the intermediate coordinate itself."""
        return not self.kind.algorithm

    @property
    def is_told(self) -> bool:
        """Whether the axis has a value that says more than the number of the pixel."""
        if self.problem or not self.is_described:
            return False
        named = self.kind.name or self.title or self.unit not in ("", "pixel", "pix")
        return bool(named) or (self.is_given and self.kind.unit == "")
