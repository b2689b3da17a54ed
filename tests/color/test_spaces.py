from __future__ import annotations

import cmap
import numpy as np
import pytest

from traitsview.color.spaces import (
    SPACES,
    hsl_to_rgb,
    hsv_to_rgb,
    interpolated,
    lab_to_msh,
    lab_to_rgb,
    lightness,
    linear_to_srgb,
    linear_to_xyz,
    msh_to_lab,
    rgb_to_hsl,
    rgb_to_hsv,
    rgb_to_lab,
    srgb_to_linear,
    xyz_to_linear,
)

RANDOM = np.random.default_rng(11).random((40, 50, 3))

#: As published for sRGB and D65: Lindbloom's calculator, scikit-image's tests.
LAB = {
    (1, 1, 1): (100, 0, 0),
    (0, 0, 0): (0, 0, 0),
    (1, 0, 0): (53.24, 80.09, 67.20),
    (0, 1, 0): (87.73, -86.18, 83.18),
    (0, 0, 1): (32.30, 79.19, -107.86),
    (0, 1, 1): (91.11, -48.09, -14.13),
    (1, 1, 0): (97.14, -21.55, 94.48),
    (0.5, 0.5, 0.5): (53.39, 0, 0),
}


@pytest.mark.parametrize("rgb", LAB)
def test_cielab_is_as_published(rgb):
    np.testing.assert_allclose(rgb_to_lab(rgb), LAB[rgb], atol=0.03)
    assert lightness(rgb) == pytest.approx(LAB[rgb][0], abs=0.02)


def test_xyz_is_as_published():
    np.testing.assert_allclose(linear_to_xyz([1, 1, 1]), [0.9505, 1, 1.089], atol=1e-9)
    np.testing.assert_allclose(srgb_to_linear([0, 0.04, 0.5]), [0, 0.0030959752, 0.2140411405], atol=1e-9)


@pytest.mark.parametrize(
    ("rgb", "hsv", "hsl"),
    [
        ((1, 0, 0), (0, 1, 1), (0, 1, 0.5)),
        ((0.5, 0.5, 0.5), (0, 0, 0.5), (0, 0, 0.5)),
        ((0.75, 0.75, 0), (1 / 6, 1, 0.75), (1 / 6, 1, 0.375)),
        ((0.5, 1, 1), (0.5, 0.5, 1), (0.5, 1, 0.75)),
        ((0.628, 0.643, 0.142), (61.8 / 360, 0.779, 0.643), (61.8 / 360, 0.638, 0.393)),
        ((0.255, 0.104, 0.918), (251.1 / 360, 0.887, 0.918), (251.1 / 360, 0.832, 0.511)),
        ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ],
)
def test_hues_are_as_published(rgb, hsv, hsl):
    np.testing.assert_allclose(rgb_to_hsv(rgb), hsv, atol=1e-3)
    np.testing.assert_allclose(rgb_to_hsl(rgb), hsl, atol=1e-3)


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (srgb_to_linear, linear_to_srgb),
        (linear_to_xyz, xyz_to_linear),
        (rgb_to_lab, lab_to_rgb),
        (rgb_to_hsv, hsv_to_rgb),
        (rgb_to_hsl, hsl_to_rgb),
        (lambda rgb: lab_to_msh(rgb_to_lab(rgb)), lambda msh: lab_to_rgb(msh_to_lab(msh))),
    ],
)
def test_there_and_back_is_the_same_colour(there, back):
    np.testing.assert_allclose(back(there(RANDOM)), RANDOM, atol=1e-6)  # sRGB's two pieces do not quite meet
    corners = np.array(np.meshgrid([0, 1], [0, 1], [0, 1.0])).reshape(3, -1).T
    np.testing.assert_allclose(back(there(corners)), corners, atol=1e-9)


def test_colours_that_no_screen_shows_are_darkened_until_it_can():
    shown = lab_to_rgb([[100, 80, 0], [50, -120, 0], [120, 0, 0]])
    assert ((shown >= 0) & (shown <= 1)).all()
    np.testing.assert_allclose(shown[2], 1)


