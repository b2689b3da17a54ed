"""Positions in each frame have the form that its users know, in the unit of the header; assumptions are shown."""

import numpy as np
import pytest
from astropy.io import fits
from kit.raw_headers import PLACE, POINT

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
def test_reference_frame_is_shown_and_an_assumed_one_is_called_so(opened, others, frame):
    assert opened(*others).world([POINT]) == (f"{PLACE} ({frame})",)


@pytest.mark.parametrize(
    ("unit", "step", "reference", "words"),
    [
        ("arcsec", 2.4, -46.8, "Tx −46.8″ Ty +0.0″ (helioprojective)"),
        ("arcsec/pix", 2.4, -46.8, "Tx −46.8″ Ty +0.0″ (helioprojective)"),
        ("arcsec", 0.6, 12.0, "Tx +12.0″ Ty +0.0″ (helioprojective)"),
        ("deg", 0.001, -0.013, "Tx −0.0130° Ty +0.0000° (helioprojective)"),
        ("", 0.001, 359.987, "Tx −0.0130° Ty +0.0000° (helioprojective)"),
        ("arcmin", 0.1, -1.0, "Tx −1.00′ Ty +0.00′ (helioprojective)"),
        ("mas", 100.0, -500.0, "Tx −500.0 mas Ty +0.0 mas (helioprojective)"),
    ],
)
def test_positions_on_the_sun_are_shown_from_its_centre_in_the_unit_of_the_header(opened, unit, step, reference, words):
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
def test_each_frame_has_its_own_words_and_first_longitude(opened, longitude, latitude, reference, words):
    assert opened(cards=axes(longitude, latitude, f"CRVAL1  = {reference}")).world([HERE]) == (words,)


@pytest.mark.parametrize("reference", ["0.0", "0.25"])
def test_sines_of_latitude_are_shown_in_degrees(opened, reference):
    # y = 180°/π sin θ; CRVAL2 is the sine of the latitude of the reference row.
    cards = axes("CRLN-CEA", "CRLT-CEA", "CUNIT1  = 'Degree'", "CUNIT2  = 'Sine Latitude'", step=0.25)
    source = opened(f"CRVAL2  = {reference}", cards=cards, shape=(4, 4))
    rows = {"0.0": ("+0.00°", "+14.48°", "+30.00°"), "0.25": ("+14.48°", "+30.00°", "+48.59°")}[reference]
    found = source.world([(0.5, 0.5 + row) for row in range(3)])
    assert [text.split()[3] for text in found] == list(rows)


SYNOPTIC = [
    *("CTYPE1  = 'CRLN-CEA'", "CTYPE2  = 'CRLT-CEA'", "CRPIX1  = 18.5", "CRPIX2  = 9.5"),
    *("CRVAL1  = 180.0", "CRVAL2  = 0.0", "CDELT1  = 10.0", "CDELT2  = 0.1111111"),
]


def test_latitudes_that_span_2_on_a_map_of_the_whole_sun_are_sines(opened):
    source = opened(cards=SYNOPTIC, shape=(18, 36))
    assert source.world([(18.0, 13.5)]) == ("lon 180.00° lat +30.00° (Carrington, ambiguous cards)",)
    assert source.info.notes == ("the latitudes of axis 2 are 2 from end to end, and are read as sines",)


@pytest.mark.parametrize(
    ("others", "shape"),
    [
        (["CUNIT2  = 'deg'"], (18, 36)),
        (["CDELT2  = 0.1"], (18, 36)),
        (["CDELT1  = 5.0"], (18, 36)),
        (["CTYPE1  = 'CRLN-CAR'", "CTYPE2  = 'CRLT-CAR'"], (18, 36)),
        (["CDELT1  = 1.0", "CDELT2  = 1.0", "CRPIX1  = 180.5", "CRPIX2  = 1.5"], (2, 360)),  # a strip along the equator
    ],
)
def test_latitudes_of_other_maps_are_degrees(opened, others, shape):
    source = opened(*others, cards=SYNOPTIC, shape=shape)
    assert source.info.notes == ()
    assert source.world([(18.0, 1.5)])[0].endswith("(Carrington)")


