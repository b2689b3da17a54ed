"""Colours as people see them whose eyes tell fewer apart."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.color.vision import _MATRICES, DEFICIENCIES, NORMAL, Vision
from traitsview.errors import RequestError

RED, GREEN = (1.0, 0.0, 0.0, 1.0), (0.0, 0.6, 0.0, 0.5)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_grey_stays_grey_at_every_severity(deficiency):
    grey = np.repeat(np.linspace(0, 1, 52)[:, None], 3, axis=1)
    for severity in (0, 0.05, 0.1, 0.37, 0.5, 0.999, 1):
        assert np.abs(Vision(deficiency, severity).seen(grey) - grey).max() < 1e-4


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_published_numbers_change_smoothly_with_severity(deficiency):
    steps = np.vstack([np.eye(3).ravel(), _MATRICES[deficiency]])
    assert steps.shape == (11, 9)
    assert np.abs(np.diff(steps, 3, axis=0)).max() < 0.06  # a wrong digit would stand out
    assert np.abs(steps.reshape(11, 3, 3).sum(axis=2) - 1).max() < 2e-6


def test_matrices_are_those_of_the_paper():
    expected = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    assert np.array_equal(Vision("deutan").matrix, expected)
    between = Vision("protan", 0.55).matrix
    assert between[0, 0] == pytest.approx((0.458064 + 0.385450) / 2)
    assert np.array_equal(Vision("tritan", 0).matrix, np.eye(3))


def test_missing_cones_bring_red_and_green_together_and_leave_alpha():
    def apart(vision):
        red, green = vision.seen(np.array([RED, GREEN]))
        assert (red[3], green[3]) == (1, 0.5)
        return np.abs(red[:3] - green[:3]).max()

    assert apart(NORMAL) == 1
    assert apart(Vision("deutan")) < 0.45
    assert apart(Vision("deutan")) < apart(Vision("deutan", 0.5)) < 1
    assert apart(Vision("tritan")) > 0.9


def test_colours_stay_colours():
    rng = np.random.default_rng(7)
    colors = rng.random((500, 3)).astype(np.float32)
    before = colors.copy()
    for deficiency in DEFICIENCIES:
        seen = Vision(deficiency).seen(colors)
        assert seen.dtype == np.float64
        assert 0 <= seen.min() <= seen.max() <= 1
    assert np.array_equal(colors, before)


def test_names_say_how_severe_it_is():
    assert NORMAL.name == Vision("protan", 0).name == ""
    assert Vision("deutan").name == "deuteranopia"
    assert Vision("deutan", 0.6).name == "deuteranomaly 0.6"


@pytest.mark.parametrize("wrong", [("dog", 1), ("protan", 1.01), ("protan", float("nan"))])
def test_nonsense_is_refused(wrong):
    with pytest.raises(RequestError):
        Vision(*wrong)
