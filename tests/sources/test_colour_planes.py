"""Planes can be seen as colours, and colours as planes, with the same numbers."""

import numpy as np
import pytest
from astropy.io import fits

from traitsview import opening
from traitsview.cli.main import main
from traitsview.color.catalogue import colormap
from traitsview.color.limits import held_limits, parse_limits
from traitsview.color.look import Look
from traitsview.color.shading import Shading
from traitsview.errors import RequestError
from traitsview.geometry import Viewport
from traitsview.numerals import numerals
from traitsview.opening import open_in_host
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.channel_summary import joined_summary
from traitsview.sources.derived.colour_planes import ChannelPlanes, ColourPlanes, colour_axis
from traitsview.sources.picture import Picture
from traitsview.sources.registry import open_source
from traitsview.sources.summary import summary_of
from traitsview.sources.wrapped_source import WrappedSource
from traitsview.testing.image_source_tests import ImageSourceTests

GRAY = colormap("gray")
VIEW = Viewport((2.3, 1.7), (-1, -1), (18, 22))


def cube(dtype="f4", shape=(3, 31, 43)):
    values = np.random.default_rng(7).random(shape) * np.array([1000, 10, 0.1])[:, None, None] * 60
    return values.astype(dtype)


def interleaved(planes):
    return np.ascontiguousarray(np.moveaxis(planes, -3, -1))


def same_summary(one, other):
    for name in ("count", "valid", "minimum", "maximum", "exact"):
        assert getattr(one, name) == getattr(other, name)
    np.testing.assert_allclose((one.mean, one.std), (other.mean, other.std), rtol=1e-6)
    assert len(one.channels) == len(other.channels)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i4", "f4", "f8"])
def test_planes_as_colours_equal_interleaved_colours(dtype):
    planes = cube(dtype)
    with ColourPlanes(ArraySource(planes), 0) as one, ArraySource(interleaved(planes), kind="rgb") as other:
        assert (one.info.kind, one.info.shape, one.info.channels) == ("rgb", (31, 43), 3)
        for reduction in ("mean", "max", "nearest"):
            np.testing.assert_array_equal(one.render(VIEW, (), reduction), other.render(VIEW, (), reduction))
        for exact in (True, False):
            same_summary(one.summarize(exact=exact), other.summarize(exact=exact))
        points = [(0.5, 0.5), (42.5, 30.5)]
        np.testing.assert_array_equal(one.sample(points), other.sample(points))
        assert one.sample(points).dtype == other.sample(points).dtype
        assert np.isnan(one.sample([(-1, 0)])).all()


def whole_cube(rows=31, columns=43):
    """Return planes of integers that float64 would round: plane k has values from ``(k + 1) * 2**60`` on."""
    values = np.random.default_rng(3).integers(0, 1000, (3, rows, columns))
    return values + 2**60 * np.arange(1, 4)[:, None, None]


def test_channels_of_whole_numbers_keep_every_digit():
    planes = whole_cube()
    at_once = Viewport((1.0, 1.0), (0, 0), (31, 43))
    with ColourPlanes(ArraySource(planes), 0) as one, ArraySource(interleaved(planes), kind="rgb") as other:
        for source in (one, other):
            pixels = source.render(at_once)
            assert pixels.flags.c_contiguous
            assert pixels.nbytes <= 31 * 43 * source.info.pixel_bytes
            assert pixels.astype(np.int64).tolist() == interleaved(planes).tolist()
            for tile, part in source.render_tiles(at_once.tiles(16)):
                here, there = at_once.overlap(tile), tile.overlap(at_once)
                np.testing.assert_array_equal(pixels[here], part[there])
            assert source.sample([(3.5, 4.5)]).tolist() == [planes[:, 4, 3].tolist()]
            told = source.summarize(exact=True).channels
            assert [(part.minimum, part.maximum) for part in told] == [(int(k.min()), int(k.max())) for k in planes]
        for reduction in ("mean", "max", "nearest", "mode"):
            np.testing.assert_array_equal(one.render(VIEW, (), reduction), other.render(VIEW, (), reduction))


