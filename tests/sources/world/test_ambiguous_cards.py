"""Cards that two readers may read differently are read as they are meant, and a note calls them ambiguous."""

import pytest
from kit.raw_headers import PLACE, POINT, SKY, written

from traitsview.sources.registry import open_source

MATRIX = ["CD1_1   = -0.001", "CD1_2   = 0.0", "CD2_1   = 0.0", "CD2_2   = 0.001"]
LINEAR = ["PV1_0   = 0.0", "PV1_1   = 1.0", "PV1_2   = 0.0"]
ALL_SKY = [
    "CTYPE1  = 'RA---CAR'",
    "CTYPE2  = 'DEC--CAR'",
    "CRVAL1  = 0.0",
    "CRVAL2  = 0.0",
    "CRPIX1  = 1.0",
    "CRPIX2  = 91.0",
    "CDELT1  = 1.0",
    "CDELT2  = 1.0",
]


def place(source, point=POINT):
    return source.world([point])[0]


@pytest.mark.parametrize(
    "others",
    [
        LINEAR,
        [*LINEAR, "PV2_0   = 0.0", "PV2_1   = 1.0", "PV2_2   = 0.0"],
        ["PV1_1   = 1.0", "PV2_1   = 1.0"],
        ["PV2_0   = 0.0", "PV2_1   = 1.0"],
        ["PV1_0   = 0.0", "PV1_1   = 1.0D0", "PV1_2   = '0'", "PV1_5   = 0.0"],
        [*MATRIX, *LINEAR],
    ],
)
def test_polynomials_of_scamp_beside_tan_do_not_turn_the_pole(opened, others):
    source = opened(*others)
    assert place(source) == f"{PLACE} (ICRS assumed, ambiguous cards)"
    assert "SCAMP" in source.info.notes[0]


def test_polynomials_of_scamp_give_the_values_of_tpv(opened):
    terms = ["PV1_1   = 1.2", "PV1_2   = 0.02", "PV1_4   = 0.5", "PV2_1   = 0.8", "PV2_6   = -0.5"]
    scamp = place(opened(*terms))
    tpv = place(opened(*terms, "CTYPE1  = 'RA---TPV'", "CTYPE2  = 'DEC--TPV'"))
    assert not tpv.startswith(PLACE)
    assert scamp.partition(" (")[0] == tpv.partition(" (")[0]


@pytest.mark.parametrize("terms", [["PV1_1   = 1.0"], ["PV1_1   = 1.2", "PV1_2   = 0.02", "PV2_6   = -0.5"]])
def test_polynomials_give_the_same_values_with_either_kind_of_matrix(opened, terms):
    # WCSLIB takes intermediate coordinates without CDELT, and zeros for the linear terms that are left out.
    kinds = ["CTYPE1  = 'RA---TPV'", "CTYPE2  = 'DEC--TPV'"]
    assert place(opened(*kinds, *terms)) == place(opened(*kinds, *terms, *MATRIX))
    assert (place(opened(*kinds, *terms)).startswith(PLACE)) == (len(terms) == 1)


@pytest.mark.parametrize(
    "others",
    [
        ["PV2_1   = 0.0"],  # of STEREO
        ["PV2_1   = 30.0", "PV2_2   = 2.0"],
        ["PV1_0   = 0.0", "PV2_0   = 0.0", "PV2_1   = 0.0", "PV2_2   = 0.0", "PV2_3   = 0.0"],
        ["PROJP0  = 0.0", "PROJP1  = 1.0", "PROJP3  = 220.0"],
        ["PROJP1  = 0.0", "PV1_3   = 180.0", "PV2_1   = 0.0"],
    ],
)
def test_unused_parameters_do_not_count(opened, others):
    source = opened(*others)
    assert place(source) == f"{PLACE} (ICRS assumed)"
    assert source.info.notes == ()


@pytest.mark.parametrize(
    "others",
    [
        ["PV1_0   = 0.0", "PV1_1   = 0.0", "PV1_2   = 0.0"],
        ["PV1_1   = 0.0", "PV1_2   = 0.0", "PV2_1   = 1.0", "PV2_2   = 1D-4"],
        ["PV1_1   = 0.0", "PV1_2   = 0.0", "PV1_5   = 0.0", "PROJP1  = 0.0"],
    ],
)
def test_zeros_do_not_turn_the_pole(opened, others):
    source = opened(*others)
    assert place(source) == f"{PLACE} (ICRS assumed, ambiguous cards)"
    assert "name a place that TAN does not show" in "; ".join(source.info.notes)


def test_parameters_of_the_standard_beside_tan_count(opened):
    source = opened("PV1_1   = 0.0", "PV1_2   = 90.0")
    assert place(source).startswith(PLACE)
    assert source.info.notes == ()
    turned = opened("PV1_3   = 90.0")
    assert not place(turned).startswith(PLACE)
    assert turned.info.notes == ()


@pytest.mark.parametrize(
    ("column", "hours"),
    [(1, "00h00m00.0s"), (180, "11h56m00.0s"), (200, "13h16m00.0s"), (201, "13h20m00.0s"), (360, "23h56m00.0s")],
)
def test_map_of_the_whole_sky_goes_on_around_it(opened, column, hours):
    source = opened(cards=ALL_SKY, shape=(181, 360))
    assert place(source, (column - 0.5, 90.5)) == f"{hours} +00°00′00″ (ICRS assumed, ambiguous cards)"
    assert source.info.notes == (
        "the image reaches 359° from CRVAL1, beyond the 180° of the standard, and goes on around the sky",
    )


