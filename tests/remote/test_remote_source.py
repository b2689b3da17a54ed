"""A remote source is the source itself, seen from elsewhere."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from kit.patience import PATIENCE, pass_time

from traitsview.errors import HostGone, RequestError, SourceUnreadable
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.protocol import codec, endpoint
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer import remote_source
from traitsview.remote.viewer.link import Link
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import Axis, ImageInfo, check_plane
from traitsview.sources.image_source import ImageSource, never
from traitsview.sources.picture import DEFAULT_PICTURE, Picture
from traitsview.sources.questions.summarize import Summarize
from traitsview.sources.summary import Summary
from traitsview.testing.image_source_tests import ImageSourceTests
from traitsview.testing.sources import CountingSource


class TestRemoteSource(ImageSourceTests):
    """A remote source is an image source like every other."""

    @pytest.fixture(autouse=True)
    def _remote(self, remote):
        self.remote = remote

    def make_source(self, array, **options):
        return self.remote(ArraySource(array, **options))


def everything(value, depth=3):
    """Yield `value` and what can be reached from it through `depth` attributes and items."""
    yield value
    if depth == 0 or isinstance(value, (type, str, bytes, int, float)):
        return
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from everything(item, depth - 1)
    for name in dir(value):
        try:
            part = getattr(value, name)
        except Exception:  # some attributes of some arrays cannot be had
            continue
        if not callable(part):
            yield from everything(part, depth - 1)


def test_render_gives_a_plain_array_of_the_same_pixels(remote, image):
    source, here = remote(image), ArraySource(image)
    viewport = Viewport.fitting(here.info, (240, 300))
    pixels = source.render(viewport)
    assert type(pixels) is np.ndarray
    assert pixels.flags.writeable
    assert pixels.flags.c_contiguous
    np.testing.assert_array_equal(pixels, here.render(viewport))


def test_no_reference_to_the_host_is_in_what_comes_back(remote, image):
    source = remote(image)
    viewport = Viewport.fitting(source.info, (30, 40))
    answers = (source.render(viewport), source.info, source.summarize(), source.sample([(1.0, 1.0)]))
    found = [type(part) for answer in answers for part in everything(answer)]
    assert len(found) > 20
    assert not [kind for kind in found if kind.__module__.startswith("rpyc") or hasattr(kind, "____conn__")]


def test_tiles_are_the_same_as_here(remote, image):
    source, here = remote(image), ArraySource(image)
    tiles = Viewport.covering((0, 900, 0, 700), (700, 900)).tiles()
    pixels = dict(source.render_tiles(tiles, Picture(reduction="max")))
    assert set(pixels) == set(tiles)
    for tile in tiles:
        np.testing.assert_array_equal(pixels[tile], here.render(tile, reduction="max"))


def test_more_tiles_than_fit_in_one_request_all_come(remote, monkeypatch, image):
    monkeypatch.setattr(wire, "TILES", 3)
    source = remote(image)
    tiles = Viewport.covering((0, 900, 0, 700), (700, 900)).tiles()
    assert {tile for tile, _ in source.render_tiles(tiles)} == set(tiles)


def test_a_render_too_large_for_one_answer_comes_in_pieces(remote, monkeypatch, image):
    monkeypatch.setattr(wire, "RENDER_BYTES", 50_000)
    viewport = Viewport.covering((-50, 950, 3, 690), (333, 222))
    np.testing.assert_array_equal(remote(image).render(viewport), ArraySource(image).render(viewport))


def test_color_and_complex_and_samples_and_summaries_cross(remote):
    rgb = np.random.default_rng(1).integers(0, 255, (50, 60, 3), np.uint8)
    here, source = ArraySource(rgb), remote(rgb)
    viewport = Viewport.fitting(here.info, (20, 20))
    assert source.info == here.info
    np.testing.assert_array_equal(source.render(viewport), here.render(viewport))
    points = [(x % 60 + 0.5, x % 50 + 0.5) for x in range(3000)]
    np.testing.assert_array_equal(source.sample(points), here.sample(points))
    assert source.sample(points).dtype == here.sample(points).dtype
    mine, theirs = here.summarize(exact=True), source.summarize(exact=True)
    np.testing.assert_array_equal(np.sort(mine.sample), theirs.sample)
    assert (mine.mean, mine.count, mine.exact) == (theirs.mean, theirs.count, theirs.exact)
    assert source.sample([]).shape == here.sample([]).shape


@pytest.mark.parametrize(
    ("values", "most"),
    [(np.arange(9.0) / 3, 72), (np.arange(9.0) / 4, 36), (np.array([1e300, -1e300, 0.0]), 24), (np.array([]), 0)],
)
def test_a_sample_crosses_by_size_in_as_few_bytes_as_keep_it_whole(values, most):
    ours, theirs = Crossing(), Summary(9, 9, 0.0, 1.0, 0.5, 0.1, np.flip(values), True)
    summary = wire.unpack_summary(wire.pack_summary(theirs, ours), ours)
    assert ours.brought == most
    assert summary.sample.dtype == np.float64
    np.testing.assert_array_equal(summary.sample, np.sort(values))
    assert not summary.sample.flags.writeable


class Crossing:
    """A channel that arrays go into and come out of at once."""

    brought = 0

    def attach(self, array):
        self._array = array.reshape(-1).view(np.uint8).copy()
        self.brought = array.nbytes
        return 1

    def take(self, number):
        return self._array


def test_a_host_far_away_encodes_before_it_was_asked_for_a_sign_of_life(serve, monkeypatch, wait_until):
    monkeypatch.setattr("traitsview.remote.viewer.pace._NEAR_SECONDS", 0.0)
    wait_until(codec.prepare)
    path = serve(ArraySource(np.random.default_rng(1).normal(size=(300, 500)).astype(np.float32)))
    link = Link(endpoint.dialling(path))

    def summarized():
        with link.borrow() as connection:
            form = wire.pack_question(Summarize()), wire.pack_picture(Picture())
            answer = connection.call("ask", 1, *form, allowance=wire.SUMMARY_BYTES)
            return wire.unpack_summary(answer, connection.channel).sample.size, connection.channel.brought

    with link.borrow() as connection:
        connection.call("open", "it", allowance=10_000)
    # What the host was told at first may be a moment behind on its own connection.
    wait_until(lambda: summarized()[1] < 2 * summarized()[0])
    link.close()


def test_positions_are_those_of_the_plane_that_is_asked_for(remote):
    class Placed(ArraySource):
        def world(self, points, plane=None):
            return tuple(f"{x:g} {y:g} in {check_plane(self.info, plane)}" for x, y in points)

    cube = np.zeros((3, 2, 40, 50), np.float32)
    source = remote(Placed(cube))
    assert source.world([(1.5, 2.5)], (2, 1)) == ("1.5 2.5 in (2, 1)",)
    assert source.world([(1.5, 2.5)]) == ("1.5 2.5 in (0, 0)",)
    many = source.world([(float(n), 0.0) for n in range(200)], (1, 0))
    assert many == tuple(f"{n} 0 in (1, 0)" for n in range(200))
    with pytest.raises(RequestError):
        source.world([(1.5, 2.5)], (3, 0))


def test_info_crosses_whole_with_long_coordinates_and_world(remote, image):
    info = ImageInfo(
        "ünïcode",
        (700, 900),
        ">f4",
        extent=(1.5, 2.5, -3.0, 4.0),
        axes=(
            Axis("time", 50_000, "s", tuple(float(n) / 7 for n in range(50_000))),
            Axis("y", 700, "arcsec"),
            Axis("x", 900, "arcsec"),
        ),
        origin="lower",
        unit="Jy",
        world="CTYPE1  = 'RA---TAN'" * 10_000,
        world_problem="CDELT1 is no number: '8,36'",
        version=3,
        notes=("the last one counts",),
    )

    class Described(ArraySource):
        @property
        def info(self):
            return info

    assert remote(Described(image)).info == info


def test_a_source_is_not_closed_while_somebody_still_renders_from_it(serve, image, wait_until):
    begun, go, log = threading.Event(), threading.Event(), []

    class Watched(CountingSource):
        def close(self):
            log.append("closed")

    def before(viewport):
        begun.set()
        go.wait(PATIENCE)
        log.append("rendered")

    source = RemoteSource(SocketRoute(serve(Watched(ArraySource(image), before)), "it"))

    def render():
        with pytest.raises(HostGone):
            source.render(Viewport((1.0, 1.0), (0, 0), (5, 5)))

    thread = threading.Thread(target=render)
    thread.start()
    assert begun.wait(PATIENCE)
    source.close()
    thread.join(PATIENCE)
    go.set()
    wait_until(lambda: len(log) == 2)
    assert log == ["rendered", "closed"]


def test_errors_cross_with_their_kind_and_words(remote, image):
    def fail(viewport):
        raise SourceUnreadable("cannot read 'x.npy'", "the disk is on fire", "call someone")

    source = remote(CountingSource(ArraySource(image), fail))
    with pytest.raises(SourceUnreadable, match=r"cannot read 'x\.npy': the disk is on fire; call someone"):
        source.render(Viewport.fitting(source.info, (10, 10)))
    with pytest.raises(SourceUnreadable, match="on fire"):
        list(source.render_tiles(Viewport.fitting(source.info, (10, 10)).tiles()))
    with pytest.raises(RequestError, match="unknown reduction"):
        source.render(Viewport.fitting(source.info, (10, 10)), reduction="median")


def test_an_error_of_opening_is_raised_here(serve):
    def opener(text):
        raise SourceUnreadable(f"cannot open '{text}'", "no")

    with pytest.raises(SourceUnreadable, match="cannot open 'it': no"):
        RemoteSource(SocketRoute(serve(opener=opener), "it"))


def test_a_foreign_exception_of_a_reader_is_one_line_and_the_next_call_works(remote, image):
    failures = [ValueError("line one\nline two")]

    def fail(viewport):
        if failures:
            raise failures.pop()

    source = remote(CountingSource(ArraySource(image), fail))
    viewport = Viewport.fitting(source.info, (10, 10))
    with pytest.raises(Exception, match="ValueError: line one") as caught:
        source.render(viewport)
    assert "Traceback" not in str(caught.value)
    assert ".py" not in str(caught.value)
    assert source.render(viewport).shape == (10, 10)


def test_a_slow_call_holds_up_nobody(remote, image):
    go = threading.Event()
    source = remote(CountingSource(ArraySource(image), lambda viewport: go.wait(PATIENCE)))
    slow = threading.Thread(target=source.render, args=(Viewport.fitting(source.info, (10, 10)),))
    slow.start()
    try:
        assert source.summarize(exact=True).count == image.size
        assert slow.is_alive()
    finally:
        go.set()
        slow.join(PATIENCE)


def test_a_stale_wish_ends_while_its_first_tile_is_being_rendered(remote, image):
    go, begun, ended = threading.Event(), [], []

    def before(viewport):
        begun.append(viewport)
        go.wait(PATIENCE)
        ended.append(viewport)

    source = remote(CountingSource(ArraySource(image), before))
    tiles = Viewport.covering((0, 900, 0, 700), (700, 900)).tiles()
    try:
        assert list(source.render_tiles(tiles, stale=lambda: bool(begun))) == []
        assert ended == []
        # What was posted before this has been understood when it is answered.
        source._contact.link().ping()
    finally:
        go.set()
    # The host has stopped as well: the next wish is rendered at once and nothing of the first one more.
    assert len(list(source.render_tiles(tiles[:1]))) == 1
    assert begun == [tiles[0], tiles[0]]


def test_two_wishes_at_once_are_both_fulfilled(remote, image):
    source, here = remote(CountingSource(ArraySource(image), lambda viewport: pass_time(0.002))), ArraySource(image)
    tiles = Viewport.covering((0, 900, 0, 700), (700, 900)).tiles()
    results = {}

    def load(reduction):
        results[reduction] = dict(source.render_tiles(tiles, Picture(reduction=reduction)))

    threads = [threading.Thread(target=load, args=(name,)) for name in ("mean", "max", "min")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    for name in ("mean", "max", "min"):
        assert set(results[name]) == set(tiles)
        np.testing.assert_array_equal(results[name][tiles[0]], here.render(tiles[0], reduction=name))


def test_an_abandoned_wish_does_not_hold_the_next_one_up(remote, image):
    source = remote(image)
    tiles = Viewport.covering((0, 900, 0, 700), (700, 900)).tiles()
    wish = source.render_tiles(tiles)
    next(wish)
    wish.close()
    assert len(list(source.render_tiles(tiles))) == len(tiles)
    assert source._wishing.acquire(blocking=False)


def test_of_300_wishes_in_a_second_the_last_is_fulfilled_next_and_nothing_queues(hosted, tmp_path):
    log = tmp_path / "log"
    source, _ = hosted(log, "slow")

    def renders():
        return len(log.read_text().splitlines())

    views = [Viewport((1.0, 1.0), (n, 0), (512, 512)) for n in range(300)]
    newest = [0]
    got = {}

    def load(index):
        for tile, pixels in source.render_tiles(views[index].tiles(), stale=lambda: newest[0] != index):
            got[index, tile] = pixels
        return index

    done = threading.Event()

    def loader():
        last = -1
        while last != len(views) - 1:
            if newest[0] != last:
                last = load(newest[0])
        done.set()

    thread = threading.Thread(target=loader, daemon=True)
    thread.start()
    for newest[0] in range(300):
        pass_time(1 / 300)
    before = renders()
    assert done.wait(PATIENCE)
    tiles = views[-1].tiles()
    assert all((299, tile) in got for tile in tiles)
    # What was being rendered, one tile at a time, is done with; then come the last wish's own.
    assert renders() - before <= len(tiles) + 2


def test_tiles_that_were_not_asked_for_are_refused(remote, image):
    class Confused(ArraySource):
        def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
            for tile in tiles:
                yield tile.panned(columns=1), self.render(tile, picture.plane, picture.reduction)

    source = remote(Confused(image))
    with pytest.raises(Exception, match="a tile that was not asked for"):
        list(source.render_tiles(Viewport.fitting(source.info, (10, 10)).tiles()))


def test_pixels_of_another_dtype_than_announced_are_refused(remote, image):
    class Confused(ArraySource):
        def render(self, viewport, plane=None, reduction="mean"):
            return super().render(viewport, plane, reduction).astype(np.float64)[:, ::2].copy()

    source = remote(Confused(image))
    with pytest.raises(Exception, match="refused a message: an array of"):
        source.render(Viewport.fitting(source.info, (10, 10)))


def test_waiting_for_a_newer_version_changes_the_info(remote, image):
    class Live(ImageSource):
        info = ImageInfo("live", (700, 900), "<f4", extent=(0.0, 900.0, 0.0, 700.0), version=4, live=True)

        def render(self, viewport, plane=None, reduction="mean"):
            return np.zeros(viewport.shape, np.float32)

        def wait_newer(self, version, timeout):
            self.info = replace(self.info, version=version + 1)
            return version + 1

    source = remote(Live())
    assert source.wait_newer(4, 0.1) == 5
    assert source.info.version == 5


def test_a_forgotten_source_does_not_keep_the_interpreter_alive(file):
    program = f"""
from traitsview.opening import open_in_host
sources = [open_in_host({str(file)!r}), open_in_host({str(file)!r})]
del sources[0]
print(sources[0].info.shape)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.stdout, done.stderr, done.returncode) == ("(700, 900)\n", "", 0)


def test_a_forgotten_source_closes_itself(remote, image):
    source = remote(image)
    contact = source._contact
    twin = remote_source.RemoteSource(contact._route)
    told = twin._contact
    del twin
    with pytest.raises(ConnectionError, match="closed"):
        told.link()
