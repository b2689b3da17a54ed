"""The status line says of values whether they are the true ones."""

import numpy as np
import pytest

from traitsview.geometry import Viewport
from traitsview.model.status_words import precision_text
from traitsview.sources.arrays.array_source import ArraySource

EXACT, ROUNDED = "exact", "rounded to 1 in 2^53"


def said(source, step=1.0, reduction="mean"):
    viewport = Viewport((step, step), (0, 0), (4, 4))
    return precision_text(source.summarize(), viewport, source.info, reduction)


@pytest.mark.parametrize(
    ("dtype", "numbers", "scale", "text"),
    [
        ("i8", (0, 2**52), (0.5, 0.0), EXACT),
        ("i8", (0, 2**60), (0.5, 0.0), ROUNDED),
        ("i8", (-(2**60), 0), (-2.0, 7.0), ROUNDED),
        ("u8", (2**63, 2**64 - 1), (1e-3, 0.0), ROUNDED),
        ("i8", (0, 1000), (1.0, 2.0**70), ROUNDED),
        ("i8", (2**60 - 9, 2**60), (1.0, -(2.0**60)), ROUNDED),
        ("i4", (0, 1000), (1e-3, 1e15), ROUNDED),
        ("i4", (-(2**31), 2**31 - 1), (0.1, 1e6), EXACT),
        ("f8", (0, 2**60), (0.5, 0.0), EXACT),
    ],
)
@pytest.mark.parametrize("reduction", ["mean", "nearest"])
def test_integers_that_stand_for_floats_are_rounded_where_these_merge_neighbours(
    dtype, numbers, scale, text, reduction
):
    raw = np.array([numbers] * 2, dtype)
    assert said(ArraySource(raw, scale=scale, dtype="f8"), reduction=reduction) == text


def test_means_of_whole_numbers_are_rounded_where_they_are_large():
    large, small = ArraySource(np.array([[1, 2**60]] * 2)), ArraySource(np.array([[1, 2]] * 2))
    assert said(large, 2.0) == ROUNDED
    assert said(large, 2.0, "max") == EXACT
    assert said(large) == EXACT
    assert said(small, 2.0) == EXACT
    assert said(ArraySource(np.ones((2, 2), np.longdouble))) == ROUNDED
    assert said(ArraySource(np.full((2, 2), np.nan))) == EXACT
