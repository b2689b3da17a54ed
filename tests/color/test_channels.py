"""Amounts become colours, each channel between limits of its own."""

from dataclasses import replace

import numpy as np
import pytest

from traitsview.color.catalogue import colormap
from traitsview.color.channels import Channels
from traitsview.color.limits import channel_limits, check_limits, held_limits, is_rule, limits_of, parse_limits
from traitsview.color.look import Look
from traitsview.color.shading import Shading
from traitsview.errors import RequestError
from traitsview.sources.channel_summary import joined_summary
from traitsview.sources.summary import summary_of

LISTED = "0.0 1000.0, 0.0 10.0, 0.0 0.1"
GRAY = colormap("gray")


def values(channels=3, dtype="f4"):
    rng = np.random.default_rng(3)
    return (rng.random((40, 50, channels)) * np.array([1000, 10, 0.1, 5])[:channels]).astype(dtype)


def summary(pixels):
    return joined_summary([summary_of(pixels[..., k], True) for k in range(pixels.shape[2])])


@pytest.mark.parametrize("rule", ["minmax", "99.5%", "zscale", "3sigma", LISTED, (0.0, 500.0)])
@pytest.mark.parametrize("scale", ["linear", "sqrt", "asinh", "power:0.3", "histogram"])
def test_each_channel_is_what_it_would_be_as_grey(rule, scale):
    pixels = values()
    shown = Shading.of(summary(pixels), Look(GRAY, rule, scale, contrast=1.5, bias=0.4)).rgba(pixels)
    assert (shown[..., 3] == 255).all()
    for k, limits in enumerate(channel_limits(rule, summary(pixels).channels)):
        part = summary_of(pixels[..., k], True)
        grey = Shading.of(part, Look(GRAY, limits, scale, contrast=1.5, bias=0.4))
        assert grey.size == 256
        np.testing.assert_array_equal(shown[..., k], np.minimum(grey.indices(pixels[..., k]), 255))


def test_colours_for_a_painter_are_the_same():
    pixels = values()
    shading = Shading.of(summary(pixels), Look(GRAY, "minmax"))
    argb, rgba = shading.argb(pixels), shading.rgba(pixels)
    for k, shift in enumerate((16, 8, 0, 24)):
        np.testing.assert_array_equal(argb >> shift & 255, rgba[..., k])


def test_pixel_without_value_in_any_channel_is_transparent():
    pixels = values()
    pixels[3, 4, 1] = np.nan
    shown = Shading.of(summary(pixels), Look(GRAY, "minmax")).rgba(pixels)
    assert shown[3, 4].tolist() == [0, 0, 0, 0]
    assert (shown[..., 3] == 0).sum() == 1


def test_infinite_values_lie_outside_the_limits():
    pixels = values()
    pixels[0, 0], pixels[0, 1] = np.inf, -np.inf
    shown = Shading.of(summary(pixels), Look(GRAY, "minmax")).rgba(pixels)
    assert shown[0, 0].tolist() == [255, 255, 255, 255]
    assert shown[0, 1].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize(("top", "opaque"), [(1.0, 255), (0.5, 128), (65535.0, 255)])
def test_alpha_is_opaque_at_its_largest_value_and_at_one(top, opaque):
    pixels = values(4)
    pixels[..., 3] = 0
    pixels[0, 0, 3] = top
    shown = Shading.of(summary(pixels), Look(GRAY, "minmax", "log")).rgba(pixels)
    assert shown[0, 0, 3] == opaque
    assert shown[1, 1, 3] == 0


def test_colours_are_inverted_by_wish_and_by_limits_that_fall():
    pixels = values()
    told = summary(pixels)
    plain = Shading.of(told, Look(GRAY, (0.0, 1000.0))).rgba(pixels)[..., :3]
    for shading in (
        Shading.of(told, Look(GRAY, (0.0, 1000.0), inverted=True)),
        Shading.of(told, Look(GRAY, (1000.0, 0.0))),
    ):
        np.testing.assert_array_equal(shading.rgba(pixels)[..., :3], 255 - plain)
    both = Shading.of(told, Look(GRAY, (1000.0, 0.0), inverted=True))
    np.testing.assert_array_equal(both.rgba(pixels)[..., :3], plain)


def test_labels_and_colormaps_mean_nothing_to_channels():
    pixels = values()
    told = summary(pixels)
    expected = Shading.of(told, Look(GRAY, "minmax")).rgba(pixels)
    np.testing.assert_array_equal(
        Shading.of(told, Look(colormap("viridis"), "minmax", "labels")).rgba(pixels), expected
    )


def test_limits_of_the_whole_are_what_those_of_the_channels_span():
    told = summary(values())
    shading = Shading.of(told, Look(GRAY, LISTED))
    assert shading.limits == (0.0, 1000.0)
    assert shading.channels.limits == ((0.0, 1000.0), (0.0, 10.0), (0.0, 0.1))


def test_bytes_are_shown_as_they_are():
    pixels = np.random.default_rng(1).integers(0, 256, (5, 6, 3), np.uint8)
    shading = Shading.of(summary_of(pixels, True), Look(GRAY, "minmax"))
    assert shading.channels is None
    np.testing.assert_array_equal(shading.rgba(pixels)[..., :3], pixels)


def test_other_numbers_of_channels_are_refused():
    shading = Shading.of(summary(values()), Look(GRAY, "minmax"))
    with pytest.raises(ValueError, match="an image of 3 channels"):
        shading.rgba(values(4))


def test_equal_channels_are_equal_values():
    told = summary(values())
    one, other = (Channels.of(told.channels, "minmax") for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != Channels.of(told.channels, "99.5%")


@pytest.mark.parametrize(
    "words",
    [LISTED, "0 1000 0 10 0 0.1", ["0", "1000", "0", "10", "0", "0.1"], (0, 1000, 0, 10, 0, 0.1), "0,1e3,0,10,0,.1"],
)
def test_limits_of_each_colour_are_read(words):
    assert parse_limits(words) == LISTED


@pytest.mark.parametrize(
    "words", ["0 1 0 1", "0 1 0 1 0", "0 1 0 1 1 1", "0 1 0 1 2 1", "0 1 0 1 0 nan", "0 1 0 1 0 x"]
)
def test_limits_that_are_not_three_pairs_are_refused(words):
    with pytest.raises(RequestError):
        parse_limits(words)


def test_limits_of_colours_are_numbers_and_of_an_image_without_them_what_they_span():
    assert not is_rule(LISTED)
    assert not is_rule((0.0, 1.0))
    assert is_rule("99.5%")
    assert limits_of(LISTED, summary_of(np.arange(9.0), True)) == (0.0, 1000.0)


def test_limits_that_are_held_are_those_that_there_were():
    pixels = values()
    told = summary(pixels)
    held = held_limits("98%", told)
    assert parse_limits(held) == held
    np.testing.assert_array_equal(
        Shading.of(told, Look(GRAY, held)).rgba(pixels), Shading.of(told, Look(GRAY, "98%")).rgba(pixels)
    )
    assert held_limits((5.0, 1.0), told) == (5.0, 1.0)
    plain = replace(told, channels=())
    assert held_limits("98%", plain) == check_limits(*limits_of("98%", plain))
