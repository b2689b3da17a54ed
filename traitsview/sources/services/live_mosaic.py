"""Many publishers as one picture: ``live:NAME/*`` is what ``NAME/0``, ``NAME/1`` … publish."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from ...errors import RequestError, quoted
from ...live.found_publishers import FoundPublisher, publishers
from ..framed.joined_arrays import joined_arrays
from ..framed.mosaic_feed import MosaicFeed
from ..framed.mosaic_part import FeedPart
from ..framed.part_places import Arrangement, Place
from ..framed.policies import policy_of
from .live_feed import LiveFeed, published_now

__all__ = ["is_mosaic", "mosaic_feed"]

#: What the address of many publishers ends in.
_ALL = "/*"

# Seconds between two searches for publishers, for all parts together.
_SEARCH_SECONDS = 0.5

_OPTIONS = ("policy", "layout")


def is_mosaic(name: str) -> bool:
    """Whether a name stands for many publishers: ``density/*``, ``density/*?policy=same-step``."""
    return name.partition("?")[0].endswith(_ALL)


def mosaic_feed(name: str, inside: str = "", **options: Any) -> MosaicFeed:
    """Return the frames that many publishers make together.

    Parameters
    ----------
    name : str
        ``NAME/*``, and perhaps options: ``?policy=latest`` (the default) or ``same-step``; ``&layout=2x2`` arranges
        parts that do not say where they are, which else are stacked.
    inside : str
        The name of an array; the options may stand behind it instead.
    **options
        Keywords of `ArraySource`.

    Raises
    ------
    RequestError
        If there is no such option.
    """
    name, _, query = name.partition("?")
    inside, _, query_inside = inside.partition("?")
    said = dict(parse_qsl(query or query_inside, keep_blank_values=True))
    for option in said:
        if option not in _OPTIONS:
            raise RequestError(f"unknown option {quoted(option)}", "", f"one of {', '.join(_OPTIONS)}")
    base = name.removesuffix("*")
    parts = _Publishers(base, inside, {key: value for key, value in options.items() if key != "name"})
    return MosaicFeed(
        options.get("name", f"{name}::{inside}" if inside else name),
        parts,
        joined_arrays,
        waiting=parts.waiting,
        arrangement=Arrangement.parsed(said["layout"]) if "layout" in said else Arrangement(),
        policy=policy_of(said.get("policy", "latest")),
        close=parts.close,
    )


class _Publishers:
    """The publishers whose names begin alike, as parts.  Parts whose calculation ended stay until another one begins.

    One thread at a time calls it.
    """

    def __init__(self, base: str, inside: str, options: dict[str, Any]) -> None:
        self._base, self._inside, self._options = base, inside, options
        self._searched = -_SEARCH_SECONDS
        self._found: dict[str, list[FoundPublisher]] = {}
        self._parts: dict[str, tuple[FeedPart, LiveFeed]] = {}
        self._gone: dict[str, int] = {}  # when a part was not found any more, in nanoseconds of time.monotonic

    def __call__(self) -> Sequence[FeedPart]:
        now = time.monotonic()
        if now >= self._searched + _SEARCH_SECONDS:
            self._searched = now
            self._search()
        return [self._parts[name][0] for name in sorted(self._parts, key=_natural)]

    def waiting(self) -> str:
        """Return what to say before the first frame."""
        if self._parts:
            return "waiting for the next step"
        return f"waiting for {quoted(self._base + '0')} …; {published_now()}"

    def close(self) -> None:
        """End all feeds."""
        for _, feed in self._parts.values():
            feed.close()

    def _search(self) -> None:
        self._found = {}
        for each in publishers():
            if each.name.startswith(self._base) and not each.ended:
                self._found.setdefault(each.name, []).append(each)
        moment = time.monotonic_ns()
        for name in self._parts:
            if name in self._found:
                self._gone.pop(name, None)
            else:
                self._gone.setdefault(name, moment)
        begun = [found[0].created for found in self._found.values()]
        for name in [name for name, gone in self._gone.items() if begun and gone < min(begun)]:
            self._parts.pop(name)[1].close()  # it was part of a calculation before
            del self._gone[name]
        for name in self._found:
            if name not in self._parts:
                feed = LiveFeed(name, self._inside, self._under, **self._options)
                self._parts[name] = FeedPart(name, feed, partial(_place, feed), partial(_killed, feed)), feed

    def _under(self, name: str) -> Sequence[FoundPublisher]:
        return self._found.get(name, ())


def _place(feed: LiveFeed) -> Place | None:
    for array in feed.arrays:
        if array.name == feed.shown and array.whole is not None:
            return Place(array.place, array.whole)
    return None


def _killed(feed: LiveFeed) -> bool:
    return feed.killed


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts ``d/10`` behind ``d/9``."""
    return [(int(word), "") if word.isdecimal() else (-1, word) for word in re.split(r"(\d+)", name)]
