"""`open_source` opens any object or text, or raises an error in one line."""

import importlib
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.errors import RequestError, SourceNotFound, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.sources import registry
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.files.file_format import FileFormat, begins_with, no_file
from traitsview.sources.files.place import Folder, Query
from traitsview.sources.files.table import FORMATS
from traitsview.sources.registry import image_formats, open_source


@pytest.fixture
def npy(tmp_path):
    path = tmp_path / "ramp.npy"
    np.save(path, np.arange(12.0).reshape(3, 4))
    return path


class Sliceable:
    """An array-like that is no ndarray."""

    def __init__(self, array):
        self._array, self.shape, self.dtype = array, array.shape, array.dtype

    def __getitem__(self, key):
        return self._array[key]


def whole(source):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor))


def test_source_is_returned_without_change():
    source = ArraySource(np.zeros((2, 2)))
    assert open_source(source) is source
    with pytest.raises(RequestError, match="open already"):
        open_source(source, name="other")


@pytest.mark.parametrize("wrap", [lambda a: a, Sliceable])
def test_anything_with_shape_dtype_and_slicing_is_an_image(wrap):
    array = np.arange(12, dtype=np.int16).reshape(3, 4)
    with open_source(wrap(array), name="ramp", unit="K", extent=(0, 8, 0, 3)) as source:
        assert (source.info.name, source.info.unit, source.info.extent) == ("ramp", "K", (0, 8, 0, 3))
        np.testing.assert_array_equal(whole(source), array)


@pytest.mark.parametrize("kind", [str, Path])
def test_path_and_text_name_a_file(npy, kind):
    with open_source(kind(npy)) as source:
        assert source.info.name == "ramp.npy"
        np.testing.assert_array_equal(whole(source), np.load(npy))


def test_path_object_is_not_read_as_an_address(tmp_path):
    path = tmp_path / "a::b.npy"
    np.save(path, np.ones((2, 2)))
    with open_source(path) as source:
        assert source.info.shape == (2, 2)


def test_option_overrides_the_file(npy):
    with open_source(npy, name="density", unit="g/cm3", origin="lower") as source:
        assert (source.info.name, source.info.unit, source.info.origin) == ("density", "g/cm3", "lower")


def test_tilde_is_the_home_folder(npy, monkeypatch):
    monkeypatch.setenv("HOME", str(npy.parent))
    with open_source("~/ramp.npy") as source:
        assert source.info.shape == (3, 4)


@pytest.mark.parametrize("thing", [[[1, 2], [3, 4]], None, 3.0, object()])
def test_object_that_is_no_array_is_refused(thing):
    with pytest.raises(SourceUnsupported, match=r"numpy\.asarray"):
        open_source(thing)


def test_unknown_option_is_refused(npy):
    with pytest.raises(RequestError, match="unknown option 'colour'"):
        open_source(npy, colour="red")


@pytest.mark.parametrize("text", ["dask:tcp?x", "yt:out?f=d"])
def test_message_names_addresses_that_this_version_cannot_open(text):
    with pytest.raises(SourceUnsupported, match="this version cannot"):
        open_source(text)


def test_open_source_reaches_no_other_machine():
    with pytest.raises(SourceUnsupported, match="it is on another machine, 'login3', and only what is on this one"):
        open_source("login3:/x.npy")


def test_file_that_begins_as_another_kind_than_its_name_says_is_refused(npy, tmp_path):
    path = tmp_path / "lie.fits"
    path.write_bytes(npy.read_bytes())
    with pytest.raises(SourceUnsupported, match=r"named as FITS and begins as NumPy \.npy"):
        open_source(path)


def test_file_with_an_unknown_ending_is_opened_by_its_beginning(npy, tmp_path):
    path = tmp_path / "run.0001"
    path.write_bytes(npy.read_bytes())
    with open_source(path) as source:
        assert source.info.shape == (3, 4)


