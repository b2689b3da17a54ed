from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from astropy.stats import sigma_clip
from astropy.visualization import AsymmetricPercentileInterval, PercentileInterval, ZScaleInterval
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from traitsview.color.limits import MENU, limits_of, parse_limits, zscale
from traitsview.errors import RequestError
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.summary import summary_of

SPECS = (
    "minmax",
    "zscale",
    "99.5%",
    "100%",
    "3sigma",
    "1000sigma",
    "0% 100%",
    "20% 30%",
    "1e-3%".replace("1e-3", "0.001"),
    "50%",
)


@dataclass(frozen=True)
class Values:
    minimum: float
    maximum: float
    sample: np.ndarray


def of(*values):
    return summary_of(np.array(values, np.float64), exact=True)


@pytest.mark.parametrize(
    ("words", "spec"),
    [
        ("minmax", "minmax"),
        (["zscale"], "zscale"),
        ("ZScale", "zscale"),
        ("99.5%", "99.5%"),
        ("99.50 %".replace(" ", ""), "99.5%"),
        (["100%"], "100%"),
        (".5%", "0.5%"),
        ("0 1", (0.0, 1.0)),
        ("-1e3, 2.5", (-1000.0, 2.5)),
        ("1,5", (1.0, 5.0)),
        (["-5", "1e308"], (-5.0, 1e308)),
        ((0, 1), (0.0, 1.0)),
        ("1 0", (1.0, 0.0)),
        ("1% 99.50 %", "1% 99.5%"),
        (["0%", "50%"], "0% 50%"),
        ("3sigma", "3sigma"),
        ("2.50 Sigma", "2.5sigma"),
        ("1σ", "1sigma"),
    ],
)
def test_what_users_write_is_read(words, spec):
    assert parse_limits(words) == spec


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("1 1", "differ"),
        ("nan 1", "finite"),
        ("0 inf", "finite"),
        ("-inf 0", "finite"),
        ("0 x", "'x'"),
        ("0%", "above 0"),
        ("100.1%", "at most 100"),
        ("-5%", "above 0"),
        ("nan%", "cannot read"),
        ("%", "cannot read"),
        ("5% 5%", "rise"),
        ("9% 1%", "rise"),
        ("-1% 5%", "rise"),
        ("1% 101%", "rise"),
        ("1% nan%", "cannot read"),
        ("1% 5", "not a number"),
        ("0sigma", "above 0"),
        ("1e3sigma", "cannot read"),
        ("sigma", "cannot read"),
        ("-2σ", "above 0"),
        ("1_0%", "cannot read"),
        ("", "minmax"),
        ("5", "minmax"),
        ("1 2 3", "minmax"),
        ("100,5 300,5", "write 100.5, with a point"),
        (["112,5", "300"], "write 112.5, with a point"),
        ("99,5%", "write 99.5%, with a point"),
        ("0,5% 99,5%", "write 0.5%, with a point"),
        ("everything", "minmax"),
        ([], "minmax"),
        ([None, 1], "not a number"),
        ((0, 10**400), "finite"),
        (["\x1b[31m"], "\\x1b"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(words, part):
    with pytest.raises(RequestError) as caught:
        parse_limits(words)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_minmax_is_the_range():
    assert limits_of("minmax", of(3, 1, 2, math.nan, math.inf)) == (1, 3)


def test_numbers_are_taken_as_they_are_and_checked():
    assert limits_of((1, 5), of(2)) == (1.0, 5.0)
    assert limits_of((5, 1), of(2)) == (1.0, 5.0)
    with pytest.raises(RequestError):
        limits_of((5, 5), of(2))


@pytest.mark.parametrize("percent", [0.5, 50, 90, 99.5, 100])
def test_percentages_are_astropys_interval(percent):
    values = np.random.default_rng(1).gamma(2, size=5000)
    found = limits_of(f"{percent}%", summary_of(values, exact=True))
    np.testing.assert_allclose(found, PercentileInterval(percent).get_limits(values), rtol=1e-12)


IMAGES = {
    "sky": lambda rng: np.where(rng.random(4000) < 0.01, rng.gamma(1, 1e4, 4000), rng.normal(100, 5, 4000)),
    "ramp": lambda rng: np.linspace(-3, 9, 3000),
    "exponential": lambda rng: rng.exponential(size=10_000),
    "two levels": lambda rng: np.repeat([0.0, 1.0], 500),
    "few": lambda rng: np.array([3.0, 1.0, 2.0]),
    "one": lambda rng: np.array([3.0]),
    "five and a spike": lambda rng: np.array([1.0, 2, 3, 4, 1e6]),
    "integers": lambda rng: rng.poisson(3, 2000).astype(float),
    "flat and stars": lambda rng: np.where(np.arange(1000) < 990, 0.0, 1e5),
    "negative": lambda rng: -rng.lognormal(size=2500),
}


def astropys_zscale(values):
    """Return astropy's limits from all of the values; it sorts a view of what it is given."""
    return np.array(ZScaleInterval(n_samples=values.size).get_limits(values.copy()), np.float64)


@pytest.mark.filterwarnings("ignore:Polyfit may be poorly conditioned")  # astropy's own, on the shortest
@pytest.mark.parametrize("name", IMAGES)
def test_zscale_is_astropys_of_the_same_sample(name):
    values = IMAGES[name](np.random.default_rng(7))
    np.testing.assert_allclose(zscale(values), astropys_zscale(values), rtol=1e-7, atol=1e-9)


def stars(rng, shape):
    """Return a field of stars: sky, and a few thousand counts in a hundredth of the pixels."""
    return rng.normal(100, 5, shape) + np.where(rng.random(shape) < 0.01, rng.gamma(1, 1e4, shape), 0)


@pytest.mark.parametrize("shape", [(300, 300), (512, 513), (1100, 900)])
@pytest.mark.parametrize("seed", range(3))
def test_zscale_of_a_sample_is_near_that_of_everything(shape, seed):
    image = stars(np.random.default_rng(seed), shape).astype(np.float32)
    first, last = astropys_zscale(image.astype(np.float64).ravel())
    found = limits_of("zscale", ArraySource(image).summarize(None))
    np.testing.assert_allclose(found, (first, last), atol=0.15 * (last - first))


DEAD = {
    "every 64th column": np.s_[:, ::64],
    "every 32nd column": np.s_[:, ::32],
    "every 64th row": np.s_[::64],
    "every 64th of every 64th row": np.s_[::64, ::64],
    "the last column": np.s_[:, -1],
}


@pytest.mark.parametrize("dead", DEAD)
@pytest.mark.parametrize("shape", [(250, 256), (256, 512), (640, 1024)])
def test_dead_columns_and_rows_do_not_make_the_limits(dead, shape):
    image = np.random.default_rng(6).normal(100, 5, shape).astype(np.float32)
    image[DEAD[dead]] = 0
    first, last = limits_of("zscale", ArraySource(image).summarize(None))
    assert first == pytest.approx(70, abs=4)  # 100 - 30, as 2.5 % are left out at most
    assert last == pytest.approx(120, abs=5)  # about the largest value
    for rule in ("98%", "99.5%", "3sigma"):
        first, last = limits_of(rule, ArraySource(image).summarize(None))
        assert last == pytest.approx(115, abs=35)


def test_the_sample_of_many_values_lies_on_no_grid():
    values = np.tile(np.arange(4.0), 200_000)
    found = summary_of(values, exact=True).sample
    assert found.size == 131_072
    np.testing.assert_allclose(np.bincount(found.astype(int)) / found.size, 0.25, atol=0.01)
    np.testing.assert_array_equal(summary_of(values, exact=True).sample, found)
    colored = np.tile(np.array([1.0, 2.0, 3.0]), (400, 500, 1))
    assert np.bincount(summary_of(colored, exact=True).sample.astype(int))[1:] / 131_072 == pytest.approx(
        [1 / 3] * 3, abs=0.01
    )


def test_zscale_leaves_its_values_alone():
    values = np.array([3.0, 1.0, 2.0])
    zscale(values)
    assert values.tolist() == [3, 1, 2]


@pytest.mark.parametrize("spec", SPECS)
def test_an_image_without_finite_values_is_0_to_1(spec):
    assert limits_of(spec, of(math.nan, math.inf, -math.inf)) == (0, 1)
    assert limits_of(spec, of()) == (0, 1)


@pytest.mark.parametrize("value", [0.0, 1.0, -7.0, 1e-300, 65535.0, 1e12, 1e308, -1.7e308, 5e-324])
@pytest.mark.parametrize("spec", SPECS)
def test_a_constant_image_lies_between_its_limits(spec, value):
    lo, hi = limits_of(spec, of(value, value, value, value))
    assert math.isfinite(lo)
    assert math.isfinite(hi)
    assert lo < value < hi


def test_where_nearly_everything_has_one_value_the_rest_is_still_seen():
    values = np.zeros(10_000)
    values[5000] = 12.0
    assert limits_of("99.5%", summary_of(values, exact=True)) == (0, 12)


def test_a_sample_that_missed_the_extremes_does_not_matter():
    assert limits_of("minmax", Values(-9.0, 9.0, np.array([1.0]))) == (-9, 9)
    assert limits_of("90%", Values(-9.0, 9.0, np.array([]))) == (-9, 9)


@given(
    npst.arrays(np.float64, st.integers(0, 60), elements=st.floats(width=64)),
    st.sampled_from(SPECS),
)
def test_limits_are_finite_and_rise_for_any_image(values, spec):
    lo, hi = limits_of(spec, summary_of(values, exact=True))
    assert math.isfinite(lo)
    assert math.isfinite(hi)
    assert lo < hi


@example(np.array([-15388607583923690, -1]))
@example(np.array([-(2**63), 2**63 - 1]))
@given(npst.arrays(npst.integer_dtypes(endianness="=") | npst.unsigned_integer_dtypes(endianness="="), 20))
def test_limits_of_integers_hold_all_of_them(values):
    lo, hi = limits_of("minmax", summary_of(values, exact=True))
    assert lo <= int(values.min()) <= int(values.max()) <= hi
    assert values.min() == values.max() or (lo, hi) == (values.min(), values.max())


@pytest.mark.parametrize(("low", "high"), [(1, 99), (0, 50), (10, 100), (0.25, 99.9)])
def test_two_percentages_are_astropys_asymmetric_interval(low, high):
    values = np.random.default_rng(1).gamma(2, size=5000)
    found = limits_of(f"{low}% {high}%", summary_of(values, exact=True))
    np.testing.assert_allclose(found, AsymmetricPercentileInterval(low, high).get_limits(values), rtol=1e-12)


@pytest.mark.parametrize("sigmas", [0.5, 1, 3, 5])
def test_sigmas_are_about_the_mean(sigmas):
    values = np.random.default_rng(2).normal(40, 7, 50_000)
    found = limits_of(f"{sigmas}sigma", summary_of(values, exact=True))
    mean, std = values.mean(), values.std()
    np.testing.assert_allclose(found, (mean - sigmas * std, mean + sigmas * std), rtol=1e-12)


def test_far_values_are_left_out_of_sigmas_as_astropy_does():
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.normal(40, 7, 50_000), rng.uniform(200, 1e5, 300)])
    kept = sigma_clip(values, sigma=5, cenfunc="mean", maxiters=10, masked=False)
    found = limits_of("3sigma", summary_of(values, exact=True))
    np.testing.assert_allclose(found, (kept.mean() - 3 * kept.std(), kept.mean() + 3 * kept.std()), rtol=1e-9)


