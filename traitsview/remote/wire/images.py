"""The facts about an image: its info with axes and world, and its summary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ... import errors
from ...sources.image_info import COLOURS, KINDS, Axis, ImageInfo, Stored
from ...sources.summary import Summary
from ...whole_numbers import WIDE
from ..protocol.channel import AttachmentChannel
from ..protocol.coder import AT_ONCE, Coder, Speeds
from .arrays import DTYPES, pack_array, unpack_array
from .pairs import as_pairs, from_pairs
from .texts import TEXT, unpack_text, unpack_words, words
from .values import LARGEST_NUMBER, pack_number, refusal, sized, typed, unpack_flag, unpack_number, within
from .viewports import unpack_extent

__all__ = [
    "INFO_BYTES",
    "SUMMARY_BYTES",
    "pack_info",
    "pack_summary",
    "unpack_info",
    "unpack_summary",
]

#: Bytes of the attachments of an `ImageInfo`, and of a `Summary`, at most.
INFO_BYTES = 1 << 24
SUMMARY_BYTES = 1 << 21

#: Characters of a name, a unit or an identity at most.
_NAME_CHARACTERS = 256

#: Axes of an image at most.
_AXES = 64

#: Notes about an image, and characters of each, at most.
_NOTES = 32
_NOTE_CHARACTERS = 512

#: The dtypes that elements of images may have.  For long doubles, pixels and samples cross in dtypes of `DTYPES`.
_ELEMENTS = (*DTYPES, *(np.dtype(long).newbyteorder("<").str for long in (np.longdouble, np.clongdouble)))

#: The elements that an array with a sample may have.
_SAMPLES = (np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.complex128))


def pack_info(info: ImageInfo, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of the info of an image; coordinates and world become attachments."""
    axes = tuple(
        (
            words(axis.name, _NAME_CHARACTERS),
            int(axis.size),
            words(axis.unit, _NAME_CHARACTERS),
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
        words(info.unit, _NAME_CHARACTERS),
        pack_array(world, channel),
        words(info.world_problem, TEXT),
        int(info.version),
        None if info.stored is None else _stored_form(info.stored),
        words(info.colour_axis, _NAME_CHARACTERS),
        tuple(words(note, _NOTE_CHARACTERS) for note in info.notes[:_NOTES]),
        bool(info.live),
        tuple(words(name, _NAME_CHARACTERS) for name in info.curves),
    )


def unpack_info(value: object, channel: AttachmentChannel) -> ImageInfo:
    """Return the info of an image."""
    name, shape, dtype, kind, extent, axes, origin, unit, world, problem, version, *more = sized(value, 16)
    stored, colours, notes, live, curves = more
    rows, columns = (within(n, 1, LARGEST_NUMBER) for n in sized(shape, 2))
    edges = unpack_extent(extent)
    if typed(kind, str) not in KINDS or typed(origin, str) not in ("lower", "upper") or edges is None:
        raise refusal("no such kind of image")
    if not ((edges[1] - edges[0]) / columns > 0 and (edges[3] - edges[2]) / rows > 0):
        raise refusal(f"an image of the extent {edges}")
    if len(typed(axes, tuple)) > _AXES:
        raise refusal(f"{len(axes)} axes")
    if len(typed(notes, tuple)) > _NOTES:
        raise refusal(f"{len(notes)} notes")
    if len(typed(curves, tuple)) not in (0, rows):
        raise refusal(f"{len(curves)} names of {rows} curves")
    return ImageInfo(
        name=unpack_words(name, TEXT),
        shape=(rows, columns),
        dtype=_unpack_dtype(dtype),
        kind=kind,
        extent=edges,
        axes=tuple(_unpack_axis(axis, channel) for axis in axes),
        origin=origin,
        unit=unpack_words(unit, _NAME_CHARACTERS),
        world=_unpack_world(world, channel),
        world_problem=unpack_words(problem, TEXT),
        version=within(version, 0, LARGEST_NUMBER),
        stored=None if stored is None else _unpack_stored(stored),
        colour_axis=unpack_words(colours, _NAME_CHARACTERS),
        notes=tuple(unpack_words(note, _NOTE_CHARACTERS) for note in notes),
        live=unpack_flag(live),
        curves=tuple(unpack_words(name, _NAME_CHARACTERS) for name in curves),
    )


def _stored_form(stored: Stored) -> tuple[object, ...]:
    nodata = stored.nodata
    number = nodata if nodata is None or isinstance(nodata, int) else float(nodata)
    return stored.dtype, float(stored.scale), pack_number(stored.offset), number


def _unpack_stored(value: object) -> Stored:
    dtype, scale, offset, nodata = sized(value, 4)
    if type(nodata) is int:
        nodata = within(nodata, -(1 << 64), 1 << 64)
    elif nodata is not None:
        nodata = typed(nodata, float)
    return Stored(_unpack_dtype(dtype), typed(scale, float), unpack_number(offset), nodata)


def _unpack_dtype(value: object) -> str:
    """Return the dtype of an image's elements, in any byte order, such as ``>f4``."""
    code = unpack_text(value, 8)
    if code.replace(">", "<", 1) not in _ELEMENTS:
        raise refusal(f"an image of {errors.quoted(code)}")
    return code


def _unpack_axis(value: object, channel: AttachmentChannel) -> Axis:
    name, size, unit, coordinates = sized(value, 4)
    found = unpack_array(coordinates, channel, (None,), np.dtype(np.float64))
    if within(size, 1, LARGEST_NUMBER) != found.size and found.size:
        raise refusal(f"an axis of {size} elements with {found.size} coordinates")
    return Axis(unpack_words(name, _NAME_CHARACTERS), size, unpack_words(unit, _NAME_CHARACTERS), tuple(found.tolist()))


def _unpack_world(value: object, channel: AttachmentChannel) -> str:
    text = unpack_array(value, channel, (None,), np.dtype(np.uint8)).tobytes().decode(errors="replace")
    return text if text.isprintable() else "\n".join(errors.printable(line) for line in text.split("\n"))


def pack_summary(
    summary: Summary, channel: AttachmentChannel, coder: Coder | None = None, speeds: Speeds = AT_ONCE
) -> tuple[object, ...]:
    """Return the form of a summary; with a `coder` its sample is encoded, as `pack_array` does it.

    The order of a sample means nothing, so it crosses sorted, which takes a third of the bytes when it is encoded.
    """
    return (
        int(summary.count),
        int(summary.valid),
        pack_number(summary.minimum),
        pack_number(summary.maximum),
        float(summary.mean),
        float(summary.std),
        pack_array(_narrow(np.sort(summary.sample)), channel, coder, speeds),
        bool(summary.exact),
        tuple(pack_summary(part, channel, coder, speeds) for part in summary.channels),
    )


def _narrow(sample: np.ndarray) -> np.ndarray:
    """Return a sample as float32 if that rounds nothing, and numbers in `WIDE` as pairs."""
    if sample.dtype == WIDE:
        return as_pairs(sample)
    with np.errstate(over="ignore"):
        narrow = sample.astype(np.float32)
    return narrow if np.array_equal(narrow, sample) else sample


def unpack_summary(value: object, channel: AttachmentChannel) -> Summary:
    """Return a summary, with the summaries of its channels for an image in colour; these have no channels again."""
    summary, parts = _unpack_summary(value, channel)
    if not parts:
        return summary
    if len(parts) not in COLOURS.values():
        raise refusal(f"a summary of {len(parts)} channels")
    unpacked = [_unpack_summary(part, channel) for part in parts]
    if any(more for _, more in unpacked):
        raise refusal("a summary of channels within one of a channel")
    return replace(summary, channels=tuple(part for part, _ in unpacked))


def _unpack_summary(value: object, channel: AttachmentChannel) -> tuple[Summary, tuple[object, ...]]:
    """Return a summary without those of its channels, and the forms of those."""
    count, valid, minimum, maximum, mean, std, sample, exact, channels = sized(value, 9)
    values = unpack_array(sample, channel, (None,), most=SUMMARY_BYTES)
    if values.dtype not in _SAMPLES:
        raise refusal(f"a sample of {values.dtype}")
    values = from_pairs(values) if values.dtype.kind == "c" else values.astype(np.float64, copy=False)
    values.setflags(write=False)
    summary = Summary(
        count=within(count, 0, LARGEST_NUMBER),
        valid=within(valid, 0, LARGEST_NUMBER),
        minimum=unpack_number(minimum),
        maximum=unpack_number(maximum),
        mean=typed(mean, float),
        std=typed(std, float),
        sample=values,
        exact=typed(exact, bool),
    )
    parts: tuple[object, ...] = typed(channels, tuple)
    return summary, parts
