"""Images of FITS files that are no plain arrays: random groups, and HDUs without data that give one number."""

from pathlib import Path

import astropy
import numpy as np
import pytest
from astropy.io import fits

from traitsview.errors import SourceUnreadable, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.sources.registry import open_source


def whole(source, plane=None):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor), plane)


def grouped(path, data, **cards):
    """Write random groups.  Each has one array, and two parameters before it."""
    hdu = fits.GroupsHDU(
        fits.GroupData(
            data, parnames=["UU", "VV"], pardata=[np.full(len(data), 9e9), np.full(len(data), -9e9)], bitpix=-32
        )
    )
    hdu.header.update(cards)
    hdu.writeto(path)
    return path


def test_random_groups_are_planes_of_their_arrays(tmp_path):
    data = np.arange(3 * 2 * 4 * 5, dtype="f4").reshape(3, 2, 4, 5)
    axes = {"CTYPE2": "COMPLEX", "CTYPE3": "STOKES", "CTYPE4": "FREQ", "CRVAL4": 1e9, "CDELT4": 1e6, "CRPIX4": 1.0}
    with open_source(grouped(tmp_path / "a.uvfits.fits", data, BUNIT="Jy", **axes)) as source:
        info = source.info
        assert [(axis.name, axis.size) for axis in info.axes] == [("group", 3), ("freq", 2), ("y", 4), ("x", 5)]
        assert info.planes[1].coordinates == (1e9, 1.001e9)
        assert (info.unit, info.world) == ("Jy", "")
        for group in range(3):
            for channel in range(2):
                np.testing.assert_array_equal(whole(source, (group, channel)), data[group, channel])


def test_axes_of_random_groups_are_read_from_cards_in_any_spelling(tmp_path):
    axes = {"CTYPE4": "FREQ", "CRVAL4": "1.0D9", "CDELT4": "1D6", "CRPIX4": 1.0, "CD4_4": "1.D6"}
    path = grouped(tmp_path / "a.fits", np.zeros((3, 2, 4, 5), "f4"), **axes)
    with open_source(path) as source:
        assert source.info.planes[1].coordinates == (1e9, 1.001e9)
        assert source.info.world_problem == ""
    path.write_bytes(path.read_bytes().replace(b"'1.0D9", b"'1,0D9"))
    with open_source(path) as source:
        assert source.info.planes[1].coordinates == ()
        assert source.info.world_problem == "CRVAL4 is no number: '1,0D9'"
        assert source.world([(0.5, 0.5)], (2, 1)) == ("",)


def test_random_groups_of_other_programs_have_the_values_of_astropy():
    path = next(Path(astropy.__file__).parent.rglob("tests/data/random_groups.fits"))
    with fits.open(path) as hdus, open_source(path) as source:
        expected = hdus[0].data.data
        assert tuple(axis.size for axis in source.info.axes) == expected.shape
        for group in range(3):
            np.testing.assert_array_equal(whole(source, (group, 0, 0, 77)), expected[group, 0, 0, 77])


def test_truncated_random_groups_raise_an_error(tmp_path):
    path = grouped(tmp_path / "a.fits", np.zeros((3, 40, 50), "f4"))
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(SourceUnreadable, match="truncated"):
        open_source(path)


def test_random_groups_without_arrays_are_no_image(tmp_path):
    path = grouped(tmp_path / "a.fits", np.zeros((3, 0, 5), "f4"))
    with pytest.raises(SourceUnsupported, match="no image of two axes or more, only 0"):
        open_source(path)


def constant(path, value, bitpix=16, **cards):
    hdu = fits.ImageHDU(name="ERR")
    hdu.header.update({"NPIX1": 5, "NPIX2": 4, "PIXVALUE": value, **cards})
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(path)
    # astropy writes 8 where there are no elements.
    head, cards, rest = path.read_bytes().rpartition(b"BITPIX  =                    8")
    path.write_bytes(head + f"BITPIX  ={bitpix:>21}".encode() + rest)
    return path


@pytest.mark.parametrize(
    ("value", "bitpix", "dtype"), [(7, 16, ">i2"), (0.25, -32, ">f4"), (0.25, 16, ">f8"), (70000, 16, ">f8")]
)
def test_constant_in_place_of_an_array_is_an_image(tmp_path, value, bitpix, dtype):
    with open_source(constant(tmp_path / "a.fits", value, bitpix, BUNIT="UNITLESS")) as source:
        assert (source.info.shape, source.info.dtype, source.info.unit) == ((4, 5), dtype, "")
        np.testing.assert_array_equal(whole(source), np.full((4, 5), value))
        assert source.summarize(exact=True).count == 20


def test_constant_of_64_bits_keeps_every_digit(tmp_path):
    with open_source(constant(tmp_path / "a.fits", 2**60 + 1, 64)) as source:
        assert source.info.dtype == ">i8"
        assert source.sample([(0.5, 0.5)]).tolist() == [2**60 + 1]
        assert source.summarize().minimum == 2**60 + 1


def test_constant_without_a_size_is_no_image(tmp_path):
    with pytest.raises(SourceUnsupported, match="no image"):
        open_source(constant(tmp_path / "a.fits", 1, NPIX1=0))
