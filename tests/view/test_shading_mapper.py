"""Chaco's own plots coloured by a shading: pixels, ranges, colour bars and contours."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from chaco.api import ArrayPlotData, DataRange1D, HPlotContainer, Plot
from hypothesis import given
from hypothesis import strategies as st

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.shading import Shading
from traitsview.view.image.buffer_window import BufferContext
from traitsview.view.image.chaco_colors import ShadingColormap, ShadingScale, chaco_color_bar

MARKED = dataclasses.replace(colormap("viridis"), under=(1, 0, 1, 1), over=(0, 1, 1, 1), bad=(0.2, 0.2, 0.2, 1))
THREE = Colormap.from_colors("three", [(1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)], flat=True)
SHADINGS = [
    Shading((-2, 2), colormap("viridis")),
    Shading((-2, 2), MARKED),
    Shading((0.01, 10), MARKED, "log"),
    Shading((-1, 3), colormap("magma"), "asinh", inverted=True),
    Shading((-2, 2), THREE),
    Shading((-2, 2), colormap("gray"), contrast=3.0, bias=0.2),
]


def drawn(component, width, height):
    """Return what a Chaco component paints, uint8 (height, width, 3)."""
    gc = BufferContext((width, height))
    gc.qimage.fill(0xFFFFFFFF)
    gc.translate_ctm(0.5, 0.5)
    component.outer_position = [0, 0]
    component.outer_bounds = [width, height]
    component.do_layout(force=True)
    component.draw(gc)
    return gc.buffer[..., 2::-1].copy()


def values(rows=40, columns=60):
    """Return normal numbers with holes, infinities and far ones."""
    made = np.random.default_rng(5).normal(0, 2, (rows, columns))
    made[3, :5], made[5, 2], made[6, 7], made[7, 8] = np.nan, np.inf, -np.inf, 1e30
    return made


@pytest.mark.parametrize("shading", SHADINGS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_image_plot_of_chaco_has_the_colours_of_the_shading(shading, dtype):
    data = np.abs(values()).astype(dtype) if shading.scale == "log" else values().astype(dtype)
    plots = ArrayPlotData(z=data)
    plot = Plot(plots, padding=0)
    plot.img_plot("z", colormap=ShadingColormap(shading))
    plot.x_axis.visible = plot.y_axis.visible = False
    plot.border_visible = False
    shown = drawn(plot, 60 * 9, 40 * 9)[4::9, 4::9]
    want = shading.rgba(data)[::-1]
    opaque = want[..., 3] == 255
    assert opaque.sum() > 2000
    assert np.array_equal(shown[opaque], want[opaque][:, :3])


@pytest.mark.parametrize("shading", SHADINGS)
def test_colours_of_any_shape_are_those_of_the_shading(shading):
    mapper = ShadingColormap(shading)
    data = values()
    want = shading.rgba(data)
    assert np.array_equal(mapper.map_uint8(data), want)
    assert np.array_equal(mapper.map_uint8(data[:, :0]), want[:, :0])
    assert np.array_equal(mapper.map_uint8(data[0, 9]), want[0, 9])
    assert np.array_equal(mapper.map_screen(data.ravel()), mapper.map_data(data.ravel()))
    assert np.array_equal((mapper.map_screen(data) * 255).astype(np.uint8), want)  # as Chaco does it
    bands = np.array(mapper.color_bands)
    assert np.array_equal(np.rint(bands[mapper.map_index(data)] * 255), want)
    assert len(bands) == mapper.steps + 3
    mapper.color_depth = "rgb"
    assert np.array_equal(mapper.map_uint8(data), want[..., :3])
    assert mapper.map_uint8([1, 2, 3]).shape == (3, 3)


def test_what_is_masked_has_the_bad_colour():
    data = np.ma.masked_greater(np.array([[0.0, 1.0, 5.0]]), 2)
    found = ShadingColormap(Shading((0, 1), MARKED)).map_uint8(data)
    assert found[0, 2].tolist() == [51, 51, 51, 255]
    assert found[0, 1].tolist() == Shading((0, 1), MARKED).table[255].tolist()


@given(st.floats(), st.floats())
def test_no_range_harms(low, high):
    mapper = ShadingColormap(Shading((0, 1), MARKED), range=DataRange1D(low=low, high=high))
    data = np.array([np.nan, -np.inf, 0.0, 1.0, np.inf, -1.7e308, 1.7e308])
    found = mapper.map_uint8(data)
    assert found[0].tolist() == [51, 51, 51, 255]
    assert found[1].tolist() == [255, 0, 255, 255]
    assert found[4].tolist() == [0, 255, 255, 255]


def test_a_range_that_falls_turns_the_colours_round():
    shading = Shading((0, 1), colormap("viridis"))
    data = np.linspace(0, 1, 11)
    turned = ShadingColormap(shading, range=DataRange1D(low=1.0, high=0.0))
    assert np.array_equal(turned.map_uint8(data), dataclasses.replace(shading, inverted=True).rgba(data[None])[0])


def test_an_image_of_nan_alone_is_drawn():
    plot = Plot(ArrayPlotData(z=np.full((4, 5), np.nan)), padding=0)
    mapper = ShadingColormap(Shading((0, 1), MARKED), range=DataRange1D())
    plot.img_plot("z", colormap=mapper)
    plot.border_visible = False
    mapper.range.set_bounds(np.nan, np.nan)
    assert drawn(plot, 50, 40)[15, 25].tolist() == [51, 51, 51]


def test_the_range_gives_the_limits_and_a_new_shading_the_range():
    mapper = ShadingColormap(Shading((0, 1), colormap("gray")))
    told = []
    mapper.observe(told.append, "updated")
    mapper.range.high = 2.0
    assert mapper.current.limits == (0, 2)
    assert told
    mapper.shading = Shading((5, 6), colormap("gray"), "log")
    assert (mapper.range.low, mapper.range.high) == (5, 6)
    assert (mapper.current.limits, mapper.current.scale) == ((5, 6), "log")
    mapper.reverse_colormap()
    assert mapper.map_uint8(5.0).tolist() == [255, 255, 255, 255]


@pytest.mark.parametrize("shading", [shading for shading in SHADINGS if shading.contrast == 1])
def test_a_color_bar_of_chaco_shows_each_colour_at_its_value(shading):
    bar = chaco_color_bar(ShadingColormap(shading), width=20, resizable="v", padding=0, padding_left=60)
    bar.border_visible = bar.axis_visible = False
    shown = drawn(bar, 80, 400)[:, 70]
    # Chaco's bar begins at the centre of its first pixel, of which it paints half, and ends at that of its last.
    want = shading.table[(np.linspace(0, 1 - 1e-9, 400) * shading.size).astype(int), :3][::-1]
    near = np.abs(shown.astype(int) - want).max(axis=1) <= 8
    assert near.mean() > 0.98
    assert near[0]
    assert near[-2]


def test_the_axis_of_a_color_bar_has_its_decades_in_place():
    mapper = ShadingColormap(Shading((1, 1000), colormap("viridis"), "log"))
    bar = chaco_color_bar(mapper, width=20, resizable="v", padding=20, padding_left=60)
    drawn(bar, 100, 440)
    axis = bar._axis
    assert [label.text for label in axis.ticklabel_cache] == ["1", "10", "100", "1000"]
    assert np.allclose([y for _, y in axis._tick_positions], 20 + np.array([0, 1, 2, 3]) / 3 * 399, atol=2)
    mapper.shading = Shading((0, 5), colormap("viridis"))
    drawn(bar, 100, 440)
    assert float(axis.ticklabel_cache[-1].text) == 5


@given(st.floats(0, 1), st.sampled_from(SHADINGS), st.booleans())
def test_a_scale_and_its_inverse_agree(place, shading, falls):
    mapper = ShadingColormap(shading)
    if falls:
        mapper.range.set_bounds(*reversed(shading.limits))
    scale = ShadingScale(mapper, low_pos=10, high_pos=210)
    at = 10 + place * 200
    assert scale.map_screen(scale.map_data(at)) == pytest.approx(at, abs=1e-6)


@pytest.mark.parametrize("shading", [SHADINGS[1], SHADINGS[2], SHADINGS[4]])
def test_contour_plots_of_chaco_have_the_colours_of_their_levels(shading):
    ramp = np.broadcast_to(shading.value_at(np.linspace(0, 1, 200)), (30, 200))
    levels = [float(value) for value in shading.value_at(np.array([0.1, 0.4, 0.8]))]
    plot = Plot(ArrayPlotData(z=ramp), padding=0)
    plot.contour_plot("z", type="poly", poly_cmap=ShadingColormap(shading), levels=list(levels))
    plot.contour_plot("z", type="line", colors="black", levels=list(levels))
    plot.border_visible = False
    row = drawn(plot, 200, 30)[15]
    between = [np.searchsorted(ramp[0], value) for value in levels]
    for level, start, end in zip(levels[:-1], between[:-1], between[1:], strict=True):
        want = shading.rgba(np.array([[level]]))[0, 0, :3]
        assert row[(start + end) // 2].tolist() == want.tolist()


def test_it_stands_beside_other_plots_in_a_container():
    mapper = ShadingColormap(SHADINGS[0])
    plot = Plot(ArrayPlotData(z=values()), padding=10)
    plot.img_plot("z", colormap=mapper)
    both = HPlotContainer(plot, chaco_color_bar(mapper, width=20, resizable="v", padding=30))
    before = drawn(both, 300, 200)
    mapper.shading = SHADINGS[3]
    assert (drawn(both, 300, 200) != before).any(axis=2).mean() > 0.3
