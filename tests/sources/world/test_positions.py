"""Positions are right.  If there is none, a sentence names the wrong card."""

from itertools import pairwise

import numpy as np
import pytest
from kit.raw_headers import PLACE, POINT, SKY, written

from traitsview.sources.registry import open_source

CUBE = (3, 32, 40)


def place(source, plane=None, point=POINT):
    return source.world([point], plane)[0]


def test_cards_of_the_standard_give_the_position(opened):
    source = opened()
    assert place(source) == f"{PLACE} (ICRS assumed)"
    assert source.info.world_problem == ""
    assert source.info.notes == ()


@pytest.mark.parametrize(
    "others",
    [
        ["CRVAL1  =             8.36D+01", "CDELT1  =             -1.0D-03"],
        ["CRVAL1  =             8.36E+01", "CDELT1  =             -1.0d-03"],
        ["CDELT1  = -1.0000000000000-03"],
        ["CDELT1  =-0.001"],
        ["CDELT1= -0.001"],
        ["cdelt1  = -0.001"],
        ["CRVAL1  = '83.6'"],
        ["CRVAL1  = '8.36D+01'", "CRVAL2  = '-5.4    '", "CRPIX1  = '20.5'", "CRPIX2  = '1.65D1'"],
        ["CD1_1   = '-0.001'", "CD2_2   = 1.0D-03"],
        ["PC1_1   = '1'", "PC2_2   = 1D0"],
        ["CDELT1  = 1.0", "CDELT2  = 1.0", "CD001001= -1.0D-3", "CD002002= 1.0D-3"],
        ["CDELT1  = 1.0", "CDELT2  = 1.0", "CD01_01 = -1.0D-3", "CD02_02 = 1.0D-3"],
        ["PC01_01 = 1.0", "PC01_02 = 0.0", "PC02_01 = 0.0", "PC02_02 = 1.0", "PC01_03 = 0.0", "PC03_01 = 0.0"],
        ["CD1_1   = -0.001", "CD2_2   = 0.001", "CD3_1   = 0.0", "CD5_2   = 0.0"],
        ["CTYPE1  = 'ra---tan'", "CTYPE2  = 'dec--tan'"],
        ["CTYPE1  = 'RA--TAN '", "CTYPE2  = 'DEC-TAN '"],
        ["CTYPE1  = 'RA---TAN' a comment without a slash", "CRVAL1  = '83.6' deg"],
        ["CTYPE1  = 'RA---TAN (deg)'", "CTYPE2  = 'DEC--TAN / declination'"],
        ["CTYPE1  = 'RA---TANx'", "CTYPE2  = 'DEC--TAN--SIP'"],
        ['CTYPE1  = "RA---TAN" / right ascension', 'CTYPE2  = "DEC--TAN"', 'CRVAL1  = "83.6"'],
        ["LONPOLE = '180.0'", "CROTA2  = 0.0D0", "PV2_1   ="],
    ],
)
def test_numbers_in_any_spelling_give_the_same_position(opened, others):
    source = opened(*others)
    assert place(source).startswith(PLACE)
    assert source.info.world_problem == ""


@pytest.mark.parametrize("name", ["PC0", "PC00", "CD001", "PC01_", "CD001_01", "PC00_01", "PC000000", "CD0_0"])
def test_keywords_that_resemble_elements_of_a_matrix_do_not_count(opened, name):
    source = opened(f"{name:<8}= 5.0")
    assert place(source).startswith(PLACE)
    assert source.info.world_problem == ""


def test_cards_behind_the_end_of_the_header_do_not_count(tmp_path):
    with open_source(written(tmp_path / "image.fits", [*SKY, "END", "CRVAL1  = 10.0", "CUNIT1  = 'm'"])) as source:
        assert place(source).startswith(PLACE)
        assert source.info.notes == ()
        assert "END" not in source.info.world


