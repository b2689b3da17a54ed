"""Coordinates equal those of astropy to the last bits, if astropy takes the header without change."""

from contextlib import nullcontext
from pathlib import Path

import astropy
import numpy as np
import pytest
from astropy.io import fits
from astropy.units import Unit
from astropy.wcs import WCS

from traitsview.sources.world.axes import world_axes
from traitsview.sources.world.cards import read_cards
from traitsview.sources.world.values import WorldValues

DATA = Path(astropy.__file__).parent
HEADERS = sorted((DATA / "wcs/tests/data").rglob("*.hdr"))
FILES = ["dist.fits", "dist_lookup.fits.gz", "sip.fits", "sip2.fits", "tab-time-last-axis.fits", "ie6d07ujq_wcs.fits"]
FILES += ["j94f05bgq_flt.fits", "dss.14.29.56-62.41.05.fits.gz", "sip-wcs.fits", "example_4d_tab.fits", "comp.fits"]

# Headers that astropy refuses because of a unit on one axis.
REFUSED = {"nonstandard_units.hdr"}


def check(header, hdus=None):
    """Compare the coordinates of some pixels in degrees and SI."""
    sizes = [header.get(f"NAXIS{n}", 50) for n in range(1, max(header.get("NAXIS", 2), 2) + 1)]
    wcs = WCS(header, hdus)
    pixels = np.ones((25, wcs.naxis))
    spread = np.random.default_rng(3).random((25, min(wcs.naxis, len(sizes))))
    pixels[:, : spread.shape[1]] += spread * (np.array(sizes[: spread.shape[1]]) - 1)
    expected = wcs.all_pix2world(pixels, 1)
    world = world_axes(read_cards(map(str, header.cards)), sizes)
    values = WorldValues(world, lambda: nullcontext(hdus))
    assert not values.refusals
    assert not world.problem
    found = values(np.hstack((pixels, np.ones((25, len(world.axes) - wcs.naxis)))))
    for at, (axis, unit) in enumerate(zip(world.axes, wcs.wcs.cunit, strict=False)):
        scale = Unit(axis.unit).to(unit) if axis.unit and str(unit) and not axis.kind.is_sky else 1
        np.testing.assert_allclose(found[:, at] * scale, expected[:, at], rtol=1e-13, atol=1e-13, err_msg=str(at))


def made(**cards):
    header = fits.Header([("NAXIS", 2), ("NAXIS1", 40), ("NAXIS2", 32)])
    for name, value in cards.items():
        header[name] = value
    return header


def sky(projection, **cards):
    names = {"CTYPE1": f"RA---{projection}", "CTYPE2": f"DEC--{projection}"}
    numbers = {"CRVAL1": 83.6, "CRVAL2": 50.4, "CRPIX1": 20.5, "CRPIX2": 16.5, "CDELT1": -0.01, "CDELT2": 0.01}
    return made(**{**names, **numbers, **cards})


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", HEADERS, ids=lambda path: path.name)
def test_headers_of_every_projection_give_the_values_of_astropy(path):
    text = path.read_bytes()
    header = fits.Header.fromtextfile(path) if b"\n" in text[:81] else fits.Header.fromstring(text)
    if path.name in REFUSED:
        with pytest.raises(ValueError, match="CUNIT"):
            WCS(header)
    else:
        check(header)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FILES)
def test_files_with_polynomials_tables_and_plates_give_the_values_of_astropy(name):
    with fits.open(next(DATA.rglob(name))) as hdus:
        images = [hdu for hdu in hdus if "CRVAL1" in hdu.header]
        assert images
        for hdu in images:
            check(hdu.header, hdus)


MATRIX = {"CD1_1": -0.01, "CD1_2": 0.002, "CD2_1": 0.001, "CD2_2": 0.02}
THIRD = {"CRPIX3": -5.0, "CUNIT3": "km/s", "CDELT3": 1.0, "CRVAL3": 1e3, "RESTFRQ": 1.42e9}
POLYNOMIAL = '"3. 3. 3. 2. -0.3 0.3 -0.2 0.2 1e-4 2e-4 3e-4 1e-3 2e-3 5e-5 "'
TNX = [f"wtype=tnx axtype={word} = {POLYNOMIAL}" for word in ("ra lngcor", "dec latcor")]


@pytest.mark.parametrize(
    "header",
    [
        sky("TAN", CROTA2=33.0),
        sky("TAN", **MATRIX),
        sky("TAN", PC1_2=0.5, PC2_1=-0.25),
        sky("TAN", PC001002=0.3),
        sky("TAN", **MATRIX, PC1_2=0.5),
        sky("TAN", LONPOLE=33.0),
        sky("CAR", LATPOLE=-33.0),
        sky("STG", PV1_0=1.0, PV1_1=5.0, PV1_2=70.0, PV1_3=33.0),
        sky("GLS", CROTA2=30.0),
        sky("NCP"),
        sky("ZPN", PROJP1=1.0),
        sky("TPV", **MATRIX, PV1_1=1.0, PV1_2=0.01, PV1_4=0.002, PV2_1=1.0, PV2_5=0.001),
        sky("TNX", **MATRIX, WAT1_001=TNX[0][:68], WAT1_002=TNX[0][68:], WAT2_001=TNX[1][:68], WAT2_002=TNX[1][68:]),
        sky("TAN", CUNIT1="rad", CUNIT2="rad", CRVAL1=1.4, CRVAL2=-0.1, CDELT1=-1e-5, CDELT2=1e-5),
        made(CTYPE1="DEC--TAN", CTYPE2="RA---TAN", CRVAL1=-5.4, CRVAL2=83.6, CROTA1=20.0, CDELT1=0.1, CDELT2=0.1),
        made(CTYPE1="WAVE-LOG", CTYPE2="X", CUNIT1="Angstrom", CRVAL1=5000.0, CDELT1=0.5),
        sky("TAN", CTYPE3="FELO-HEL", **THIRD),
        sky("TAN", CTYPE3="VOPT-F2W", **THIRD),
        sky("TAN", CTYPE3="WAVE-F2W", **{**THIRD, "CUNIT3": "nm"}),
        sky("TAN", CTYPE3="WAVE-GRI", **{**THIRD, "CUNIT3": "nm", "PV3_0": 1e5, "PV3_1": 1.0, "PV3_2": 5.0}),
    ],
    ids=lambda header: " ".join(str(card.value) for card in header.cards if card.keyword in ("CTYPE1", "CTYPE3")),
)
@pytest.mark.filterwarnings("ignore")
def test_made_up_headers_give_the_values_of_astropy(header):
    check(header)
