"""The wishes of a viewer: stages of tiles, the picture that they belong to, and the speeds of the link."""

from __future__ import annotations

from collections.abc import Sequence

from ... import errors
from ...color.indexing import COLORS, CURVE, Indexing
from ...errors import RequestError
from ...sources.image_source import Stage
from ...sources.picture import REDUCTIONS, Picture
from ..protocol.coder import AT_ONCE, Speeds
from .texts import unpack_text
from .values import finite, pack_number, refusal, sized, typed, unpack_number, unpack_sequence, within
from .viewports import TILES, pack_tiles, unpack_plane, unpack_tiles

__all__ = [
    "STAGES",
    "pack_picture",
    "pack_speeds",
    "pack_stages",
    "unpack_picture",
    "unpack_speeds",
    "unpack_stages",
]

#: The most stages of one wish.
STAGES = 8


def pack_stages(stages: Sequence[Stage]) -> tuple[object, ...]:
    """Return the form of 1 to `STAGES` stages.  Each has a tile at least; together they have `TILES` at most."""
    return tuple((pack_tiles(stage.tiles), _pack_indexing(stage.indexing)) for stage in stages)


def unpack_stages(value: object) -> tuple[Stage, ...]:
    """Return the stages of a wish."""
    forms: tuple[object, ...] = typed(value, tuple)
    if not 1 <= len(forms) <= STAGES:
        raise refusal(f"{len(forms)} stages at once, at most {STAGES}")
    pairs = [sized(form, 2) for form in forms]
    stages = tuple(Stage(unpack_tiles(tiles), _unpack_indexing(indexing)) for tiles, indexing in pairs)
    count = sum(len(stage.tiles) for stage in stages)
    if count > TILES:
        raise refusal(f"{count} tiles at once, at most {TILES}")
    return stages


def _pack_indexing(indexing: Indexing | None) -> tuple[object, ...] | None:
    if indexing is None:
        return None
    lo, hi = indexing.limits
    stretch = float(indexing.contrast), float(indexing.bias)
    curve = tuple(float(point) for point in indexing.curve)
    return pack_number(lo), pack_number(hi), indexing.scale, int(indexing.size), bool(indexing.marked), *stretch, curve


def _unpack_indexing(value: object) -> Indexing | None:
    if value is None:
        return None
    lo, hi, scale, size, marked, contrast, bias, curve = sized(value, 8)
    points: tuple[object, ...] = typed(curve, tuple)
    if len(points) > CURVE:
        raise refusal(f"a curve of {len(points)} points, at most {CURVE}")
    return Indexing(
        (_unpack_limit(lo), _unpack_limit(hi)),
        unpack_text(scale, 64),
        within(size, 1, COLORS),
        typed(marked, bool),
        finite(contrast),
        finite(bias),
        tuple(finite(point) for point in points),
    )


def _unpack_limit(value: object) -> float | int:
    return unpack_number(value) if type(value) is int else finite(value)


def pack_picture(picture: Picture) -> tuple[object, ...]:
    """Return the form of a picture."""
    return tuple(int(at) for at in picture.plane), picture.reduction, int(picture.version)


def unpack_picture(value: object) -> Picture:
    """Return a picture, or raise `RequestError` if its reduction is none of `REDUCTIONS`."""
    plane, name, version = sized(value, 3)
    reduction = unpack_text(name, 64)
    if reduction not in REDUCTIONS:
        raise RequestError(f"unknown reduction {errors.quoted(reduction)}", "", f"one of {', '.join(REDUCTIONS)}")
    return Picture(unpack_plane(plane), reduction, unpack_sequence(version))


def pack_speeds(speeds: Speeds) -> tuple[object, ...]:
    """Return the form of the speeds that a viewer has measured."""
    return float(speeds.link), tuple(float(rate) for rate in speeds.decoding)


def unpack_speeds(value: object) -> Speeds:
    """Return the speeds that a viewer has measured."""
    link, decoding = sized(value, 2)
    rates = [typed(rate, float) for rate in (link, *sized(decoding, len(AT_ONCE.decoding)))]
    if not all(rate > 0 for rate in rates):
        raise refusal("a speed is not positive")
    return Speeds(rates[0], tuple(rates[1:]))
