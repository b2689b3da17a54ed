"""An image of a FITS file is described by its own cards, by inherited cards, and by cards of its sister."""

import numpy as np
import pytest
from astropy.io import fits

from traitsview.sources.registry import open_source

SKY = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRVAL1": 83.6,
    "CRVAL2": -5.4,
    "CRPIX1": 3.0,
    "CRPIX2": 2.0,
    "CDELT1": -0.01,
    "CDELT2": 0.01,
}


def image(shape=(3, 4), kind=fits.ImageHDU, **cards):
    hdu = kind(np.arange(np.prod(shape), dtype="f4").reshape(shape))
    hdu.header.update(cards)
    return hdu


@pytest.fixture
def write(tmp_path):
    def write(primary, *hdus, shape=None):
        head = fits.PrimaryHDU(None if shape is None else np.zeros(shape, "f4"))
        head.header.update(primary)
        path = tmp_path / "a.fits"
        fits.HDUList([head, *hdus]).writeto(path, overwrite=True)
        return path

    return write


def told(path, inside):
    with open_source(f"{path}::{inside}") as source:
        return source.info, source.world([(2.5, 1.5)])[0]


def test_extension_inherits_unit_and_coordinates_of_the_primary_header(write):
    path = write({"BUNIT": "Jy/beam", **SKY}, image(INHERIT=True), image(INHERIT=False), image())
    info, place = told(path, 1)
    assert (info.unit, place) == ("Jy/beam", "05h34m24.0s −05°24′00″ (ICRS assumed)")
    assert "CTYPE1" in info.world
    assert info.notes == (
        "BUNIT, CTYPE1, CTYPE2, CRVAL1, CRVAL2, CRPIX1 and 3 more from the primary header, as INHERIT says",
    )
    for inside in (2, 3):
        info, place = told(path, inside)
        assert (info.unit, info.world, info.notes, place) == ("", "", (), "")


def test_cards_of_the_extension_override_inherited_cards(write):
    path = write(
        {"BUNIT": "Jy", "RADESYS": "FK5", "EQUINOX": 1950.0}, image(INHERIT=True, BUNIT="K", EQUINOX=2000.0, **SKY)
    )
    info, place = told(path, 1)
    assert info.unit == "K"
    assert place.endswith("(FK5 J2000)")


def test_matrix_is_inherited_whole_or_not_at_all(write):
    path = write({"CD1_1": -5.0, "CD2_1": 1.0, "CD1_2": 1.0, "CD2_2": 5.0}, image(INHERIT=True, **SKY))
    info, place = told(path, 1)
    assert "CD1_1" not in info.world
    assert place == "05h34m24.0s −05°24′00″ (ICRS assumed)"


def test_cards_about_the_primary_array_are_not_inherited(write):
    path = write({"BUNIT": "K"}, image(INHERIT=True), shape=(2, 2))
    with fits.open(path, mode="update") as hdus:
        hdus[0].header["DATAMAX"] = 5.0
    text = path.read_bytes().replace(b"DATAMAX =                  5.0", b"BSCALE  =                  5.0")
    path.write_bytes(text)
    with open_source(f"{path}::1") as source:
        assert source.sample([(1.5, 0.5)]).tolist() == [1]


@pytest.mark.parametrize("kind", [fits.ImageHDU, fits.CompImageHDU])
def test_extension_without_coordinates_takes_them_from_the_science_image_of_its_version(write, kind):
    other = {**SKY, "CRVAL1": 10.0}
    path = write(
        {},
        image(EXTNAME="SCI", EXTVER=1, kind=kind, **other),
        image(EXTNAME="SCI", EXTVER=2, kind=kind, **SKY),
        image(EXTNAME="ERR", EXTVER=2, kind=kind, BUNIT="K"),
        image(EXTNAME="DQ", EXTVER=1, kind=kind),
        image(EXTNAME="DQ", EXTVER=3, kind=kind),
        image((5, 4), EXTNAME="WHT", EXTVER=2, kind=kind),
    )
    info, place = told(path, "ERR,2")
    assert (info.unit, place) == ("K", "05h34m24.0s −05°24′00″ (ICRS assumed)")
    assert info.notes == ("coordinates from the header of 2 SCI,2",)
    assert told(path, "DQ,1")[1] == "00h40m00.0s −05°24′00″ (ICRS assumed)"
    for inside in ("DQ,3", "WHT,2"):
        info, place = told(path, inside)
        assert (info.world, info.notes, place) == ("", (), "")


def test_header_that_names_a_science_image_takes_its_coordinates(write):
    path = write({}, image(EXTNAME="CHIP1", **SKY), image(EXTNAME="CHIP1_ERR", SCIDATA="CHIP1"), image(EXTNAME="X"))
    assert told(path, 2)[1] == "05h34m24.0s −05°24′00″ (ICRS assumed)"
    assert told(path, 3)[1] == ""


@pytest.mark.parametrize("inside", [1, 2, 3])
def test_cards_of_other_headers_are_read_without_change(write, inside):
    path = write(
        SKY,
        image(INHERIT=True),
        image(EXTNAME="SCI", **SKY),
        image(EXTNAME="ERR"),
    )
    plain = told(path, inside)[1]
    text = path.read_bytes()
    path.write_bytes(text.replace(b"=                 83.6", b"=              8.36D+1"))
    assert told(path, inside)[1] == plain == "05h34m24.0s −05°24′00″ (ICRS assumed)"
    path.write_bytes(text.replace(b"=                 83.6", b"=               '83,6'"))
    info, place = told(path, inside)
    assert (place, info.world_problem) == ("", "CRVAL1 is no number: '83,6'")


@pytest.mark.parametrize("nothing", [None, ""])
def test_science_image_has_a_usual_name_if_no_card_names_it(write, nothing):
    path = write({}, image(EXTNAME="SCI", **SKY), image(EXTNAME="ERR", SCIDATA=nothing))
    assert told(path, "ERR")[1] == "05h34m24.0s −05°24′00″ (ICRS assumed)"


def test_images_that_name_each_other_as_science_image_have_no_coordinates(write):
    path = write({}, image(EXTNAME="A", SCIDATA="B"), image(EXTNAME="B", SCIDATA="A"))
    assert told(path, 1)[1] == told(path, 2)[1] == ""


def test_own_coordinates_override_those_of_the_science_image(write):
    path = write({}, image(EXTNAME="SCI", **SKY), image(EXTNAME="ERR", **{**SKY, "CRVAL1": 10.0}))
    info, place = told(path, "ERR")
    assert (place, info.notes) == ("00h40m00.0s −05°24′00″ (ICRS assumed)", ())


@pytest.mark.parametrize(
    ("order", "origin"), [("TOP-DOWN", "upper"), ("top-down", "upper"), ("BOTTOM-UP", "lower"), ("", "lower")]
)
def test_origin_follows_the_order_of_rows(write, order, origin):
    path = write({}, image(ROWORDER=order, **SKY))
    info, place = told(path, 1)
    assert info.origin == origin
    assert bool(info.notes) == (origin == "upper")
    # Rows count in the order of the file, whether row 0 is shown at the top or not.
    assert place == "05h34m24.0s −05°24′00″ (ICRS assumed)"
