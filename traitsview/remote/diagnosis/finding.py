"""What came of one step of a diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...errors import TraitsviewError

__all__ = ["Finding", "Steps", "findings"]

#: Each does one thing and says what came of it, or raises `TraitsviewError`.
Steps = dict[str, Callable[[], str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one step.

    Attributes
    ----------
    step : str
        A word.
    ok : bool
    text : str
        Figures; or what is wrong, and what to do.
    """

    step: str
    ok: bool
    text: str


def findings(steps: Steps) -> Iterator[Finding]:
    """Do each of `steps`, named by a word, up to the first that raises `TraitsviewError`."""
    for name, step in steps.items():
        try:
            text = step()
        except TraitsviewError as error:
            yield Finding(name, False, "; ".join(part for part in (error.why or error.what, error.remedy) if part))
            return
        yield Finding(name, True, text)
