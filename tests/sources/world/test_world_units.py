"""Units of coordinates get the spelling of the standard, and other texts are no units."""

import pytest
from astropy.units import Unit

from traitsview.sources.world.units import ANGLES, angle_of, shown_unit, spelt


@pytest.mark.parametrize(
    ("unit", "known"),
    [
        ("M/S", "m/s"),
        ("KM/S", "km/s"),
        ("Km/s", "km/s"),
        ("km/S", "km/s"),
        ("km/sec", "km/s"),
        ("kilometers/second", "km/s"),
        ("km s-1", "km s-1"),
        ("m.s**-1", "m.s**-1"),
        ("HZ", "Hz"),
        ("hz", "Hz"),
        ("KHZ", "kHz"),
        ("MHZ", "MHz"),
        ("mHz", "mHz"),
        ("ghz", "GHz"),
        ("degs", "deg"),
        ("DEG", "deg"),
        ("Degrees", "deg"),
        ("ARCSEC", "arcsec"),
        ("arcsecs", "arcsec"),
        ("arc seconds", "arcsec"),
        ("arcminutes", "arcmin"),
        ("MAS", "mas"),
        ("radians", "rad"),
        ("hours", "h"),
        ("hr", "h"),
        ("SEC", "s"),
        ("S", "s"),
        ("days", "d"),
        ("years", "yr"),
        ("Angstroms", "Angstrom"),
        ("ANGSTROM", "Angstrom"),
        ("A", "Angstrom"),
        ("microns", "um"),
        ("NM", "nm"),
        ("MM", "mm"),
        ("metres", "m"),
        ("KEV", "keV"),
        ("MPC", "Mpc"),
        ("PIXELS", "pixel"),
    ],
)
def test_units_get_the_spelling_of_the_standard(unit, known):
    assert spelt(unit) == known
    assert Unit(spelt(unit), format="fits") == Unit(known, format="fits")


@pytest.mark.parametrize("unit", ["", "furlong", "Sine Latitude", "None", "unitless", "%", "hms", "1", "m/furlong"])
def test_text_that_is_no_unit_is_shown_as_written(unit):
    assert spelt(unit) == ""
    assert shown_unit(unit) == unit


@pytest.mark.parametrize("unit", ["mhz", "mev"])
def test_text_that_may_be_two_units_is_no_unit(unit):
    assert spelt(unit) == ""


@pytest.mark.parametrize("unit", ["deg", "arcmin", "arcsec", "mas", "uas", "rad", "mrad", "urad"])
def test_units_of_angle_have_the_sizes_of_astropy(unit):
    assert angle_of(unit) == unit
    assert ANGLES[unit] == pytest.approx(Unit(unit).to("deg"), rel=1e-15)


@pytest.mark.parametrize(
    ("unit", "angle"),
    [
        ("arcsec/pixel", "arcsec"),
        ("deg / pix", "deg"),
        ("degrees per pixel", "deg"),
        ("Deg.", "deg"),
        ("degree(s)", "deg"),
        ("pixel", ""),
        ("/pixel", ""),
        ("deg/s", ""),
    ],
)
def test_unit_of_steps_counts_as_the_unit_of_the_angle(unit, angle):
    assert angle_of(unit) == angle


def test_unit_of_angle_is_degrees_by_default_and_may_be_hours():
    assert angle_of("") == "deg"
    assert ANGLES[angle_of("hours")] == 15
    assert angle_of("M") == ""


def test_units_are_shown_with_their_signs():
    assert [shown_unit(unit) for unit in ("um", "MICRON", "angstrom", "M/S")] == ["µm", "µm", "Å", "m/s"]
