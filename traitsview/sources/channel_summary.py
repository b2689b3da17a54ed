"""Summaries of images in colour: of all values, and of each channel, which has its own limits."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

import numpy as np

from .image_info import ImageInfo
from .summary import Summary, summary_of

__all__ = ["joined_summary", "pixels_summary"]

#: Bytes of the sample of each channel, and of the sample of all channels together.  A summary in colour crosses in as
#: few bytes as any other.
_CHANNEL_SAMPLE_BYTES = 1 << 18
_JOINED_SAMPLE_BYTES = 1 << 19


def pixels_summary(pixels: np.ndarray, info: ImageInfo, exact: bool) -> Summary:
    """Return the summary of pixels of an image, (rows, columns[, 3 | 4])."""
    if not info.has_amounts:
        return summary_of(pixels, exact)
    return joined_summary([summary_of(pixels[..., k], exact) for k in range(info.channels)])


def joined_summary(channels: Sequence[Summary]) -> Summary:
    """Return the summary of the values of several channels together, which tells of each of them as well."""
    kept = tuple(_with_sample(channel, _few(channel.sample, _CHANNEL_SAMPLE_BYTES)) for channel in channels)
    sample = np.concatenate([_few(channel.sample, _JOINED_SAMPLE_BYTES // len(channels)) for channel in channels])
    sample.setflags(write=False)
    filled = [channel for channel in channels if channel.valid]
    count, valid = sum(channel.count for channel in channels), sum(channel.valid for channel in channels)
    exact = all(channel.exact for channel in channels)
    if not filled:
        nan = float("nan")
        return Summary(count, 0, nan, nan, nan, nan, sample, exact, kept)
    weights = [channel.valid / valid for channel in filled]
    mean = fsum(weight * channel.mean for weight, channel in zip(weights, filled, strict=True))
    # Scaled, so that squares do not overflow.
    far = max(max(abs(channel.mean - mean), channel.std) for channel in filled) or 1.0
    square = fsum(
        weight * ((channel.std / far) ** 2 + ((channel.mean - mean) / far) ** 2)
        for weight, channel in zip(weights, filled, strict=True)
    )
    low, high = min(channel.minimum for channel in filled), max(channel.maximum for channel in filled)
    return Summary(count, valid, low, high, mean, sqrt(square) * far, sample, exact, kept)


def _few(sample: np.ndarray, most: int) -> np.ndarray:
    """Return at most `most` bytes of a sample.  Every n-th number is taken, whether or not the sample is sorted."""
    return sample[:: max(1, -(-sample.nbytes // most))]


def _with_sample(summary: Summary, sample: np.ndarray) -> Summary:
    return Summary(
        summary.count,
        summary.valid,
        summary.minimum,
        summary.maximum,
        summary.mean,
        summary.std,
        sample,
        summary.exact,
    )
