"""The form of everything that crosses between a viewer and a host; nothing else knows it.

``pack_…`` make tuples of exact builtin values, ``unpack_…`` check every one of them and make our
own values again, or raise `WireError`.  Arrays travel beside the message as raw attachments; what
the message says of one is ``(number, dtype, shape)``.

Limits here are about what one message may ask for or bring; callers cut larger work into pieces.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from .. import errors
from ..color.indexing import Indexing
from ..errors import HostError, RequestError, TraitsviewError, WireError
from ..geometry import Extent, Viewport
from ..sources.image_source import KINDS, REDUCTIONS, Axis, ImageInfo, Plane, Stage, Summary
from . import codec
from .channel import AttachmentChannel
from .codec import AT_ONCE, Code, Coder, Speeds

__all__ = [
    "BATCH_BYTES",
    "TILE_BYTES",
    "INFO_BYTES",
    "LONGEST_WAIT",
    "PIECE_BYTES",
    "POINTS",
    "SUMMARY_BYTES",
    "TEXT",
    "TEXTS",
    "TILES",
    "Piece",
    "Place",
    "pack_array",
    "pack_error",
    "pack_info",
    "pack_piece",
    "pack_points",
    "pack_source",
    "pack_speeds",
    "pack_stages",
    "pack_summary",
    "pack_texts",
    "pack_tiles",
    "pack_viewport",
    "place_of",
    "unpack_array",
    "unpack_error",
    "unpack_extent",
    "unpack_info",
    "unpack_limit",
    "unpack_opened",
    "unpack_piece",
    "unpack_place",
    "unpack_plane",
    "unpack_points",
    "unpack_reduction",
    "unpack_sequence",
    "unpack_source",
    "unpack_speeds",
    "unpack_stages",
    "unpack_summary",
    "unpack_text",
    "unpack_texts",
    "unpack_tiles",
    "unpack_viewport",
    "unpack_wait",
]

#: Bytes of pixels in one answer to `render`.
PIECE_BYTES = 1 << 24

#: Bytes of one tile, and of the pieces of tiles in one batch.
TILE_BYTES = 1 << 22
BATCH_BYTES = 1 << 22

#: Bytes that come beside an `ImageInfo` and a `Summary`.
INFO_BYTES = 1 << 24
SUMMARY_BYTES = 1 << 21

#: Stages of one request and tiles in all of them; points in one request, points whose world is asked for at once;
#: characters of a source's text.
STAGES = 8
TILES = 1024
POINTS = 1024
TEXTS = 64
TEXT = 4096

#: Seconds that a call may wait for something to happen.
LONGEST_WAIT = 30.0

#: (column, row, rows, columns): a viewport within a grid known from elsewhere.
Place = tuple[int, int, int, int]

_WIDE = ("u2", "u4", "u8", "i2", "i4", "i8", "f2", "f4", "f8", "c8", "c16")
_DTYPES = ("|b1", "|u1", "|i1", *(f"<{kind}" for kind in _WIDE))
_FAR = 1 << 62
_LONG = 1 << 31

_T = TypeVar("_T")


def _exact(value: object, kind: type[_T]) -> _T:
    if type(value) is not kind:
        raise WireError("refused a message", f"found {type(value).__name__}, expected {kind.__name__}")
    return value


def _sized(value: object, size: int) -> tuple[Any, ...]:
    items: tuple[Any, ...] = _exact(value, tuple)
    if len(items) != size:
        raise WireError("refused a message", f"found {len(items)} items, expected {size}")
    return items


def _within(value: object, low: int, high: int) -> int:
    number = _exact(value, int)
    if not low <= number <= high:
        raise WireError("refused a message", f"{number:.20g} is not within {low} … {high}")
    return number


def _finite(value: object) -> float:
    number = _exact(value, float)
    if not math.isfinite(number):
        raise WireError("refused a message", "a coordinate is not finite")
    return number


def unpack_sequence(value: object) -> int:
    """Return a number that counts up."""
    return _within(value, 0, _FAR)


def unpack_wait(value: object) -> float:
    """Return for how many seconds a call may wait."""
    if type(value) is not float or not 0 <= value <= LONGEST_WAIT:
        raise WireError("refused a message", f"a wait must be 0 … {LONGEST_WAIT:g} s")
    return value


def unpack_text(value: object, limit: int = TEXT) -> str:
    """Return a text of at most `limit` characters."""
    text = _exact(value, str)
    if len(text) > limit:
        raise WireError("refused a message", f"a text of {len(text)} characters is over the limit of {limit}")
    return text


def _unpack_words(value: object, limit: int) -> str:
    """Return a text that is shown to people: nothing in it does anything to a terminal."""
    return errors.printable(unpack_text(value, limit))


def _words(text: str, limit: int) -> str:
    """Return the form of a text that is shown to people."""
    return errors.printable(text)[:limit]


def pack_source(text: str) -> str | bytes:
    """Return the form of what names a source; the name of a file need not be text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text)
    return text