def table(stops, x):
    positions = [position for position, _ in stops]
    return np.stack([np.interp(x, positions, [color[part] for _, color in stops]) for part in range(4)], axis=-1)


def test_moreland_s_diverging_map_is_matplotlib_s_coolwarm():
    ends = [(0.0, (59 / 255, 76 / 255, 192 / 255, 1)), (1.0, (180 / 255, 4 / 255, 38 / 255, 1))]
    theirs = np.array(cmap.Colormap("matplotlib:coolwarm").lut(257))
    assert np.abs(table(interpolated(ends, "msh"), np.linspace(0, 1, 33)) - theirs[::8]).max() < 0.8 / 255


#: The colour of each space at a fraction between two colours, by the space's own definition.
TRUTH = {
    "lab": (rgb_to_lab, lab_to_rgb),
    "hsv": (rgb_to_hsv, hsv_to_rgb),
    "hsl": (rgb_to_hsl, hsl_to_rgb),
}


@pytest.mark.parametrize("space", TRUTH)
def test_straight_lines_between_the_stops_are_as_good_as_the_truth(space):
    there, back = TRUTH[space]
    rng = np.random.default_rng(5)
    x = np.linspace(0, 1, 3001)
    for _ in range(60):
        first, last = rng.random((2, 3))
        stops = interpolated([(0.0, (*first, 0.2)), (1.0, (*last, 1.0))], space)
        true = back(there(first) * (1 - x[:, None]) + there(last) * x[:, None])
        found = table(stops, x)
        assert np.abs(found[:, :3] - true).max() < 1e-3
        np.testing.assert_allclose(found[:, 3], 0.2 + 0.8 * x, atol=1e-9)
        assert len(stops) < 200


@pytest.mark.parametrize("space", SPACES)
def test_the_stops_that_were_given_remain_and_hard_steps_stay_hard(space):
    red, blue, grey = (1.0, 0.0, 0.0, 1.0), (0.1, 0.2, 0.9, 0.5), (0.3, 0.3, 0.3, 1.0)
    given = [(-2.0, red), (1.0, blue), (1.0, grey), (3.0, grey), (3.0, red), (4.0, blue)]
    stops = interpolated(given, space)
    assert [stop for stop in stops if stop in given] == given
    assert [position for position, _ in stops] == sorted(position for position, _ in stops)
    assert [stop for stop in stops if 1 < stop[0] < 3] == []


@pytest.mark.parametrize(
    ("way", "middle"),
    [("plain", (0, 1, 1)), ("short", (1, 0, 0)), ("rising", (0, 1, 1)), ("falling", (1, 0, 0))],
)
def test_a_hue_may_run_over_red_or_not(way, middle):
    pink, orange = (1.0, 0.0, 0.5, 1.0), (1.0, 0.5, 0.0, 1.0)
    found = table(interpolated([(0.0, orange), (1.0, pink)], "hsv", way), [0.5])
    np.testing.assert_allclose(found[0, :3], middle, atol=1e-3)


@pytest.mark.parametrize(
    ("way", "middle"), [("rising", (0.5, 0.5, 1)), ("falling", (0.5, 0.5, 1)), ("short", (1, 0.5, 1))]
)
def test_a_grey_takes_the_hue_of_what_it_runs_into_unless_the_way_is_short(way, middle):
    found = table(interpolated([(0.0, (1.0, 1, 1, 1)), (1.0, (0.0, 0, 1, 1))], "hsv", way), [0.5])
    np.testing.assert_allclose(found[0, :3], middle, atol=1e-3)


def test_single_stops_and_equal_colours_need_no_more():
    assert interpolated([(0.0, (1.0, 0, 0, 1))], "lab") == [(0.0, (1.0, 0, 0, 1))]
    same = [(0.0, (0.2, 0.3, 0.4, 1.0)), (1.0, (0.2, 0.3, 0.4, 1.0))]
    assert interpolated(same, "msh") == same
