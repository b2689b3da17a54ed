"""Shading, checked against its definition written for one value at a time in exact arithmetic."""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from fractions import Fraction

import cmap
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from kit.patience import PATIENCE

from traitsview.color.catalogue import MENU, colormap
from traitsview.color.colormap import Colormap
from traitsview.color.scales import LABELS, SCALES, scale_named
from traitsview.color.shading import Shading
from traitsview.errors import RequestError

#: Scales of amounts.
SPREADING = [scale for scale in SCALES if scale not in LABELS]

GRAY = colormap("gray")
MARKED = Colormap(
    "marked", cmap.Colormap(["black", "white"]), under=(1, 0, 0, 1), over=(0, 1, 0, 1), bad=(0, 0, 1, 0.5)
)


def exact_place(value: float, lo: float, hi: float, n: int) -> Fraction:
    """How many colours into the table a finite value lies, on the linear scale."""
    return (Fraction(value) - Fraction(lo)) / (Fraction(hi) - Fraction(lo)) * n


def defined(value: float, lo: float, hi: float, n: int, slack: float = 0.0) -> set[int]:
    """The rows of the table that a value may be given, when its place may be wrong by `slack` colours."""
    if math.isnan(value):
        return {n + 2}
    if value < lo:
        return {n}
    if value > hi:
        return {n + 1}
    place = exact_place(value, lo, hi, n)
    shift = Fraction(slack)
    return {min(max(math.floor(p), 0), n - 1) for p in (place - shift, place + shift)}


def check(values: np.ndarray, lo: float, hi: float, n: int = 256, slack: float = 1e-9) -> None:
    rows = Shading((lo, hi), MARKED, steps=n).indices(values)
    for value, row in zip(values.ravel().tolist(), rows.ravel().tolist(), strict=True):
        assert row in defined(value, lo, hi, n, slack), (value, row)


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(npst.arrays(np.float64, (3, 5), elements=st.floats()), finite, finite, st.integers(2, 400))
def test_any_double_under_any_limits_is_placed_as_defined(values, a, b, n):
    lo, hi = min(a, b), max(a, b)
    if lo < hi:
        check(values, lo, hi, n)


@given(npst.arrays(np.float32, (3, 5), elements=st.floats(width=32)), finite, finite, st.integers(2, 400))
def test_any_single_under_any_limits_is_placed_as_defined(values, a, b, n):
    lo, hi = min(a, b), max(a, b)
    if lo < hi:
        check(values, lo, hi, n, slack=1e-3)


@given(st.data(), st.floats(-1e300, 1e300), st.floats(1e-12, 1e12))
def test_doubles_between_the_limits_are_placed_as_defined(data, lo, span):
    hi = lo + span
    if lo < hi:
        values = data.draw(npst.arrays(np.float64, (4, 4), elements=st.floats(lo, hi)))
        check(values, lo, hi)


@pytest.mark.parametrize(
    ("lo", "hi"),
    [
        (1e9 - 1e-3, 1e9 + 1e-3),
        (1e9, 1e9 + 10),
        (-1.7e308, 1.7e308),
        (0.0, 1.7e308),
        (0.0, 5e-324 * 1000),
        (5e-324, 1e-322),
        (2.0**-1040, 2.0**-1030),
        (0.0, 1e-40),
        (-1e-38, 1e-38),
    ],
)
def test_close_huge_and_tiny_limits_keep_their_colours(lo, hi):
    t = np.linspace(0, 1, 1000)
    values = np.clip(lo * (1 - t) + hi * t, lo, hi).reshape(20, 50)
    check(values, lo, hi)
    check(np.array([[lo, hi, np.nextafter(lo, -math.inf), np.nextafter(hi, math.inf)]]), lo, hi)


def test_singles_under_double_limits_at_a_large_offset_keep_their_colours():
    values = np.float32(1e6) + np.arange(160, dtype=np.float32).reshape(8, 20) / 16
    check(values, 1e6, 1e6 + 10.0)
    assert len(np.unique(Shading((1e6, 1e6 + 10), GRAY).indices(values))) == 160
    check(values, 1e6 + 0.01, 1e6 + 9.99)


def test_250_colours_are_seen_within_10_of_1e9():
    values = np.linspace(1e9, 1e9 + 10, 4096).reshape(64, 64)
    assert len(np.unique(Shading((1e9, 1e9 + 10), GRAY).indices(values))) >= 250


@pytest.mark.parametrize("scale", SPREADING)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_every_scale_bends_the_way_to_the_colours(scale, dtype):
    values = np.linspace(-1, 5, 3000, dtype=dtype).reshape(50, 60)
    lo, hi, n = 0.0, 4.0, 256
    rows = Shading((lo, hi), MARKED, scale=scale).indices(values).ravel()
    for value, row in zip(values.ravel().tolist(), rows.tolist(), strict=True):
        if lo <= value <= hi:
            place = float(scale_named(scale, (lo, hi)).forward(np.array(value / 4))) * n
            assert row in {min(max(math.floor(place + e), 0), n - 1) for e in (-2e-3, 2e-3)}
        else:
            assert row == (n if value < lo else n + 1)


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", ">f4", ">i2", "?"])
def test_every_real_dtype_is_shaded(dtype):
    values = np.array([[0, 1], [1, 0]]).astype(dtype)
    assert Shading((0, 1), GRAY).indices(values).tolist() == [[0, 255], [255, 0]]


