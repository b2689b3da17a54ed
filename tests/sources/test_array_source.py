"""Arrays of every kind as sources."""

import itertools

import numpy as np
import pytest
from kit.patience import pass_time

from traitsview.errors import RequestError, SourceUnreadable, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import Axis
from traitsview.sources.picture import REDUCTIONS
from traitsview.sources.questions.summarize import Summarize
from traitsview.sources.reducing import workers
from traitsview.testing.example_arrays import VIEWPORTS, assert_shows, example_array, example_whole_numbers
from traitsview.testing.image_source_tests import ImageSourceTests
from traitsview.testing.reference import expected


class Sliced:
    """An array-like with shape, dtype and slicing that is no ndarray."""

    def __init__(self, array):
        self._array = array
        self.shape, self.dtype = array.shape, array.dtype
        self.readers, self.most = 0, 0

    def __getitem__(self, key):
        assert all(isinstance(part, int) or part.step is None for part in key)
        return self._array[key]


class TestArraySource(ImageSourceTests):
    def make_source(self, array, **options):
        return ArraySource(array, **options)


class TestSlicedSource(ImageSourceTests):
    def make_source(self, array, **options):
        return ArraySource(Sliced(array), lock=True, **options)


def layouts():
    base = example_array("f4", (62, 129))
    small = example_array("f4")
    records = np.zeros((31, 43), dtype=[("pad", "i1"), ("value", "f4")])
    records["value"] = small
    many = np.moveaxis(np.stack([small, small + 1, small + 2], axis=-1), -1, 0)
    yield "fortran", np.asfortranarray(small)
    yield "crop", base[5:36, 7:50]
    yield "rows backwards", small[::-1]
    yield "columns backwards", small[:, ::-1]
    yield "every other row", base[::2, :43]
    yield "every third column", base[:31, ::3]
    yield "transposed crop", base[7:50, 5:36].T
    yield "field of unaligned records", records["value"]
    yield "one row again and again", np.broadcast_to(small[3], (31, 43))
    yield "last axis of three", many
    yield "big-endian crop", base.astype(">f4")[5:36, 7:50]
    yield "read-only", np.frombuffer(small.tobytes(), np.float32).reshape(small.shape)
    yield "masked", np.ma.masked_less(small, 60.0)
    yield "one element", small[:1, :1]
    yield "one column", small[:, 4:5]
    yield "one row", small[4:5]
    yield "long double", small.astype(np.longdouble)


@pytest.mark.parametrize(("name", "array"), [pytest.param(*each, id=each[0]) for each in layouts()])
def test_any_layout_in_memory_is_shown(name, array):
    source = ArraySource(array)
    plane = np.ma.filled(array.astype(np.float64), np.nan)
    plane = plane[0] if plane.ndim == 3 else plane
    for viewport, reduction in itertools.product(VIEWPORTS, REDUCTIONS):
        wanted = expected(plane, source.info, viewport, reduction)
        assert_shows(source.render(viewport, None, reduction), wanted)


def test_memory_map_is_shown(tmp_path):
    array = example_array(">i2")
    array.tofile(tmp_path / "raw")
    source = ArraySource(np.memmap(tmp_path / "raw", ">i2", "r", shape=array.shape))
    assert_shows(source.render(VIEWPORTS[2]), expected(array, source.info, VIEWPORTS[2]))


def test_pixel_of_more_rows_than_are_converted_at_once_is_as_defined():
    rng = np.random.default_rng(5)
    array = rng.random((1500, 9))
    array[rng.random(array.shape) < 0.3] = np.nan
    source = ArraySource(Sliced(array))
    for reduction in REDUCTIONS:
        for rows in (1500.0, 700.5, 257.25):
            viewport = Viewport((2.5, rows), (0, 0), (3, 4))
            assert_shows(source.render(viewport, None, reduction), expected(array, source.info, viewport, reduction))


