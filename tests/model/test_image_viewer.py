"""A viewer without a toolkit: where it goes, what it loads, what it says."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from kit.patience import PATIENCE, pass_time
from traits.api import TraitError

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.errors import HostGone
from traitsview.geometry import Viewport
from traitsview.model.image_viewer import ImageViewer
from traitsview.model.loading.mailbox import Mailbox
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import Stored
from traitsview.sources.image_source import never
from traitsview.sources.picture import DEFAULT_PICTURE
from traitsview.sources.source_link import SourceLink


@pytest.fixture
def viewer():
    """A viewer of an image that is different everywhere."""
    y, x = np.mgrid[:900, :1200]
    made = ImageViewer(source=ArraySource((y * 10 + x).astype(np.float32)))
    yield made
    made.close()


def held(viewer):
    """Return what the viewer holds for its viewport, put together from tiles."""
    pixels = np.full(viewer.viewport.shape, np.nan, np.float32)
    for tile in viewer.viewport.tiles():
        pixels[viewer.viewport.overlap(tile)] = viewer.pixels.store.get(viewer.picture, tile)[
            tile.overlap(viewer.viewport)
        ]
    return pixels


def test_what_is_held_is_what_the_source_renders(viewer):
    for go in (viewer.fit, viewer.one_to_one, lambda: viewer.zoom(3.3, (500, 500)), lambda: viewer.pan(-77, 33)):
        go()
        assert viewer.wait(PATIENCE)
        assert viewer.exact
        np.testing.assert_array_equal(held(viewer), viewer.source.render(viewer.viewport))


def test_all_that_arrives_first_from_several_threads_is_taken(monkeypatch):
    made, make = [], Mailbox.__init__

    def make_slowly(mailbox):
        made.append(mailbox)
        pass_time(0.1)  # in which others come to it
        make(mailbox)

    monkeypatch.setattr(Mailbox, "__init__", make_slowly)
    viewer = ImageViewer(source=ArraySource(np.zeros((30, 40))))
    assert viewer.wait(PATIENCE)
    assert viewer.summary is not None
    assert viewer.exact
    assert len(made) == 1
    viewer.close()


class Interrupted(ArraySource, SourceLink):
    """An array whose first request for tiles is lost with the host, which is back before that is known."""

    def __init__(self, array):
        super().__init__(array)
        self.asked, self.gate, self.told = threading.Event(), threading.Event(), None

    @property
    def link(self):
        return self

    def watch(self, told):
        self.told = told

    def render_stages(self, stages, picture=DEFAULT_PICTURE, stale=never):
        if not self.asked.is_set() and picture.reduction != "nearest":
            self.asked.set()
            assert self.gate.wait(PATIENCE)
            raise HostGone("lost contact with the host", "the connection was closed")
        yield from super().render_stages(stages, picture, stale)


def test_a_request_that_ends_after_the_host_is_back_leaves_it_back():
    source = Interrupted(np.zeros((30, 40)))
    viewer = ImageViewer(source=source)
    assert source.asked.wait(PATIENCE)
    for news in (HostGone("lost contact with the host", "the connection was closed"), None):
        source.told(news)
        viewer.pixels.take_arrivals()
    source.gate.set()
    assert viewer.wait(PATIENCE)
    assert viewer.contact.state == "live"
    assert viewer.exact
    viewer.close()


def test_one_change_of_place_is_one_event(viewer):
    seen = []
    viewer.observe(lambda event: seen.append(event.new), "viewport")
    viewer.zoom(2, (100, 100))
    viewer.pan(3, 4)
    assert len(seen) == 2


def test_pixels_already_held_are_not_asked_for_again(viewer):
    viewer.one_to_one()
    assert viewer.wait(PATIENCE)
    asked = []
    render = viewer.source.render_tiles
    viewer.source.render_tiles = lambda tiles, *rest: (asked.extend(tiles), render(tiles, *rest))[1]
    viewer.pan(256, 0)
    viewer.pan(-256, 0)
    assert viewer.wait(PATIENCE)
    assert len([tile for tile in asked if tile in viewer.viewport.tiles()]) == 0


def test_setting_a_viewport_by_hand_is_going_there(viewer):
    place = Viewport.covering((100, 300, 100, 250), (150, 200), viewer.info.anchor)
    viewer.viewport = place
    assert not viewer.places.fitted
    assert viewer.wait(PATIENCE)
    assert viewer.shown == "1:1, exact"


def test_limits_follow_the_appearance(viewer):
    assert viewer.wait(PATIENCE)
    viewer.appearance.limits = (0, 1)
    assert viewer.shading.limits == (0.0, 1.0)
    viewer.appearance.limits = "minmax"
    assert viewer.wait(PATIENCE)
    assert viewer.shading.limits == (0.0, 8990.0 + 1199.0)
    viewer.appearance.limits = "98%"
    low, high = viewer.shading.limits
    assert 0 < low < high < 10_189


@pytest.mark.parametrize("limits", [(1, 1), (float("nan"), 1), "150%", "most", "9% 3%", "-1sigma", None])
def test_nonsense_limits_are_refused(viewer, limits):
    with pytest.raises(TraitError):
        viewer.appearance.limits = limits


def test_colormaps_are_named_or_given(viewer):
    viewer.appearance.colormap = "viridis"
    assert viewer.shading.colormap.name == "viridis"
    viewer.appearance.colormap = colormap("magma")
    assert viewer.shading.colormap.name == "magma"
    with pytest.raises(TraitError, match="viridis"):
        viewer.appearance.colormap = "virids"


def test_a_misspelt_name_is_refused(viewer):
    with pytest.raises(TraitError):
        viewer.appearence = 1


def test_planes_are_pictures_of_their_own():
    cube = np.arange(3 * 40 * 50, dtype=np.float32).reshape(3, 40, 50)
    viewer = ImageViewer(source=ArraySource(cube))
    assert viewer.wait(PATIENCE)
    assert viewer.picture.plane == (0,)
    viewer.plane = (2,)
    assert viewer.wait(PATIENCE)
    np.testing.assert_array_equal(held(viewer), viewer.source.render(viewer.viewport, (2,)))
    viewer.close()


def test_other_reductions_are_pictures_of_their_own(viewer):
    viewer.reduction = "max"
    assert viewer.wait(PATIENCE)
    np.testing.assert_array_equal(held(viewer), viewer.source.render(viewer.viewport, None, "max"))
    assert viewer.shown.startswith("max of")


def test_a_viewer_without_a_source_goes_nowhere():
    viewer = ImageViewer()
    before = viewer.viewport
    for go in (viewer.fit, viewer.one_to_one, lambda: viewer.zoom(2), lambda: viewer.pan(1, 1), viewer.back):
        go()
    assert viewer.viewport == before
    assert viewer.shown == ""
    assert not viewer.exact or viewer.source is None


def test_the_model_knows_no_toolkit():
    code = (
        "import sys, traitsview.model.image_viewer;"
        "print([name for name in ('PySide6', 'traitsui', 'enable', 'chaco', 'pyface') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_readout_says_what_is_no_number():
    from traitsview.model.readout import value_text

    info = ArraySource(np.zeros((2, 2), np.float32), unit="Jy").info
    assert value_text(np.float32(1.5), info) == "1.5 Jy"
    assert value_text(np.float32("nan"), info) == "NaN"
    assert value_text(np.float32("inf"), info) == "inf Jy"


def test_the_readout_has_every_digit_of_a_complex_number():
    from traitsview.model.readout import value_text

    near_ten = 10 + 1e-9 + 0.1j
    assert value_text(np.complex128(near_ten), ArraySource(np.zeros((2, 2), complex)).info) == "10.000000001+0.1j"
    assert value_text(np.complex64(0.1 + 2j), ArraySource(np.zeros((2, 2), np.complex64)).info) == "0.1+2j"


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f4"])
@pytest.mark.parametrize("number", [1, 9.5, 5.559, 0.1, 1000.1, 60000, 3e-5])
def test_the_readout_tells_every_element_from_its_neighbours(dtype, number):
    from traitsview.model.readout import value_text

    dtype = np.dtype(dtype)
    value = dtype.type(number)
    info = ArraySource(np.zeros((2, 2), dtype)).info
    each = [np.nextafter(value, dtype.type(0)), value, np.nextafter(value, dtype.type(np.inf))]
    texts = [value_text(np.float64(one), info) for one in each]
    assert [dtype.type(text) for text in texts] == each
    assert value_text(np.float32(0.1), ArraySource(np.zeros((2, 2), np.float32)).info) == "0.1"
    last = np.finfo(float).max
    assert float(value_text(last, ArraySource(np.zeros((2, 2))).info)) == last


def test_a_number_that_a_file_has_scaled_is_without_what_is_lost_by_scaling_it():
    from traitsview.model.readout import value_text

    info = replace(ArraySource(np.zeros((2, 2))).info, stored=Stored("i2", 0.1, 0.0, None))
    assert value_text(np.float64(3 * 0.1), info) == "0.3"


def test_labels_that_a_colormap_does_not_list_are_said_to_have_no_colour(viewer):
    two = Colormap.from_colors("rocks", [(1, 0, 0, 1), (0, 1, 0, 1)], flat=True, values=(-3.0, -2.0))
    assert viewer.wait(PATIENCE)
    viewer.appearance.colormap = two
    assert "hardly any value has a colour in rocks, which is for -3 … -2" in viewer.shown
    viewer.appearance.scale = "sqrt"
    assert "hardly" not in viewer.shown
    viewer.appearance.trait_set(scale="linear", colormap=replace(two, values=(-3.0, float(viewer.summary.sample[5]))))
    assert "hardly" not in viewer.shown


def placed(problem=""):
    """Return a cube that says where things are in each plane, and what is wrong with its coordinates."""

    class Placed(ArraySource):
        def world(self, points, plane=None):
            return tuple(f"{x:g} {y:g} in {plane}" for x, y in points)

    cube = np.arange(3 * 40 * 50, dtype=np.float32).reshape(3, 40, 50)
    return Placed(cube, world_problem=problem, axes=("time", "y", "x"))


def test_the_readout_is_of_the_plane_that_is_shown():
    viewer = ImageViewer(source=placed())
    assert viewer.wait(PATIENCE)
    viewer.cursor = (13.5, 8.5)
    for plane in ((0,), (2,), (1,)):
        viewer.plane = plane
        wait_for(viewer, lambda: viewer.readout is not None and viewer.readout.world)
        assert viewer.readout.world == f"13.5 8.5 in {plane}"
        assert viewer.readout.value == f"{plane[0] * 2000 + 8 * 50 + 13}"
    viewer.close()


def wait_for(viewer, condition):
    """Take what arrives until a condition holds."""
    arrived = threading.Event()
    viewer.pixels.post = lambda take: arrived.set()
    while not condition():
        assert arrived.wait(PATIENCE)
        arrived.clear()
        viewer.pixels.take_arrivals()
    viewer.pixels.post = None


def test_what_is_wrong_with_coordinates_is_said_until_it_was_read_and_something_else_is_looked_at():
    viewer = ImageViewer(source=placed("CDELT1 is no number: '8,36'"))
    sentence = "coordinates unknown: CDELT1 is no number: '8,36'"
    assert viewer.shown.startswith(sentence)
    viewer.places.resize((300, 500))
    viewer.show((0, 10, 0, 10))
    assert viewer.shown.startswith(sentence)
    viewer.fit()
    assert viewer.wait(PATIENCE)
    assert viewer.exact
    viewer.places.resize((350, 500))
    assert viewer.wait(PATIENCE)
    assert viewer.shown.count(sentence) == 1
    viewer.plane = (1,)
    assert "CDELT1" not in viewer.shown
    viewer.source = placed("CRVAL1 has no value")
    assert viewer.shown.startswith("coordinates unknown: CRVAL1 has no value; ")
    viewer.source = placed()
    assert "coordinates" not in viewer.shown
    viewer.close()


def test_pixels_are_counted_as_fits_does_at_choice():
    calibrated = ArraySource(np.zeros((32, 40), np.float32), extent=(-1.0, 1.0, 10.0, 18.0))
    viewer = ImageViewer(source=calibrated, fits_pixels=True)
    viewer.places.resize((64, 80))
    # The centre of the element in column 13 and row 8, which are 14 and 9 for FITS.
    viewer.cursor = (-1.0 + 13.5 / 20, 10.0 + 8.5 / 4)
    assert " FITS 14" in viewer.readout_line
    column, row = viewer.readout_line.partition("FITS ")[2].split()[:2]
    assert (float(column), float(row)) == (14, 9)
    viewer.fits_pixels = False
    assert "FITS" not in viewer.readout_line
    viewer.close()
