"""Values of FITS files follow from BSCALE, BZERO and BLANK, plain and compressed by any codec."""

import numpy as np
import pytest
from astropy.io import fits

from traitsview.geometry import Viewport
from traitsview.sources.image_words import stored_text
from traitsview.sources.registry import open_source


def whole(source):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor))


def scaled(path, raw, **cards):
    """Write stored numbers with cards for their values.  Astropy would drop these cards."""
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
    """Write a tile-compressed image.  The cards are added to the HDU, since astropy would apply them to `array`."""
    hdu = fits.CompImageHDU(array, compression_type=codec, tile_shape=array.shape)
    for name, value in cards.items():
        hdu.header[name] = value
    hdu.writeto(path, overwrite=True)
    return path


def respelt(path, name, value):
    """Write another value into a card of a file as bytes: astropy would correct or refuse some values."""
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


@pytest.mark.parametrize("blank", [None, -(2**15) + 7])
def test_unsigned_integers_in_plio_are_read_as_cfitsio_packs_them(tmp_path, blank):
    # It packs the values themselves, since the codec has no negative numbers; astropy writes no unsigned ones.
    array = np.array([[0, 1, 7], [100, 4000, 32767]], "i2")
    path = compressed(tmp_path / "a.fits", array, "PLIO_1")
    with fits.open(path, mode="update", disable_image_compression=True) as hdus:
        hdus[1].header.update(BSCALE=1, BZERO=2**15, **({} if blank is None else {"BLANK": blank}))
    with open_source(path) as source:
        assert np.dtype(source.info.dtype) == np.uint16
        np.testing.assert_array_equal(whole(source), np.where((array == 7) & (blank is not None), np.nan, array))
        assert source.sample([(0.5, 0.5), (2.5, 1.5)]).tolist() == [0, 32767]


@pytest.mark.parametrize("codec", ["GZIP_1", "GZIP_2", "NOCOMPRESS"])
def test_blank_elements_of_compressed_long_integers_are_nan(tmp_path, codec):
    array = np.array([[2**40, 1], [-(2**41), 0]], "i8")
    path = respelt(compressed(tmp_path / "a.fits", array, codec, BLANK=77), "BLANK", 2**40)
    with open_source(path) as source:
        np.testing.assert_array_equal(whole(source), [[np.nan, 1], [-(2.0**41), 0]])


@pytest.mark.parametrize(("dtype", "blank"), [("u2", -(2**15)), ("u4", -(2**31)), ("i1", 0)])
def test_blank_elements_of_compressed_integers_with_a_bzero_are_nan(tmp_path, dtype, blank):
    lowest = np.iinfo(dtype).min
    array = np.array([[lowest, lowest + 1], [lowest + 7, lowest]], dtype)
    with open_source(compressed(tmp_path / "a.fits", array, BLANK=blank)) as source:
        # BLANK is a number in the file: the value less BZERO.
        np.testing.assert_array_equal(whole(source), [[np.nan, lowest + 1], [lowest + 7, np.nan]])
        assert np.dtype(source.info.dtype) == dtype


def test_blank_in_a_card_of_the_compression_is_nan(tmp_path):
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


def test_blank_card_of_a_compressed_float_image_is_ignored(tmp_path):
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
def test_blank_may_have_the_spelling_of_other_programs(tmp_path, card):
    with open_source(scaled(tmp_path / "a.fits", np.array([[0, 1]], ">i2"), BLANK=card)) as source:
        np.testing.assert_array_equal(whole(source), [[np.nan, 1]])


@pytest.mark.parametrize("card", ["'none'", "T", "0.5", "1E300", "-9999."])
def test_blank_outside_the_range_of_elements_has_no_effect(tmp_path, card):
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


