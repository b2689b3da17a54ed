"""Rows of any crop of an array are found in one line of its memory."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.flat_lines import flat_lines

WHOLE = np.arange(63).reshape(9, 7)


@pytest.mark.parametrize(
    "crop",
    [WHOLE, WHOLE[2:5, 1:4], WHOLE[::2, :3], WHOLE[::-1], WHOLE[6:2:-3, 2:], WHOLE[4:5, 3:6], WHOLE[:, :1], WHOLE[-1:]],
    ids=["whole", "part", "each second row", "reversed", "reversed part", "one row", "one column", "last row"],
)
def test_each_row_is_where_it_is_said_to_be(crop):
    flat, begin, step = flat_lines(crop)
    rows = [flat[begin + r * step : begin + r * step + crop.shape[1]] for r in range(len(crop))]
    np.testing.assert_array_equal(rows, crop)
    assert np.shares_memory(flat, crop)


def test_only_a_line_that_is_asked_for_to_be_written_can_be():
    array = np.zeros((3, 4))
    assert not flat_lines(array)[0].flags.writeable
    flat, begin, step = flat_lines(array[::-1], writable=True)
    flat[begin + step] = 7
    assert array[1, 0] == 7