@pytest.mark.parametrize(
    ("card", "problem"),
    [
        ("CDELT1  = '8,36'", "CDELT1 is no number: '8,36'"),
        ("CDELT1  = 8,36", "CDELT1 is no number: '8,36'"),
        ("CRVAL1  = '05:34:25.6'", "CRVAL1 is no number: '05:34:25.6'"),
        ("CRVAL2  = NaN", "CRVAL2 is no number: 'NaN'"),
        ("CRVAL2  = T", "CRVAL2 is no number: 'T'"),
        ("CRPIX2  = 16.5px", "CRPIX2 is no number: '16.5px'"),
        ("CRPIX1  = 1E999", "CRPIX1 is no number: '1E999'"),
        ("CRVAL1  =                     / unknown", "CRVAL1 has no value"),
        ("CRVAL1  = 8\x013.6", "CRVAL1 is no number: '8\\x013.6'"),
        ("CRVAL1  = '83.6\n.'", "CRVAL1 is no number: '83.6\\n.'"),
        ("CRVAL1  = 83.6é", "CRVAL1 is no number: '83.6é'"),
        ("CRVAL1  X 83.6", "CRVAL1 is no number: 'X 83.6'"),
        ("CD1_2   = 'nothing'", "CD1_2 is no number: 'nothing'"),
        ("PC2_1   = x", "PC2_1 is no number: 'x'"),
        ("CROTA2  = 'none'", "CROTA2 is no number: 'none'"),
        ("LONPOLE = 'north'", "LONPOLE is no number: 'north'"),
        ("PV1_1   = 'x'", "PV1_1 is no number: 'x'"),
        ("A_ORDER = 'two'", "A_ORDER is no number: 'two'"),
        ("A_ORDER = 2", "B_ORDER is missing"),
        ("B_ORDER = 1000000000", "A_ORDER is missing"),
        ("EQUINOX = 'today'", "EQUINOX is no number: 'today'"),
        ("CRVAL2  = 95.0", "CRVAL2 is no latitude: 95 degrees"),
        ("CRVAL1  = 8.36D22", "CRVAL1 is no longitude: 8.36e+22 degrees"),
        ("CRVAL1  = -1D300", "CRVAL1 is no longitude: -1e+300 degrees"),
        ("CDELT1  = 0.0", "CDELT1 is 0, and the image has 40 elements along that axis"),
        ("CDELT2  = 0.0", "CDELT2 is 0, and the image has 32 elements along that axis"),
        ("CD2_2   = 0.0", "CD2_2 is 0, and the image has 32 elements along that axis"),
        ("PC2_2   = 0.0", "PC2_2 is 0, and the image has 32 elements along that axis"),
        ("CUNIT1  = 'furlong'", "CUNIT1 is no unit: 'furlong'"),
        ("CUNIT2  = 'm'", "CUNIT2 is no angle: 'm'"),
        ("CTYPE2  = 'DEC--XXX'", "CTYPE2 names an unknown algorithm: 'DEC--XXX'"),
        (
            "CTYPE1  = 'RA---TAN\x07'",
            "CTYPE1 cannot be read: 'RA---TAN\\x07'; CTYPE2 has no partner on another axis: 'DEC--TAN'",
        ),
        ("CTYPE2  = 'FREQ'", "CTYPE1 has no partner on another axis: 'RA---TAN'"),
        ("CTYPE2  = 'DEC--SIN'", "CTYPE1 'RA---TAN' and CTYPE2 'DEC--SIN' are of different projections"),
    ],
)
def test_card_without_a_usable_value_is_named_and_no_position_is_shown(opened, card, problem):
    source = opened(card)
    assert "h" not in place(source)
    assert source.info.world_problem == problem
    assert source.info.notes == ()


@pytest.mark.parametrize("order", ["1000000000", "-1", "2.5"])
def test_impossible_orders_of_polynomials_are_refused(opened, order):
    source = opened(f"A_ORDER = {order}", "B_ORDER = 2")
    assert place(source) == ""
    assert source.info.world_problem == f"A_ORDER is no order of a polynomial: {float(order):g}"


def test_refusal_of_a_library_is_reported_in_its_words(opened):
    source = opened("CTYPE1  = 'RA---COE'", "CTYPE2  = 'DEC--COE'")
    assert place(source) == ""
    assert source.info.world_problem.startswith("CTYPE1 'RA---COE' and CTYPE2 'DEC--COE' cannot be computed: ")
    assert "cextern" not in source.info.world_problem


@pytest.mark.parametrize(
    "card",
    ["CRVAL1A = 'x'", "RESTFRQ = 'x'", "WCSAXES = 'x'", "WCSAXES = 1000000000", "MJD-OBS = 'x'", "CNAME1  = 'x'"],
)
def test_broken_cards_that_are_not_needed_do_no_harm(opened, card):
    source = opened(card)
    assert place(source).startswith(PLACE)
    assert source.info.world_problem == ""


def test_broken_equinox_does_no_harm_in_a_frame_without_one(opened):
    source = opened("EQUINOX = 'today'", "RADESYS = 'ICRS'")
    assert place(source) == f"{PLACE} (ICRS)"


