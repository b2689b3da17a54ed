"""The namespaces of the engines of a cluster of ipyparallel: ``engines:PROFILE?EXPRESSION``."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ....errors import RequestError, SourceNotFound, SourceUnreadable, TraitsviewError, quoted
from ...framed.feed import Feed
from ...framed.framed_source import FramedSource
from ...framed.mosaic_feed import MosaicFeed
from ...framed.mosaic_part import FeedPart
from ...framed.part_places import Arrangement
from ...image_source import ImageSource
from ...query import Query
from ..far_image import answered
from ..joined_parts import joined_parts
from ..namespace import Namespace, Variable
from ..part_image import PartUnreachable
from .cluster import EngineCluster
from .door import EngineDoor
from .engine_feed import EngineFeed
from .published_data import PublishedFeed, Subscription

__all__ = ["EnginesNamespace", "open_engines"]

#: Between thumbnails, as a fraction of their size.
_GAP = 1 / 32

# Seconds that one engine may take to list its variables.
_LIST_SECONDS = 2.0

_PUBLISHED = re.compile(r"published=(\w+)")
_OPTION = re.compile(r"&(engine|layout|axis|as)=([^&=]*)$", re.ASCII)


def open_engines(place: Query, inside: str = "", **options: Any) -> ImageSource:
    """Return what an expression shows on the engines of a cluster: ``PROFILE[/ID]?EXPRESSION[&engine=3…]``."""
    text = place.text
    profile, mark, expression = text.partition("?")
    if not mark or not expression.strip():
        with EnginesNamespace(profile) as namespace:
            names = ", ".join(variable.name for variable in namespace.variables()) or "none"
        raise SourceNotFound(place.what, f"it names no array; there are: {names}", "give one, such as engines:?rho")
    namespace = EnginesNamespace(profile)
    try:
        feed = namespace.feed(expression)
    except BaseException:
        namespace.close()
        raise
    return _OwnEngines(feed, options.get("name") or expression, namespace)


class _OwnEngines(FramedSource):
    """A source that has a connection to the cluster of its own."""

    def __init__(self, feed: Feed, name: str, namespace: EnginesNamespace) -> None:
        super().__init__(feed, name)
        self._namespace = namespace

    def close(self) -> None:
        super().close()
        self._namespace.close()


@dataclass(frozen=True, slots=True)
class _Query:
    """What is shown: an expression or published data, of one engine or of all of them, and how these are arranged."""

    expression: str
    published: str = ""
    engine: int | None = None
    arrangement: Arrangement = field(default_factory=Arrangement)

    @classmethod
    def parsed(cls, text: str) -> _Query:
        options: dict[str, str] = {}
        while found := _OPTION.search(text):
            options.setdefault(found[1], found[2])
            text = text[: found.start()]
        engine = options.get("engine")
        if engine is not None and not engine.isdecimal():
            raise RequestError(f"no engine is called {quoted(engine)}", "engines have numbers", "write &engine=3")
        found = _PUBLISHED.fullmatch(text.strip())
        number = None if engine is None else int(engine)
        return cls(text.strip(), found[1] if found else "", number, _arrangement(options))


def _arrangement(options: dict[str, str]) -> Arrangement:
    if "layout" in options:
        return Arrangement.parsed(options["layout"])
    if options.get("as", "mosaic") not in ("mosaic", "grid"):
        raise RequestError(f"unknown way to show engines: {quoted(options['as'])}", "", "one of mosaic, grid")
    if options.get("axis", "0") not in ("0", "1"):
        raise RequestError(f"no such axis: {quoted(options['axis'])}", "", "0 stacks rows, 1 stacks columns")
    if options.get("as") == "grid":
        return Arrangement(0, 0, _GAP)
    return Arrangement(1, 0) if options.get("axis") == "1" else Arrangement(0, 1)


class EnginesNamespace(Namespace):
    """The variables that engines have.  All engines are asked; they need NumPy, and nothing of this package.

    Parameters
    ----------
    profile : str
        ``PROFILE`` or ``PROFILE/ID``; empty for the default profile.
    engine : int, optional
        Of one engine alone; by default, of all.
    """

    def __init__(self, profile: str = "", engine: int | None = None) -> None:
        self._profile = profile
        self._engine = engine
        self._cluster = EngineCluster(profile)

    def variables(self) -> tuple[Variable, ...]:
        wanted = [door for door in self._cluster.look() if self._engine in (None, door.number)]
        doors = [door for door in wanted if not door.lost]
        if not doors:
            why = self._cluster.state or "the engine is lost"
            raise SourceUnreadable(f"cannot list {quoted(f'engines:{self._profile}')}", why)
        found: dict[str, list[tuple[int, tuple[int, ...], str]]] = {}
        for door in doors:
            try:
                words, _ = answered(partial(door.ask, patience=_LIST_SECONDS), _VARIABLES, door.name)
                for name, shape, dtype in words["variables"]:
                    found.setdefault(str(name), []).append((door.number, tuple(int(n) for n in shape), str(dtype)))
            except (PartUnreachable, TraitsviewError, KeyError, TypeError, ValueError):
                continue  # it is busy
        return tuple(self._variable(name, each, len(doors)) for name, each in sorted(found.items()))

    def feed(self, expression: str) -> Feed:
        query = _Query.parsed(expression)
        if self._engine is not None:
            query = replace(query, engine=self._engine)
        parts = _PublishedParts(self._cluster, query) if query.published else _EngineParts(self._cluster, query)
        return MosaicFeed(
            query.published or query.expression,
            parts,
            joined_parts,
            waiting=parts.waiting,
            arrangement=query.arrangement,
            tells_late=False,
            close=parts.close,
        )

    def close(self) -> None:
        self._cluster.close()

    def _variable(self, name: str, found: Sequence[tuple[int, tuple[int, ...], str]], engines: int) -> Variable:
        _, shape, dtype = found[0]
        same = all(each[1:] == (shape, dtype) for each in found)
        numbers = ", ".join(str(number) for number, _, _ in found)
        where = f"{engines} engines" if len(found) == engines > 1 else f"engine {numbers}"
        only = "" if self._engine is None else f"&engine={self._engine}"
        return Variable(
            name, f"engines:{self._profile}?{name}{only}", shape, dtype, where + (", shapes differ" * (not same))
        )


_VARIABLES = {"do": "variables"}


class _EngineParts:
    """The engines of a cluster as the parts of a mosaic."""

    def __init__(self, cluster: EngineCluster, query: _Query) -> None:
        self._cluster = cluster
        self._query = query
        self._parts: dict[EngineDoor, tuple[FeedPart, EngineFeed | PublishedFeed]] = {}
        self._lock = threading.Lock()

    def __call__(self) -> Sequence[FeedPart]:
        with self._lock:
            doors = [door for door in self._cluster.look() if self._query.engine in (None, door.number)]
            for door in [door for door in self._parts if doors and door not in doors]:  # of a cluster before
                self._parts.pop(door)[1].close()
            for door in doors:
                if door not in self._parts:
                    feed = self._feed(door)
                    self._parts[door] = FeedPart(door.name, feed, lost=partial(_is_dark, feed)), feed
            return [part for part, _ in self._parts.values()]

    def waiting(self) -> str:
        """Return what to say before the first frame."""
        if self._cluster.state:
            return self._cluster.state
        doors = self._cluster.doors
        if self._query.engine is not None and self._query.engine not in [door.number for door in doors]:
            numbers = ", ".join(str(door.number) for door in doors)
            return f"waiting for engine {self._query.engine}; there are engines {numbers}"
        states = [f"{part.name} {part.state}" for part, _ in self._parts.values() if part.state]
        return next(iter(states), f"waiting for {quoted(self._query.expression)}")

    def close(self) -> None:
        """End all feeds."""
        with self._lock:
            for _, feed in self._parts.values():
                feed.close()

    def _feed(self, door: EngineDoor) -> EngineFeed | PublishedFeed:
        return EngineFeed(door, self._query.expression)


class _PublishedParts(_EngineParts):
    """The same for what engines publish."""

    def __init__(self, cluster: EngineCluster, query: _Query) -> None:
        super().__init__(cluster, query)
        self._subscription: Subscription | None = None

    def close(self) -> None:
        super().close()
        if self._subscription is not None:
            self._subscription.close()

    def _feed(self, door: EngineDoor) -> PublishedFeed:
        connection = self._cluster.connection or {}
        if self._subscription is None or self._subscription.connection != connection:
            if self._subscription is not None:
                self._subscription.close()
            self._subscription = Subscription(connection, self._query.published)
        return PublishedFeed(door, self._subscription, self._query.published)


def _is_dark(feed: EngineFeed | PublishedFeed) -> bool:
    return feed.dark
