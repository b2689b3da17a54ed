"""What is known about an image: its axes, its world, its summary."""

from __future__ import annotations

import numpy as np

from ... import errors
from ...sources.image_source import KINDS, Axis, ImageInfo, Summary
from ..channel import AttachmentChannel
from ..coder import AT_ONCE, Coder, Speeds
from .arrays import DTYPES, pack_array, unpack_array
from .texts import TEXT, unpack_text, unpack_words, words
from .values import FAR, refusal, sized, typed, within
from .viewports import unpack_extent

__all__ = [
    "INFO_BYTES",
    "SUMMARY_BYTES",
    "pack_info",
    "pack_opened",
    "pack_summary",
    "unpack_info",
    "unpack_opened",
    "unpack_summary",
]

#: Bytes that come beside an `ImageInfo` and a `Summary`.
INFO_BYTES = 1 << 24
SUMMARY_BYTES = 1 << 21

#: Characters of names and units, and of an identity.
_NAME = 256

#: Axes of an image.
_AXES = 64

#: The elements that a sample may cross as.
_SAMPLES = (np.dtype(np.float32), np.dtype(np.float64))


def pack_opened(info: ImageInfo, identity: str, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of what is known about an image that was opened, and of its identity."""
    return pack_info(info, channel), identity[:_NAME]


def unpack_opened(value: object, channel: AttachmentChannel) -> tuple[ImageInfo, str]:
    """Return what is known about an image that was opened, and its identity."""
    info, identity = sized(value, 2)
    return unpack_info(info, channel), unpack_text(identity, _NAME)


def pack_info(info: ImageInfo, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of what is known about an image; coordinates and world go beside the message."""
    axes = tuple(
        (
            words(axis.name, _NAME),
            int(axis.size),
            words(axis.unit, _NAME),
            pack_array(np.array(axis.coordinates, np.float64), channel),
        )
        for axis in info.axes
    )
    world = np.frombuffer(info.world.encode(errors="replace"), np.uint8)
    return (
        words(info.name, TEXT),
        tuple(int(n) for n in info.shape),
        str(info.dtype),
        info.kind,
        tuple(float(edge) for edge in info.extent),
        axes,
        info.origin,
        words(info.unit, _NAME),
        pack_array(world, channel),
        words(info.world_problem, TEXT),
        words(info.world_note, TEXT),
        int(info.version),
    )


def unpack_info(value: object, channel: AttachmentChannel) -> ImageInfo:
    """Return what is known about an image."""
    name, shape, dtype, kind, extent, axes, origin, unit, world, problem, note, version = sized(value, 12)
    rows, columns = (within(n, 1, FAR) for n in sized(shape, 2))
    edges = unpack_extent(extent)
    if typed(kind, str) not in KINDS or typed(origin, str) not in ("lower", "upper") or edges is None:
        raise refusal("no such kind of image")
    if not ((edges[1] - edges[0]) / columns > 0 and (edges[3] - edges[2]) / rows > 0):
        raise refusal(f"an image of the extent {edges}")
    if len(typed(axes, tuple)) > _AXES:
        raise refusal(f"{len(axes)} axes")
    return ImageInfo(
        name=unpack_words(name, TEXT),
        shape=(rows, columns),
        dtype=_unpack_dtype(dtype),
        kind=kind,
        extent=edges,
        axes=tuple(_unpack_axis(axis, channel) for axis in axes),
        origin=origin,
        unit=unpack_words(unit, _NAME),
        world=_unpack_world(world, channel),
        world_problem=unpack_words(problem, TEXT),
        world_note=unpack_words(note, TEXT),
        version=within(version, 0, FAR),
    )


def _unpack_dtype(value: object) -> str:
    """Return a short form of dtype as stored in an image, in any byte order."""
    code = unpack_text(value, 8)
    if code.replace(">", "<", 1) not in DTYPES:
        raise refusal(f"an image of {errors.quoted(code)}")
    return code


def _unpack_axis(value: object, channel: AttachmentChannel) -> Axis:
    name, size, unit, coordinates = sized(value, 4)
    found = unpack_array(coordinates, channel, (None,), np.dtype(np.float64))
    if within(size, 1, FAR) != found.size and found.size:
        raise refusal(f"an axis of {size} elements with {found.size} coordinates")
    return Axis(unpack_words(name, _NAME), size, unpack_words(unit, _NAME), tuple(found.tolist()))


def _unpack_world(value: object, channel: AttachmentChannel) -> str:
    text = unpack_array(value, channel, (None,), np.dtype(np.uint8)).tobytes().decode(errors="replace")
    return text if text.isprintable() else "\n".join(errors.printable(line) for line in text.split("\n"))


def pack_summary(
    summary: Summary, channel: AttachmentChannel, coder: Coder | None = None, speeds: Speeds = AT_ONCE
) -> tuple[object, ...]:
    """Return the form of a summary; its sample is encoded where there is a `coder`, as `pack_array` does it.

    A sample has no order, so it goes by size, which takes a third of the bytes when it is encoded.
    """
    return (
        int(summary.count),
        int(summary.valid),
        float(summary.minimum),
        float(summary.maximum),
        float(summary.mean),
        float(summary.std),
        pack_array(_narrow(np.sort(np.asarray(summary.sample, np.float64))), channel, coder, speeds),
        bool(summary.exact),
    )


def _narrow(sample: np.ndarray) -> np.ndarray:
    """Return float64 as float32, where that loses nothing."""
    with np.errstate(over="ignore"):
        narrow = sample.astype(np.float32)
    return narrow if np.array_equal(narrow, sample) else sample


def unpack_summary(value: object, channel: AttachmentChannel) -> Summary:
    """Return a summary."""
    count, valid, minimum, maximum, mean, std, sample, exact = sized(value, 8)
    values = unpack_array(sample, channel, (None,), most=SUMMARY_BYTES)
    if values.dtype not in _SAMPLES:
        raise refusal(f"a sample of {values.dtype}")
    values = values.astype(np.float64, copy=False)
    values.setflags(write=False)
    return Summary(
        count=within(count, 0, FAR),
        valid=within(valid, 0, FAR),
        minimum=typed(minimum, float),
        maximum=typed(maximum, float),
        mean=typed(mean, float),
        std=typed(std, float),
        sample=values,
        exact=typed(exact, bool),
    )
