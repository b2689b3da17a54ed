"""Every shelf of the catalogue does what a shelf must do."""

from __future__ import annotations

from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import save_colormap
from traitsview.color.shelves.cmap_collections import CmapCollections
from traitsview.color.shelves.folders import Folders
from traitsview.color.shelves.values import Values
from traitsview.testing.shelf_tests import ShelfTests

RED = (1.0, 0.0, 0.0, 1.0)
BLUE = (0.0, 0.0, 1.0, 1.0)
TWO = [Colormap.from_stops("Warm", [(0, BLUE), (1, RED)]), Colormap.from_colors("two", [RED, BLUE], flat=True)]


class TestValues(ShelfTests):
    def make_shelf(self, folder):
        return Values("session", "this session", TWO)


class TestFolders(ShelfTests):
    def make_shelf(self, folder):
        for colormap in TWO:
            save_colormap(colormap, folder / f"{colormap.name}.txt")
        return Folders("user", lambda: [folder])

    def test_a_file_that_cannot_be_read_is_a_failure_and_hides_no_other(self, tmp_path):
        shelf = self.make_shelf(tmp_path)
        (tmp_path / "broken.cpt").write_text("hello\n")
        assert shelf.look_inside()
        assert [failure.path.rpartition("/")[2] for failure in shelf.failures()] == ["broken.cpt"]
        assert shelf.load(shelf.find("Warm")).name == "Warm"


class TestCmapCollections(ShelfTests):
    def make_shelf(self, folder):
        return CmapCollections()