@pytest.fixture
def offered(monkeypatch):
    """Yield a function that makes an installed distribution offer formats by names of this module."""

    def offer(*names):
        monkeypatch.setattr(
            registry, "entry_points", lambda group: [EntryPoint(name, f"{__name__}:{name}", group) for name in names]
        )
        image_formats.cache_clear()

    yield offer
    image_formats.cache_clear()


def test_installed_distributions_add_formats(offered, tmp_path, caplog):
    offered("RAMP", "not_there", "npy")
    path = tmp_path / "a.ramp"
    path.write_bytes(b"RAMP 5")
    with open_source(path) as source:
        np.testing.assert_array_equal(whole(source), np.ones((5, 5)))
    assert "not_there" in caplog.text
    assert "is not a FileFormat" in caplog.text


def open_ramp(file, inside="", **options):
    size = int(file.head.split()[1])
    file.close()
    return ArraySource(np.ones((size, size)), **options)


RAMP = FileFormat("ramp", (".ramp",), lambda head: head.startswith(b"RAMP"), open_ramp)


def open_place(place, inside="", **options):
    return ArraySource(np.ones((2, 3)), name=f"{place} {inside}", **options)


STORE = FileFormat("stores", (), no_file, open_place, recognizes_folder=lambda folder: folder.path.suffix == ".store")
SERVICE = FileFormat("services", (), no_file, open_place, schemes=("yt",))


def open_without_library(file, inside="", **options):
    raise ModuleNotFoundError("No module named 'tiles.core'", name="tiles.core")


TILES = FileFormat("tiles", (".tiles",), begins_with(b"TILES"), open_without_library)
EXTRA = FileFormat("extra", (".extra",), begins_with(b"EXTRA"), open_without_library, extra="pictures")


def test_format_may_open_folders(offered, tmp_path):
    offered("STORE")
    (tmp_path / "a.store").mkdir()
    (tmp_path / "b").mkdir()
    with open_source(f"{tmp_path}/a.store::3?kind=scalar") as source:
        assert source.info.name == f"{Folder(tmp_path / 'a.store')} 3"
    with pytest.raises(SourceUnsupported, match="it is a directory"):
        open_source(tmp_path / "b")


def test_format_may_open_queries_to_services(offered):
    offered("SERVICE")
    with open_source("yt:out?field=density", unit="K") as source:
        assert (source.info.name, source.info.unit) == (f"{Query('yt', 'out?field=density')} ", "K")
    with pytest.raises(SourceUnsupported, match="this version cannot show 'dask:' sources"):
        open_source("dask:tcp?x")


@pytest.mark.parametrize(
    ("name", "remedy"), [("tiles", "pip install tiles$"), ("extra", r"pip install '\.\[pictures\]'")]
)
def test_message_for_a_missing_library_says_how_to_install_it(offered, tmp_path, name, remedy):
    offered("TILES", "EXTRA")
    path = tmp_path / f"a.{name}"
    path.write_bytes(name.upper().encode())
    with pytest.raises(SourceUnsupported, match=f"package 'tiles', which reads {name}, is not installed; .*{remedy}"):
        open_source(path)


def test_format_is_imported_only_for_a_file_of_it(npy):
    code = (
        "import sys; from traitsview.sources.registry import open_source; open_source(sys.argv[1]).close(); "
        "print(*(name for name in sys.modules if name.startswith('traitsview.sources.files')))"
    )
    imported = subprocess.check_output([sys.executable, "-c", code, npy], text=True, timeout=PATIENCE)
    assert "traitsview.sources.files.npy" in imported.split()
    assert "traitsview.sources.files.fits" not in imported


def test_every_format_of_the_table_can_be_imported():
    for each in FORMATS:
        module, _, function = each.open._function.partition(":")
        assert callable(getattr(importlib.import_module(f".{module}", "traitsview.sources.files"), function))


def test_missing_file_raises_source_not_found(tmp_path):
    with pytest.raises(SourceNotFound, match="no such file"):
        open_source(tmp_path / "none.npy")