@pytest.mark.parametrize(
    ("unit", "scale"),
    [
        ("degs", 1),
        ("Degree", 1),
        ("DEG", 1),
        ("ARCSECS", 3600),
        ("rad", np.pi / 180),
        ("hours", 1 / 15),
        ("mas", 3.6e6),
    ],
)
def test_units_of_the_sky_are_known_in_any_spelling(opened, unit, scale):
    numbers = {"CRVAL1": 83.6, "CRVAL2": -5.4, "CDELT1": -0.001, "CDELT2": 0.001}
    cards = [f"{name:<8}= {value * scale!r}" for name, value in numbers.items()]
    source = opened(f"CUNIT1  = '{unit}'", f"CUNIT2  = '{unit}'", *cards)
    assert place(source).startswith(PLACE)


@pytest.mark.parametrize("unit", ["M/S", "m/s", "furlong/s", "", "metres per second"])
def test_broken_unit_of_another_axis_does_not_spoil_the_sky(opened, unit):
    source = opened("CTYPE3  = 'VELO-LSR'", f"CUNIT3  = '{unit}'", "CDELT3  = 500.0", "CRPIX3  = 1.0", shape=CUBE)
    assert place(source).startswith(PLACE)
    assert source.info.planes[0].coordinates == (0, 500, 1000)
    assert source.info.planes[0].unit == {"M/S": "m/s"}.get(unit, unit)


@pytest.mark.parametrize(
    ("others", "problem"),
    [
        (["CDELT3  = 'x'"], "CDELT3 is no number: 'x'"),
        (["CTYPE3  = 'WAVE-XXX'"], "CTYPE3 names an unknown algorithm: 'WAVE-XXX'"),
        (["CTYPE3  = 'WAVE-F2W'", "CUNIT3  = 'furlong'"], "CUNIT3 is no unit: 'furlong'"),
        (
            ["CTYPE3  = 'VOPT-F2W'"],
            "CTYPE3 'VOPT-F2W' cannot be computed: Missing required rest frequency or wavelength",
        ),
        (["CTYPE3  = 'WAVE-TAB'", "PS3_0   = 'GONE'"], "CTYPE3 'WAVE-TAB' cannot be computed: "),
    ],
)
def test_problem_of_another_axis_spoils_that_axis_only(opened, others, problem):
    source = opened("CTYPE3  = 'FREQ'", "CDELT3  = 1.0", *others, shape=CUBE)
    assert place(source).startswith(PLACE)
    assert source.info.world_problem.startswith(problem)
    assert source.info.planes[0].coordinates == ()


@pytest.mark.parametrize("others", [["CDELT3  = 0.0"], ["CD1_1   = -0.001", "CD2_2   = 0.001", "CD3_3   = 0.0"]])
def test_degenerate_axis_without_a_step_does_not_spoil_the_sky(opened, others):
    source = opened("CTYPE3  = 'FREQ'", *others, shape=(1, 32, 40))
    assert place(source).startswith(PLACE)
    assert source.info.world_problem == ""


@pytest.mark.parametrize(
    "matrix", [(0.001, 0.001, 0.001, 0.001), (0.001, 0.002, -0.002, -0.004), (1e-9, 1e-9, 1e-3, 1e-3)]
)
def test_singular_matrix_is_refused(opened, matrix):
    names = ("CD1_1", "CD1_2", "CD2_1", "CD2_2")
    source = opened(*(f"{name}   = {step}" for name, step in zip(names, matrix, strict=True)))
    assert place(source) == ""
    assert source.info.world_problem == (
        "the matrix of CTYPE1 and CTYPE2 is singular: all elements would lie on one line"
    )


@pytest.mark.parametrize("names", [("AZ---TAN", "EL---TAN"), ("LON--CAR", "LAT--CAR"), ("HA---SIN", "D---SIN-SIP")])
def test_projection_of_unknown_coordinates_is_not_taken_for_linear(opened, names):
    source = opened(*(f"CTYPE{n}  = '{name}'" for n, name in enumerate(names, 1)))
    assert place(source) == ""
    assert source.info.world_problem == "; ".join(
        f"CTYPE{n} names no longitude or latitude that is known: '{name}'" for n, name in enumerate(names, 1)
    )