def unpack_source(value: object) -> str:
    """Return what names a source."""
    if type(value) is not bytes:
        return unpack_text(value)
    if len(value) > TEXT:
        raise WireError("refused a message", f"a name of {len(value)} bytes is over the limit of {TEXT}")
    return os.fsdecode(value)


def unpack_reduction(value: object) -> str:
    """Return one of `REDUCTIONS`, or raise `RequestError`."""
    reduction = unpack_text(value, 64)
    if reduction not in REDUCTIONS:
        raise RequestError(f"unknown reduction {errors.quoted(reduction)}", "", f"one of {', '.join(REDUCTIONS)}")
    return reduction


def unpack_plane(value: object) -> Plane | None:
    """Return one index for each axis that is not displayed, or None."""
    if value is None:
        return None
    plane = _exact(value, tuple)
    if len(plane) > 64:
        raise WireError("refused a message", f"a plane of {len(plane)} axes")
    return tuple(_within(at, 0, _FAR) for at in plane)


def place_of(tile: Viewport) -> Place:
    """Return where a viewport is in its grid."""
    return (*tile.origin, *tile.shape)


def unpack_place(value: object) -> Place:
    """Return the place of a viewport in its grid."""
    column, row, rows, columns = _sized(value, 4)
    return (
        _within(column, -_FAR, _FAR),
        _within(row, -_FAR, _FAR),
        _within(rows, 1, _LONG),
        _within(columns, 1, _LONG),
    )


def pack_tiles(tiles: Sequence[Viewport]) -> tuple[object, ...]:
    """Return the form of viewports that share a grid, at most `TILES` of them."""
    (dx, dy), (ax, ay) = tiles[0].resolution, tiles[0].anchor
    return dx, dy, ax, ay, tuple(place_of(tile) for tile in tiles)


def unpack_tiles(value: object) -> tuple[Viewport, ...]:
    """Return viewports that share a grid."""
    dx, dy, ax, ay, places = _sized(value, 5)
    resolution, anchor = (_finite(dx), _finite(dy)), (_finite(ax), _finite(ay))
    if not 1 <= len(_exact(places, tuple)) <= TILES:
        raise WireError("refused a message", f"{len(places)} tiles at once, at most {TILES}")
    tiles = []
    for place in places:
        column, row, rows, columns = unpack_place(place)
        tiles.append(Viewport(resolution, (column, row), (rows, columns), anchor))
    return tuple(tiles)


def pack_stages(stages: Sequence[Stage]) -> tuple[object, ...]:
    """Return the form of stages, at most `STAGES` of them, with `TILES` tiles between them, each with some."""
    return tuple((pack_tiles(stage.tiles), _pack_indexing(stage.indexing)) for stage in stages)


def unpack_stages(value: object) -> tuple[Stage, ...]:
    """Return the stages of a wish."""
    if not 1 <= len(_exact(value, tuple)) <= STAGES:
        raise WireError("refused a message", f"{len(value)} stages at once, at most {STAGES}")  # type: ignore[arg-type]
    pairs = [_sized(stage, 2) for stage in value]  # type: ignore[attr-defined]
    stages = tuple(Stage(unpack_tiles(tiles), _unpack_indexing(indexing)) for tiles, indexing in pairs)
    count = sum(len(stage.tiles) for stage in stages)
    if count > TILES:
        raise WireError("refused a message", f"{count} tiles at once, at most {TILES}")
    return stages


