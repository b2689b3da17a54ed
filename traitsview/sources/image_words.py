"""Texts about an image, for people."""

from __future__ import annotations

import numpy as np

from ..numerals import ALL, numeral
from .image_info import Stored

__all__ = ["dtype_text", "stored_text"]


def dtype_text(dtype: str) -> str:
    """Return a dtype as text: ``"float32, big-endian"``."""
    order = {"<": ", little-endian", ">": ", big-endian"}.get(dtype[:1], "")
    return np.dtype(dtype).name + order


def stored_text(stored: Stored | None) -> str:
    """Return how elements are stored: ``"as int16; x stands for 0.5 x + 10; -32768 for no value"``; empty for None."""
    if stored is None:
        return ""
    text = f"as {dtype_text(stored.dtype)}"
    if (stored.scale, stored.offset) != (1.0, 0.0):
        factor = "" if stored.scale == 1 else f"{numeral(stored.scale, 12)} "
        sign = "-" if stored.offset < 0 else "+"
        offset = f" {sign} {numeral(abs(stored.offset), ALL)}" if stored.offset else ""
        text += f"; x stands for {factor}x{offset}"
    return text if stored.nodata is None else f"{text}; {stored.nodata} for no value"
