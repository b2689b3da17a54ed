"""A source is opened once for all sessions, stays open for a while, and is opened again when its file changes."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.errors import SourceNotFound
from traitsview.geometry import Viewport
from traitsview.remote.host.source_pool import SourcePool
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


def test_a_source_is_opened_once_for_all_sessions_that_ask_at_once(log):
    start = threading.Barrier(8)
    pool = SourcePool(lambda text: opened(log, text), keep=0.0)

    def take(number):
        start.wait(PATIENCE)
        return pool.take("it")

    with ThreadPoolExecutor(8) as viewers:
        sources = set(viewers.map(take, range(8)))
    assert len(sources) == 1
    for _ in range(8):
        assert log == ["opened it"]
        pool.give_back(*sources)
    assert log == ["opened it", "closed it"]


def test_a_source_without_holders_is_kept_a_while_and_then_closed(log, wait_until):
    pool = SourcePool(lambda text: opened(log, text), keep=0.2)
    source = pool.take("it")
    pool.give_back(source)
    assert pool.take("it") is source
    pool.give_back(source)
    wait_until(lambda: log == ["opened it", "closed it"])
    assert pool.take("it") is not source
    wait_until(lambda: not sweeping())


def sweeping():
    return any(thread.name == "traitsview pool" for thread in threading.enumerate())


def test_a_source_that_is_held_is_not_closed(log, wait_until):
    pool = SourcePool(lambda text: opened(log, text), keep=0.05)
    kept, left = pool.take("kept"), pool.take("left")
    pool.give_back(left)
    wait_until(lambda: "closed left" in log)
    assert "closed kept" not in log
    pool.give_back(kept)
    wait_until(lambda: "closed kept" in log)


def test_closing_closes_sources_without_holders_and_the_others_when_they_are_given_back(log, wait_until):
    pool = SourcePool(lambda text: opened(log, text))
    held = pool.take("held")
    pool.give_back(pool.take("left"))
    pool.close()
    assert log == ["opened held", "opened left", "closed left"]
    pool.give_back(held)
    assert log[-1] == "closed held"
    wait_until(lambda: not sweeping())


def test_a_source_that_could_not_be_opened_is_tried_again(log):
    def opener(text):
        log.append(text)
        raise SourceNotFound(f"cannot open '{text}'")

    pool = SourcePool(opener)
    for _ in range(2):
        with pytest.raises(SourceNotFound):
            pool.take("it")
    assert log == ["it", "it"]


@pytest.mark.fault("S4")
@pytest.mark.parametrize("replaced", [True, False], ids=["replaced", "rewritten"])
def test_a_changed_file_is_opened_anew_and_its_holders_keep_the_old_source(tmp_path, replaced):
    path = tmp_path / "image.npy"
    np.save(path, np.zeros((30, 40), np.float32))
    pool = SourcePool(open_source, tiles=HeldTiles(1 << 24))
    old = pool.take(str(path))
    assert pool.take(str(path)) is old
    pool.give_back(old)
    if replaced:
        np.save(tmp_path / "new.npy", np.ones((30, 40), np.float32))
        os.replace(tmp_path / "new.npy", path)
    else:
        np.save(path, np.ones((30, 40), np.float32))
        os.utime(path, ns=(1, 1))
    new = pool.take(str(path))
    assert new is not old
    assert new.identity != old.identity
    pixel = Viewport((1.0, 1.0), (3, 3), (1, 1))
    assert new.render(pixel) == 1
    if replaced:
        assert old.render(pixel) == 0
    pool.give_back(old)
    assert pool.take(str(path)) is new
    pool.give_back(new)
    pool.give_back(new)
    path.unlink()
    with pytest.raises(SourceNotFound):
        pool.take(str(path))
    pool.close()


def test_the_tiles_of_all_sources_share_one_limit(log):
    held = HeldTiles(1 << 24)
    pool = SourcePool(lambda text: opened(log, text), keep=0.0, tiles=held)
    sources = [pool.take("one"), pool.take("two")]
    tiles = Viewport((1.0, 1.0), (0, 0), (256, 256)).tiles()
    for source in sources:
        assert isinstance(source, TileCache)
        list(source.render_tiles(tiles))
    assert held.nbytes == 2 * 256 * 256 * 4
    for source in sources:
        pool.give_back(source)
    assert held.nbytes == 0