def test_big_integers_keep_double_precision():
    values = np.array([[2**40, 2**40 + 1, 2**40 + 2]])
    assert Shading((2.0**40, 2.0**40 + 2), GRAY).indices(values).tolist() == [[0, 128, 255]]


def test_nan_is_transparent_and_infinities_have_the_end_colours():
    pixels = Shading((0, 1), GRAY).rgba(np.array([[math.nan, -math.inf, math.inf, -5, 5]]))
    assert pixels[0].tolist() == [[0, 0, 0, 0], [0, 0, 0, 255], [255] * 4, [0, 0, 0, 255], [255] * 4]


def test_under_over_and_bad_colours_are_used():
    pixels = Shading((0, 1), MARKED).rgba(np.array([[math.nan, -math.inf, math.inf, -5, 5, 0, 1]]))
    red, green = [255, 0, 0, 255], [0, 255, 0, 255]
    assert pixels[0].tolist() == [[0, 0, 255, 127], red, green, red, green, [0, 0, 0, 255], [255] * 4]


@pytest.mark.parametrize("options", [{"contrast": 0.1}, {"bias": 0.2}, {"scale": "hinge:-5"}, {"inverted": True}])
@pytest.mark.parametrize("mark", ["under", "over", "bad"])
def test_values_outside_look_like_the_limits_unless_their_own_colour_is_said(options, mark):
    marked = replace(GRAY, **{mark: (1, 0, 0, 1)})
    values = np.array([[-1.0, 0.0, 5.0, 10.0, 11.0, np.nan]])
    plain = Shading((0, 10), GRAY, **options).rgba(values)
    np.testing.assert_array_equal(plain[0, [0, 4]], plain[0, [1, 3]])
    expected = plain.copy()
    expected[0, {"under": 0, "over": 4, "bad": 5}[mark]] = 255, 0, 0, 255
    np.testing.assert_array_equal(Shading((0, 10), marked, **options).rgba(values), expected)


@pytest.mark.parametrize("scale", SPREADING)
@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (1, 1), (3, 200_001), (200_001, 1)])
def test_any_shape_is_shaded(shape, scale):
    shading = Shading((0, 1), GRAY, scale=scale)
    assert shading.argb(np.full(shape, math.nan)).tolist() == np.zeros(shape, int).tolist()
    assert (shading.argb(np.ones(shape, np.float32)) == 0xFFFFFFFF).all()


def test_an_image_is_shaded_alike_in_blocks_and_alone():
    values = np.random.default_rng(0).normal(size=(700, 900)).astype(np.float32)
    values[::7, ::11] = math.nan
    values[5, 5] = math.inf
    shading = Shading((-1, 1), MARKED)
    whole = shading.argb(values)
    rows = np.vstack([shading.argb(values[k : k + 1]) for k in range(len(values))])
    np.testing.assert_array_equal(whole, rows)


def test_argb_is_premultiplied_in_one_word():
    half = Colormap("half", cmap.Colormap([(1.0, 0.5, 0.0, 0.5), (0.0, 0.0, 1.0, 1.0)]))
    first, last = Shading((0, 1), half).argb(np.array([[0.0, 1.0]]))[0]
    assert (hex(first), hex(last)) == ("0x7f7f3f00", "0xff0000ff")


@pytest.mark.parametrize("name", MENU)
def test_argb_and_rgba_are_the_same_colours(name):
    values = np.linspace(0, 1, 600).reshape(20, 30)
    shading = Shading((0, 1), colormap(name))
    rgba, argb = shading.rgba(values).astype(np.uint32), shading.argb(values)
    np.testing.assert_array_equal(rgba[..., 3] << 24 | rgba[..., 0] << 16 | rgba[..., 1] << 8 | rgba[..., 2], argb)


def test_strided_values_and_a_strided_answer_are_fine():
    values = np.random.default_rng(0).random((40, 60))
    shading = Shading((0, 1), GRAY)
    out = np.zeros((20, 60), np.uint32)
    assert shading.argb(values[::2, ::-2], out=out[:, ::2]).base is out
    np.testing.assert_array_equal(out[:, ::2], shading.argb(np.ascontiguousarray(values[::2, ::-2])))
    assert not out[:, 1::2].any()


@pytest.mark.parametrize("out", [np.empty((2, 2), np.uint32), np.empty((2, 3), np.int32)])
def test_an_answer_that_does_not_fit_is_refused(out):
    with pytest.raises(ValueError, match="out must be uint32"):
        Shading((0, 1), GRAY).argb(np.zeros((2, 3)), out=out)


