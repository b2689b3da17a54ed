"""Scales are those of Matplotlib and astropy, where these have them."""

from __future__ import annotations

from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from astropy.visualization import AsinhStretch, LinearStretch, LogStretch, SinhStretch, SqrtStretch, SquaredStretch
from matplotlib.colors import LogNorm, PowerNorm, SymLogNorm, TwoSlopeNorm

from traitsview.color.catalogue import colormap
from traitsview.color.scales import LABELS, SCALES, check_scale, scale_named
from traitsview.color.shading import Shading
from traitsview.errors import RequestError

THEIRS = {
    "linear": LinearStretch(),
    "sqrt": SqrtStretch(),
    "square": SquaredStretch(),
    "log": LogStretch(1000),
    "asinh": AsinhStretch(0.1),
    "sinh": SinhStretch(1 / 3),
}
CURVE = (0.0, 0.1, 0.15, 0.5, 1.0)
SPECS = [*(scale for scale in SCALES if scale not in LABELS), "power:0.5", "power:3", "symlog:0.01", "hinge:0.5"]
LIMITS = [
    (0.0, 1.0),
    (-3.0, 5.0),
    (-2e-313, 1.0),
    (-1.0, 2e-313),
    (10.0, 20.0),
    (-1e6, -1.0),
    (-1e308, 1.7e308),
    (0.0, 5e-324),
]

each_spec = pytest.mark.parametrize("spec", SPECS)


@pytest.mark.parametrize("name", THEIRS)
def test_scales_are_those_of_astropy(name):
    t = np.linspace(0, 1, 1001)
    np.testing.assert_allclose(scale_named(name).forward(t), THEIRS[name](t), atol=1e-12)


@pytest.mark.parametrize("gamma", [0.2, 0.5, 1, 2.2, 5])
def test_power_is_that_of_matplotlib(gamma):
    values = np.linspace(-3, 5, 1001)
    theirs = PowerNorm(gamma, vmin=-3, vmax=5)(values)
    np.testing.assert_allclose(scale_named(f"power:{gamma}").forward((values + 3) / 8), theirs, atol=1e-12)


@pytest.mark.parametrize(
    ("lo", "hi"), [(1, 1000), (1e-5, 1e5), (3, 3.5), (1e9, 2e9), (1e-300, 1e-290), (1e-150, 1e150), (0.001, 7)]
)
def test_log10_is_the_logarithm_of_matplotlib(lo, hi):
    values = np.concatenate([np.geomspace(lo, hi, 1001), np.linspace(lo, hi, 1001)]).clip(lo, hi)
    ours = scale_named("log10", (lo, hi)).forward((values - lo) / (hi - lo))
    np.testing.assert_allclose(ours, LogNorm(lo, hi)(values), atol=1e-9)


def test_log10_of_limits_that_are_close_is_exact():
    """Where Matplotlib subtracts logarithms that are nearly equal."""
    t = np.linspace(0, 1, 101)
    np.testing.assert_allclose(scale_named("log10", (1e9, 1e9 + 10)).forward(t), t, atol=1e-8)
    np.testing.assert_allclose(scale_named("log10", (2**60, 2**60 + 10)).forward(t), t, atol=1e-15)


def test_log10_gives_each_decade_as_many_colours():
    scale = scale_named("log10", (1.0, 1e4))
    decades = (np.array([1, 10, 100, 1000, 1e4]) - 1) / (1e4 - 1)
    np.testing.assert_allclose(scale.forward(decades), [0, 0.25, 0.5, 0.75, 1], atol=1e-12)
    np.testing.assert_allclose(scale.inverse(np.array([0, 0.25, 0.5, 0.75, 1])), decades, atol=1e-12)


@pytest.mark.parametrize("lo", [0.0, -3.0, -1000.0])
def test_log10_begins_four_decades_below_the_upper_limit_where_the_lower_one_is_not_above_0(lo):
    values = np.array([lo, min(lo + 1e-9, 0), 0, 1e-5, 0.1, 1, 10, 100, 1000])
    s = scale_named("log10", (lo, 1000.0)).forward((values - lo) / (1000.0 - lo))
    np.testing.assert_allclose(s, [0, 0, 0, 0, 0, 0.25, 0.5, 0.75, 1], atol=1e-9)


@pytest.mark.parametrize("limits", [(-5.0, -1.0), (-1.0, 0.0), (-1e300, 1.0)])
def test_log10_is_linear_where_no_logarithm_has_room(limits):
    t = np.linspace(0, 1, 11)
    np.testing.assert_array_equal(scale_named("log10", limits).forward(t), t)


def test_values_without_a_logarithm_are_under_the_limits():
    marked = replace(colormap("gray"), under=(1, 0, 0, 1), bad=(0, 0, 1, 1))
    values = np.array([[-5.0, 0.0, 0.5, 1.0, 1000.0, np.nan, -np.inf]])
    red, black, white, blue = [255, 0, 0, 255], [0, 0, 0, 255], [255, 255, 255, 255], [0, 0, 255, 255]
    found = Shading((1, 1000), marked, "log10").rgba(values)[0].tolist()
    assert found == [red, red, red, black, white, blue, red]
    plain = Shading((1, 1000), replace(marked, under=None), "log10").rgba(values)[0].tolist()
    assert plain == [black, black, black, black, white, blue, black]
    zero = Shading((0, 1000), marked, "log10").rgba(values)[0].tolist()
    assert (zero[0], zero[1]) == (red, black)


