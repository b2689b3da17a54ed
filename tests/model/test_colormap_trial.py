"""Colormaps that are tried on an image, and taken or not."""

from __future__ import annotations

import pytest

from traitsview.color.catalogue import catalogue
from traitsview.color.colormap import Colormap
from traitsview.errors import ColormapError
from traitsview.model.colormap_trial import ColormapTrial
from traitsview.model.image_viewer import ImageViewer


class Kept:
    def __init__(self):
        self.used = []

    def use(self, id):
        self.used.append(id)


@pytest.fixture
def trial():
    made = ColormapTrial(ImageViewer(), Kept())
    made._viewer.appearance.trait_set(colormap="gray", inverted=False)
    made.begin()
    return made


def look(trial):
    appearance = trial._viewer.appearance
    return appearance.colormap, appearance.inverted


def test_the_colormap_before_comes_back_with_its_direction(trial):
    trial.show("viridis")
    trial._viewer.appearance.inverted = True
    assert look(trial) == ("viridis", True)
    trial.end()
    assert look(trial) == ("gray", False)


def test_a_colormap_that_is_taken_stays_and_counts_as_used(trial):
    trial.show("viridis")
    assert trial.going_on
    trial.take("bids:magma_r")
    trial.end()
    assert not trial.going_on
    assert trial._viewer.appearance.colormap == "bids:magma_r"
    assert trial._kept.used == ["bids:magma"]


def test_a_colormap_that_cannot_be_had_is_not_taken(trial):
    with pytest.raises(ColormapError):
        trial.take("user:no such thing")
    assert trial.going_on
    assert trial._kept.used == []


def test_the_one_before_can_be_shown_while_the_trial_goes_on(trial):
    trial.show("viridis")
    trial.show_before()
    assert trial._viewer.appearance.colormap == "gray"
    assert trial.going_on


def test_the_id_of_what_is_shown_is_the_catalogue_s(trial):
    trial.show("viridis")
    assert trial.shown_id == catalogue().entry("viridis").id
    trial._viewer.appearance.colormap = Colormap("nobody's own", [(0, 0, 0), (1, 1, 1)])
    assert trial.shown_id == ""


def test_nothing_happens_at_an_end_without_a_beginning():
    trial = ColormapTrial(ImageViewer(), Kept())
    trial.end()
    trial.show_before()
    assert not trial.going_on
