"""Each image looks as it did when it was closed."""

from __future__ import annotations

import json
import logging
import os

import pytest
from kit.patience import PATIENCE

from traitsview.color.catalogue import catalogue
from traitsview.color.colormap import Colormap
from traitsview.model.appearance import Appearance
from traitsview.model.keeping.choices_file import ChoicesFile
from traitsview.model.keeping.kept_looks import KEPT_IMAGES, KeptLooks, image_key


@pytest.fixture
def looks(tmp_path):
    made = KeptLooks(ChoicesFile(tmp_path / "looks.json"))
    yield made
    assert made.file.wait_written(PATIENCE)


def test_a_look_is_kept_for_its_image_and_no_other(looks):
    looks.keep("/a.fits", Appearance(colormap="viridis", limits=(1, 2), scale="log"))
    found, notes = looks.restore("/a.fits")
    assert found.look == Appearance(colormap="viridis", limits=(1, 2), scale="log").look
    assert notes == ()
    assert looks.restore("/b.fits") is None


def test_a_colormap_whose_file_has_gone_still_shows_and_says_so(looks, tmp_path):
    folder = catalogue().folders()[0]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "gone soon.txt"
    file.write_text("255 0 0\n0 0 255\n")
    looks.keep("/a.fits", Appearance(colormap="user:gone soon"))
    assert looks.file.wait_written(PATIENCE)
    assert looks.restore("/a.fits")[0].colormap == "user:gone soon"
    file.unlink()
    catalogue().refresh()
    found, notes = looks.restore("/a.fits")
    assert isinstance(found.colormap, Colormap)
    assert found.colormap.lut(2)[0].tolist() == [1, 0, 0, 1]
    assert "'user:gone soon' is not here any more" in notes[0]


def test_the_ones_not_seen_for_longest_are_forgotten(looks):
    for number in range(KEPT_IMAGES + 5):
        looks.keep(f"/{number}", Appearance())
    looks.keep("/7", Appearance(scale="log"))
    assert looks.restore("/4") is None
    assert looks.restore("/7")[0].scale == "log"
    assert looks.file.wait_written(PATIENCE)
    assert len(json.loads(looks.file.path.read_text())["images"]) == KEPT_IMAGES


@pytest.mark.fault("G8")
@pytest.mark.parametrize("held", [{"images": 5}, {"images": {"/a": 5}}, {"images": {"/a": {"scale": "log"}}}, {}])
def test_what_makes_no_sense_is_passed_over(looks, held, caplog):
    looks.file.path.write_text(json.dumps(held))
    with caplog.at_level(logging.WARNING):
        assert looks.restore("/a") is None
    looks.keep("/a", Appearance(scale="log"))
    assert looks.restore("/a")[0].scale == "log"


def test_a_file_is_known_by_its_path_however_it_is_spelled(tmp_path, monkeypatch):
    path = tmp_path / "m13.fits"
    path.write_text("")
    (tmp_path / "link.fits").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    expected = os.path.realpath(path)
    assert image_key(str(path)) == image_key("m13.fits") == image_key("./link.fits") == expected
    assert image_key("m13.fits::1") == f"{expected}::1"
    assert image_key("login3:m13.fits") == "login3:m13.fits"
    assert image_key("") == ""