def _pack_indexing(indexing: Indexing | None) -> tuple[object, ...] | None:
    if indexing is None:
        return None
    lo, hi = indexing.limits
    return float(lo), float(hi), indexing.scale, int(indexing.size), bool(indexing.marked)


def _unpack_indexing(value: object) -> Indexing | None:
    if value is None:
        return None
    lo, hi, scale, size, marked = _sized(value, 5)
    limits = _finite(lo), _finite(hi)
    return Indexing(limits, unpack_text(scale, 64), _within(size, 1, 65_000), _exact(marked, bool))


def pack_speeds(speeds: Speeds) -> tuple[object, ...]:
    """Return the form of what a viewer has measured."""
    return float(speeds.link), tuple(float(rate) for rate in speeds.decoding)


def unpack_speeds(value: object) -> Speeds:
    """Return what a viewer has measured."""
    link, decoding = _sized(value, 2)
    rates = [_exact(rate, float) for rate in (link, *_sized(decoding, len(AT_ONCE.decoding)))]
    if not all(rate > 0 for rate in rates):
        raise WireError("refused a message", "a speed is not positive")
    return Speeds(rates[0], tuple(rates[1:]))


def unpack_limit(value: object) -> int:
    """Return how many bytes a batch may have."""
    return _within(value, 1, BATCH_BYTES)


def pack_viewport(viewport: Viewport) -> tuple[object, ...]:
    """Return the form of one viewport."""
    return pack_tiles((viewport,))


def unpack_viewport(value: object) -> Viewport:
    """Return one viewport."""
    tiles = unpack_tiles(value)
    if len(tiles) != 1:
        raise WireError("refused a message", f"{len(tiles)} viewports, expected 1")
    return tiles[0]


def unpack_extent(value: object) -> Extent | None:
    """Return an extent, or None."""
    if value is None:
        return None
    x0, x1, y0, y1 = _sized(value, 4)
    return _finite(x0), _finite(x1), _finite(y0), _finite(y1)


