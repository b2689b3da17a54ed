"""What every shelf of colormaps must do: inherit these tests and say how to make the shelf.

::

    class TestMyShelf(ShelfTests):
        def make_shelf(self, folder):
            return MyShelf(...)
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ..color.colormap import Colormap
from ..color.shelves.shelf import CATEGORIES, Shelf, key_of

__all__ = ["ShelfTests"]


class ShelfTests:
    """The behaviour of a shelf, as tests."""

    def make_shelf(self, folder: Path) -> Shelf:
        """Return a shelf with two colormaps or more; `folder` is empty and its own."""
        raise NotImplementedError

    @pytest.fixture
    def shelf(self, tmp_path: Path) -> Shelf:
        return self.make_shelf(tmp_path)

    def test_no_two_entries_have_one_id(self, shelf: Shelf) -> None:
        ids = [key_of(entry.id) for entry in shelf.entries()]
        assert len(set(ids)) == len(ids) >= 2

    def test_an_id_is_a_namespace_and_a_name(self, shelf: Shelf) -> None:
        for entry in shelf.entries():
            assert entry.id == f"{entry.namespace}:{entry.name}"
            assert entry.category in CATEGORIES
            assert entry.origin

    def test_an_entry_is_found_by_its_id_in_small_and_in_large_letters(self, shelf: Shelf) -> None:
        for entry in shelf.entries():
            assert shelf.find(entry.id) == shelf.find(entry.id.upper()) == entry

    def test_nothing_is_found_by_another_name(self, shelf: Shelf) -> None:
        assert shelf.find("no colormap has this name") is None

    def test_an_entry_is_loaded_as_a_colormap_and_then_held(self, shelf: Shelf) -> None:
        for entry in shelf.entries()[:5]:
            loaded = shelf.load(entry)
            assert isinstance(loaded, Colormap)
            assert shelf.held(entry) == loaded

    def test_nothing_changes_by_itself(self, shelf: Shelf) -> None:
        shelf.look_inside()
        before = tuple(shelf.entries())
        assert not shelf.refresh()
        assert not shelf.look_inside()
        assert tuple(shelf.entries()) == before

    def test_several_threads_get_the_same(self, shelf: Shelf) -> None:
        entry = shelf.entries()[0]
        with ThreadPoolExecutor(4) as pool:
            found = [each.result() for each in [pool.submit(shelf.load, entry) for _ in range(8)]]
        assert all(each == found[0] for each in found)