@pytest.mark.parametrize("dtype", ["f4", "f8", "i2", "u2"])
def test_images_on_log10_look_as_in_matplotlib(dtype):
    values = np.round(np.geomspace(1, 30_000, 4000)).astype(dtype).reshape(40, 100)
    ours = Shading((1, 30_000), colormap("viridis"), "log10").rgba(values).astype(int)
    theirs = matplotlib.colormaps["viridis"](LogNorm(1, 30_000)(values.astype(float)), bytes=True).astype(int)
    assert (ours != theirs).any(axis=-1).mean() < 0.002  # where a value falls between two colours


@pytest.mark.parametrize(("lo", "hi"), [(-5, 5), (-1, 1000), (-1000, 0.5), (3, 2000), (-7, -0.001), (-0.001, 0.002)])
@pytest.mark.parametrize("width", [0.01, 1, 30])
def test_symlog_is_that_of_matplotlib(lo, hi, width):
    values = np.linspace(lo, hi, 2001)
    theirs = SymLogNorm(width, vmin=lo, vmax=hi, base=10)(values)
    ours = scale_named(f"symlog:{width}", (lo, hi)).forward((values - lo) / (hi - lo))
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_symlog_without_a_number_is_linear_to_a_thousandth_of_the_further_limit():
    t = np.linspace(0, 1, 101)
    ours, said = scale_named("symlog", (-50.0, 200.0)), scale_named("symlog:0.2", (-50.0, 200.0))
    np.testing.assert_array_equal(ours.forward(t), said.forward(t))
    assert scale_named("symlog", (-7.0, 7.0)).forward(np.array([0.5])) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize(("lo", "at", "hi"), [(-1, 0, 9), (-500, 0, 3000), (0, 0.001, 1), (-2, 1.9, 2)])
def test_a_hinge_is_that_of_matplotlib(lo, at, hi):
    values = np.linspace(lo, hi, 1001)
    theirs = TwoSlopeNorm(at, lo, hi)(values)
    ours = scale_named(f"hinge:{at}", (lo, hi)).forward((values - lo) / (hi - lo))
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_a_hinge_outside_the_limits_leaves_half_of_the_colours():
    t = np.linspace(0, 1, 11)
    np.testing.assert_allclose(scale_named("hinge", (0.0, 5.0)).forward(t), 0.5 + t / 2)
    np.testing.assert_allclose(scale_named("hinge", (2.0, 5.0)).forward(t), 0.5 + t / 2)
    np.testing.assert_allclose(scale_named("hinge", (-9.0, -5.0)).forward(t), t / 2)


def test_a_histogram_goes_through_its_curve():
    scale = scale_named("histogram", curve=CURVE)
    np.testing.assert_allclose(scale.forward(np.array(CURVE)), [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(scale.inverse(np.array([0, 0.125, 0.25, 1])), [0, 0.05, 0.1, 1])
    flat = scale_named("histogram", curve=(0.0, 0.5, 0.5, 1.0))
    np.testing.assert_allclose(flat.forward(np.array([0.0, 0.5, 1.0])), [0, 2 / 3, 1])
    t = np.linspace(0, 1, 11)
    np.testing.assert_array_equal(scale_named("histogram").forward(t), t)
    close = scale_named("histogram", curve=(0.0, 1e-320, 1e-310, 1e-300, 1e-50, 1.0))
    assert (np.diff(close.forward(np.array([0.0, 1e-320, 1e-305, 1e-60, 1e-40, 0.5, 1.0]))) >= 0).all()


@each_spec
@pytest.mark.parametrize("limits", LIMITS)
def test_scales_rise_from_0_to_1_and_come_back(spec, limits):
    scale = scale_named(spec, limits, CURVE)
    t = np.linspace(0, 1, 1001)
    s = scale.forward(t)
    assert np.isfinite(s).all()
    assert (np.diff(s) >= 0).all()
    if not spec.startswith("hinge"):
        np.testing.assert_allclose(s[[0, -1]], [0, 1], atol=1e-12)
    assert s.min() >= 0
    assert s.max() <= 1 + 1e-12
    there = scale.inverse(s)
    assert np.isfinite(there).all()
    np.testing.assert_allclose(scale.forward(there), s, atol=1e-9)


@pytest.mark.parametrize("name", ["", "lin", "LOG", None, [], "a" * 1000, ":", "linear:2", "power:", "power:x"])
def test_an_unknown_scale_is_answered_with_what_there_is(name):
    with pytest.raises(RequestError, match=r"one of linear, sqrt|give linear|such as power|did you mean 'l"):
        scale_named(name)


@pytest.mark.parametrize("spec", ["power:0", "power:-1", "power:1e9", "symlog:0", "symlog:-1", "hinge:1e999"])
def test_numbers_that_make_no_scale_are_refused(spec):
    with pytest.raises(RequestError, match="choose"):
        check_scale(spec)


@pytest.mark.parametrize("number", ["nan", "inf", "1_0", " 1", "1e", "٣", "0x1"])
@pytest.mark.parametrize("name", ["power", "symlog", "hinge"])
def test_what_is_no_number_is_refused(name, number):
    with pytest.raises(RequestError, match="a number was expected"):
        check_scale(f"{name}:{number}")


def test_the_nearest_name_is_offered():
    with pytest.raises(RequestError, match="did you mean 'asinh'"):
        check_scale("arsinh")
    with pytest.raises(RequestError, match="did you mean 'log'"):
        check_scale("LOG")


@pytest.mark.parametrize(
    ("spec", "short"),
    [("power:0.50", "power:0.5"), ("hinge", "hinge"), ("symlog:1e-2", "symlog:0.01"), ("hinge:0", "hinge:0")],
)
def test_a_spec_is_written_shortest(spec, short):
    assert check_scale(spec) == short
    assert check_scale(short) == short
