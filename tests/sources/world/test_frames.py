"""Each frame is written as its people write it, in the unit of the header, and says what is assumed."""

import numpy as np
import pytest
from astropy.io import fits
from raw_headers import PLACE, POINT

from traitsview.sources.registry import open_source

HERE = (0.5, 0.5)


def axes(first, second, *others, step=0.01):
    cards = [f"CTYPE1  = '{first}'", f"CTYPE2  = '{second}'", "CRPIX1  = 1.0", "CRPIX2  = 1.0"]
    return [*cards, f"CDELT1  = {step}", f"CDELT2  = {step}", *others]


@pytest.mark.parametrize(
    ("others", "frame"),
    [
        ([], "ICRS assumed"),
        (["EQUINOX = 0.0"], "ICRS assumed"),
        (["EQUINOX ="], "ICRS assumed"),
        (["RADESYS = 'ICRS'"], "ICRS"),
        (["RADECSYS= 'icrs'"], "ICRS"),
        (["RADESYS = 'FK5'"], "FK5 J2000"),
        (["RADESYS = 'FK4'"], "FK4 B1950"),
        (["EQUINOX = 2000.0"], "FK5 J2000"),
        (["EQUINOX = 'J2000.0'"], "FK5 J2000"),
        (["EQUINOX = 1950"], "FK4 B1950"),
        (["EPOCH   = 1950.0"], "FK4 B1950"),
        (["EPOCH   = 1998.5", "EQUINOX = 2000.0"], "FK5 J2000"),
        (["RADESYS = 'FK5'", "EQUINOX = 1975.0"], "FK5 J1975"),
        (["RADESYS = 'FK4-NO-E'"], "FK4-NO-E B1950"),
        (["RADESYS = 'J2000'"], "FK5 J2000"),
        (["RADESYS = 'GAPPT'"], "GAPPT"),
        (["RADECSYS= 'ICRS'", "EQUINOX = 'today'"], "ICRS"),
    ],
)
def test_reference_frame_is_told_and_so_is_what_is_assumed(opened, others, frame):
    assert opened(*others).world([POINT]) == (f"{PLACE} ({frame})",)


@pytest.mark.parametrize(
    ("unit", "step", "reference", "words"),
    [
        ("arcsec", 2.4, -46.8, "Tx −46.8″ Ty +0.0″ (helioprojective)"),
        ("arcsec", 0.6, 12.0, "Tx +12.0″ Ty +0.0″ (helioprojective)"),
        ("deg", 0.001, -0.013, "Tx −0.0130° Ty +0.0000° (helioprojective)"),
        ("", 0.001, 359.987, "Tx −0.0130° Ty +0.0000° (helioprojective)"),
        ("arcmin", 0.1, -1.0, "Tx −1.00′ Ty +0.00′ (helioprojective)"),
        ("mas", 100.0, -500.0, "Tx −500.0 mas Ty +0.0 mas (helioprojective)"),
    ],
)
def test_sun_is_measured_from_its_centre_in_the_unit_of_the_header(opened, unit, step, reference, words):
    cards = [f"CUNIT1  = '{unit}'", f"CUNIT2  = '{unit}'", f"CRVAL1  = {reference}", "CRVAL2  = 0.0"]
    assert opened(cards=axes("HPLN-TAN", "HPLT-TAN", *cards, step=step)).world([HERE]) == (words,)


@pytest.mark.parametrize(
    ("longitude", "latitude", "reference", "words"),
    [
        ("GLON-CAR", "GLAT-CAR", 359.99, "l 359.990° b +0.000° (galactic)"),
        ("GLON-CAR", "GLAT-CAR", 360.0, "l 0.000° b +0.000° (galactic)"),
        ("GLON-CAR", "GLAT-CAR", 359.9999999, "l 0.000° b +0.000° (galactic)"),
        ("ELON-CAR", "ELAT-CAR", -10.0, "λ 350.000° β +0.000° (ecliptic)"),
        ("SLON-CAR", "SLAT-CAR", 10.0, "SGL 10.000° SGB +0.000° (supergalactic)"),
        ("HGLN-CAR", "HGLT-CAR", 350.0, "lon −10.000° lat +0.000° (Stonyhurst)"),
        ("CRLN-CAR", "CRLT-CAR", 754920.0, "lon 0.000° lat +0.000° (Carrington)"),
        ("MALN-CAR", "MALT-CAR", 137.4, "lon 137.400° lat +0.000° (Mars)"),
        ("XXLN-CAR", "XXLT-CAR", 137.4, "lon 137.400° lat +0.000°"),
    ],
)
def test_frames_have_their_own_words_and_their_own_first_longitude(opened, longitude, latitude, reference, words):
    assert opened(cards=axes(longitude, latitude, f"CRVAL1  = {reference}")).world([HERE]) == (words,)


@pytest.mark.parametrize("reference", ["0.0", "0.25"])
def test_maps_of_the_sun_in_sines_of_latitude_are_in_degrees(opened, reference):
    # y = 180°/π sin θ; the reference row has the sine that CRVAL2 says.
    cards = axes("CRLN-CEA", "CRLT-CEA", "CUNIT1  = 'Degree'", "CUNIT2  = 'Sine Latitude'", step=0.25)
    source = opened(f"CRVAL2  = {reference}", cards=cards, shape=(4, 4))
    rows = {"0.0": ("+0.00°", "+14.48°", "+30.00°"), "0.25": ("+14.48°", "+30.00°", "+48.59°")}[reference]
    found = source.world([(0.5, 0.5 + row) for row in range(3)])
    assert [text.split()[3] for text in found] == list(rows)