def test_linear_scale_applies_to_pixels_samples_and_summaries():
    stored = example_array("i2")
    for slope, zero in ((0.5, 32768.0), (-2.0, 1.0)):
        source = ArraySource(stored, scale=(slope, zero), dtype=">f8")
        true = stored * slope + zero
        assert source.info.pixel_dtype == np.float64
        for viewport, reduction in itertools.product(VIEWPORTS[:4], REDUCTIONS):
            assert_shows(source.render(viewport, None, reduction), expected(true, source.info, viewport, reduction))
        assert source.sample([(3.5, 4.5)]) == true[4, 3]
        summary = source.summarize(exact=True)
        assert (summary.minimum, summary.maximum) == (true.min(), true.max())


def test_blank_integers_have_no_value():
    stored = example_array("i4")
    stored[4:9, 5:12] = -999
    true = np.where(stored == -999, np.nan, stored * 0.1)
    source = ArraySource(stored, blank=-999, scale=(0.1, 0.0), dtype="f8")
    for viewport, reduction in itertools.product(VIEWPORTS[:4], REDUCTIONS):
        assert_shows(source.render(viewport, None, reduction), expected(true, source.info, viewport, reduction))
    assert np.isnan(source.sample([(6.5, 5.5)])[0])
    assert source.summarize().valid == np.isfinite(true).sum()


def test_locked_readers_are_called_by_one_thread_at_a_time():
    class Slow(Sliced):
        def __getitem__(self, key):
            self.readers += 1
            self.most = max(self.most, self.readers)
            pass_time(1e-3)
            self.readers -= 1
            return super().__getitem__(key)

    reader = Slow(example_array("f4", (300, 300)))
    source = ArraySource(reader, lock=True)
    list(source.render_tiles(Viewport((1.0, 1.0), (0, 0), (300, 300)).tiles(32)))
    assert reader.most == 1


@pytest.mark.parametrize("processors", [1, 2])
def test_tiles_are_begun_in_the_order_given(monkeypatch, processors):
    monkeypatch.setattr(workers, "processors", lambda: processors)
    begun = []

    class Watched(Sliced):
        def __getitem__(self, key):
            begun.append(key[0].start)
            return super().__getitem__(key)

    tiles = Viewport((1.0, 1.0), (0, 0), (256, 16)).tiles(16)[::-1]
    seen = ArraySource(Watched(np.zeros((256, 16)))).render_tiles(tiles)
    next(seen)
    # One of two threads may get far ahead.  Tiles that are given up were never begun.
    assert set(begun) <= {tile.origin[1] for tile in tiles[: 2 * processors + 1]}
    rest = [tile for tile, _ in seen]
    assert len(rest) == len(tiles) - 1
    assert sorted(begun, reverse=True) == [tile.origin[1] for tile in tiles]


def test_rendering_of_a_long_tile_stops_between_bands():
    reads = []

    class Endless(Sliced):
        def __getitem__(self, key):
            reads.append(key)
            return np.zeros((key[0].stop - key[0].start, key[1].stop - key[1].start), np.float16)

    huge = Endless(np.broadcast_to(np.float16(0), (20_000, 20_000)))
    tile = Viewport((80.0, 80.0), (0, 0), (256, 256))
    assert not list(ArraySource(huge).render_tiles([tile], stale=lambda: len(reads) > 20))
    assert len(reads) < 200


