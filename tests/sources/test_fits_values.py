"""Numbers of FITS files stand for the values that BSCALE, BZERO and BLANK say, plain and compressed by any codec."""

import numpy as np
import pytest
from astropy.io import fits

from traitsview.geometry import Viewport
from traitsview.sources.registry import open_source


def whole(source):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor))


def scaled(path, raw, **cards):
    """Write stored numbers with cards that say what they mean; astropy would drop those."""
    fits.PrimaryHDU(raw).writeto(path)
    text = path.read_bytes()
    lines = "".join(f"{name:<8}= {value:>20}".ljust(80) for name, value in cards.items()).encode()
    end = text.index(b"END" + b" " * 77)
    header = text[:end] + lines + b"END".ljust(80)
    path.write_bytes(header.ljust(2880) + text[2880:])
    return path


@pytest.mark.parametrize("dtype", ["u1", ">i2", ">i4", ">i8"])
def test_blank_elements_are_nan(tmp_path, dtype):
    raw = np.array([[1, 2], [3, 4]], dtype)
    with open_source(scaled(tmp_path / "a.fits", raw, BLANK=3, BSCALE=0.5, BZERO=10.0)) as source:
        np.testing.assert_array_equal(whole(source), [[10.5, 11], [np.nan, 12]])
        assert source.summarize().valid == 3
        sampled = source.sample([(0.5, 1.5), (1.5, 1.5)])
        assert np.isnan(sampled[0])
        assert sampled[1] == 12


CODECS = ["RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1", "NOCOMPRESS"]


def compressed(path, array, codec="RICE_1", **cards):
    """Write a tile-compressed image, with cards that astropy would use for itself when it writes."""
    hdu = fits.CompImageHDU(array, compression_type=codec, tile_shape=array.shape)
    for name, value in cards.items():
        hdu.header[name] = value
    hdu.writeto(path, overwrite=True)
    return path


def respelt(path, name, value):
    """Write another value into a card of a file, as it is: astropy would mend or refuse some."""
    text = path.read_bytes()
    at = text.index(f"{name:<8}= ".encode())
    path.write_bytes(text[:at] + f"{name:<8}= {value:>20}".ljust(80).encode() + text[at + 80 :])
    return path


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("dtype", ["u1", "i2", "i4"])
def test_blank_elements_of_compressed_integers_are_nan(tmp_path, codec, dtype):
    array = np.tile(np.array([[0, 1, 2, 9], [7, 4, 5, 0]], dtype), (3, 2))
    with open_source(compressed(tmp_path / "a.fits", array, codec, BLANK=0)) as source:
        np.testing.assert_array_equal(whole(source), np.where(array == 0, np.nan, array))
        summary = source.summarize(exact=True)
        assert (summary.minimum, summary.maximum, summary.count - summary.valid) == (1, 9, 12)
        assert np.isnan(source.sample([(0.5, 0.5)])[0])


@pytest.mark.parametrize("codec", ["GZIP_1", "GZIP_2", "NOCOMPRESS"])
def test_blank_elements_of_compressed_long_integers_are_nan(tmp_path, codec):
    array = np.array([[2**40, 1], [-(2**41), 0]], "i8")
    path = respelt(compressed(tmp_path / "a.fits", array, codec, BLANK=77), "BLANK", 2**40)
    with open_source(path) as source:
        np.testing.assert_array_equal(whole(source), [[np.nan, 1], [-(2.0**41), 0]])


@pytest.mark.parametrize(("dtype", "blank"), [("u2", -(2**15)), ("u4", -(2**31)), ("i1", 0)])
def test_blank_elements_of_compressed_integers_of_the_other_signedness_are_nan(tmp_path, dtype, blank):
    lowest = np.iinfo(dtype).min
    array = np.array([[lowest, lowest + 1], [lowest + 7, lowest]], dtype)
    with open_source(compressed(tmp_path / "a.fits", array, BLANK=blank)) as source:
        # BLANK is the number in the file, which is that of the values less BZERO.
        np.testing.assert_array_equal(whole(source), [[np.nan, lowest + 1], [lowest + 7, np.nan]])
        assert np.dtype(source.info.dtype) == dtype