def test_sines_of_latitude_make_no_sense_under_another_projection(opened):
    source = opened(cards=axes("CRLN-CAR", "CRLT-CAR", "CUNIT2  = 'Sine Latitude'"))
    assert source.world([HERE]) == ("",)
    assert source.info.world_problem == "CUNIT2 is no unit: 'Sine Latitude'"


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        (axes("WAVE-LOG", "X", "CUNIT1  = 'Angstrom'", "CRVAL1  = 5000.0"), "wavelength 5000.000 Å, X 0.000"),
        (axes("WAVE-F2W", "X", "CUNIT1  = 'nm'", "CRVAL1  = 656.3"), "wavelength 656.300 nm, X 0.000"),
        (
            axes("VOPT-F2W", "X", "CUNIT1  = 'KM/S'", "CRVAL1  = 30.0", "RESTFRQ = 1.42D9"),
            "optical velocity 30.000 km/s",
        ),
        (axes("AWAV", "X", "CUNIT1  = 'MICRON'", "CRVAL1  = 2.0", "CDELT1  = -1."), "wavelength in air 2.0 µm"),
        (axes("FREQ", "X", "CUNIT1  = 'GHZ'", "CRVAL1  = 1.42"), "frequency 1.420 GHz"),
        (axes("VELO-LSR", "X", "CRVAL1  = 12000.0", step=1300.0), "velocity 12000"),
        (axes("FREQ", "STOKES", "CRVAL2  = 2", step=1), "frequency 0.0, Stokes Q"),
        (axes("Solar-X", "Solar-Y", step=2.63), "Solar-X 0.0, Solar-Y 0.0"),
        (axes("arcsec", "arcsec", step=4), "world x 0.0″, world y 0.0″"),
        (axes("UNITLESS", "LINE", "CRVAL1  = 215.6", step=0.25), "world x 215.60, world y 0.00"),
        (axes("LINEAR", "LINEAR", "CNAME1  = 'Wavelength'", "CUNIT1  = 'nm'"), "Wavelength 0.000 nm"),
        (axes("Carrington Time", "Sine Latitude", "CUNIT2  = 'Sine Latitude'", step=-0.1), "Sine Latitude 0.00"),
        (axes("RA", "DEC", "CUNIT1  = 'deg'", "CUNIT2  = 'deg'", "CRVAL1  = 83.6"), "RA 83.600°, Dec 0.000°"),
        (axes("WAVE", "X", "CUNIT1  = 'm'", "CRVAL1  = 5D-07", "CDELT1  = 1D-10"), "wavelength 5.0000e-07 m"),
    ],
)
def test_other_axes_are_in_words_that_people_know_and_in_their_own_unit(opened, cards, words):
    (found,) = opened(cards=cards).world([HERE])
    assert words in found


def test_axes_that_only_count_pixels_are_not_told(opened):
    ones = [f"{name}{n}  = 1.0" for n in (1, 2) for name in ("CRVAL", "CRPIX", "CDELT")]
    for kind in ("LINEAR", "PIXEL", ""):
        assert opened(cards=[f"CTYPE1  = '{kind}'", f"CTYPE2  = '{kind}'", *ones]).world([HERE]) == ("",)


def test_coordinates_of_data_space_are_not_told_twice(opened):
    cards = axes("X", "Y", "CUNIT1  = 'UM'", "CUNIT2  = 'UM'", "CTYPE3  = 'RA---TAN'", "CTYPE4  = 'DEC--TAN'")
    source = opened("CDELT3  = 1.0", cards=cards, shape=(2, 2, 4, 4))
    assert [axis.unit for axis in source.info.axes[-2:]] == ["µm", "µm"]
    assert source.world([HERE], (0, 1)) == ("00h07m59.81s +00°59′57.4″ (ICRS assumed)",)


@pytest.mark.parametrize(
    ("inherit", "own", "frame"),
    [
        (True, {}, "FK5 J2000"),
        (False, {}, "ICRS assumed"),
        (True, {"RADESYS": "FK4", "EQUINOX": 1950.0}, "FK4 B1950"),
    ],
)
def test_frame_of_the_primary_header_counts_where_it_is_inherited(tmp_path, inherit, own, frame):
    primary = fits.PrimaryHDU()
    primary.header.update({"RADESYS": "FK5", "EQUINOX": 2000.0, "CRVAL1": 1.0})
    image = fits.ImageHDU(np.zeros((4, 4), np.float32))
    sky = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 15.0, "CDELT1": 0.1, "CDELT2": 0.1}
    image.header.update({"INHERIT": inherit, **sky, **own})
    fits.HDUList([primary, image]).writeto(tmp_path / "inherits.fits")
    with open_source(tmp_path / "inherits.fits") as source:
        (text,) = source.world([(-0.5, -0.5)])
        assert text == f"01h00m00.0s +00°00′00″ ({frame})"
        assert source.info.world_note == ""
