"""Numbers as text: whole ones whole, others in as many digits as tell them apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traitsview.numerals import comma_remedy, numeral, numerals, position

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((0.25, 1000.5), ("0.25", "1000.5")),
        ((-103.60212, 103.53249), ("-103.602", "103.532")),
        ((1e12 - 103.6, 1e12 + 103.5), ("999999999896.4", "1000000000103.5")),
        ((-1e308, 1.5e308), ("-1e+308", "1.5e+308")),
        ((0, 5e-324), ("0", "4.94066e-324")),
        ((10.0000000001, 10.0000000009), ("10.0000000001", "10.0000000009")),
        ((10.0, 10.0000001, 10.0000001000001, 20.0), ("10", "10.0000001", "10.0000001000001", "20")),
        ((2**60, 2**60 + 1), ("1152921504606846976", "1152921504606846977")),
        ((np.uint64(2**64 - 1), np.uint64(2**64 - 2)), ("18446744073709551615", "18446744073709551614")),
        ((np.longdouble(2**60), np.longdouble(2**60 + 1)), ("1152921504606846976", "1152921504606846977")),
        ((0.0, 255.0), ("0", "255")),
        ((1234567.0, 7654321.5), ("1234567", "7.65432e+06")),
        ((np.float32(0.1), np.float32(0.3)), ("0.1", "0.3")),
        ((7.0, 7.0), ("7", "7")),
        ((float("nan"), 1.0), ("nan", "1")),
    ],
)
def test_numbers_that_are_shown_together_have_as_many_digits_as_tell_them_apart(values, texts):
    assert numerals(*values) == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0, "0"),
        (1e6, "1000000"),
        (1e12, "1e+12"),
        (123456789012.0, "123456789012"),
        (2**70, str(2**70)),
        (np.longdouble(-(2**63)), str(-(2**63))),
        (np.longdouble(0.5), "0.5"),
        (np.longdouble("nan"), "nan"),
        (np.longdouble(2) ** 80, "1.20893e+24"),
        (np.float32(1e20), "1e+20"),
    ],
)
def test_whole_numbers_are_written_whole_unless_a_power_of_ten_is_shorter(value, text):
    assert numeral(value) == text


@given(st.lists(FINITE | st.integers(-(2**70), 2**70), min_size=2, max_size=6))
def test_different_numbers_never_have_one_text(values):
    texts = numerals(*values)
    assert len(set(texts)) == len(set(values))


@given(FINITE, st.floats(1e-12, 1e-3))
def test_the_distance_of_two_numbers_is_shown_to_a_thousandth(value, part):
    other = value * (1 + part)
    if not np.isfinite(other):
        return
    low, high = (float(text) for text in numerals(value, other))
    wanted = abs(other - value)
    assert abs(abs(high / 2 - low / 2) - wanted / 2) <= wanted / 1000 + 4 * np.spacing(abs(value))


@pytest.mark.parametrize("step", [1e-20, 3e-10, 0.004, 0.3, 0.5, 1, 1.99, 2, 7, 1e6, 1e20])
@pytest.mark.parametrize("begin", [0, 0.5, 312.5, -3.25, 1e5 + 0.5])
def test_neighbouring_positions_differ(step, begin):
    texts = [position((begin + k) * step, step) for k in range(-6, 7)]
    assert len(set(texts)) == len(texts)
    assert all(float(a) < float(b) for a, b in pairwise(texts))


def test_positions_have_no_more_digits_than_they_need():
    assert [position(column + 0.5, 1) for column in (312, 313, 314)] == ["312.5", "313.5", "314.5"]
    assert position(1234.5, 10) == "1234"
    assert position(-0.001, 1) == "0.0"
    assert position(3.12e-18, 1e-20) == "3.120e-18"


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["112,5"], "write 112.5, with a point"),
        (["7", "-0,5e3"], "write -0.5e3, with a point"),
        (["99,5%"], "write 99.5%, with a point"),
        (["2,5sigma"], "write 2.5sigma, with a point"),
        (["1,000,000"], "write 1000000, without commas"),
        (["1,234.5"], "write 1234.5, without commas"),
        (["112.5", "1,", ",5", "a,5", 3.5], ""),
    ],
)
def test_a_number_with_a_comma_is_said_to_need_a_point(words, remedy):
    assert comma_remedy(words) == remedy
