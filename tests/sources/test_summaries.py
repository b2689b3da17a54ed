"""Summaries of every element: their values, their reads and their memory."""

import tracemalloc

import numpy as np
import pytest

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.testing.example_arrays import example_array


class Blocks:
    """An array in blocks of rows.  A block is unpacked whole."""

    def __init__(self, array, rows):
        self._array, self.shape, self.dtype = array, array.shape, array.dtype
        self.chunks = (rows, array.shape[1])
        self.unpacked = []

    def __getitem__(self, key):
        rows, size = key[0], self.chunks[0]
        self.unpacked += range(rows.start // size, -(-rows.stop // size))
        return self._array[key].copy()


def layouts():
    array = example_array("f8", (900, 700))
    yield "rows", array
    yield "columns", np.asfortranarray(array)
    yield "crop", array[33:700, 5:607]
    yield "backwards", array[::-1, ::-1]
    yield "one wide row", example_array("f4", (500, 600)).reshape(1, -1)
    yield "one high column", example_array("f4", (500, 600)).reshape(-1, 1)
    yield "integers", np.arange(630_000).reshape(900, 700).astype(">i4")


@pytest.mark.parametrize("array", [pytest.param(array, id=name) for name, array in layouts()])
@pytest.mark.parametrize("read", [False, True])
def test_summary_equals_that_of_numpy(array, read):
    finite = array[np.isfinite(array)].astype(float)
    summary = ArraySource(Blocks(array, 64) if read else array).summarize(exact=True)
    assert (summary.count, summary.valid) == (array.size, finite.size)
    assert (summary.minimum, summary.maximum) == (finite.min(), finite.max())
    assert summary.mean == pytest.approx(finite.mean(), rel=1e-12)
    assert summary.std == pytest.approx(finite.std(), rel=1e-12)


def test_each_block_of_a_file_is_unpacked_once():
    blocks = Blocks(np.zeros((1000, 4000), np.float32), 300)  # more than is read at a time otherwise
    source = ArraySource(blocks)
    source.summarize()
    sampled = len(blocks.unpacked)
    blocks.unpacked.clear()
    source.summarize(exact=True)
    assert len(blocks.unpacked) - sampled == 4


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda: np.ones((2000, 3000), np.float32), 10e6),
        (lambda: np.asfortranarray(np.ones((2000, 3000), np.float32)), 10e6),
        (lambda: np.full((2000, 3000), 2**60 + 1), 20e6),
        (lambda: Blocks(np.ones((2000, 3000), np.float32), 50), 16e6),
    ],
)
def test_summary_of_any_image_takes_little_memory(make, most):
    source = ArraySource(make())
    source.summarize(exact=True)  # memory for imports and compilation, at the first call, does not count
    tracemalloc.start()
    try:
        source.summarize(exact=True)
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def test_values_with_sums_beyond_floats_are_summarized_without_a_warning():
    values = (1.7e308 * np.linspace(-1, 1, 10_800)).reshape(90, 120)
    for exact in (False, True):
        found = ArraySource(values).summarize(exact=exact)
        assert (found.minimum, found.maximum) == (-1.7e308, 1.7e308)
        assert abs(found.mean) < 1e294
        assert found.std == pytest.approx(1.7e308 / 3**0.5, rel=1e-3)
