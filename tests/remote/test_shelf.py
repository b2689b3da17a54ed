"""A source is opened once for all, stays a while when nobody has it, and is opened anew when its file was changed."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from patience import PATIENCE

from traitsview.errors import SourceNotFound
from traitsview.geometry import Viewport
from traitsview.remote.host.source_pool import Shelf
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.registry import open_source
from traitsview.sources.tiles.held_tiles import HeldTiles
from traitsview.sources.tiles.tile_cache import TileCache


def opened(log, text="it"):
    """Return a source that says when it was opened and closed."""
    log.append(f"opened {text}")
    return ArraySource(np.zeros((4, 4), np.float32), close=lambda: log.append(f"closed {text}"))


@pytest.fixture
def log():
    return []


def test_a_source_is_opened_once_for_all_who_come_at_once(log):
    start = threading.Barrier(8)
    shelf = Shelf(lambda text: opened(log, text), keep=0.0)

    def take(number):
        start.wait(PATIENCE)
        return shelf.take("it")

    with ThreadPoolExecutor(8) as viewers:
        sources = set(viewers.map(take, range(8)))
    assert len(sources) == 1
    for _ in range(8):
        assert log == ["opened it"]
        shelf.give_back(*sources)
    assert log == ["opened it", "closed it"]


def test_what_was_left_is_kept_a_while_and_then_closed(log, wait_until):
    shelf = Shelf(lambda text: opened(log, text), keep=0.2)
    source = shelf.take("it")
    shelf.give_back(source)
    assert shelf.take("it") is source
    shelf.give_back(source)
    wait_until(lambda: log == ["opened it", "closed it"])
    assert shelf.take("it") is not source
    wait_until(lambda: not sweeping())


def sweeping():
    return any(thread.name == "traitsview shelf" for thread in threading.enumerate())


def test_what_is_held_is_not_closed(log, wait_until):
    shelf = Shelf(lambda text: opened(log, text), keep=0.05)
    kept, left = shelf.take("kept"), shelf.take("left")
    shelf.give_back(left)
    wait_until(lambda: "closed left" in log)
    assert "closed kept" not in log
    shelf.give_back(kept)
    wait_until(lambda: "closed kept" in log)


def test_closing_closes_what_nobody_holds_and_the_rest_when_it_is_given_back(log, wait_until):
    shelf = Shelf(lambda text: opened(log, text))
    held = shelf.take("held")
    shelf.give_back(shelf.take("left"))
    shelf.close()
    assert log == ["opened held", "opened left", "closed left"]
    shelf.give_back(held)
    assert log[-1] == "closed held"
    wait_until(lambda: not sweeping())


def test_what_cannot_be_opened_is_tried_again(log):
    def opener(text):
        log.append(text)
        raise SourceNotFound(f"cannot open '{text}'")

    shelf = Shelf(opener)
    for _ in range(2):
        with pytest.raises(SourceNotFound):
            shelf.take("it")
    assert log == ["it", "it"]


@pytest.mark.fault("S4")
@pytest.mark.parametrize("replaced", [True, False], ids=["replaced", "rewritten"])
def test_a_changed_file_is_opened_anew_and_the_old_one_stays_for_who_has_it(tmp_path, replaced):
    path = tmp_path / "image.npy"
    np.save(path, np.zeros((30, 40), np.float32))
    shelf = Shelf(open_source, tiles=HeldTiles(1 << 24))
    old = shelf.take(str(path))
    assert shelf.take(str(path)) is old
    shelf.give_back(old)
    if replaced:
        np.save(tmp_path / "new.npy", np.ones((30, 40), np.float32))
        os.replace(tmp_path / "new.npy", path)
    else:
        np.save(path, np.ones((30, 40), np.float32))
        os.utime(path, ns=(1, 1))
    new = shelf.take(str(path))
    assert new is not old
    assert new.identity != old.identity
    pixel = Viewport((1.0, 1.0), (3, 3), (1, 1))
    assert new.render(pixel) == 1
    if replaced:
        assert old.render(pixel) == 0
    shelf.give_back(old)
    assert shelf.take(str(path)) is new
    shelf.give_back(new)
    shelf.give_back(new)
    path.unlink()
    with pytest.raises(SourceNotFound):
        shelf.take(str(path))
    shelf.close()


def test_sources_share_what_is_kept_of_them(log):
    held = HeldTiles(1 << 24)
    shelf = Shelf(lambda text: opened(log, text), keep=0.0, tiles=held)
    sources = [shelf.take("one"), shelf.take("two")]
    tiles = Viewport((1.0, 1.0), (0, 0), (256, 256)).tiles()
    for source in sources:
        assert isinstance(source, TileCache)
        list(source.render_tiles(tiles))
    assert held.nbytes == 2 * 256 * 256 * 4
    for source in sources:
        shelf.give_back(source)
    assert held.nbytes == 0
