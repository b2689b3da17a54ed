"""``traitsview render`` of curves: a plot, or the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from traitsview import opening
from traitsview.cli.main import main
from traitsview.sources.arrays.curve_array import curve_source


@pytest.fixture
def render(monkeypatch, tmp_path):
    """Give a function that renders two curves with some arguments, and returns the path of the file."""
    curves = np.arange(20.0).reshape(2, 10), ("a", "b")
    monkeypatch.setattr(opening, "open_source", lambda text: curve_source(*curves, places=np.arange(10) ** 2.0))

    def render(name, *arguments):
        path = tmp_path / name
        assert main(["render", "it", "-o", str(path), *arguments]) == 0
        return path

    return render


def test_numbers_are_x_and_a_row_for_each_curve(render):
    found = np.load(render("x.npy"))
    np.testing.assert_array_equal(found, [np.arange(10) ** 2, np.arange(10), np.arange(10, 20)])


def test_numbers_of_a_part_are_those_whose_x_lies_in_it(render):
    found = np.load(render("x.npy", "--extent", "4 25 0 1"))
    assert found[0].tolist() == [4, 9, 16, 25]


def test_numbers_are_not_reduced(render, capsys):
    assert main(["render", "it", "-o", "x.npy", "--size", "5x5"]) == 2
    assert "curves are written in full; leave --size away" in capsys.readouterr().err


@pytest.mark.parametrize("log", [[], ["--scale", "log"]])
def test_a_picture_is_the_plot_in_the_size_asked_for(render, log):
    with Image.open(render("x.png", "--size", "320x240", *log)) as picture:
        assert picture.size == (320, 240)
        colors = {color for _, color in picture.convert("RGB").getcolors(1 << 20)}
    assert {(41, 2, 255), (236, 114, 7)} <= colors
