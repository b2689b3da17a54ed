"""Elements that the user calls blank have no value, in arrays and files of any dtype."""

import json

import numpy as np
import pytest
from astropy.io import fits

from traitsview import opening
from traitsview.cli.main import main
from traitsview.errors import RequestError
from traitsview.geometry import Viewport
from traitsview.opening import open_in_host
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.arrays.no_value import number_of, stored_number
from traitsview.sources.registry import open_source

NAN = np.nan


def whole(source):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor))


@pytest.mark.parametrize("dtype", ["u1", "i1", ">i2", "u2", "i4", ">u4", "f2", "f4", ">f8"])
@pytest.mark.parametrize("blank", [7, 7.0, "7", "7.0", "7e0", np.int16(7), np.float32(7)])
def test_elements_equal_to_blank_have_no_value_in_any_dtype_and_spelling(dtype, blank):
    array = np.array([[0, 7, 1], [7, 2, 3]], dtype)
    with open_source(array, blank=blank) as source:
        np.testing.assert_array_equal(whole(source), [[0, NAN, 1], [NAN, 2, 3]])
        summary = source.summarize(exact=True)
        assert (summary.minimum, summary.maximum, summary.count - summary.valid) == (0, 3, 2)
        assert np.isnan(source.sample([(1.5, 0.5)])[0])
        assert source.sample([(2.5, 0.5)]) == [1]
        assert source.info.notes == ("7 is taken as no value",)


@pytest.mark.parametrize("reduction", ["mean", "min", "max", "nearest"])
def test_blank_elements_do_not_count_in_any_reduction(reduction):
    array = np.array([[-999.25, 4.0], [4.0, -999.25]])
    with open_source(array, blank=-999.25) as source:
        assert source.render(Viewport((2, 1), (0, 0), (2, 1)), reduction="max").tolist() == [[4], [4]]
        one = source.render(Viewport((2, 2), (0, 0), (1, 1)), reduction=reduction)[0, 0]
        assert one == 4 or (reduction == "nearest" and np.isnan(one))


def test_neighbouring_long_integers_are_told_apart():
    array = np.array([[2**60, 2**60 + 1]], "i8")
    with open_source(array, blank=2**60 + 1) as source:
        assert np.isnan(whole(source)).tolist() == [[False, True]]


@pytest.mark.parametrize(
    "blank", ["1152921504606846977", "1152921504606846977.0", "1.152921504606846977e18", np.longdouble(2**60) + 1]
)
def test_long_integers_keep_every_digit_in_any_spelling(blank):
    with open_source(np.array([[2**60, 2**60 + 1]]), blank=blank) as source:
        assert np.isnan(whole(source)).tolist() == [[False, True]]
        assert source.info.notes == ("1152921504606846977 is taken as no value",)


@pytest.mark.parametrize(("dtype", "blank"), [("f2", 1e5), ("f4", 1e300), ("f4", -1e39), ("c8", 1e300)])
def test_number_beyond_the_range_of_elements_is_not_infinity(dtype, blank):
    source = ArraySource(np.array([[np.inf, -np.inf, 1.0]], dtype), no_value=blank)
    assert not np.isnan(source.render(Viewport((1, 1), (0, 0), (1, 3)))).any()


def test_largest_number_of_single_precision_may_be_written_in_eight_digits():
    with open_source(np.array([[-np.finfo("f4").max, 1]], "f4"), blank="-3.4028235e38") as source:
        assert np.isnan(whole(source)).tolist() == [[True, False]]


@pytest.mark.parametrize("blank", ["1e400", "-" + "9" * 500, 10**400])
@pytest.mark.parametrize("dtype", ["i2", "f4"])
def test_number_beyond_the_range_of_every_dtype_is_refused(blank, dtype):
    with pytest.raises(RequestError, match="no element is so large"):
        open_source(np.zeros((2, 2), dtype), blank=blank)


def test_blank_in_single_precision_is_the_nearest_number():
    with open_source(np.array([[0.1, 0.2]], "f4"), blank=0.1) as source:
        assert np.isnan(whole(source)).tolist() == [[True, False]]


def test_infinity_may_be_blank():
    with open_source(np.array([[np.inf, 0.2]]), blank="inf") as source:
        assert np.isnan(whole(source)).tolist() == [[True, False]]


@pytest.mark.parametrize("blank", [1000, -1, 0.5, "inf", 1e300])
def test_value_that_no_element_has_changes_nothing(blank):
    array = np.arange(6, dtype="u1").reshape(2, 3)
    with open_source(array, blank=blank) as source:
        np.testing.assert_array_equal(whole(source), array)