@pytest.mark.parametrize(
    "values", [np.zeros(3), np.zeros((2, 2), complex), np.zeros((2, 2), "U1"), np.zeros((2, 2, 5))]
)
def test_what_is_not_a_picture_is_refused(values):
    with pytest.raises(ValueError, match=r"shape|parts"):
        Shading((0, 1), GRAY).argb(values)


def test_colour_images_are_shown_as_they_are():
    shading = Shading((5, 6), colormap("viridis"), inverted=True)
    rgb = np.array([[[0, 127.5, 255], [1.4, 1.6, 300], [math.nan, 1, 2], [-3, 0, 0]]], np.float32)
    assert shading.rgba(rgb)[0].tolist() == [[0, 128, 255, 255], [1, 2, 255, 255], [0, 0, 0, 0], [0, 0, 0, 255]]
    assert [hex(word) for word in shading.argb(rgb)[0]] == ["0xff0080ff", "0xff0102ff", "0x0", "0xff000000"]
    rgba = np.array([[[255, 128, 0, 128]]], np.uint8)
    assert shading.rgba(rgba).tolist() == rgba.tolist()
    assert hex(shading.argb(rgba)[0, 0]) == "0x80804000"


def test_inverting_reverses_the_colours_and_leaves_the_marks():
    values = np.array([[-1, 0, 0.3, 1, 2, math.nan]])
    plain, inverted = Shading((0, 1), MARKED).rgba(values)[0], Shading((0, 1), MARKED, inverted=True).rgba(values)[0]
    assert inverted[[0, 4, 5]].tolist() == plain[[0, 4, 5]].tolist()
    assert inverted[[1, 3]].tolist() == plain[[3, 1]].tolist()
    np.testing.assert_array_equal(
        Shading((0, 1), colormap("viridis"), inverted=True).table[:256],
        Shading((0, 1), colormap("viridis_r")).table[:256],
    )


def test_flat_colours_get_equal_shares_between_the_limits():
    shading = Shading((0, 10), colormap("tab10"))
    assert shading.size == 10
    rows = shading.indices(np.linspace(0, 10, 1000, endpoint=False).reshape(10, 100))
    assert np.bincount(rows.ravel()).tolist() == [100] * 10


@pytest.mark.parametrize("scale", SPREADING)
@pytest.mark.parametrize("limits", [(0.0, 1.0), (-3.0, 1e6), (-1.7e308, 1.7e308), (1e9, 1e9 + 1)])
def test_the_colour_bar_finds_values_and_their_places(scale, limits):
    shading = Shading(limits, GRAY, scale=f"hinge:{limits[0] / 4 + limits[1] * 0.75}" if scale == "hinge" else scale)
    fractions = np.linspace(0, 1, 11)
    values = shading.value_at(fractions)
    assert (values[0], values[-1]) == limits
    assert (np.diff(values) > 0).all()
    np.testing.assert_allclose(shading.fraction_of(values), fractions, atol=1e-4 if limits[0] == 1e9 else 1e-7)
    assert shading.fraction_of([limits[0] * 1.0, math.inf, -math.inf]).tolist() == [0, 1, 0]
    assert np.isnan(shading.fraction_of(math.nan))
    assert shading.value_at(0.0) == limits[0]


@pytest.mark.parametrize("limits", [(1, 1), (math.nan, 1), (1, math.nan), (0, math.inf), (-math.inf, 0)])
def test_limits_that_make_no_sense_are_refused(limits):
    with pytest.raises(RequestError):
        Shading(limits, GRAY)


@pytest.mark.parametrize("wrong", [{"scale": "none"}, {"steps": 1}, {"steps": 10**6}])
def test_other_nonsense_is_refused(wrong):
    with pytest.raises(RequestError):
        Shading((0, 1), GRAY, **wrong)


def test_the_table_is_made_once_and_cannot_be_changed():
    shading = Shading((0, 1), GRAY)
    assert shading.table is Shading((5, 6), colormap("gray")).table
    with pytest.raises(ValueError, match="read-only"):
        shading.table[0] = 1


def test_equal_shadings_are_one_value():
    assert Shading((0, 1), GRAY) == Shading((0.0, 1.0), colormap("gray"))
    assert hash(Shading((0, 1), GRAY)) == hash(Shading((0.0, 1.0), colormap("gray")))
    assert Shading((0, 1), GRAY) != Shading((0, 1), GRAY, scale="log")


def test_threads_do_not_share_what_they_work_in():
    images = [np.full((300, 400), k / 8, np.float32) for k in range(8)]
    shading = Shading((0, 1), GRAY)
    wrong: list[int] = []

    def shade(k: int) -> None:
        for _ in range(20):
            if (shading.indices(images[k]) != 32 * k).any():
                wrong.append(k)

    threads = [threading.Thread(target=shade, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert not wrong


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0)])
def test_nothing_has_no_colours(shape):
    shading = Shading((0, 1), GRAY)
    assert shading.argb(np.empty(shape)).shape == shape