def packed(path, raw, **cards):
    """Write stored numbers, tile-compressed, with cards for their values."""
    fits.CompImageHDU(raw, compression_type="GZIP_1").writeto(path)
    text = path.read_bytes()
    begin = text.index(b"XTENSION")
    end = text.index(b"END" + b" " * 77, begin)
    rest = begin + -(-(end + 80 - begin) // 2880) * 2880
    lines = "".join(f"{name:<8}= {value:>20}".ljust(80) for name, value in cards.items()).encode()
    header = text[begin:end] + lines + b"END".ljust(80)
    path.write_bytes(text[:begin] + header.ljust(-(-len(header) // 2880) * 2880) + text[rest:])
    return path


WAYS = pytest.mark.parametrize("write", [scaled, packed])


@WAYS
@pytest.mark.parametrize(
    ("dtype", "slope", "zero", "floats"),
    [
        (">i2", 1, 100000000, "f8"),
        (">i2", 0.5, 1e8, "f8"),
        ("u1", 0.001, 1000000, "f8"),
        (">i2", 0.1, 1000000, "f8"),
        (">i4", 1, 100000000, "f8"),
        (">f4", 1, 100000000, "f8"),
        (">i2", 2, 1000000, "f4"),
        (">i2", 0.1, 0, "f4"),
        ("u1", 0.5, 1000, "f4"),
    ],
)
def test_scaled_numbers_are_told_apart(tmp_path, write, dtype, slope, zero, floats):
    raw = np.array([[0, 1], [2, 100]] * 4, dtype)
    with open_source(write(tmp_path / "a.fits", raw, BSCALE=slope, BZERO=zero)) as source:
        assert source.info.pixel_dtype == floats
        true = raw * np.float64(slope) + zero
        np.testing.assert_allclose(whole(source), true, rtol=1e-7 if floats == "f4" else 0)
        assert len(np.unique(whole(source))) == 4
        sampled = source.sample([(1.5, 0.5), (1.5, 1.5)])
        np.testing.assert_array_equal(sampled, true[:2, 1].astype(floats))


@WAYS
@pytest.mark.parametrize(
    ("dtype", "cards", "values"),
    [
        (">i8", {}, [2**60, 2**60 + 1, 2**60 + 7, -5]),
        (">i8", {"BZERO": 2**63}, [2**63 + 2**60, 2**63 + 2**60 + 1, 2**63 + 2**60 + 7, 2**63 - 5]),
        (">i4", {"BZERO": 2**60 + 1}, [2**60 + 2, 2**60 + 8, 2**60 + 100, 2**60]),
    ],
)
@pytest.mark.parametrize("blank", [None, 3])
def test_whole_numbers_beyond_double_precision_keep_every_digit(tmp_path, write, dtype, cards, values, blank):
    raw = [value - cards.get("BZERO", 0) for value in values]
    stored = np.array([raw, raw, raw, raw], dtype)
    if blank is not None:
        cards = {**cards, "BLANK": raw[blank]}
    with open_source(write(tmp_path / "a.fits", stored, BSCALE=1, **cards)) as source:
        pixels = whole(source)
        found = [None if np.isnan(pixel) else int(pixel) for pixel in pixels[1]]
        assert found == [None if k == blank else value for k, value in enumerate(values)]
        (sampled,) = source.sample([(1.5, 0.5)])
        assert int(sampled) == values[1]
        summary = source.summarize(exact=True)
        there = [value for k, value in enumerate(values) if k != blank]
        assert (summary.minimum, summary.maximum, summary.valid) == (min(there), max(there), 4 * len(there))


@WAYS
@pytest.mark.parametrize(("dtype", "zero"), [("u1", -128), (">i2", 2**15), (">i4", 2**31), (">i8", 2**63)])
def test_blank_elements_of_integers_with_a_bzero_are_nan(tmp_path, write, dtype, zero):
    raw = np.array([[1, 2], [3, 4]] * 2, dtype)
    with open_source(write(tmp_path / "a.fits", raw, BSCALE=1, BZERO=zero, BLANK=3)) as source:
        pixels = whole(source)
        assert np.isnan(pixels).tolist() == [[False, False], [True, False]] * 2
        assert [int(pixel) for pixel in pixels[0]] == [1 + zero, 2 + zero]
        assert np.isnan(source.sample([(0.5, 1.5)]))


@WAYS
def test_offset_of_stored_whole_numbers_is_shown_in_every_digit(tmp_path, write):
    raw = np.array([[1, 2], [3, 4]] * 2, ">i4")
    with open_source(write(tmp_path / "a.fits", raw, BSCALE=1, BZERO=2**60 + 1, BLANK=3)) as source:
        stored = source.info.stored
        assert np.dtype(stored.dtype).name == "int32"
        assert (stored.scale, stored.offset, stored.nodata) == (1.0, 2**60 + 1, 3)
        assert stored_text(stored).endswith(f"x stands for x + {2**60 + 1}; 3 for no value")


@WAYS
def test_blank_value_is_found_among_large_whole_numbers(tmp_path, write):
    raw = np.array([[1, 2], [3, 4]] * 2, ">i8")
    path = write(tmp_path / "a.fits", raw, BSCALE=1, BZERO=2**63, BLANK=3)
    with open_source(f"{path}::?blank={2**63 + 2}") as source:
        assert np.isnan(whole(source)[:2]).tolist() == [[False, True], [True, False]]
        assert int(whole(source)[1, 1]) == 2**63 + 4
        assert source.summarize(exact=True).valid == 4


@pytest.mark.parametrize("zero", ["'9223372036854775808'", "9.223372036854775808E18", "9223372036854775808."])
def test_bzero_may_have_the_spelling_of_other_programs(tmp_path, zero):
    with open_source(scaled(tmp_path / "a.fits", np.array([[1, 2]], ">i8"), BSCALE="1.", BZERO=zero)) as source:
        assert source.info.dtype == "<u8"
        assert [int(value) for value in whole(source)[0]] == [2**63 + 1, 2**63 + 2]


@pytest.mark.parametrize("nothing", ["", "''", "'   '"])
def test_cards_without_a_value_are_ignored(tmp_path, nothing):
    cards = dict.fromkeys(("BSCALE", "BZERO", "BLANK", "BUNIT", "ROWORDER"), nothing)
    with open_source(scaled(tmp_path / "a.fits", np.array([[1, 2]], ">i2"), **cards)) as source:
        assert whole(source).tolist() == [[1, 2]]
        assert (source.info.dtype, source.info.unit, source.info.origin) == (">i2", "", "lower")