@pytest.mark.parametrize("spec", [*(spec for spec in MENU if spec != "minmax"), "1% 99%", "1sigma"])
@pytest.mark.parametrize("far", [1e30, -1e300, 1.7e308])
def test_a_few_far_values_and_infinities_hardly_matter(spec, far):
    values = np.random.default_rng(3).normal(size=60_000)
    plain = np.array(limits_of(spec, summary_of(values, exact=True)))
    values[[5, 777, 30_000]] = far
    values[[6, 99]] = np.inf, -np.inf
    # zscale ends where its sample of 10,000 does, which is another one now.
    np.testing.assert_allclose(
        limits_of(spec, summary_of(values, exact=True)), plain, atol=0.2 + 0.3 * (spec == "zscale")
    )


def rank_error(image, percent):
    """Return by how many percent of all values the sample's percentile misses that of an image."""
    sample = ArraySource(image).summarize(None).sample
    assert sample.size < image.size / 8
    value = np.percentile(sample, percent)
    everything = np.sort(image, axis=None)
    first, last = (100 * np.searchsorted(everything, value, side) / image.size for side in ("left", "right"))
    return max(first - percent, percent - last, 0)


SAMPLED = {
    "noise": lambda rng, y, x: rng.normal(size=y.shape),
    "stars": lambda rng, y, x: np.where(
        rng.random(y.shape) < 1e-3, 1e5 * rng.random(y.shape), rng.normal(size=y.shape)
    ),
    "counts": lambda rng, y, x: rng.poisson(3, y.shape),
    "ramp": lambda rng, y, x: x + 3 * y,
    "rings": lambda rng, y, x: np.cos(np.hypot(x - 500, y - 700) / 9),
    "columns": lambda rng, y, x: np.broadcast_to(rng.normal(size=y.shape[1]), y.shape),
}


@pytest.mark.parametrize("kind", SAMPLED)
@pytest.mark.parametrize("percent", [0.25, 1, 25, 50, 99, 99.75])
def test_a_percentile_of_the_sample_is_exact_to_a_stated_bound(kind, percent):
    y, x = np.mgrid[:1100, :1300].astype(np.float32)
    image = SAMPLED[kind](np.random.default_rng(4), y, x).astype(np.float32)
    share = percent / 100
    assert rank_error(image, percent) <= 100 * 5 * math.sqrt(share * (1 - share) / 131_072) + 0.1


@pytest.mark.parametrize("percent", [0.25, 50, 99])
def test_where_rows_are_alike_the_bound_is_that_of_256_rows(percent):
    image = np.repeat(np.random.default_rng(5).normal(size=(2000, 1)), 1000, axis=1).astype(np.float32)
    share = percent / 100
    assert rank_error(image, percent) <= 100 * 4 * math.sqrt(share * (1 - share) / 256)