@pytest.mark.parametrize("blank", ["", "none", "nan", NAN, "0x7", [0]])
def test_text_that_is_no_number_is_refused(blank):
    with pytest.raises(RequestError, match="as blank"):
        open_source(np.zeros((2, 2)), blank=blank)


def test_pixels_of_a_colour_image_are_blank_if_each_channel_has_the_value():
    array = np.array([[[0, 0, 0], [0, 9, 9]]], "u1")
    with open_source(array, blank=0) as source:
        np.testing.assert_array_equal(whole(source), [[[NAN, NAN, NAN], [0, 9, 9]]])


def test_blank_complex_elements_have_no_modulus():
    with open_source(np.array([[0j, 3 + 4j]]), blank=0) as source:
        np.testing.assert_array_equal(whole(source), [[NAN, 5]])


def test_masked_and_blank_elements_are_void_alike():
    array = np.ma.MaskedArray([[1, 2, 3]], [[True, False, False]])
    with open_source(array, blank=2) as source:
        np.testing.assert_array_equal(whole(source), [[NAN, NAN, 3]])


def test_blank_is_a_scaled_value_and_is_added_to_the_blank_of_the_file(tmp_path):
    hdu = fits.PrimaryHDU(np.array([[0, 1, 2, 3]], "i2"))
    hdu.header["BLANK"] = 3
    hdu.writeto(tmp_path / "a.fits")
    text = (tmp_path / "a.fits").read_bytes()
    cards = b"BSCALE  =                  0.1".ljust(80) + b"BZERO   =                100.0".ljust(80)
    text = text[: text.index(b"END" + b" " * 77)] + cards + b"END"
    raw = np.array([0, 1, 2, 3], ">i2").tobytes()
    (tmp_path / "a.fits").write_bytes(text.ljust(2880) + raw.ljust(2880, b"\0"))
    with open_source(tmp_path / "a.fits", blank=100.1) as source:
        np.testing.assert_allclose(whole(source), [[100, NAN, 100.2, NAN]])
        assert source.info.stored.nodata == 3


@pytest.mark.parametrize(
    ("value", "dtype", "scale", "stored"),
    [
        (5, "i2", (1.0, 0.0), 5),
        (5, "i2", (0.5, 1.0), 8),
        (5.1, "i2", (0.5, 1.0), None),
        (5.0000001, "i2", (0.5, 1.0), 8),
        (40000, "i2", (1.0, 0.0), None),
        (40000, "i2", (1.0, 32768.0), 7232),
        (1, "?", (1.0, 0.0), 1),
        (2, "?", (1.0, 0.0), None),
        (0.5, "f4", (2.0, 0.0), 0.25),
    ],
)
def test_stored_number_of_a_value_is_found(value, dtype, scale, stored):
    assert stored_number(value, np.dtype(dtype), scale) == stored


def test_integers_of_any_length_stay_integers():
    assert number_of("9007199254740993") == 9007199254740993
    assert isinstance(number_of("5.0"), int)


def test_blank_in_an_address_counts_here_and_on_a_host(tmp_path, capsys):
    path = tmp_path / "a.npy"
    np.save(path, np.array([[0, 7], [2, 7]]))
    with open_source(f"{path}::?blank=7") as here, open_in_host(f"{path}::?blank=7") as there:
        np.testing.assert_array_equal(whole(here), [[0, NAN], [2, NAN]])
        np.testing.assert_array_equal(whole(there), whole(here))
        assert there.info == here.info
    assert main(["info", str(path), "--blank", "7", "--json"]) == 0
    known = json.loads(capsys.readouterr().out)
    assert (known["range"]["maximum"], known["notes"]) == (2, ["7 is taken as no value"])
    assert main(["render", str(path), "--blank", "-1e3", "-o", str(tmp_path / "out.npy")]) == 0
    assert np.load(tmp_path / "out.npy").max() == 7
    assert main(["info", str(path), "--blank", "red"]) == 2
    assert "cannot take 'red' as blank: it is no number" in capsys.readouterr().err


def test_options_for_another_machine_become_part_of_the_address():
    read_as = opening.read_as
    assert read_as("login3:a.fits::1", blank=0, kind="rgb") == "login3:a.fits::1?blank=0&kind=rgb"
    assert read_as("a.fits::?blank=0", blank=1, origin=None) == "a.fits::?blank=1"
    assert read_as("a.fits", blank=None) == "a.fits"
    with pytest.raises(RequestError, match="extent can be told for what is on this machine only"):
        read_as("login3:a.fits", extent=(0, 1, 0, 1))
    with pytest.raises(RequestError, match="blank can be told for files only"):
        read_as("login3:live:density", blank=0)
