"""`.npy` files are mapped, in any order of elements, and refused if their headers lie."""

import os

import numpy as np
import pytest
from kit.descriptors import descriptors
from kit.patience import wait_until

from traitsview.errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.sources.registry import open_source
from traitsview.testing.image_source_tests import ImageSourceTests


def whole(source, plane=None):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor), plane)


@pytest.mark.parametrize("dtype", ["u1", "i2", ">i2", "u2", ">u4", "i8", "f2", "f4", ">f4", "f8", ">f8", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_file_shows_the_numbers_that_were_saved(tmp_path, dtype, order):
    array = np.asarray(np.arange(35).reshape(5, 7) % 2 if dtype == "?" else np.arange(35).reshape(5, 7), dtype, order)
    np.save(tmp_path / "a.npy", array)
    with open_source(tmp_path / "a.npy") as source:
        assert np.dtype(source.info.dtype) == array.dtype
        np.testing.assert_array_equal(whole(source), array)
        assert source.sample([(2.5, 3.5)])[0] == array[3, 2]


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format_is_read(tmp_path, version):
    with open(tmp_path / "a.npy", "wb") as stream:
        np.lib.format.write_array(stream, np.eye(3), version)
    with open_source(tmp_path / "a.npy") as source:
        np.testing.assert_array_equal(whole(source), np.eye(3))


def test_cube_has_planes(tmp_path):
    cube = np.arange(24.0).reshape(2, 3, 4)
    np.save(tmp_path / "cube.npy", cube)
    with open_source(tmp_path / "cube.npy") as source:
        assert [axis.size for axis in source.info.planes] == [2]
        np.testing.assert_array_equal(whole(source, (1,)), cube[1])


def test_array_with_channels_is_a_colour_image(tmp_path):
    array = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    np.save(tmp_path / "rgb.npy", array)
    with open_source(tmp_path / "rgb.npy") as source:
        assert source.info.kind == "rgb"
        np.testing.assert_array_equal(whole(source), array)


def test_one_element_is_an_image(tmp_path):
    np.save(tmp_path / "one.npy", np.array([[7.0]]))
    with open_source(tmp_path / "one.npy") as source:
        assert whole(source) == [[7.0]]


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.float64(3), "0 axes"),
        (np.arange(5.0), "1 axis"),
        (np.zeros((0, 5)), "no elements"),
        (np.zeros((2, 2), [("a", "f4"), ("b", "i2")]), "fields 'a', 'b'"),
        (np.zeros((2, 2), "S3"), "needs numbers"),
        (np.zeros((2, 2), "M8[s]"), "needs numbers"),
    ],
)
def test_array_that_is_no_image_is_refused(tmp_path, array, words):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(SourceUnsupported, match=words):
        open_source(tmp_path / "a.npy")


@pytest.mark.fault("D5")
def test_python_objects_are_refused_without_unpickling_them(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "sprung"),)

    np.save(tmp_path / "a.npy", np.array([[Trap()]]), allow_pickle=True)
    with pytest.raises(SourceUnsupported, match="Python objects"):
        open_source(tmp_path / "a.npy")
    assert not (tmp_path / "sprung").exists()


def header(text, version=b"\x01\x00"):
    raw = text.encode()
    return b"\x93NUMPY" + version + len(raw).to_bytes(2, "little") + raw


@pytest.mark.parametrize(
    "content",
    [
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (10000000, 10000000), }\n") + bytes(800),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776, 1099511627776), }\n"),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -4), }\n") + bytes(64),
        header("{'descr': '<f8', 'shape': (2, 2), }\n") + bytes(64),
        header("{'descr': 'nonsense', 'fortran_order': False, 'shape': (2, 2), }\n") + bytes(64),
        header("__import__('os').abort()\n"),
        header("(" * 5000),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }\n", b"\x09\x00") + bytes(64),
        b"\x93NUMPY\x01",
        b"\x93NUMPY\x01\x00\xff\xff{'descr'",
    ],
)
@pytest.mark.fault("D4")
def test_lying_and_broken_headers_raise_source_errors(tmp_path, content):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(SourceError):
        open_source(tmp_path / "a.npy")


@pytest.mark.fault("D1")
def test_error_of_a_truncated_file_has_both_sizes(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((100, 100)))
    raw = (tmp_path / "a.npy").read_bytes()
    for length in (20, 130, len(raw) // 2, len(raw) - 1):
        (tmp_path / "a.npy").write_bytes(raw[:length])
        with pytest.raises(SourceUnreadable):
            open_source(tmp_path / "a.npy")
    with pytest.raises(SourceUnreadable, match=r"truncated \(80,127 of 80,128 bytes\)"):
        open_source(tmp_path / "a.npy")


@pytest.mark.fault("D2")
def test_file_that_shrinks_while_it_is_open_raises_an_error(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((1000, 1000)))
    with open_source(tmp_path / "a.npy") as source:
        os.truncate(tmp_path / "a.npy", 4096)
        with pytest.raises(SourceUnreadable, match="shrank"):
            whole(source)
        with pytest.raises(SourceUnreadable, match="shrank"):
            source.sample([(500, 500)])
        with pytest.raises(SourceUnreadable, match="shrank"):
            source.summarize()


@pytest.mark.fault("D2")
def test_file_renamed_over_an_open_one_changes_no_pixel(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((10, 10)))
    np.save(tmp_path / "b.npy", np.zeros((2, 2)))
    with open_source(tmp_path / "a.npy") as source:
        os.replace(tmp_path / "b.npy", tmp_path / "a.npy")
        np.testing.assert_array_equal(whole(source), np.ones((10, 10)))


def test_image_inside_is_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((10, 10)))
    with pytest.raises(SourceNotFound, match="one array"):
        open_source(f"{tmp_path}/a.npy::1")


def test_closed_source_holds_no_file(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((10, 10)))
    before = descriptors()
    for _ in range(20):
        open_source(tmp_path / "a.npy").close()
    for _ in range(20):
        with pytest.raises(SourceNotFound):
            open_source(f"{tmp_path}/a.npy::1")
    wait_until(lambda: not descriptors() - before)


class TestNpyConforms(ImageSourceTests):
    """A file of an array passes the suite of all sources."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.path = tmp_path / "conform.npy"

    def make_source(self, array, **options):
        np.save(self.path, array)
        return open_source(self.path, **options)