@pytest.mark.parametrize(
    ("others", "longitudes", "noted"),
    [
        # 360° × 2209.5: longitudes fall with time, and rise to the right.
        (["CRVAL1  = 795420.0", "CDELT1  = -10.0"], ("180.00°", "190.00°"), True),
        (["CRVAL1  = 795520.0", "CDELT1  = -10.0"], ("80.00°", "90.00°"), True),
        (["CRVAL1  = 795420.0", "CDELT1  = 10.0"], ("180.00°", "190.00°"), False),
        (["CRVAL1  = 180.0", "CDELT1  = -10.0"], ("180.00°", "170.00°"), False),
        (["CRVAL1  = 795420.0", "CDELT1  = -10.0", "CDELT2  = -0.1"], ("180.00°", "170.00°"), False),
    ],
)
def test_carrington_longitudes_that_fall_to_the_right_are_time(opened, others, longitudes, noted):
    source = opened("CUNIT2  = 'Sine Latitude'", *others, cards=SYNOPTIC, shape=(18, 36))
    assert tuple(text.split()[1] for text in source.world([(18.0, 9.0), (19.0, 9.0)])) == longitudes
    assert ("Carrington time" in "; ".join(source.info.notes)) == noted


def test_sines_of_latitude_are_refused_with_another_projection(opened):
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
        (axes("WAVE-LOG (in vacuo)", "X", "CUNIT1  = 'nm'", "CRVAL1  = 500.0"), "wavelength 500.000 nm"),
        (axes("Carrington Time", "WAVELENGTH", "CRVAL1  = 1.0"), "Carrington Time 1.000, WAVELENGTH 0.000"),
        (axes("LINEAR", "X", "CRVAL1  = 3.6", "DC-FLAG = 1", step=1e-4), "wavelength 3981.07, X 0.0"),
        (
            axes("LAMBDA", "X", "CUNIT1  = 'Angstrom'", "CRVAL1  = 3.6", "DC-FLAG = 1", step=1e-4),
            "wavelength 3981.07 Å",
        ),
        (axes("WAVE", "X", "CUNIT1  = 'Angstrom'", "CRVAL1  = 5000", "DC-FLAG = 1"), "wavelength 5000.000 Å"),
        (axes("WAVE", "X", "CUNIT1  = 'Angstrom'", "CRVAL1  = 3.6", "DC-FLAG = 0"), "wavelength 3.600 Å"),
        (axes("Solar-X", "Solar-Y", step=2.63), "Solar-X 0.0, Solar-Y 0.0"),
        (axes("arcsec", "arcsec", step=4), "world x 0.0″, world y 0.0″"),
        (axes("UNITLESS", "LINE", "CRVAL1  = 215.6", step=0.25), "world x 215.60, world y 0.00"),
        (axes("LINEAR", "LINEAR", "CNAME1  = 'Wavelength'", "CUNIT1  = 'nm'"), "Wavelength 0.000 nm"),
        (axes("Carrington Time", "Sine Latitude", "CUNIT2  = 'Sine Latitude'", step=-0.1), "Sine Latitude 0.00"),
        (axes("RA", "DEC", "CUNIT1  = 'deg'", "CUNIT2  = 'deg'", "CRVAL1  = 83.6"), "RA 83.600°, Dec 0.000°"),
        (axes("RA", "DEC", "CRVAL1  = 83.6"), "RA 83.600°, Dec 0.000°"),
        (axes("RA--", "DEC-", "CRVAL1  = 83.6"), "RA 83.600°, Dec 0.000°"),
        (
            axes("GLON", "GLAT", "CUNIT1  = 'arcmin'", "CRVAL1  = 83.6"),
            "galactic longitude 83.600′, galactic latitude 0.000°",
        ),
        (axes("WAVE", "X", "CUNIT1  = 'm'", "CRVAL1  = 5D-07", "CDELT1  = 1D-10"), "wavelength 5.0000e-07 m"),
    ],
)
def test_other_axes_have_names_for_people_and_their_own_units(opened, cards, words):
    (found,) = opened(cards=cards).world([HERE])
    assert words in found


def test_coordinates_of_all_elements_have_the_same_number_of_digits(opened):
    source = opened(cards=axes("MJD", "X", "CUNIT1  = 'd'", "CRVAL1  = 59000", step=1e-4))
    found = source.world([(x + 0.5, 0.5) for x in range(40)])
    assert len({len(text.partition(",")[0]) for text in found}) == 1