def test_position_may_move_from_plane_to_plane(opened):
    source = opened("PC1_3   = 100.0", "CTYPE3  = 'X'", "CDELT3  = 0.0", "CRPIX3  = 1.0", shape=CUBE)
    assert place(source, (0,)).startswith(PLACE)
    assert place(source, (1,)).startswith("05h34m01.")


def test_slit_along_a_meridian_has_positions(opened):
    cards = ["CTYPE1  = 'WAVE'", "CTYPE2  = 'RA---TAN'", "CTYPE3  = 'DEC--TAN'", "CRVAL2  = 83.6", "CRPIX2  = 1.0"]
    steps = ["CD1_1   = 1.0", "CD2_2   = 0.0", "CD3_2   = 0.25", "CD3_3   = 0.0"]
    source = opened(cards=[*cards, *steps])
    assert place(source, point=(0.5, 2.5)).startswith("05h34m24.0s +00°30′00″ (ICRS assumed), wavelength")
    assert source.info.world_problem == ""


@pytest.mark.parametrize(("reference", "unit", "step"), [(90.0000002, "deg", 0.001), (324000.0001, "arcsec", 3.6)])
@pytest.mark.parametrize("sign", [1, -1])
def test_latitude_of_a_pole_may_be_off_by_rounding(opened, reference, unit, step, sign):
    cards = [f"CUNIT2  = '{unit}'", f"CRVAL2  = {sign * reference!r}", f"CDELT2  = {step}"]
    assert place(opened(*cards), point=(20.0, 16.0)).split()[1] == f"{'+' if sign > 0 else '−'}90°00′00″"


def test_position_of_a_single_spectrum_is_its_reference(opened):
    cards = ["CTYPE1  = 'FREQ'", "CDELT1  = 1000.0", "CTYPE2  = 'RA---SIN'", "CTYPE3  = 'DEC--SIN'"]
    steps = ["CRVAL2  = 83.6", "CRVAL3  = -5.4", "CRPIX2  = 1.0", "CRPIX3  = 1.0", "CDELT2  = 0.0", "CDELT3  = 0.0"]
    source = opened(cards=[*cards, *steps], shape=(1, 1, 40))
    assert place(source, point=(0.5, 0.5)).startswith("05h34m24.00s −05°24′00.0″")


@pytest.mark.parametrize(("plane", "latitude"), [(0, "−10.00°"), (40, "+0.00°"), (80, "+10.00°")])
def test_position_depends_on_the_plane(opened, plane, latitude):
    axes = ["CTYPE1  = 'VELO-LSR'", "CTYPE2  = 'GLON-CAR'", "CTYPE3  = 'GLAT-CAR'"]
    numbers = ["CDELT3  = 0.25", "CRPIX3  = 41", "CRVAL3  = 0", "CDELT2  = 0.125", "CRVAL2  = -60", "CRPIX2  = 1"]
    source = opened(cards=[*axes, *numbers], shape=(81, 8, 10))
    assert place(source, (plane,), (0.5, 0.5)).startswith(f"l 300.00° b {latitude} (galactic), velocity ")
    assert place(source, None, (0.5, 0.5)) == place(source, (0,), (0.5, 0.5))


def test_axes_may_come_in_any_order(opened):
    axes = ["CTYPE1  = 'DEC--TAN'", "CTYPE2  = 'FREQ'", "CTYPE3  = 'RA---TAN'"]
    numbers = ["CRVAL1  = -5.4", "CRVAL3  = 83.6", "CRPIX1  = 16.5", "CRPIX3  = 20.5", "CDELT1  = 0.001"]
    source = opened(cards=[*axes, *numbers, "CDELT3  = -0.001"], shape=(40, 8, 32))
    # Elements 13, 8 of the sky, whose centres are 13.5, 8.5.
    assert place(source, (13,), (8.5, 3.5)) == f"{PLACE} (ICRS assumed), frequency 4.0"


def test_axes_that_the_image_lacks_are_at_pixel_1(opened):
    cards = [card.replace("CTYPE1", "CTYPE3").replace("CTYPE2", "CTYPE1") for card in SKY]
    cards = ["WCSAXES = 3", "CTYPE1  = 'WAVE'", "CUNIT1  = 'nm'", "CDELT1  = 0.5", "CTYPE2  = 'RA---TAN'"]
    cards += ["CTYPE3  = 'DEC--TAN'", "CRVAL2  = 83.6", "CRVAL3  = -5.4", "CRPIX3  = 1.0", "CDELT2  = -0.001"]
    source = opened("PC3_2   = 1.0", "CDELT3  = 0.001", cards=cards)
    slit = source.world([(0.5, 0.5), (0.5, 10.5)])
    assert [text[:4] for text in slit] == ["05h3", "05h3"]
    assert slit[0] != slit[1]
    assert slit[0].endswith("(ICRS assumed), wavelength 0.50 nm")