def pack_points(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return the form of points, at most `POINTS` of them."""
    return tuple((float(x), float(y)) for x, y in points)


def unpack_points(value: object) -> tuple[tuple[float, float], ...]:
    """Return points ``(x, y)``; NaN is a point that is nowhere."""
    points = _exact(value, tuple)
    if len(points) > POINTS:
        raise WireError("refused a message", f"{len(points)} points at once, at most {POINTS}")
    pairs = (_sized(point, 2) for point in points)
    return tuple((_exact(x, float), _exact(y, float)) for x, y in pairs)


def pack_texts(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the form of short texts to be shown."""
    return tuple(_words(text, 200) for text in texts)


def unpack_texts(value: object, count: int) -> tuple[str, ...]:
    """Return `count` short texts to be shown."""
    return tuple(_unpack_words(text, 1024) for text in _sized(value, count))


def pack_array(
    array: np.ndarray, channel: AttachmentChannel, coder: Coder | None = None, speeds: Speeds = AT_ONCE
) -> tuple[object, ...]:
    """Attach a numeric array to the next message of `channel` and return what the message says of it.

    Where there is a `coder`, it is encoded for a link of those `speeds`.
    """
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
    if little.dtype.str not in _DTYPES:
        raise HostError("cannot send an array", f"its elements are {array.dtype}")
    code, data = (Code.RAW, little) if coder is None else coder.encode(little, speeds)
    return channel.attach(data), little.dtype.str, tuple(int(n) for n in array.shape), int(code)


def unpack_array(
    value: object,
    channel: AttachmentChannel,
    shape: tuple[int | None, ...],
    dtype: np.dtype | None = None,
    most: int = PIECE_BYTES,
) -> np.ndarray:
    """Return the array that a message tells of: contiguous, writable, native byte order.

    Parameters
    ----------
    shape : tuple
        The shape it must have; None stands for any length.
    dtype : dtype, optional
        The dtype it must have; any numeric one by default.
    most : int
        Bytes that it may have.
    """
    number, type_, lengths, code = _sized(value, 4)
    data = channel.take(_within(number, 0, _FAR))
    if data is None:
        raise WireError("refused a message", "it tells of an array that did not come with it")
    kind = _unpack_kind(type_)
    found = tuple(_within(n, 0, _LONG) for n in _sized(lengths, len(shape)))
    if math.prod(found) * kind.itemsize > most:
        raise WireError("refused a message", f"an array of shape {found}, at most {most} bytes")
    if any(n is not None and n != m for n, m in zip(shape, found, strict=True)):
        raise WireError("refused a message", f"an array of shape {found}, expected {shape}")
    if dtype is not None and kind.newbyteorder("=") != dtype:
        raise WireError("refused a message", f"an array of {kind}, expected {dtype}")
    array = codec.decode(data, _unpack_code(code), kind, found)
    return array if kind.isnative else array.astype(kind.newbyteorder("="))


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some of the bytes that a tile is written in.

    Attributes
    ----------
    stage : int
        Which stage of the wish the tile is of.
    place : Place
        Which tile of the stage it is.
    indexed : bool
        Whether its pixels are indices.
    code : Code
    dtype : dtype
        Of the pixels.
    total : int
        Bytes that the tile is written in.
    offset : int
        Of these bytes among them.
    data : ndarray of uint8
    """

    stage: int
    place: Place
    indexed: bool
    code: Code
    dtype: np.dtype
    total: int
    offset: int
    data: np.ndarray


def pack_piece(piece: Piece, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of a piece, whose bytes go beside the message."""
    number = channel.attach(piece.data)
    dtype = piece.dtype.newbyteorder("<").str
    return piece.stage, piece.place, piece.indexed, int(piece.code), dtype, piece.total, piece.offset, number


def unpack_piece(value: object, channel: AttachmentChannel) -> Piece:
    """Return a piece; that it is one of what was asked for is for others to check."""
    stage, place, indexed, code, dtype, total, offset, number = _sized(value, 8)
    data = channel.take(_within(number, 0, _FAR))
    if data is None:
        raise WireError("refused a message", "it tells of pixels that did not come with it")
    return Piece(
        stage=_within(stage, 0, STAGES - 1),
        place=unpack_place(place),
        indexed=_exact(indexed, bool),
        code=_unpack_code(code),
        dtype=_unpack_kind(dtype),
        total=_within(total, 1, TILE_BYTES),
        offset=_within(offset, 0, TILE_BYTES),
        data=data,
    )


def _unpack_kind(value: object) -> np.dtype:
    """Return the dtype of an array as it crosses."""
    code = _exact(value, str)
    if code not in _DTYPES:
        raise WireError("refused a message", f"an array of {errors.quoted(code, 20)}")
    return np.dtype(code)


def _unpack_code(value: object) -> Code:
    return Code(_within(value, min(Code), max(Code)))


def pack_info(info: ImageInfo, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of what is known about an image; coordinates and world go beside the message."""
    axes = tuple(
        (
            _words(axis.name, 256),
            int(axis.size),
            _words(axis.unit, 256),
            pack_array(np.array(axis.coordinates, np.float64), channel),
        )
        for axis in info.axes
    )
    world = np.frombuffer(info.world.encode(errors="replace"), np.uint8)
    return (
        _words(info.name, TEXT),
        tuple(int(n) for n in info.shape),
        str(info.dtype),
        info.kind,
        tuple(float(edge) for edge in info.extent),
        axes,
        info.origin,
        _words(info.unit, 256),
        pack_array(world, channel),
        int(info.version),
    )


def unpack_info(value: object, channel: AttachmentChannel) -> ImageInfo:
    """Return what is known about an image."""
    name, shape, dtype, kind, extent, axes, origin, unit, world, version = _sized(value, 10)
    rows, columns = (_within(n, 1, _FAR) for n in _sized(shape, 2))
    edges = unpack_extent(extent)
    if _exact(kind, str) not in KINDS or _exact(origin, str) not in ("lower", "upper") or edges is None:
        raise WireError("refused a message", "no such kind of image")
    if not ((edges[1] - edges[0]) / columns > 0 and (edges[3] - edges[2]) / rows > 0):
        raise WireError("refused a message", f"an image of the extent {edges}")
    if len(_exact(axes, tuple)) > 64:
        raise WireError("refused a message", f"{len(axes)} axes")
    return ImageInfo(
        name=_unpack_words(name, TEXT),
        shape=(rows, columns),
        dtype=_unpack_dtype(dtype),
        kind=kind,
        extent=edges,
        axes=tuple(_unpack_axis(axis, channel) for axis in axes),
        origin=origin,
        unit=_unpack_words(unit, 256),
        world=_unpack_world(world, channel),
        version=_within(version, 0, _FAR),
    )


def unpack_opened(value: object, channel: AttachmentChannel) -> tuple[ImageInfo, str]:
    """Return what is known about an image that was opened, and its identity."""
    info, identity = _sized(value, 2)
    return unpack_info(info, channel), unpack_text(identity, 256)


def _unpack_dtype(value: object) -> str:
    """Return a short form of dtype as stored in an image, in any byte order."""
    code = unpack_text(value, 8)
    if code.replace(">", "<", 1) not in _DTYPES:
        raise WireError("refused a message", f"an image of {errors.quoted(code)}")
    return code


def _unpack_axis(value: object, channel: AttachmentChannel) -> Axis:
    name, size, unit, coordinates = _sized(value, 4)
    found = unpack_array(coordinates, channel, (None,), np.dtype(np.float64))
    if _within(size, 1, _FAR) != found.size and found.size:
        raise WireError("refused a message", f"an axis of {size} elements with {found.size} coordinates")
    return Axis(_unpack_words(name, 256), size, _unpack_words(unit, 256), tuple(found.tolist()))


def _unpack_world(value: object, channel: AttachmentChannel) -> str:
    text = unpack_array(value, channel, (None,), np.dtype(np.uint8)).tobytes().decode(errors="replace")
    return text if text.isprintable() else "\n".join(errors.printable(line) for line in text.split("\n"))


def pack_summary(
    summary: Summary, channel: AttachmentChannel, coder: Coder | None = None, speeds: Speeds = AT_ONCE
) -> tuple[object, ...]:
    """Return the form of a summary; its sample is encoded where there is a `coder`, as `pack_array` does it."""
    return (
        int(summary.count),
        int(summary.valid),
        float(summary.minimum),
        float(summary.maximum),
        float(summary.mean),
        float(summary.std),
        pack_array(np.asarray(summary.sample, np.float64), channel, coder, speeds),
        bool(summary.exact),
    )


def unpack_summary(value: object, channel: AttachmentChannel) -> Summary:
    """Return a summary."""
    count, valid, minimum, maximum, mean, std, sample, exact = _sized(value, 8)
    values = unpack_array(sample, channel, (None,), np.dtype(np.float64))
    values.setflags(write=False)
    return Summary(
        count=_within(count, 0, _FAR),
        valid=_within(valid, 0, _FAR),
        minimum=_exact(minimum, float),
        maximum=_exact(maximum, float),
        mean=_exact(mean, float),
        std=_exact(std, float),
        sample=values,
        exact=_exact(exact, bool),
    )


_ERRORS = {
    name: kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, TraitsviewError)
}


def pack_error(error: BaseException) -> tuple[str, str, str, str]:
    """Return the form of an error; of foreign ones only the name of the class and the text cross."""
    if isinstance(error, TraitsviewError):
        what, why, remedy = (_words(part, 1024) for part in (error.what, error.why, error.remedy))
        return type(error).__name__, what, why, remedy
    return "HostError", "the host failed", _words(f"{type(error).__name__}: {error}", 1024), ""


def unpack_error(value: object) -> TraitsviewError:
    """Return an error to be raised; `HostError` where its class is not one of ours."""
    name, *parts = (_unpack_words(part, 1024) for part in _sized(value, 4))
    return _ERRORS.get(name, HostError)(*parts)
