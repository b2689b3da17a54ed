"""Which frames of the parts are shown together: the newest of each, or those of one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...errors import RequestError, quoted
from .feed import Arrival
from .mosaic_part import KeptFrames, step_of

__all__ = ["POLICIES", "Choice", "Policy", "policy_of"]

#: A frame of each part, None where nothing is to be shown of it.
Choice = tuple[Arrival | None, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """How frames of parts are chosen.

    Attributes
    ----------
    choose : callable
        Returns a frame of each part, or None while there is no choice.
    reason : callable
        Returns why there is no newer choice, as a sentence.
    """

    choose: Callable[[Sequence[KeptFrames]], Choice | None]
    reason: Callable[[Sequence[KeptFrames]], str]


def _newest_of_each(parts: Sequence[KeptFrames]) -> Choice | None:
    """Choose the newest frame of each part.  They may be of different steps."""
    if all(part.newest is None for part in parts):
        return None
    return tuple(None if part.dead else part.newest for part in parts)


def _newest_common_step(parts: Sequence[KeptFrames]) -> Choice | None:
    """Choose the frames of the newest step that all parts have which go on; of parts that ended, the same step."""
    if any(part.awaited for part in parts):
        return None
    asked = _asked(parts)
    if not asked:
        return _newest_of_each(parts)
    common = set(asked[0].steps).intersection(*(part.steps for part in asked[1:]))
    if not common:
        return None
    step = max(common)
    chosen = tuple(None if part.dead else part.steps.get(step) for part in parts)
    for part in asked:
        part.forget_before(step)
    return chosen


def _why_no_newer_step(parts: Sequence[KeptFrames]) -> str:
    newest = {part.part.name: step_of(part.newest) for part in _asked(parts) if part.newest is not None}
    if not newest:
        return ""
    slow, ahead = min(newest, key=newest.__getitem__), max(newest.values())
    what = f"no newer step that all parts have: {quoted(slow)} was at step {newest[slow]}, another part at {ahead}"
    return f"{what}; publish fewer steps (every=10), or show the latest of each"


def _asked(parts: Sequence[KeptFrames]) -> list[KeptFrames]:
    """Return the parts that must have a step: those that go on; if none does, those that ended."""
    shown = [part for part in parts if not part.dead and part.newest is not None]
    return [part for part in shown if not part.part.feed.state] or shown


#: The policies by the names that addresses have for them.
POLICIES = {
    "latest": Policy(_newest_of_each, lambda parts: ""),
    "same-step": Policy(_newest_common_step, _why_no_newer_step),
}


def policy_of(name: str) -> Policy:
    """Return the policy of a name, or raise `RequestError`."""
    if name not in POLICIES:
        raise RequestError(f"unknown policy {quoted(name)}", "", f"one of {', '.join(POLICIES)}")
    return POLICIES[name]
