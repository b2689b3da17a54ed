"""Whole numbers beyond 2**53: what holds them, and how they are told."""

import numpy as np
import pytest

from traitsview.whole_numbers import WIDE, are_beyond, as_floats, is_rounded, moved, number

ENDS = [-(2**63), -(2**53) - 1, 2**53 + 1, 2**63 - 1, 2**63 + 1, 2**64 - 1]


def test_what_holds_them_has_64_bits():
    assert [int(value) for value in np.array(ENDS, WIDE)] == ENDS


@pytest.mark.parametrize("value", ENDS)
def test_a_number_beyond_is_an_int_whatever_it_came_as(value):
    dtype = np.int64 if value < 2**63 else np.uint64
    for given in (value, dtype(value), WIDE.type(value)):
        assert type(number(given)) is int
        assert number(given) == value


@pytest.mark.parametrize("value", [0, 5, -5, 2**53 - 1, 0.1, 1e20, True, np.int64(7), np.float32(0.1), WIDE.type(0.5)])
def test_all_others_are_floats(value):
    assert type(number(value)) is float
    assert number(value) == value


def test_whole_numbers_that_no_integer_of_64_bits_is_are_floats():
    assert type(number(10**30)) is float


@pytest.mark.parametrize("word", ["", "x", None, [], (1,)])
def test_what_is_no_number_is_refused(word):
    with pytest.raises((TypeError, ValueError)):
        number(word)


def test_only_what_double_precision_does_not_hold_is_rounded():
    assert is_rounded(2**60 + 1)
    assert not is_rounded(2**60)
    assert not is_rounded(1e300)


def test_integers_are_doubles_unless_some_are_beyond():
    assert as_floats(np.array([1, 2**53 - 1])).dtype == np.float64
    assert as_floats(np.array([1, -(2**53)])).dtype == WIDE
    assert as_floats(np.array([2**63], np.uint64)).dtype == WIDE
    assert as_floats(np.array([1e300])).dtype == np.float64
    assert as_floats(np.array([7, np.nan], WIDE)).dtype == np.float64
    assert as_floats(np.empty(0, np.int64)).dtype == np.float64
    assert not are_beyond(np.array([np.nan, 1.0]))


def test_a_distance_from_a_whole_number_ends_on_one():
    assert moved(0.25, 2**60, up=False) == 2**60
    assert moved(0.25, 2**60, up=True) == 2**60 + 1
    assert moved(0.25, 3, up=True) == 3.25
    assert moved(-(2.0**60), 2**60 + 5, up=True) == 5.0