@pytest.mark.parametrize("point", [(40.5, 20.5), (-3.0, 8.5)])
def test_places_outside_the_image_have_positions_too(opened, point):
    assert place(opened(), point=point).endswith("(ICRS assumed)")


@pytest.mark.parametrize("step", [10.0, 0.5, 0.25, 1 / 3600, 0.9 / 3600, 0.03 / 3600, 1e-6 / 3600])
@pytest.mark.parametrize(
    "axes",
    [
        ("RA---TAN", "DEC--TAN"),
        ("GLON-CAR", "GLAT-CAR"),
        ("HPLN-TAN", "HPLT-TAN"),
        ("RA---SIN", "DEC--SIN"),
        ("WAVE", "FREQ"),
        ("EALN-MER", "EALT-MER"),
    ],
)
def test_neighbouring_elements_have_different_texts(opened, axes, step):
    turned = np.radians(37)
    matrix = (np.cos(turned), np.sin(turned), -np.sin(turned), np.cos(turned))
    cards = [
        f"CD{i}_{j}   = {float(step * m)!r}" for (i, j), m in zip(((1, 1), (1, 2), (2, 1), (2, 2)), matrix, strict=True)
    ]
    cards += [f"CTYPE1  = '{axes[0]}'", f"CTYPE2  = '{axes[1]}'", "CRPIX1  = 4.5", "CRPIX2  = 4.5", "CRVAL1  = 83.6"]
    source = opened("CRVAL2  = 41.0" if "MER" not in axes[0] else "CRVAL2  = 0.0", cards=cards, shape=(8, 8))
    for points in ([(x + 0.5, 3.5) for x in range(8)], [(3.5, y + 0.5) for y in range(8)]):
        texts = source.world(points)
        assert all(one != other for one, other in pairwise(texts) if one and other), texts
        assert any(texts)


def test_neighbours_half_a_second_from_round_numbers_have_different_texts(opened):
    cards = [f"CRPIX{n}  = 20.5" for n in (1, 2)] + [f"CDELT{n}  = {1 / 3600!r}" for n in (1, 2)]
    source = opened(*cards, "CRVAL1  = 0.0", "CRVAL2  = 0.0")
    texts = source.world([(20.5, y + 0.5) for y in range(30)])
    assert len(set(texts)) == len(texts)


SIP = ["CTYPE1  = 'RA---TAN-SIP'", "CTYPE2  = 'DEC--TAN-SIP'", "A_ORDER = 2", "B_ORDER = 2", "A_2_0   = 0.02"]


@pytest.mark.parametrize(
    "others", [["AP_ORDER= 2"], ["AP_ORDER= 2", "BP_ORDER= 'x'", "AP_1_0  = 'x'"], ["BP_ORDER= -5"]]
)
def test_inverse_polynomials_are_not_needed(opened, others):
    assert place(opened(*SIP, *others)) == place(opened(*SIP))
    assert opened(*SIP, *others).info.world_problem == ""


@pytest.mark.parametrize(
    ("cards", "moved"),
    [
        (["A_ORDER = 1", "B_ORDER = 1", "A_1_0   = 0.5", "B_0_1   = 0.5"], (-3.25, -3.75)),
        (["A_ORDER = 0", "B_ORDER = 0", "A_0_0   = 2.0"], (2.0, 0.0)),
        (["A_ORDER = 2", "B_ORDER = 1", "A_2_0   = 0.5", "B_0_1   = 0.5"], (21.125, -3.75)),
        (["A_ORDER = 1", "B_ORDER = 1", "A_2_0   = 5.0"], (0.0, 0.0)),
    ],
)
def test_sip_of_every_order_counts(opened, cards, moved):
    expected = place(opened(), point=(POINT[0] + moved[0], POINT[1] + moved[1]))
    assert place(opened(*SIP[:2], *cards)).partition(" (")[0] == expected.partition(" (")[0]


def test_sip_counts_in_a_cube_as_in_an_image(opened):
    image = place(opened(*SIP))
    cube = opened(*SIP, "CTYPE3  = 'FREQ'", "CDELT3  = 1.0", shape=CUBE)
    assert place(cube, (2,)) == image
    assert not image.startswith(PLACE)
