"""What is said between a viewer's host and the program that it looks into: JSON, and the bytes of arrays beside it.

Both ends use this module, in the same version; see `far_bundle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from ... import errors
from ...errors import SourceUnreadable, TraitsviewError, printable
from ..image_info import KINDS, Axis, ImageInfo, Stored
from ..summary import Summary

__all__ = [
    "array_words",
    "arrays_of",
    "failure_of",
    "failure_words",
    "info_of",
    "info_words",
    "summary_of_words",
    "summary_words",
]


def array_words(array: np.ndarray) -> dict[str, Any]:
    """Return the shape and the dtype of an array whose bytes follow."""
    return {"shape": list(array.shape), "dtype": array.dtype.str}


def arrays_of(reply: dict[str, Any], buffers: Sequence[Any]) -> list[np.ndarray]:
    """Return the arrays of a reply, read-only.

    Raises
    ------
    ValueError
        If they do not fit their bytes.
    """
    words = reply["arrays"]
    if not isinstance(words, list) or len(words) != len(buffers):
        raise ValueError(f"{len(buffers)} arrays came")
    made = []
    for one, buffer in zip(words, buffers):  # noqa: B905  the lengths are equal
        dtype, shape = np.dtype(str(one["dtype"])), tuple(int(n) for n in one["shape"])
        if dtype.hasobject or dtype.kind not in "buifc":
            raise ValueError(f"an array of {dtype} came")
        made.append(np.frombuffer(buffer, dtype).reshape(shape))
    return made


def info_words(info: ImageInfo) -> dict[str, Any]:
    """Return the facts about an image as JSON has them."""
    return asdict(info)


def info_of(words: Any) -> ImageInfo:
    """Return the facts about an image.

    Raises
    ------
    ValueError
        If they are not such facts.
    """
    try:
        return _info_of(words)
    except (AttributeError, KeyError, OverflowError, TypeError) as error:
        raise ValueError(f"it has {type(error).__name__}: {error}") from error


def _info_of(words: dict[str, Any]) -> ImageInfo:
    known = {field.name: words[field.name] for field in fields(ImageInfo)}
    rows, columns = known["shape"] = tuple(int(n) for n in known["shape"])
    x0, x1, y0, y1 = known["extent"] = tuple(float(edge) for edge in known["extent"])
    known["axes"] = tuple(
        Axis(str(axis["name"]), int(axis["size"]), str(axis["unit"]), tuple(map(float, axis["coordinates"])))
        for axis in known["axes"]
    )
    for name in ("name", "kind", "origin", "unit", "world", "world_problem", "colour_axis"):
        known[name] = printable(str(known[name]))
    dtype = np.dtype(str(known["dtype"]))
    known["dtype"], known["version"], known["live"] = dtype.str, int(known["version"]), bool(known["live"])
    known["notes"], known["curves"] = (tuple(map(str, known[name])) for name in ("notes", "curves"))
    known["stored"] = None if known["stored"] is None else Stored(**known["stored"])
    sides = (rows, columns) == tuple(axis.size for axis in known["axes"][-2:]) and min(rows, columns) > 0
    if not (sides and x0 < x1 and y0 < y1) or dtype.kind not in "buifc" or known["kind"] not in KINDS:
        raise ValueError("it has no elements")
    return ImageInfo(**known)


def summary_words(summary: Summary) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Return a summary as JSON has it, and its samples: of all values, then of each channel."""
    names = ("count", "valid", "minimum", "maximum", "mean", "std", "exact")
    words: dict[str, Any] = {name: getattr(summary, name) for name in names}
    words["channels"] = [summary_words(channel)[0] for channel in summary.channels]
    return words, [summary.sample, *(channel.sample for channel in summary.channels)]


def summary_of_words(words: dict[str, Any], samples: Sequence[np.ndarray]) -> Summary:
    """Return the summary; the reverse of `summary_words`."""
    first, *others = samples
    told = words["channels"]
    if len(told) != len(others):
        raise ValueError(f"{len(others)} samples came for {len(told)} channels")
    channels = tuple(summary_of_words(one, [sample]) for one, sample in zip(told, others))  # noqa: B905
    first.setflags(write=False)
    low, high = (words[name] if isinstance(words[name], int) else float(words[name]) for name in ("minimum", "maximum"))
    mean, std, exact = float(words["mean"]), float(words["std"]), bool(words["exact"])
    return Summary(int(words["count"]), int(words["valid"]), low, high, mean, std, first, exact, channels)


def failure_words(error: BaseException) -> list[str]:
    """Return an error as the name of its class and its three parts."""
    if not isinstance(error, TraitsviewError):
        error = errors.source_failure(error)
    assert isinstance(error, TraitsviewError)
    return [type(error).__name__, error.what, error.why, error.remedy]


def failure_of(words: Sequence[Any]) -> TraitsviewError:
    """Return the error; one of an unknown class is a `SourceUnreadable`."""
    name, what, why, remedy = (str(word) for word in words)
    kind = getattr(errors, name, None) if name in errors.__all__ else None
    known = isinstance(kind, type) and issubclass(kind, TraitsviewError)
    return (kind if known and kind is not None else SourceUnreadable)(what, why, remedy)