@pytest.mark.parametrize("chunks", [None, (256, 64), ((256,) * 15 + (160,), (40,))])
def test_rows_far_apart_are_read_once_by_block_without_the_blocks_between(chunks):
    reads = []

    class Watched(Sliced):
        def __getitem__(self, key):
            reads.append(key[0])
            return super().__getitem__(key)

    array = np.random.default_rng(2).random((4000, 40))
    reader = Watched(np.broadcast_to(np.float32(0), (4000, 40_000)))
    if chunks:
        reader.chunks = chunks
    viewport = Viewport((1.0, 250.0), (-1, -2), (20, 42))
    for ask in (lambda: ArraySource(reader).render(viewport, None, "nearest"), ArraySource(reader).summarize):
        reads.clear()
        ask()
        if chunks:
            blocks = [block for read in reads for block in range(read.start // 256, (read.stop - 1) // 256 + 1)]
            assert sorted(blocks) == list(range(16))
        else:
            assert sum(read.stop - read.start for read in reads) < 1000
    small = Watched(array)
    small.chunks = chunks
    pixels = ArraySource(small).render(viewport, None, "nearest")
    assert_shows(pixels, ArraySource(array).render(viewport, None, "nearest"))
    assert_shows(pixels, expected(array, ArraySource(array).info, viewport, "nearest"))


def test_guard_is_called_before_elements_are_read():
    def shrunk():
        raise SourceUnreadable("cannot read 'a'", "it shrank")

    source = ArraySource(example_array(), guard=shrunk)
    tiles = VIEWPORTS[0].tiles(8)
    for ask in (
        lambda: source.render(VIEWPORTS[0]),
        lambda: list(source.render_tiles(tiles)),
        lambda: source.sample([(1.0, 1.0)]),
        lambda: source.summarize(),
        lambda: source.summarize(exact=True),
    ):
        with pytest.raises(SourceUnreadable, match="it shrank"):
            ask()


def test_failure_of_a_reader_is_reported_in_one_line():
    class Broken(Sliced):
        def __getitem__(self, key):
            raise KeyError("chunk 7 is missing")

    with pytest.raises(SourceUnreadable, match=r"cannot read 'array': .*chunk 7"):
        ArraySource(Broken(example_array())).render(VIEWPORTS[0])


def test_reader_that_returns_another_shape_is_refused():
    class Wrong(Sliced):
        def __getitem__(self, key):
            return self._array[:1]

    with pytest.raises(SourceUnreadable, match="shape"):
        ArraySource(Wrong(example_array())).render(VIEWPORTS[0])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (np.array(1.0), "0 axes"),
        (np.zeros(5), "1 axis"),
        (np.zeros((0, 5)), "no elements"),
        (np.zeros((3, 3), object), "Python objects"),
        (np.zeros((3, 3), [("a", "f4"), ("b", "i2")]), "'a', 'b'"),
        (np.zeros((3, 3), "M8[s]"), "datetime64"),
        (np.zeros((3, 3), "U5"), "numbers"),
        ([[1, 2], [3, 4]], "no NumPy dtype"),
    ],
)
def test_data_that_is_no_image_is_refused_with_the_reason(data, says):
    with pytest.raises(SourceUnsupported, match=says):
        ArraySource(data)


@pytest.mark.parametrize(
    "options",
    [
        {"origin": "middle"},
        {"extent": (1, 0, 0, 1)},
        {"extent": (0, np.inf, 0, 1)},
        {"extent": (0, 1)},
        {"extent": (0, 5e-324, 0, 1)},
        {"axes": ("y",)},
        {"axes": (Axis("y", 31), Axis("x", 44))},
        {"kind": "rgb"},
        {"kind": "complex"},
        {"kind": "hologram"},
    ],
)
def test_options_that_contradict_the_array_are_refused(options):
    with pytest.raises(RequestError):
        ArraySource(example_array(), **options)


def test_three_channels_of_bytes_are_colour_unless_kind_says_otherwise():
    array = example_array("u1", (31, 43, 3))
    assert ArraySource(array).info.kind == "rgb"
    info = ArraySource(array, kind="scalar").info
    assert (info.kind, info.shape) == ("scalar", (43, 3))
    assert ArraySource(example_array("u1", (43, 3))).info.shape == (43, 3)


@pytest.mark.parametrize("period", [2, 16, 20, 64])
def test_quick_summary_is_right_for_an_image_with_a_period(period):
    rows, columns = np.indices((2048, 2048), sparse=True)
    board = ((rows + columns) % period == 0).astype(np.uint8)
    summary = ArraySource(board).summarize()
    assert not summary.exact
    assert (summary.minimum, summary.maximum) == (0.0, 1.0)
    assert summary.mean == pytest.approx(1 / period, rel=0.1)
    assert summary.sample.size == summary.count <= 131_072
    again = ArraySource(board).summarize()
    np.testing.assert_array_equal(summary.sample, again.sample)


def test_exact_summary_reads_every_element():
    array = np.random.default_rng(0).random((3000, 1500)) + 1e9
    array[1234, 777] = -5.0
    array[7, 8] = np.inf
    finite = array[np.isfinite(array)]
    summary = ArraySource(array).summarize(exact=True)
    assert summary.exact
    assert (summary.count, summary.valid) == (array.size, finite.size)
    assert (summary.minimum, summary.maximum) == (-5.0, finite.max())
    assert summary.mean == pytest.approx(finite.mean(), rel=1e-14)
    assert summary.std == pytest.approx(finite.std(), rel=1e-6)
    assert 0 < summary.sample.size <= 131_072


