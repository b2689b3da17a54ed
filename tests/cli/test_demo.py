"""`traitsview demo` makes its image once and shows it."""

import numpy as np
import pytest
from astropy.io import fits
from PIL import Image

from traitsview.cli.demo_image import demo_file, strips
from traitsview.cli.main import main
from traitsview.sources.registry import open_source


def done(line):
    """Run a command line whose words hold no spaces, and return the exit code."""
    return main(line.split())


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_image_is_whole_fits_with_a_place_on_the_sky():
    path = demo_file(1024)
    with fits.open(path) as hdus:
        hdus.verify("exception")
        np.testing.assert_array_equal(hdus[0].data, np.concatenate(list(strips(1024))))
        assert np.isfinite(hdus[0].data).all()
    with open_source(path) as source:
        assert source.world([(512, 512)]) == ("13h29m52.7s +47°11′43″ (ICRS)",)


def test_image_is_made_once_and_again_if_it_is_not_whole():
    lines = []
    path = demo_file(1024, lines.append)
    assert "100 %" in lines[-1]
    first = path.read_bytes()
    assert demo_file(1024, lambda line: pytest.fail(line)) == path
    path.write_bytes(first[:-1])
    assert demo_file(1024).read_bytes() == first


def test_demonstration_runs_off_screen(capsys):
    assert done("demo --off-screen --elements 1024 --size 700x600") == 0
    out = capsys.readouterr().out
    assert "demo.png" in out
    assert "no display" not in out
    with Image.open("demo.png") as picture:
        assert picture.size == (700, 600)