def test_axes_that_only_count_pixels_have_no_text(opened):
    ones = [f"{name}{n}  = 1.0" for n in (1, 2) for name in ("CRVAL", "CRPIX", "CDELT")]
    for kind in ("LINEAR", "PIXEL", ""):
        assert opened(cards=[f"CTYPE1  = '{kind}'", f"CTYPE2  = '{kind}'", *ones]).world([HERE]) == ("",)


def test_coordinates_of_data_space_are_left_out_of_the_text(opened):
    cards = axes("X", "Y", "CUNIT1  = 'UM'", "CUNIT2  = 'UM'", "CTYPE3  = 'RA---TAN'", "CTYPE4  = 'DEC--TAN'")
    source = opened("CDELT3  = 1.0", cards=cards, shape=(2, 2, 4, 4))
    assert [axis.unit for axis in source.info.axes[-2:]] == ["µm", "µm"]
    assert source.world([HERE], (0, 1)) == ("00h07m59.81s +00°59′57.4″ (ICRS assumed)",)


@pytest.mark.parametrize(
    "cards",
    [
        ["CRVAL1  = 1D20"],
        ["CRVAL1  = 1D9", "CDELT1  = 1D-8"],
        ["CRPIX2  = -1D300"],
        ["CRVAL1  = 1D308", "CDELT1  = 1D308"],
        ["CDELT1  = 1D-320", "CDELT2  = 1D-320"],
    ],
)
def test_data_space_counts_elements_if_doubles_cannot_hold_the_coordinates(opened, cards):
    source = opened(*cards, cards=axes("X", "Y", "CUNIT1  = 'mm'", "CUNIT2  = 'mm'"), shape=(4, 5))
    assert source.info.extent == (0.0, 5.0, 0.0, 4.0)
    assert [axis.unit for axis in source.info.axes] == ["pixel", "pixel"]
    assert isinstance(source.world([HERE])[0], str)


def test_data_space_may_start_far_away(opened):
    cards = axes("TIME", "X", "CUNIT1  = 's'", "CUNIT2  = 's'", "CRVAL1  = 1.7D9", step=0.01)
    assert opened(cards=cards, shape=(4, 5)).info.extent[0] == pytest.approx(1.7e9 - 0.005, rel=1e-15)


def test_steps_of_the_primary_header_do_not_mix_with_a_matrix(tmp_path):
    primary = fits.PrimaryHDU()
    primary.header.update({"CDELT1": 5.0, "CDELT2": 5.0, "PC1_1": 3.0, "CROTA2": 45.0, "CRVAL1": 15.0, "CRPIX1": 1.0})
    image = fits.ImageHDU(np.zeros((4, 4), np.float32))
    sky = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX2": 1.0, "CD1_1": -0.1, "CD2_2": 0.1}
    image.header.update({"INHERIT": True, **sky})
    fits.HDUList([primary, image]).writeto(tmp_path / "inherits.fits")
    with open_source(tmp_path / "inherits.fits") as source:
        assert source.world([(0.5, 3.5)]) == ("01h00m00.0s +00°18′00″ (ICRS assumed)",)


@pytest.mark.parametrize(
    ("inherit", "own", "frame", "lent"),
    [
        (True, {}, "FK5 J2000", "RADESYS, EQUINOX"),
        (False, {}, "ICRS assumed", ""),
        (True, {"RADESYS": "FK4", "EQUINOX": 1950.0}, "FK4 B1950", ""),
        (True, {"EPOCH": 1975.0}, "FK5 J1975", "RADESYS"),
    ],
)
def test_frame_of_the_primary_header_counts_if_it_is_inherited(tmp_path, inherit, own, frame, lent):
    primary = fits.PrimaryHDU()
    primary.header.update({"RADESYS": "FK5", "EQUINOX": 2000.0, "CRVAL1": 1.0})
    image = fits.ImageHDU(np.zeros((4, 4), np.float32))
    sky = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 15.0, "CDELT1": 0.1, "CDELT2": 0.1}
    image.header.update({"INHERIT": inherit, **sky, **own})
    fits.HDUList([primary, image]).writeto(tmp_path / "inherits.fits")
    with open_source(tmp_path / "inherits.fits") as source:
        (text,) = source.world([(-0.5, -0.5)])
        assert text == f"01h00m00.0s +00°00′00″ ({frame})"
        assert source.info.notes == ((f"{lent} from the primary header, as INHERIT says",) if lent else ())