def test_change_of_the_array_shows_in_the_next_viewport():
    array = np.zeros((8, 8), np.float32)
    source = ArraySource(array)
    array[:] = 3.0
    assert (source.render(Viewport((2.0, 2.0), (0, 0), (4, 4))) == 3.0).all()


@pytest.mark.parametrize("channels", [3, 4])
def test_sample_of_a_colour_image_has_as_many_values_of_each_channel(channels):
    array = np.broadcast_to(np.arange(channels, dtype=np.uint8), (300, 600, channels))
    values, counts = np.unique(ArraySource(array).summarize().sample, return_counts=True)
    assert values.tolist() == list(range(channels))
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("reader", [np.asarray, Sliced])
def test_whole_numbers_do_not_depend_on_pixels_rendered_before(reduction, reader):
    array = example_whole_numbers("i8")
    array[:, 20:] = np.arange(31 * 23).reshape(31, 23)
    used = ArraySource(reader(array))
    for viewport in VIEWPORTS:
        used.render(viewport)
        shown, fresh = (source.render(viewport, None, reduction) for source in (used, ArraySource(reader(array))))
        assert shown.dtype == fresh.dtype
        np.testing.assert_array_equal(shown, fresh)


class Masked(Sliced):
    """An array-like with missing elements: slices of it are masked arrays, as from readers of some formats."""

    def __init__(self, array, missing):
        super().__init__(array)
        self.missing = missing

    def __getitem__(self, key):
        return np.ma.array(self._array[key], mask=self.missing[key])


@pytest.mark.parametrize(("dtype", "close"), [("i8", True), (">u8", False)])
def test_whole_numbers_keep_every_digit_beside_missing_ones(dtype, close):
    array = example_whole_numbers(dtype, close)
    missing = np.zeros(array.shape, bool)
    missing[:9] = np.random.default_rng(0).random((9, 43)) < 0.3
    missing[20:25] = True
    true = np.where(missing, np.nan, array.astype(np.longdouble))
    for source in (ArraySource(Masked(array, missing)), ArraySource(np.ma.array(array, mask=missing))):
        for viewport, reduction in itertools.product(VIEWPORTS[1:5], ("nearest", "min", "max", "mode")):
            shown = source.render(viewport, None, reduction)
            np.testing.assert_array_equal(shown, expected(true, source.info, viewport, reduction))
        summary = source.summarize(exact=True)
        assert (summary.minimum, summary.maximum) == (np.nanmin(true), np.nanmax(true))
        assert summary.valid == (~missing).sum()
        sampled = source.sample([(0.5, 21.5), (5.5, 15.5)])
        assert np.isnan(sampled[0])
        assert sampled[1] == array[15, 5]


def test_source_of_an_array_closes_its_file_and_asks_it_for_coordinates():
    closed = []
    source = ArraySource(
        np.zeros((4, 30, 20)),
        extent=(10.0, 20.0, 0.0, 60.0),
        world_of=lambda places, plane: tuple(f"{x:g} {y:g} {plane}" for x, y in places),
        close=lambda: closed.append(True),
    )
    with source:
        assert source.world([(10.0, 60.0), (15.25, 3.0)], (2,)) == ("0 30 (2,)", "10.5 1.5 (2,)")
        with pytest.raises(RequestError):
            source.world([(10.0, 60.0)], (4,))
        assert not closed
    assert closed == [True]


@pytest.mark.parametrize("exact", [False, True])
def test_summary_stops_between_two_reads_if_it_is_stale(exact):
    reads = []

    class Watched:
        shape, dtype, chunks = (4096, 4096), np.dtype(np.float32), (512, 512)

        def __getitem__(self, key):
            reads.append(key)
            return np.zeros((4096, 4096), np.float32)[key]

    summaries = ArraySource(Watched()).examine(Summarize(exact=exact), stale=lambda: len(reads) >= 2)
    assert list(summaries) == []
    assert len(reads) == 2
