"""Stops between which colours run straight are near the curve that they stand for, and no more than it needs."""

from __future__ import annotations

import numpy as np

from traitsview.color.straight_stops import NARROWEST, densified, straight_places


def grey(levels):
    return np.repeat(np.asarray(levels)[:, None], 4, axis=1)


def test_a_curve_is_followed_to_a_thousandth():
    rows, places = straight_places(
        lambda rows, at: grey(np.where(rows == 0, at**3, np.sin(9 * at))), np.array([0.5, 0.5])
    )
    for row, curve in enumerate((lambda at: at**3, lambda at: np.sin(9 * at))):
        stops = places[rows == row]
        fine = np.linspace(0, 1, 9999)
        assert np.abs(np.interp(fine, stops, curve(stops)) - curve(fine)).max() < 1e-3


def test_a_straight_line_has_its_ends_only():
    rows, places = straight_places(lambda rows, at: grey(at), np.ones(3))
    assert rows.tolist() == [0, 0, 1, 1, 2, 2]
    assert places.tolist() == [0, 1] * 3


def test_parts_that_are_asked_for_have_their_ends_once():
    _, places = straight_places(lambda rows, at: grey(at), np.ones(1), 4)
    assert places.tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_what_is_narrower_than_a_row_of_a_table_is_not_halved():
    _, places = straight_places(lambda rows, at: grey(at > 0.3), np.ones(1))
    assert NARROWEST / 2 <= np.diff(places).min() <= NARROWEST


def test_intervals_that_meet_in_one_colour_share_a_stop_and_others_have_two():
    ends, ones = np.array([[0, 1], [1, 2], [2, 3]]), np.ones((3, 2))
    reds = np.array([[0.0, 0.5], [0.5, 1.0], [0.0, 0.0]])
    parts = np.stack([reds, 0 * reds, 0 * reds], axis=-1)
    stops = densified(ends, parts, ones, lambda rgb: rgb)
    assert [(at, color[0]) for at, color in stops] == [(0, 0), (1, 0.5), (2, 1), (2, 0), (3, 0)]
