"""Curves: each row of a source as points over x, or as the least and the greatest value in each column."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.errors import RequestError
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.arrays.curve_array import curve_source
from traitsview.sources.image_info import Axis
from traitsview.sources.image_source import never
from traitsview.sources.picture import DEFAULT_PICTURE
from traitsview.sources.questions.curves import CURVE_POINTS, Curves
from traitsview.sources.questions.question import whole
from traitsview.sources.wrapped_source import WrappedSource


def lines(source, *question):
    return whole(source.examine(Curves(*question)))


def source_of(*rows, names=None, **options):
    array = np.array(rows)
    names = names or tuple(f"c{k}" for k in range(len(array)))
    return ArraySource(array, curves=names, **options)


def test_few_elements_are_points_at_their_middles():
    found = lines(source_of([1.0, np.nan, 3.0], [4.0, 5.0, 6.0], extent=(-0.5, 2.5, 0, 2)))
    assert found.single
    assert found.rows == (0, 1)
    assert found.x.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(found.low, [[1, np.nan, 3], [4, 5, 6]])


@pytest.mark.parametrize("width", [16, 100, 999])
def test_each_column_has_the_least_and_the_greatest_value_of_its_elements(width):
    values = np.random.default_rng(3).normal(size=(2, 10_000)).astype(np.float32)
    found = lines(source_of(*values), None, width)
    assert not found.single
    assert found.low.shape == (2, len(found.x))
    assert len(found.x) <= width + 1
    dx = found.x[1] - found.x[0]
    for k, x in enumerate(found.x):
        first, last = max(int(np.floor(x - dx / 2 + 1e-6)), 0), int(np.ceil(x + dx / 2 - 1e-6))
        assert found.low[0, k] == values[0, first:last].min()
        assert found.high[1, k] == values[1, first:last].max()


def test_a_spike_of_one_element_among_millions_is_seen():
    values = np.zeros(3_000_000, np.float32)
    values[1_234_567] = 7
    found = lines(source_of(values), None, 500)
    assert found.high.max() == 7
    assert np.count_nonzero(found.high) <= 2


def test_gaps_of_nan_stay_gaps():
    values = np.ones(100_000, np.float32)
    values[20_000:40_000] = np.nan
    found = lines(source_of(values), None, 100)
    assert np.isnan(found.low).sum() == np.isnan(found.high).sum() == 20


def test_a_part_has_one_point_more_at_each_end_so_that_lines_leave_the_window():
    found = lines(source_of(np.arange(100.0), extent=(-0.5, 99.5, 0, 1)), (10.2, 14.8, 0, 1))
    assert found.x.tolist() == [10, 11, 12, 13, 14, 15]


def test_a_part_between_two_elements_has_both():
    found = lines(source_of(np.arange(100.0), extent=(-0.5, 99.5, 0, 1)), (10.2, 10.8, 0, 1))
    assert found.x.tolist() == [10, 11]


def test_a_part_outside_has_no_points():
    for extent in ((200, 300, 0, 1), (-300, -200, 0, 1)):
        found = lines(source_of(np.arange(100.0)), extent)
        assert found.low.shape == (1, 0)


def test_rows_outside_the_extent_are_left_out():
    found = lines(source_of(*np.arange(12.0).reshape(4, 3)), (0, 3, 1, 3))
    assert found.rows == (1, 2)
    np.testing.assert_array_equal(found.low, [[3, 4, 5], [6, 7, 8]])


class TestPlacesThatAreNotEquidistant:
    x = np.array([0.0, 1.0, 10.0, 11.0, 100.0])

    def sources(self, *rows):
        length = len(rows[0])
        axes = ("curve", "time")
        extent = (self.x[0], self.x[-1], 0, len(rows) + 1)
        yield source_of(self.x[:length], *rows, names=("time", *"abc"[: len(rows)]), axes=axes, extent=extent)

    def test_a_curve_with_the_name_of_the_axis_has_the_places(self):
        for source in self.sources([5.0, 4, 3, 2, 1]):
            found = lines(source)
            assert found.rows == (1,)
            assert found.x.tolist() == self.x.tolist()
            assert found.low.tolist() == [[5, 4, 3, 2, 1]]

    def test_coordinates_of_the_axis_are_the_places(self):
        axes = (Axis("curve", 1), Axis("time", 5, "s", tuple(self.x.tolist())))
        found = lines(source_of([5.0, 4, 3, 2, 1], axes=axes, extent=(0, 100, 0, 1)), (2, 10.5, 0, 1))
        assert found.x.tolist() == [1, 10, 11]
        assert found.low.tolist() == [[4, 3, 2]]

    def test_a_line_crosses_a_window_between_two_places(self):
        for source in self.sources([5.0, 4, 3, 2, 1]):
            assert lines(source, (20, 50, 0, 2)).x.tolist() == [11, 100]

    def test_columns_have_the_extremes_of_what_lies_in_them(self):
        rng = np.random.default_rng(1)
        x, y = np.sort(rng.random(20_000) ** 3), rng.normal(size=20_000)
        found = lines(source_of(x, y, names=("t", "y"), axes=("c", "t"), extent=(0, 1, 0, 2)), None, 64)
        edges = np.linspace(0, 1, 65)
        assert len(found.x) == 64
        for k in range(64):
            inside = (x >= edges[k]) & (x < edges[k + 1])
            assert (found.low[0, k], found.high[0, k]) == (y[inside].min(), y[inside].max())

    def test_places_that_go_to_and_fro_cost_no_more_than_the_window_has_columns(self):
        x = np.random.default_rng(1).random(20_000)
        found = lines(source_of(x, x, names=("t", "y"), axes=("c", "t"), extent=(0, 1, 0, 2)), None, 64)
        assert len(found.x) <= 128
        assert (found.low.min(), found.high.max()) == (x.min(), x.max())


@pytest.mark.parametrize("width", [15, CURVE_POINTS + 1])
def test_a_width_that_no_window_has_is_refused(width):
    with pytest.raises(RequestError, match=f"{width} columns"):
        Curves(None, width)


def test_more_curves_than_an_answer_holds_are_refused_with_what_to_do():
    source = ArraySource(np.zeros((1000, 3)), curves=[str(k) for k in range(1000)])
    with pytest.raises(RequestError, match=r"1000 curves in 1000 columns .*; ask for fewer of them"):
        lines(source, None, 1000)


def test_names_that_do_not_fit_the_rows_are_refused():
    with pytest.raises(RequestError, match="3 names for 2 rows"):
        source_of([1.0], [2.0], names="abc")


def test_arrays_become_curves_whose_elements_are_at_whole_numbers():
    source = curve_source([np.arange(3), np.arange(3) / 2], ("a", "b"), unit="K", name="it")
    info = source.info
    assert (info.curves, info.unit, info.name, info.extent) == (("a", "b"), "K", "it", (-0.5, 2.5, 0, 2))
    found = lines(source)
    assert found.x.tolist() == [0, 1, 2]
    assert found.low.tolist() == [[0, 1, 2], [0, 0.5, 1]]


def test_one_array_is_looked_at_where_it_is():
    array = np.zeros(5)
    source = curve_source([array], ["a"])
    array[3] = 7
    assert lines(source).low.tolist() == [[0, 0, 0, 7, 0]]


def test_a_curve_with_the_name_of_the_axis_is_a_curve_where_places_are_whole_numbers():
    assert lines(curve_source([np.arange(3)], ["index"])).rows == (0,)


@pytest.mark.parametrize("places", [[2.0, 2.0, 2.0], [np.nan, 3.0, np.nan], [np.nan] * 3, [0.0, 0.0, 0.0]])
def test_places_that_span_nothing_have_an_extent(places):
    source = curve_source([np.arange(3.0)], ["a"], places=np.array(places))
    x0, x1 = source.info.extent[:2]
    assert x0 < x1
    assert lines(source).low.shape == (1, 3) or np.isnan(places).any()


@pytest.mark.parametrize(
    ("curves", "names"), [([], []), ([np.zeros(3)], ["a", "b"]), ([np.zeros(3), np.zeros(4)], "ab"), ([[]], ["a"])]
)
def test_arrays_and_names_that_do_not_fit_are_refused(curves, names):
    with pytest.raises(RequestError, match="cannot show curves"):
        curve_source(curves, names)


class _Rendered(WrappedSource):
    """Answers questions about curves from rendered pixels."""

    def answers(self, question, picture=DEFAULT_PICTURE, stale=never):
        return question.answers(self, self.checked(picture), stale)


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2", "|i1", "<u2", "<i8", "|b1", "<c16"])
@pytest.mark.parametrize("extent", [None, (-5.0, 30.0, 0, 3), (1.7, 9.1, 1, 3), (0.31, 0.37, 0, 3)])
def test_curves_of_arrays_in_memory_are_those_that_are_rendered(dtype, extent):
    values = np.random.default_rng(3).normal(size=(3, 9973)) * 100
    values[1, 100:700] = 0
    array = values.astype(dtype)
    if array.dtype.kind == "f":
        array[1, 100:700] = np.nan
        array[2, ::50] = np.inf
    source = ArraySource(array, curves="abc", extent=(0.3, 9.9, 0, 3))
    for width in (16, 37, 1000):
        quick, rendered = lines(source, extent, width), lines(_Rendered(source), extent, width)
        assert quick.rows == rendered.rows
        np.testing.assert_array_equal(quick.x, rendered.x)
        np.testing.assert_array_equal(quick.low, rendered.low)
        np.testing.assert_array_equal(quick.high, rendered.high)
        assert quick.low.dtype == rendered.low.dtype