@pytest.mark.parametrize("projection", ["CAR", "CEA", "MER", "HPX"])
def test_projections_that_repeat_themselves_go_on_around_the_sky(opened, projection):
    cards = [card.replace("-CAR", f"-{projection}") for card in ALL_SKY]
    source = opened(cards=cards, shape=(181, 360))
    assert place(source, (200.5, 90.5)).startswith("13h20m00.0s +00°00′00″")
    assert place(source, (20.5, 90.5)).startswith("01h20m00.0s")


def test_cutout_beyond_180_degrees_has_positions(opened):
    source = opened("CRPIX1  = -249.0", cards=ALL_SKY, shape=(181, 20))
    assert place(source, (0.5, 90.5)).startswith("16h40m00.0s")


def test_map_that_is_wider_than_the_sky_ends_at_180_degrees(opened):
    source = opened(cards=ALL_SKY, shape=(181, 400))
    assert place(source, (200.5, 90.5)) == ""
    assert place(source, (100.5, 90.5)).startswith("06h40m00.0s")
    assert source.info.notes == ()


def test_places_beyond_the_poles_have_no_position(opened):
    source = opened(cards=ALL_SKY, shape=(200, 360))
    assert place(source, (200.5, 190.5)) == ""


def test_map_around_its_middle_is_not_ambiguous(opened):
    source = opened("CRPIX1  = 180.5", cards=ALL_SKY, shape=(181, 360))
    assert source.info.notes == ()
    assert place(source, (180.0, 90.5)) == "00h00m00.0s +00°00′00″ (ICRS assumed)"


@pytest.mark.parametrize(
    ("others", "note"),
    [
        (["A_ORDER = 2", "B_ORDER = 2", "A_2_0   = 1D-4"], "without -SIP in CTYPE, and count"),
        (["A_ORDER = 2", "B_ORDER = 2", "PV1_1   = 1.0", "PV2_1   = 1.0"], "the PV cards count"),
        ([*MATRIX, "PC1_2   = 0.5"], "CDi_j and PCi_j say different things"),
        (["CROTA1  = 10.0"], "CROTA1 is there without CROTA2"),
    ],
)
def test_ambiguous_cards_are_noted(opened, others, note):
    source = opened(*others)
    assert any(note in each for each in source.info.notes)
    assert place(source).endswith("(ICRS assumed, ambiguous cards)")


def test_cd_counts_beside_pc_if_there_is_no_cdelt(opened):
    # Some programs write such headers: they keep the elements of PC001001 for old readers.
    cards = [card for card in SKY if not card.startswith("CDELT")]
    rotation = [f"PC00{i}00{j}= {float(i == j)}" for i in (1, 2) for j in (1, 2)]
    source = opened(*MATRIX, *rotation, cards=cards)
    assert place(source) == f"{PLACE} (ICRS assumed, ambiguous cards)"
    assert source.info.notes == ("CDi_j and PCi_j are both there without CDELTi, and CDi_j counts",)


def test_cd_for_the_sky_and_pc_for_another_axis_are_not_ambiguous(opened):
    source = opened(*MATRIX, "PC3_3   = 1.0", "CTYPE3  = 'FREQ'", shape=(2, 32, 40))
    assert place(source).startswith(PLACE)
    assert source.info.notes == ()


def test_rotation_of_axes_of_two_kinds_is_ignored_with_a_note(opened):
    cards = ["CTYPE1  = 'WAVE'", "CUNIT1  = 'nm'", "CTYPE2  = 'X'", "CUNIT2  = 'mm'", "CROTA2  = 30.0"]
    source = opened("CDELT1  = -1.0", "CDELT2  = 1.0", cards=cards)
    assert source.info.notes == ("CROTA1 and CROTA2 do not count: the first two axes are not of one kind",)
    assert place(source, (1.5, 2.5)) == "wavelength −2.0 nm, X 3.0 mm"


def test_parameters_of_the_standard_count_beside_sip(opened):
    sip = ["CTYPE1  = 'RA---TAN-SIP'", "CTYPE2  = 'DEC--TAN-SIP'", "A_ORDER = 2", "B_ORDER = 2", "A_2_0   = 0.0"]
    turned = opened(*sip, "PV1_3   = 90.0")
    assert turned.info.notes == ()
    assert not place(turned).startswith(PLACE)


def test_copy_of_sip_in_pv_cards_does_not_count(opened):
    sip = ["CTYPE1  = 'RA---TAN-SIP'", "CTYPE2  = 'DEC--TAN-SIP'", "A_ORDER = 2", "B_ORDER = 2", "A_2_0   = 1D-4"]
    copies = ["PV1_0   = 0.0", "PV1_1   = 1.0", "PV1_5   = 1D-3", "PV2_1   = 1.0"]
    alone, both = opened(*sip), opened(*sip, *copies)
    assert place(alone).partition(" (")[0] == place(both).partition(" (")[0]
    assert alone.info.notes == ()
    assert "SCAMP's copy" in both.info.notes[0]


def test_card_that_comes_twice_is_noted_and_the_last_one_counts(tmp_path):
    with open_source(written(tmp_path / "twice.fits", ["CRVAL1  = 10.0", *SKY])) as source:
        assert place(source).startswith(PLACE)
        assert source.info.notes == ("CRVAL1 is there more than once, and the last one counts",)
    with open_source(written(tmp_path / "same.fits", ["CRVAL1  = 83.6D0", *SKY])) as source:
        assert source.info.notes == ()


def test_crota_rotates_linear_axes_of_one_unit(opened):
    cards = ["CTYPE1  = 'Solar-X'", "CTYPE2  = 'Solar-Y'", "CDELT1  = 2.0", "CDELT2  = 2.0", "CROTA2  = 90.0"]
    assert place(opened(cards=cards), (2.5, 4.5)) == "Solar-X −10.0, Solar-Y 6.0"
