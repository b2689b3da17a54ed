"""FITS images open with the values and places that astropy gives them, or with one line that says why not."""

import os
import warnings
from pathlib import Path

import astropy
import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from kit.descriptors import descriptors
from kit.patience import wait_until

from traitsview.errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported, TraitsviewError
from traitsview.geometry import Viewport
from traitsview.sources.registry import open_source
from traitsview.testing.image_source_tests import ImageSourceTests

ASTROPY = Path(astropy.__file__).parent
SAMPLES = sorted(
    path
    for end in ("*.fits", "*.fits.*", "*.fit")
    for path in ASTROPY.rglob(f"tests/data/**/{end}")
    if path.is_file() and "group" not in path.name  # see test_fits_elements
)
M13 = ASTROPY / "io/fits/hdu/compressed/tests/data/m13.fits"


def whole(source, plane=None):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor), plane)


def written(path, data, **cards):
    hdu = fits.PrimaryHDU(data)
    for name, value in cards.items():
        hdu.header[name] = value
    hdu.writeto(path, overwrite=True)
    return path


def images_of(path):
    """Return the shapes of the HDUs of `path` that hold an image of two axes or more, by number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with fits.open(path) as hdus:
                return {
                    at: hdu.shape
                    for at, hdu in enumerate(hdus)
                    if isinstance(hdu, (fits.PrimaryHDU, fits.ImageHDU, fits.CompImageHDU))
                    and len(hdu.shape) >= 2
                    and min(hdu.shape) > 0
                }
        except Exception:
            return {}


def test_there_are_samples():
    assert len(SAMPLES) > 40
    assert sum(bool(images_of(path)) for path in SAMPLES) >= 20


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample_opens_with_the_values_of_astropy_or_is_refused(path):
    images = images_of(path)
    if not images:
        with pytest.raises(TraitsviewError) as caught:
            open_source(path)
        assert "\n" not in str(caught.value)
        return
    for at, shape in images.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = fits.getdata(path, at)
        with open_source(f"{path}::{at}") as source:
            assert source.info.shape == shape[-2:]
            assert source.info.origin == "lower"
            assert [axis.size for axis in source.info.axes] == list(shape)
            for plane in [(0,) * (len(shape) - 2), tuple(n - 1 for n in shape[:-2])]:
                found = whole(source, plane)
                np.testing.assert_allclose(found, expected[plane].astype(found.dtype), rtol=2e-7, equal_nan=True)
            assert isinstance(source.world([(0.5, 0.5)])[0], str)


def test_first_image_is_opened_by_default():
    for path in SAMPLES:
        images = images_of(path)
        if images:
            with open_source(path) as source:
                assert source.info.shape == images[min(images)][-2:]


SKY = [
    "m13.fits",
    "m13_rice.fits",
    "comp.fits",
    "1904-66_AZP.fits",
    "sip-wcs.fits",
    "dist_lookup.fits.gz",
    "scale.fits",
]


@pytest.mark.parametrize("name", SKY)
def test_sky_position_is_that_of_astropy_at_pixel_centres(name):
    from astropy.coordinates import Angle

    path = next(path for path in SAMPLES if path.name == name)
    at = min(images_of(path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fits.open(path) as hdus:
            expected = WCS(hdus[at].header, hdus).pixel_to_world([0, 10, 30.25, 19], [0, 3, 7.75, 19])
    with open_source(path) as source:
        # FITS counts pixels from their centres; data space counts from the first edge.
        texts = source.world([(0.5, 0.5), (10.5, 3.5), (30.75, 8.25), (19.5, 19.5)])
    for text, place in zip(texts, expected, strict=True):
        ra, dec, frame = text.split(maxsplit=2)
        assert frame.strip("()").split()[0].lower() == place.frame.name
        dec = dec.replace("−", "-").replace("°", "d").replace("′", "m").replace("″", "s")
        assert abs(Angle(ra).deg - place.ra.deg) * 3600 < 0.8
        assert abs(Angle(dec).deg - place.dec.deg) * 3600 < 0.51


def test_centre_of_the_first_pixel_is_half_an_element_from_the_corner(tmp_path):
    header = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 15.0, "CRVAL2": 30.0, "CRPIX1": 1.0, "CRPIX2": 1.0}
    path = written(tmp_path / "a.fits", np.zeros((4, 4)), CDELT1=-1 / 3600, CDELT2=1 / 3600, **header)
    with open_source(path) as source:
        assert source.world([(0.5, 0.5)]) == ("01h00m00.00s +30°00′00.0″ (ICRS assumed)",)
        assert source.info.extent == (0, 4, 0, 4)


def test_galactic_position_is_in_degrees(tmp_path):
    header = {"CTYPE1": "GLON-CAR", "CTYPE2": "GLAT-CAR", "CRVAL1": 0.0, "CRVAL2": 0.0, "CRPIX1": 1.0, "CRPIX2": 1.0}
    path = written(tmp_path / "a.fits", np.zeros((4, 4)), CDELT1=-0.01, CDELT2=0.01, **header)
    with open_source(path) as source:
        assert source.world([(1.5, 2.5)]) == ("l 359.990° b +0.020° (galactic)",)


def test_place_outside_the_sky_has_no_text(tmp_path):
    header = {"CTYPE1": "RA---AIT", "CTYPE2": "DEC--AIT", "CRPIX1": 50.5, "CRPIX2": 25.5, "CDELT1": -4.0, "CDELT2": 4.0}
    path = written(tmp_path / "a.fits", np.zeros((50, 100)), **header)
    with open_source(path) as source:
        corner, centre = source.world([(0.5, 0.5), (50.0, 25.0)])
        assert corner == ""
        assert centre.endswith("(ICRS assumed)")


def test_image_with_broken_world_coordinates_is_shown(tmp_path):
    path = written(tmp_path / "a.fits", np.ones((4, 4)), CTYPE1="RA---TAN", CTYPE2="DEC--XXX")
    with open_source(path) as source:
        assert source.world([(0.5, 0.5)]) == ("",)
        np.testing.assert_array_equal(whole(source), np.ones((4, 4)))


def test_linear_axes_with_units_are_data_space(tmp_path):
    header = {
        "CUNIT1": "um",
        "CUNIT2": "um",
        "CDELT1": 0.5,
        "CDELT2": 0.25,
        "CRVAL1": 10.0,
        "CRPIX1": 1.0,
        "CRPIX2": 0.5,
    }
    path = written(tmp_path / "a.fits", np.zeros((8, 4)), **header)
    with open_source(path) as source:
        assert source.info.extent == (9.75, 11.75, 0.0, 2.0)
        assert [(axis.name, axis.unit) for axis in source.info.axes] == [("y", "µm"), ("x", "µm")]
        assert source.world([(10.0, 1.0)]) == ("",)


@pytest.mark.parametrize(
    "cards",
    [
        {"CDELT1": -0.5},
        {"CROTA2": 30.0},
        {"PC1_2": 0.1},
        {"CD2_1": 0.1},
        {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN"},
        {"CTYPE1": "WAVE-LOG"},
        {"CUNIT2": ""},
        {"CDELT2": 0.0},
    ],
)
def test_axes_that_are_not_linear_are_counted_in_pixels(tmp_path, cards):
    header = {"CUNIT1": "arcsec", "CUNIT2": "arcsec", "CDELT1": 0.5, "CDELT2": 0.5, **cards}
    with open_source(written(tmp_path / "a.fits", np.zeros((8, 4)), **header)) as source:
        assert source.info.extent == (0, 4, 0, 8)
        assert [(axis.name, axis.unit) for axis in source.info.axes] == [("y", "pixel"), ("x", "pixel")]


def test_world_axes_beside_the_sky_are_numbers_with_units(tmp_path):
    header = {"CTYPE1": "LINEAR", "CTYPE2": "WAVE", "CUNIT1": "mm", "CUNIT2": "nm", "CDELT1": -0.5, "CDELT2": 2.0}
    path = written(tmp_path / "a.fits", np.zeros((8, 4)), **header, CRPIX1=1.0, CRPIX2=1.0, CRVAL2=500.0)
    with open_source(path) as source:
        assert source.world([(1.5, 3.5)]) == ("world x −0.50 mm, wavelength 506.0 nm",)


def test_cube_has_named_planes_with_coordinates(tmp_path):
    cube = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    axes = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CTYPE3": "FREQ", "CTYPE4": "STOKES"}
    path = written(tmp_path / "cube.fits", cube, **axes, CRVAL3=1e9, CDELT3=1e6, CRPIX3=1.0, CUNIT3="Hz")
    with open_source(path) as source:
        stokes, freq = source.info.planes
        assert (stokes.name, stokes.size) == ("stokes", 2)
        assert (freq.name, freq.unit, freq.coordinates) == ("freq", "Hz", (1e9, 1.001e9, 1.002e9))
        np.testing.assert_array_equal(whole(source, (1, 2)), cube[1, 2])


def test_degenerate_axes_and_equal_names_of_axes_are_accepted(tmp_path):
    path = written(tmp_path / "a.fits", np.ones((1, 1, 4, 5)), CTYPE3="FREQ", CTYPE4="FREQ")
    with open_source(path) as source:
        assert [axis.name for axis in source.info.planes] == ["freq4", "freq3"]
        assert whole(source).shape == (4, 5)


def test_unit_of_the_values_is_bunit(tmp_path):
    with open_source(written(tmp_path / "a.fits", np.ones((4, 4)), BUNIT="Jy/beam")) as source:
        assert source.info.unit == "Jy/beam"


@pytest.mark.parametrize(("dtype", "expected"), [("u2", "u2"), ("u4", "u4"), ("u8", "u8"), ("i1", "i1"), ("u1", "u1")])
def test_integers_with_a_bzero_for_the_other_sign_stay_integers(tmp_path, dtype, expected):
    limits = np.iinfo(dtype)
    array = np.array([[limits.min, limits.max], [limits.max // 3, limits.max - 1]], dtype)
    with open_source(written(tmp_path / "a.fits", array)) as source:
        assert np.dtype(source.info.dtype) == np.dtype(expected)
        assert (
            source.sample([(x + 0.5, y + 0.5) for y in range(2) for x in range(2)]).tolist() == array.ravel().tolist()
        )
        assert [int(value) for value in whole(source).flat] == array.ravel().tolist()


def test_images_inside_are_named_by_number_name_and_version(tmp_path):
    data = [np.full((2, 2), value, np.float32) for value in range(4)]
    hdus = [fits.PrimaryHDU(), fits.ImageHDU(data[1], name="SCI"), fits.ImageHDU(data[2], name="ERR")]
    again = fits.ImageHDU(data[3], name="SCI", ver=2)
    fits.HDUList([*hdus, again]).writeto(tmp_path / "a.fits")
    for inside, value in (("", 1), ("::1", 1), ("::2", 2), ("::SCI", 1), ("::sci", 1), ("::err", 2), ("::SCI,2", 3)):
        with open_source(f"{tmp_path}/a.fits{inside}") as source:
            assert (whole(source) == value).all()
    with pytest.raises(SourceNotFound, match=r"there are 1 'SCI' \(2 × 2\), 2 'ERR' \(2 × 2\), 3 'SCI'"):
        open_source(f"{tmp_path}/a.fits::DQ")
    with pytest.raises(SourceNotFound, match="no such HDU among 4"):
        open_source(f"{tmp_path}/a.fits::99999999999999999999")
    with pytest.raises(SourceUnsupported, match=r"no data, not an image.*1 'SCI'"):
        open_source(f"{tmp_path}/a.fits::0")


def test_only_touched_tiles_are_decoded(tmp_path, monkeypatch):
    from astropy.io.fits.hdu.compressed import _tiled_compression

    fits.CompImageHDU(np.arange(10000, dtype=np.int32).reshape(100, 100), tile_shape=(10, 10)).writeto(
        tmp_path / "c.fits"
    )
    decoded = []
    original = _tiled_compression._decompress_tile

    def counted(*args, **kwargs):
        decoded.append(1)
        return original(*args, **kwargs)

    monkeypatch.setattr(_tiled_compression, "_decompress_tile", counted)
    with open_source(tmp_path / "c.fits") as source:
        decoded.clear()
        part = source.render(Viewport((1, 1), (12, 31), (6, 6)))
        np.testing.assert_array_equal(part, np.arange(10000).reshape(100, 100)[31:37, 12:18])
    assert len(decoded) == 1


def test_plain_image_is_mapped_and_not_read(tmp_path):
    path = tmp_path / "huge.fits"
    written(path, np.zeros((1, 1), np.float32))
    text = path.read_bytes()[:2880]
    for name in (b"NAXIS1", b"NAXIS2"):
        text = text.replace(name.ljust(8) + b"=" + b"1".rjust(21), name.ljust(8) + b"=" + b"100000".rjust(21))
    path.write_bytes(text)
    os.truncate(path, 2880 + 4 * 10**10)
    with open_source(path) as source:
        assert source.info.shape == (100000, 100000)
        assert source.sample([(99999.5, 99999.5)]) == [0]


@pytest.mark.parametrize(
    "name", ["m13.fits", "comp.fits", "m13_rice.fits", "1904-66_AZP.fits", "dss.14.29.56-62.41.05.fits.gz"]
)
def test_truncated_file_raises_a_source_error(tmp_path, name):
    raw = next(path for path in SAMPLES if path.name == name).read_bytes()
    for part in range(1, 30):
        path = tmp_path / name
        path.write_bytes(raw[: len(raw) * part // 30])
        line = ""
        try:
            with open_source(path) as source:
                whole(source)
        except SourceError as error:
            line = str(error)
        assert "\n" not in line


def test_error_of_a_truncated_plain_image_has_both_sizes(tmp_path):
    path = tmp_path / "a.fits"
    path.write_bytes(M13.read_bytes()[:100_000])
    with pytest.raises(SourceUnreadable, match=r"truncated \(100,000 of [\d,]+ bytes\)"):
        open_source(path)


@pytest.mark.parametrize("name", ["m13.fits", "comp.fits", "m13_gzip.fits", "sip-wcs.fits"])
def test_damaged_file_opens_or_raises_a_source_error(tmp_path, name):
    random = np.random.default_rng(5)
    raw = np.frombuffer(next(path for path in SAMPLES if path.name == name).read_bytes(), np.uint8)
    path = tmp_path / name
    for _ in range(60):
        damaged = raw.copy()
        damaged[random.integers(0, min(raw.size, 12000), 12)] = random.integers(32, 127, 12)
        path.write_bytes(damaged.tobytes())
        line = ""
        try:
            with open_source(path) as source:
                if source.info.shape[0] * source.info.shape[1] < 10**7:
                    whole(source)
                    source.world([(1.5, 1.5)])
        except TraitsviewError as error:
            line = str(error)
        assert "\n" not in line


def test_file_that_shrinks_while_it_is_open_raises_an_error(tmp_path):
    for data in (
        fits.PrimaryHDU(np.ones((1000, 1000))),
        fits.CompImageHDU(np.random.default_rng(1).random((500, 500))),
    ):
        path = tmp_path / f"{type(data).__name__}.fits"
        data.writeto(path)
        with open_source(path) as source:
            os.truncate(path, 5760 if "Comp" not in path.name else 12000)
            with pytest.raises(SourceUnreadable):
                whole(source)


def test_closed_source_holds_no_file():
    before = descriptors()
    for _ in range(10):
        for name in ("m13.fits", "m13_rice.fits", "dss.14.29.56-62.41.05.fits.gz"):
            with open_source(next(path for path in SAMPLES if path.name == name)) as source:
                source.world([(1, 1)])
    del source  # a mapping goes with the array
    wait_until(lambda: not descriptors() - before)


@pytest.mark.parametrize("word", ["NAXIS", "ZNAXIS", "TFIELDS"])
@pytest.mark.parametrize("inside", ["", "::1", "::mosaic"])
def test_headers_with_too_many_axes_or_columns_are_refused_at_once(tmp_path, word, inside):
    path = tmp_path / "a.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(np.zeros((8, 8), "i2"))]).writeto(path)
    head, equals, rest = path.read_bytes().rpartition(f"{word:<8}= ".encode())
    path.write_bytes(head + equals + b"1000".rjust(20) + rest[20:])
    with pytest.raises(SourceUnreadable, match=f"{word} is 1000, it must be 999 at most"):
        open_source(f"{path}{inside}")


class TestFitsConforms(ImageSourceTests):
    """A FITS image passes the suite of all sources, for dtypes that FITS can hold."""

    # Elements in FITS are big-endian: that is the test of the other byte order.
    test_elements_of_every_dtype_are_shown = None

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.path = tmp_path / "conform.fits"

    def make_source(self, array, **options):
        if (
            array.dtype.kind in "cb"
            or array.dtype in (np.float16, np.longdouble)
            or (array.ndim > 2 and array.shape[-1] in (3, 4))
        ):
            pytest.skip("FITS has no such elements")
        fits.PrimaryHDU(array).writeto(self.path, overwrite=True)
        return open_source(self.path, **{"origin": "upper", "name": "array", **options})