def test_blank_that_compression_has_named_itself_is_nan(tmp_path):
    path = compressed(tmp_path / "a.fits", np.array([[0, 1, 2], [7, 4, 5]], "i4"), BLANK=7)
    text = path.read_bytes()
    path.write_bytes(text.replace(b"BLANK   =", b"ZBLANK  ="))
    with open_source(path) as source:
        np.testing.assert_array_equal(whole(source), [[0, 1, 2], [np.nan, 4, 5]])


def test_blanks_of_single_tiles_are_nan(tmp_path):
    path = tmp_path / "a.fits"
    array = np.array([[0, 1, 2], [7, 4, 5]], "i4")
    fits.CompImageHDU(array, compression_type="RICE_1", tile_shape=(1, 3)).writeto(path)
    with fits.open(path, disable_image_compression=True) as hdus:
        header, start = hdus[1].header, hdus[1].fileinfo()["datLoc"]
    rows, heap = np.split(np.frombuffer(path.read_bytes()[start : start + 16 + header["PCOUNT"]], "u1"), [16])
    header["NAXIS1"], header["TFIELDS"] = 12, 2
    header["TTYPE2"], header["TFORM2"], header["BLANK"] = "ZBLANK", "1J", -9
    rows = np.hstack([rows.reshape(2, 8), np.array([[1], [5]], ">i4").view("u1")])
    head = fits.PrimaryHDU().header.tostring() + header.tostring()
    path.write_bytes(head.encode() + (rows.tobytes() + heap.tobytes()).ljust(2880, b"\0"))
    with open_source(path) as source:
        np.testing.assert_array_equal(whole(source), [[0, np.nan, 2], [7, 4, np.nan]])


def test_blank_of_a_compressed_float_image_means_nothing(tmp_path):
    array = np.arange(-200.0, 200, dtype="f4").reshape(20, 20)
    hdu = fits.CompImageHDU(array, quantize_level=-1.0, quantize_method=-1, tile_shape=(20, 20))
    hdu.header["NOBLANK"] = 77  # astropy warns of the true name
    hdu.writeto(tmp_path / "a.fits")
    path = respelt(tmp_path / "a.fits", "NOBLANK", "'none'")
    path.write_bytes(path.read_bytes().replace(b"NOBLANK =", b"BLANK   ="))
    with open_source(path) as source:
        assert source.summarize(exact=True).valid == 400


def test_quantized_floats_have_values_and_no_blanks_of_integers(tmp_path):
    array = np.random.default_rng(3).normal(100, 5, (32, 32)).astype("f4")
    array[4, 7] = np.nan
    path = compressed(tmp_path / "a.fits", array, BSCALE=2.0, BZERO=1.0)
    with open_source(path) as source:
        assert np.isnan(whole(source)[4, 7])
        assert np.nanmax(np.abs(whole(source) - fits.getdata(path, 1))) < 1e-4


@pytest.mark.parametrize("card", ["0", "0.0", "0.E0", "'0'"])
def test_blank_may_be_spelt_as_other_programs_spell_it(tmp_path, card):
    with open_source(scaled(tmp_path / "a.fits", np.array([[0, 1]], ">i2"), BLANK=card)) as source:
        np.testing.assert_array_equal(whole(source), [[np.nan, 1]])


@pytest.mark.parametrize("card", ["'none'", "T", "0.5", "1E300", "-9999."])
def test_blank_that_no_element_can_have_blanks_nothing(tmp_path, card):
    with open_source(scaled(tmp_path / "a.fits", np.array([[0, 1]], "u1"), BLANK=card)) as source:
        np.testing.assert_array_equal(whole(source), [[0, 1]])


@pytest.mark.parametrize("dtype", ["u1", ">i2", ">i4", ">f4", ">f8"])
def test_values_are_scaled(tmp_path, dtype):
    raw = np.arange(12).reshape(3, 4).astype(dtype)
    with open_source(scaled(tmp_path / "a.fits", raw, BSCALE=-2.0, BZERO=100.0)) as source:
        np.testing.assert_array_equal(whole(source), 100 - 2.0 * raw)
        for reduction, value in (("min", 78), ("max", 100), ("mean", 89)):
            one = Viewport((4, 3), (0, 0), (1, 1))
            assert source.render(one, reduction=reduction) == value