def test_channels_of_whole_numbers_keep_every_digit_beside_a_channel_without_a_value():
    planes = np.ma.MaskedArray(whole_cube(), np.zeros((3, 31, 43), bool))
    planes[1, 4, 3] = np.ma.masked
    with ColourPlanes(ArraySource(planes), 0) as source:
        (sampled,) = source.sample([(3.5, 4.5)])
        assert np.isnan(sampled[1])
        assert [int(sampled[k]) for k in (0, 2)] == [int(planes[k, 4, 3]) for k in (0, 2)]


@pytest.mark.parametrize("rule", ["minmax", "98%"])
def test_colours_of_large_whole_numbers_equal_those_of_their_differences_also_from_a_host(tmp_path, rule):
    planes = whole_cube(400, 500)
    np.save(tmp_path / "a.npy", planes)
    at_once = Viewport((1.0, 1.0), (0, 0), (400, 500))
    near = interleaved(planes - 2**60 * np.arange(1, 4)[:, None, None])
    with open_in_host(f"{tmp_path}/a.npy::?kind=rgb") as source, ArraySource(near, kind="rgb") as plain:
        summary = source.summarize()
        assert [int(part.minimum) // 2**60 for part in summary.channels] == [1, 2, 3]
        shading = Shading.of(summary, Look(GRAY, held_limits(rule, summary)))
        for k, (lo, hi) in enumerate(shading.channels.limits, 1):
            assert (type(lo), type(hi)) == (int, int)
            assert 0 <= lo - k * 2**60 < hi - k * 2**60 < 1000
        exact = Shading.of(plain.summarize(), Look(GRAY, parse_limits(_moved(shading))))
        np.testing.assert_array_equal(shading.rgba(source.render(at_once)), exact.rgba(plain.render(at_once)))


def _moved(shading):
    """Return the limits of the channels of a `whole_cube` less ``k * 2**60``, k = 1, 2, 3."""
    return [limit - k * 2**60 for k, limits in enumerate(shading.channels.limits, 1) for limit in limits]


def test_other_axes_stay_planes():
    planes = np.stack([cube(shape=(3, 5, 6)) * k for k in range(4)])
    with ColourPlanes(ArraySource(planes, axes=("time", "band", "y", "x")), 1) as source:
        assert [axis.name for axis in source.info.axes] == ["time", "y", "x"]
        whole = Viewport((1, 1), (0, 0), (5, 6))
        np.testing.assert_array_equal(source.render(whole, (2,)), interleaved(planes[2]))
        with pytest.raises(RequestError, match="plane 4 is out of range"):
            source.render(whole, (4,))


def test_tiles_equal_parts_of_the_viewport_and_end_when_they_are_stale():
    with ColourPlanes(ArraySource(cube()), 0) as source:
        tiles = VIEW.tiles(4)
        whole = source.render(VIEW)
        found = dict(source.render_tiles(tiles))
        assert set(found) == set(tiles)
        for tile, pixels in found.items():
            here, there = VIEW.overlap(tile), tile.overlap(VIEW)
            np.testing.assert_array_equal(whole[here], pixels[there])
        assert list(source.render_tiles(tiles, stale=lambda: True)) == []
        assert list(source.render_tiles([])) == []


def test_four_planes_are_colours_and_alpha():
    planes = np.concatenate([cube("u1"), np.full((1, 31, 43), 255, "u1")])
    with open_source(planes, kind="rgba") as source:
        assert (source.info.kind, source.render(VIEW).shape) == ("rgba", (18, 22, 4))


def test_channels_can_be_seen_as_planes():
    colours = interleaved(cube())
    with ChannelPlanes(ArraySource(colours)) as source:
        assert [(axis.name, axis.size) for axis in source.info.axes] == [("colour", 3), ("y", 31), ("x", 43)]
        for k in range(3):
            with ArraySource(colours[..., k].copy()) as plain:
                np.testing.assert_array_equal(source.render(VIEW, (k,)), plain.render(VIEW))
                same_summary(source.summarize(None, (k,), exact=True), plain.summarize(exact=True))
                assert source.sample([(3.5, 4.5)], (k,)) == plain.sample([(3.5, 4.5)])
                tiles = dict(source.render_tiles([VIEW], Picture((k,))))
                np.testing.assert_array_equal(tiles[VIEW], plain.render(VIEW))


def test_bytes_have_summaries_of_channels_only_one_by_one():
    colours = interleaved(cube("u1"))
    with ArraySource(colours) as source, ChannelPlanes(ArraySource(colours)) as planes:
        assert source.summarize().channels == ()
        summary = planes.summarize(None, (1,), exact=True)
        assert (summary.minimum, summary.maximum) == (colours[..., 1].min(), colours[..., 1].max())


@pytest.mark.parametrize(
    ("names", "sizes", "axis"),
    [
        (("t", "z"), (3, 5), 0),
        (("t", "z"), (3, 4), 1),
        (("rgb", "z"), (3, 3), 0),
        (("channel", "z"), (4, 3), 0),
        (("t", "z"), (2, 5), None),
        ((), (), None),
    ],
)
def test_axis_of_colours_is_found_by_its_name_or_is_the_last(names, sizes, axis):
    array = np.broadcast_to(np.float32(0), (*sizes, 5, 6))
    assert colour_axis(ArraySource(array, axes=(*names, "y", "x")).info) == axis


def test_axis_of_a_wrong_size_is_no_axis_of_colours():
    with pytest.raises(RequestError, match="its axis 'axis 0' has 5 planes; give one of 3 or 4"):
        ColourPlanes(ArraySource(np.zeros((5, 6, 7))), 0)


@pytest.mark.parametrize(
    ("shape", "dtype", "kind"),
    [
        ((31, 43, 3), "u1", "rgb"),
        ((2, 2, 4), "u1", "rgba"),
        ((31, 43, 3), "u2", "rgb"),
        ((31, 43, 4), ">u2", "rgba"),
        ((31, 43, 3), "f2", "rgb"),
        ((7, 31, 43, 3), "f8", "rgb"),
        # These may be four quantities, a small cube, or labels.
        ((31, 43, 4), "f4", "scalar"),
        ((4, 4, 3), "f4", "scalar"),
        ((31, 43, 3), "i4", "scalar"),
        ((31, 43, 3), "c8", "complex"),
        ((3, 31, 43), "u1", "scalar"),
        ((43, 3), "u1", "scalar"),
    ],
)
def test_array_is_taken_for_colours_only_if_its_shape_and_dtype_suggest_it(shape, dtype, kind):
    assert open_source(np.zeros(shape, dtype)).info.kind == kind


def test_option_kind_decides_the_kind_of_an_image():
    assert open_source(np.zeros((31, 43, 3)), kind="scalar").info.shape == (43, 3)
    assert open_source(np.zeros((31, 43, 3), "i2"), kind="rgb").info.shape == (31, 43)
    assert open_source(np.zeros((3, 31, 43), "i2"), kind="rgb").info.shape == (31, 43)
    with pytest.raises(RequestError, match="shape is 5 × 31 × 43, and no axis other than x and y has 3 elements"):
        open_source(np.zeros((5, 31, 43)), kind="rgb")
    with pytest.raises(RequestError, match="is not rgb"):
        open_source(np.zeros((31, 43, 3), complex), kind="rgb")


@pytest.fixture
def files(tmp_path):
    planes = cube(">f4")
    hdu = fits.PrimaryHDU(planes)
    hdu.writeto(tmp_path / "plain.fits")
    hdu.header["CTYPE3"] = "RGB"
    hdu.writeto(tmp_path / "rgb.fits")
    np.save(tmp_path / "planes.npy", planes)
    return tmp_path, planes


def test_fits_file_opens_in_colour_if_its_header_or_the_user_says_so(files):
    folder, planes = files
    whole = Viewport((1, 1), (0, 0), (31, 43))
    for name in ("rgb.fits", "rgb.fits::0", "plain.fits::?kind=rgb", "plain.fits::0?kind=rgb", "planes.npy::?kind=rgb"):
        with open_source(f"{folder}/{name}") as source, open_in_host(f"{folder}/{name}") as there:
            assert source.info.kind == "rgb"
            assert (source.info.origin == "lower") == (".fits" in name)
            np.testing.assert_array_equal(source.render(whole), interleaved(planes))
            np.testing.assert_array_equal(there.render(whole), interleaved(planes))
            assert there.info == source.info
            same_summary(there.summarize(exact=True), source.summarize(exact=True))
    for name in ("plain.fits", "rgb.fits::?kind=scalar", "planes.npy"):
        with open_source(f"{folder}/{name}") as source:
            assert (source.info.kind, source.info.planes[0].size) == ("scalar", 3)


def test_note_about_colours_names_the_option_that_shows_planes(files):
    folder, _ = files
    with open_source(folder / "rgb.fits") as source:
        assert source.info.colour_axis == "rgb"
        assert source.info.notes == ("the planes of the axis 'rgb' are its colours; kind=scalar shows them one by one",)


def test_three_columns_of_a_fits_image_are_no_colours(tmp_path):
    fits.PrimaryHDU(np.zeros((7, 9, 3), "u1")).writeto(tmp_path / "a.fits")
    with open_source(tmp_path / "a.fits") as source:
        assert (source.info.kind, source.info.shape) == ("scalar", (9, 3))
    with pytest.raises(RequestError, match="no axis other than x and y has 3 elements"):
        open_source(tmp_path / "a.fits", kind="rgb")


def test_file_is_closed_if_its_planes_cannot_be_colours(tmp_path):
    fits.PrimaryHDU(np.zeros((7, 9), "u1")).writeto(tmp_path / "a.fits")
    with pytest.raises(RequestError, match="shape is 7 × 9, and no axis other than x and y has 4 elements"):
        opening.open_source(f"{tmp_path}/a.fits", kind="rgba")


def test_command_shows_planes_in_colour(files, capsys, monkeypatch):
    folder, planes = files
    monkeypatch.chdir(folder)
    assert main(["render", "plain.fits", "--kind", "rgb", "-o", "out.npy"]) == 0
    np.testing.assert_array_equal(np.load("out.npy"), interleaved(planes))
    assert main(["info", "rgb.fits"]) == 0
    text = capsys.readouterr().out
    assert "float32, big-endian, rgb" in text
    low, high, _ = numerals(planes[0].min(), planes[0].max(), planes[0].mean(dtype=float))
    assert f"red      {low} … {high}, mean" in text


def test_summary_of_all_channels_equals_that_of_all_values():
    parts = [np.random.default_rng(k).normal(k, 1 + k, (50, 60)) for k in range(3)]
    parts[0][:5] = np.nan
    joined = joined_summary([summary_of(part, True) for part in parts])
    whole = summary_of(np.stack(parts), True)
    for name in ("count", "valid", "minimum", "maximum", "exact"):
        assert getattr(joined, name) == getattr(whole, name)
    np.testing.assert_allclose((joined.mean, joined.std), (whole.mean, whole.std))
    assert [part.maximum for part in joined.channels] == [np.nanmax(part) for part in parts]
    assert not joined.sample.flags.writeable
    nothing = joined_summary([summary_of(np.full((2, 2), np.nan), True)] * 3)
    assert nothing.valid == 0
    assert np.isnan(nothing.minimum)


def test_world_coordinates_are_those_of_the_wrapped_source():
    class Placed(ArraySource):
        def world(self, points, plane=None):
            return tuple(f"{x:g} {y:g} in {plane}" for x, y in points)

    planes = np.zeros((4, 3, 5, 6), np.float32)
    with ColourPlanes(Placed(planes, axes=("time", "band", "y", "x")), 1) as source:
        assert source.world([(1, 2)], (2,)) == ("1 2 in (2, 0)",)
        assert source.world([(1, 2)]) == ("1 2 in (0, 0)",)
        with pytest.raises(RequestError, match="plane 4 is out of range"):
            source.world([(1, 2)], (4,))
    with ChannelPlanes(Placed(np.zeros((4, 5, 6, 3), np.uint8))) as source:
        assert source.world([(1, 2)], (3, 2)) == ("1 2 in (3,)",)
        with pytest.raises(RequestError, match="plane 3 is out of range"):
            source.world([(1, 2)], (3, 3))
    with WrappedSource(Placed(planes)) as source:
        assert source.world([(1, 2)], (3, 2)) == ("1 2 in (3, 2)",)


class TestWrappedSource(ImageSourceTests):
    """A source that forwards everything passes the suite of all sources."""

    def make_source(self, array, **options):
        return WrappedSource(ArraySource(array, **options))
