"""The calls that a viewer may make on each of its connections, by name.

The host unpacks their arguments and packs their results here and nowhere else.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from functools import lru_cache

from ...errors import RequestError, TraitsviewError
from ...geometry import Viewport
from ...sources.image_info import ImageInfo
from ...sources.questions.kernel_access import KernelAccess
from ...sources.questions.question import whole
from .. import wire
from ..protocol.channel import AttachmentChannel
from ..protocol.hello import Role
from . import deadline, memory
from .outgoing import NumberedWish
from .session import Session

__all__ = ["SCOPES", "Scope", "methods_for"]

#: Pixels of more bytes than this are not rendered when memory runs out.
_LARGE_BYTES = 1 << 22

# Seconds between two measurements of free memory.
_LOOK_SECONDS = 0.25

Methods = dict[str, Callable[..., object]]


class Scope(Enum):
    """Who may make a call."""

    LOOK = "everybody who is let in"
    OWN = "the owner of the host alone"


#: The scope of each call.  A guest of a share is refused what is not in the table.
SCOPES = {
    "wish": Scope.LOOK,
    "cancel": Scope.LOOK,
    "forget": Scope.LOOK,
    "ping": Scope.LOOK,
    "next": Scope.LOOK,
    "open": Scope.LOOK,  # what may be opened, the access says
    "render": Scope.LOOK,
    "ask": Scope.LOOK,
    "wait_newer": Scope.LOOK,
    "meet": Scope.LOOK,
    "part": Scope.LOOK,
    "lead": Scope.LOOK,
    "list": Scope.OWN,
    "share": Scope.OWN,
    "shares": Scope.OWN,
    "revoke": Scope.OWN,
}


def methods_for(role: Role, session: Session, channel: AttachmentChannel) -> Methods:
    """Return the functions that answer calls on a connection of `role`, by name."""
    methods = {Role.CONTROL: _control, Role.FRAMES: _frames, Role.CALLS: _calls}[role](session, channel)
    if not session.access.guest:
        return methods
    return {name: method if SCOPES.get(name) is Scope.LOOK else _refused for name, method in methods.items()}


def _refused(*arguments: object) -> object:
    raise RequestError("refused a call", "a guest may only look", "ask the owner of the host")


def _control(session: Session, channel: AttachmentChannel) -> Methods:
    """Return the calls that are always answered at once."""

    def wish(sequence: object, stages: object, picture: object, speeds: object) -> None:
        number = wire.unpack_sequence(sequence)
        try:
            wished = NumberedWish(number, wire.unpack_stages(stages), wire.unpack_picture(picture))
            session.speeds = wire.unpack_speeds(speeds)
            with session.source.borrowed() as source:
                for stage in wished.stages:
                    for tile in stage.tiles:
                        _check_size(tile, source.info, wire.TILE_BYTES)
        except TraitsviewError as error:
            session.fail(number, error)
        else:
            session.wish(wished)

    def cancel(sequence: object) -> None:
        session.cancel(wire.unpack_sequence(sequence))

    def forget(number: object) -> None:
        session.forget(wire.unpack_sequence(number))

    def ping(speeds: object) -> tuple[bool, float | None]:
        session.speeds = wire.unpack_speeds(speeds)
        return wire.pack_life(session.busy, deadline.seconds_left())

    def part() -> None:
        session.source.gathering.leave(session.member)

    return {"wish": wish, "cancel": cancel, "forget": forget, "ping": ping, "part": part}


def _frames(session: Session, channel: AttachmentChannel) -> Methods:
    """Return the call that waits for finished tiles."""

    def next_(timeout: object, limit: object) -> tuple[object, ...]:
        batch = session.next(wire.unpack_wait(timeout), wire.unpack_limit(limit))
        return wire.pack_batch(batch, channel)

    return {"next": next_}


def _calls(session: Session, channel: AttachmentChannel) -> Methods:
    """Return the calls that may take long."""

    def open_(text: object) -> tuple[object, ...]:
        frame = session.source.open(wire.unpack_source(text))
        with session.source.borrowed() as source:
            return wire.pack_opened(frame, source.identity, channel)

    def list_(text: object) -> tuple[object, ...]:
        return wire.pack_variables(session.listed(wire.unpack_source(text)))

    def render(viewport: object, picture: object) -> tuple[object, ...]:
        view, of = wire.unpack_viewport(viewport), wire.unpack_picture(picture)
        with session.source.borrowed() as source:
            _check_size(view, source.info, wire.RENDER_BYTES)
            if source.info.live:  # `render` would show the newest frame
                ((_, pixels),) = source.render_tiles([view], of)
            else:
                pixels = source.render(view, of.plane or None, of.reduction)
        return wire.pack_array(wire.as_pairs(pixels), channel, session.coder, session.speeds)

    def ask(number: object, question: object, picture: object) -> object:
        asked, of = wire.unpack_question(question), wire.unpack_picture(picture)
        if session.access.guest and isinstance(asked, KernelAccess):
            raise RequestError(
                "refused a question", "who can reach the kernel can run code", "ask the owner of the host"
            )
        with session.asked(wire.unpack_sequence(number)) as stale, session.source.borrowed() as source:
            answers = deque(source.examine(asked, of, stale), maxlen=1)  # partial answers are not sent
            if stale():
                return None
            answer = whole(iter(answers))
        return wire.pack_answer(asked, answer, channel, session.sample_coder, session.speeds)

    def wait_newer(version: object, timeout: object) -> tuple[object, ...]:
        frame = session.source.wait_newer(wire.unpack_sequence(version), wire.unpack_wait(timeout))
        return wire.pack_frame(frame, channel)

    def meet(name: object, seen: object, looks: object, timeout: object) -> tuple[object, ...]:
        waited = wire.unpack_sequence(seen), wire.unpack_wait(timeout)
        company = session.source.gathering.wait(session.member, wire.unpack_name(name), *waited)
        return wire.pack_company(company, wire.unpack_sequence(looks))

    def lead(begin: object, sight: object) -> bool:
        gathering = session.source.gathering
        shown = wire.unpack_sight(sight, gathering.look)
        return gathering.lead(session.member, shown, wire.unpack_flag(begin))

    return {
        "open": open_,
        "list": list_,
        "render": render,
        "ask": ask,
        "wait_newer": wait_newer,
        "meet": meet,
        "lead": lead,
        **_sharing(session),
    }


def _sharing(session: Session) -> Methods:
    """Return the calls by which the owner shares, if the host can let guests in."""
    desk = session.desk
    if desk is None:
        return {}

    def share(name: object, seconds: object, what: object) -> tuple[object, ...] | None:
        return wire.pack_share(desk.share(*wire.unpack_order(name, seconds, what)))

    def shares(place: object) -> tuple[object, ...] | None:
        number, made = wire.unpack_sequence(place), desk.shares()
        return wire.pack_share(made[number] if number < len(made) else None)

    def revoke(name: object) -> int:
        return len(desk.revoke(wire.unpack_share_name(name)))

    return {"share": share, "shares": shares, "revoke": revoke}


@lru_cache(maxsize=1)
def _pressure(moment: int) -> memory.Pressure:
    """Return the pressure on memory.  It is cached for a moment: to measure it takes a tenth of the time of a frame."""
    return memory.pressure()


def _check_size(viewport: Viewport, info: ImageInfo, limit: int) -> None:
    rows, columns = viewport.shape
    size = rows * columns * info.pixel_bytes
    if size > limit:
        raise RequestError(
            "cannot render so much at once", f"{rows} × {columns} pixels are {size} bytes, at most {limit}"
        )
    if size > _LARGE_BYTES and _pressure(int(time.monotonic() / _LOOK_SECONDS)) >= memory.Pressure.REFUSE:
        why = f"{rows} × {columns} pixels are {size / 1e6:.1f} MB, and the host has little memory left"
        raise RequestError("cannot render so much now", why, "try again later, or look at less")
