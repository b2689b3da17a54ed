"""The result of one step of a diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...errors import TraitsviewError

__all__ = ["Finding", "Steps", "findings"]

#: By name: each function makes one step and returns its result in words, or raises `TraitsviewError`.
Steps = dict[str, Callable[[], str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one step.

    Attributes
    ----------
    step : str
        The name of the step, one word.
    ok : bool
        Whether it succeeded.
    text : str
        Figures if it did; otherwise what is wrong and what to do.
    """

    step: str
    ok: bool
    text: str


def findings(steps: Steps) -> Iterator[Finding]:
    """Make the `steps` one after the other, up to the first that raises `TraitsviewError`; yield their results."""
    for name, step in steps.items():
        try:
            text = step()
        except TraitsviewError as error:
            yield Finding(name, False, "; ".join(part for part in (error.why or error.what, error.remedy) if part))
            return
        yield Finding(name, True, text)
