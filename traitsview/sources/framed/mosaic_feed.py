"""Many feeds as one: each brings a part of the whole."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...errors import RequestError
from ..frame import Frame, FramePart, Scalar
from ..image_info import Axis, ImageInfo
from ..image_source import ImageSource
from .feed import Arrival, Feed
from .mosaic_part import LATE_SECONDS, FeedPart, KeptFrames, PlacedPart
from .part_places import Arrangement, Place, Whole, extent_of_part, extent_of_whole
from .policies import POLICIES, Choice, Policy

__all__ = ["Join", "MosaicFeed"]

#: Makes one image of a whole and the parts that are shown of it, of which there may be none.
Join = Callable[[Whole, Sequence[PlacedPart]], ImageSource]

#: Bytes of frames that are kept of all parts together, to find a step that all have.
_KEPT_BYTES = 256 << 20

#: The first frame waits so long for all parts.
_FIRST_SECONDS = 1.0

#: Seconds between two looks at the feeds, at least.  A look takes at most a fifth of the time.
_PAUSE_SECONDS = 0.002


class MosaicFeed(Feed):
    """Parts that several publishers or engines bring, as one image.

    A part that died shows nothing from then on, and the others go on.  Parts may come later.

    Parameters
    ----------
    name : str
        Of the image.
    parts : callable
        Returns the parts that there are now, in their order.  It is called often, returns the same object for the same
        part, and closes the feed of a part that it leaves out.
    join : Join
        Makes the image of each frame.
    waiting : callable
        Returns what to say before the first frame.
    arrangement : Arrangement
        For parts that do not say where they are.
    policy : Policy
    tells_late : bool
        Whether a part whose frames are older than those of the others is said to be late.
    close : callable, optional
        Closes what `parts` made.
    """

    def __init__(
        self,
        name: str,
        parts: Callable[[], Sequence[FeedPart]],
        join: Join,
        *,
        waiting: Callable[[], str],
        arrangement: Arrangement = Arrangement(),  # noqa: B008 - it is frozen
        policy: Policy = POLICIES["latest"],
        tells_late: bool = True,
        close: Callable[[], None] | None = None,
    ) -> None:
        self._name = name
        self._list = parts
        self._join = join
        self._waiting = waiting
        self._arrangement = arrangement
        self._policy = policy
        self._tells_late = tells_late
        self._close = close
        self._closing = threading.Event()
        self._looking = threading.Lock()  # no part is closed while it is read
        self._parts: list[KeptFrames] = []
        self._known: dict[FeedPart, KeptFrames] = {}
        self._shown: tuple[Choice, tuple[str, ...]] | None = None  # the frames and states that the last frame is of
        self._moment = time.monotonic()  # when it was made
        self._blocked = ""  # why there is no newer one although parts go on
        self._count = 0
        self._state = waiting()

    @property
    def state(self) -> str:
        return self._state

    def next(self, timeout: float) -> Arrival | None:
        end = time.monotonic() + timeout
        told = self._state
        while not self._closing.is_set():
            began = time.monotonic()
            with self._looking:
                arrival = None if self._closing.is_set() else self._look()
            if arrival is not None:
                return arrival
            now = time.monotonic()
            if self._state != told or now >= end:
                break
            self._closing.wait(min(max(_PAUSE_SECONDS, 4 * (now - began)), end - now))
        return None

    def close(self) -> None:
        self._closing.set()
        with self._looking:
            if self._close is not None:
                self._close()

    def _look(self) -> Arrival | None:
        """Read all feeds once; return a frame, if there is another one to be shown."""
        self._known = {part: self._known.get(part) or KeptFrames(part) for part in self._list()}
        parts = self._parts = list(self._known.values())
        limit = _KEPT_BYTES // max(1, len(parts))
        news = sum(part.read(limit) for part in parts) > 0  # all are read
        chosen = self._policy.choose(parts)
        if chosen is None:
            self._state = self._reason(news) or self._waiting()
            return None
        if self._shown is None and any(part.awaited for part in parts) and self._is_young():
            return None
        newest = max((each.frame.since for each in chosen if each is not None and each.frame.since), default=None)
        newest = newest if self._tells_late else None
        states = tuple(part.state(newest) for part in parts)
        said = self._said(states)
        if self._shown is not None and chosen == self._shown[0] and (said or states == self._shown[1]):
            self._state = said or self._reason(news)
            return None
        self._shown, self._moment, self._blocked = (chosen, states), time.monotonic(), ""
        try:
            arrival = self._frame(chosen, states)
        except RequestError as error:
            self._state = str(error)
            return None
        self._state = arrival.frame.state
        return arrival

    def _is_young(self) -> bool:
        """Whether the first frames of other parts may still come with the first one."""
        return time.monotonic() - self._moment < _FIRST_SECONDS

    def _reason(self, news: bool) -> str:
        """Return why there has been no other frame for a long time, although parts go on."""
        if news and not self._blocked and time.monotonic() - self._moment > LATE_SECONDS:
            self._blocked = self._policy.reason(self._parts)
        return self._blocked

    def _frame(self, chosen: Sequence[Arrival | None], states: Sequence[str]) -> Arrival:
        """Return the frame that is made of the chosen frames of the parts."""
        places = self._places()
        like = _usual([part.info for part in self._parts if part.info is not None])
        shown, told = [], []
        for part, arrival, place, state in zip(self._parts, chosen, places, states, strict=True):
            info = None if arrival is None else arrival.frame.info
            if info is not None and _form(info) != _form(like):
                state = state or _unlike(info, like)
            elif arrival is not None and place is not None:
                shown.append(PlacedPart(part.part.name, arrival, place))
            told.append((part, place, state))
        whole = self._whole(like, places)
        image = self._join(whole, shown)
        self._count += 1
        curves = _curves(self._parts, like, whole.shape[0])
        info = replace(image.info, version=self._count, live=True, curves=curves, axes=_axes(image.info, like))
        frames = [part.arrival.frame for part in shown]
        frame = Frame(
            info,
            max((frame.step for frame in frames if frame.step is not None), default=None),
            max((frame.time for frame in frames if frame.time is not None), default=None),
            max((frame.since for frame in frames if frame.since is not None), default=None),
            self._count,
            _common_scalars(frames),
            self._said(states),
            tuple(_frame_part(part, place, whole, state) for part, place, state in told if place is not None),
        )
        return Arrival(frame, image, sum(part.arrival.nbytes for part in shown))

    def _places(self) -> tuple[Place | None, ...]:
        """Return where each part is; None for one of which that is not known."""
        said = [part.part.place() for part in self._parts]
        if all(place is None for place in said):
            return self._arrangement.places([part.shape for part in self._parts])
        # Parts of another whole are left out: they are of a run before, or of another calculation.
        ((whole, _),) = Counter(place.whole for place in said if place is not None).most_common(1)
        return tuple(place if place is not None and place.whole == whole else None for place in said)

    def _whole(self, like: ImageInfo, places: Sequence[Place | None]) -> Whole:
        shape = next(place.whole for place in places if place is not None)
        for part, place in zip(self._parts, places, strict=True):
            if part.info is not None and place is not None:
                return Whole(self._name, shape, extent_of_whole(part.info, place), like)
        return Whole(self._name, shape, (0.0, float(shape[1]), 0.0, float(shape[0])), like)

    def _said(self, states: Sequence[str]) -> str:
        """Return why no newer frame comes, if no part goes on."""
        if not states or not all(states):
            return ""
        name = self._parts[0].part.name
        if len(states) == 1:
            return f"{name} {states[0]}"
        return f"all parts {states[0]}" if len(set(states)) == 1 else f"no part goes on: {name} {states[0]}"


def _form(info: ImageInfo) -> tuple[object, ...]:
    """Return what all parts must have in common."""
    return info.kind, tuple(axis.size for axis in info.planes), bool(info.curves)


def _usual(infos: Sequence[ImageInfo]) -> ImageInfo:
    """Return the facts about a part that is like the most others."""
    ((form, _),) = Counter(map(_form, infos)).most_common(1)
    return next(info for info in infos if _form(info) == form)


def _unlike(info: ImageInfo, like: ImageInfo) -> str:
    """Return why a part is not shown that is of another form than the others."""
    if info.kind != like.kind:
        return f"it is of kind {info.kind}, the other parts are of kind {like.kind}"
    if bool(info.curves) != bool(like.curves):
        return f"it is {_noun(info)}, the other parts are of the kind of {_noun(like)}"
    sizes = [" × ".join(str(axis.size) for axis in each.planes) or "none" for each in (info, like)]
    return f"its axes before rows and columns are {sizes[0]}, those of the other parts {sizes[1]}"


def _noun(info: ImageInfo) -> str:
    return "a curve" if info.curves else "an image"


def _axes(info: ImageInfo, like: ImageInfo) -> tuple[Axis, ...]:
    """Return the axes of the joined image, with the units that the parts tell; of curves also with their names."""
    planes = like.planes
    ends = [
        replace(axis, unit=of.unit, name=of.name if like.curves else axis.name)
        for axis, of in zip(info.axes[-2:], like.axes[-2:], strict=True)
    ]
    return (*planes, *ends)


def _frame_part(part: KeptFrames, place: Place, whole: Whole, state: str) -> FramePart:
    """Return what is told of a part.  One of which no frame has come is taken to be as large as the others."""
    frame = None if part.newest is None else part.newest.frame
    rest = (whole.shape[0] - place.origin[0], whole.shape[1] - place.origin[1])
    rows, columns = part.shape or whole.like.shape
    where = extent_of_part((min(rows, rest[0]), min(columns, rest[1])), place, whole.extent)
    return FramePart(
        part.part.name, where, None if frame is None else frame.step, None if frame is None else frame.since, state
    )


def _curves(parts: Sequence[KeptFrames], like: ImageInfo, rows: int) -> tuple[str, ...]:
    """Return the names of the rows where the parts are curves: the part's name, or its name and the curve's."""
    names: list[str] = []
    if not like.curves:
        return ()
    for part in parts:
        curves = part.info.curves if part.info is not None else ("",)
        names.extend([part.part.name] if len(curves) == 1 else [f"{part.part.name} {curve}" for curve in curves])
    return (*names, *[""] * rows)[:rows]


def _common_scalars(frames: Sequence[Frame]) -> tuple[Scalar, ...]:
    """Return the scalars that have one value in all frames that have them."""
    values: dict[str, list[float | int | bool]] = {}
    for frame in frames:
        for name, value in frame.scalars:
            values.setdefault(name, []).append(value)
    return tuple((name, found[0]) for name, found in values.items() if all(value == found[0] for value in found))
