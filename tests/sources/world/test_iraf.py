"""Polynomials of IRAF correct the plane of a projection, at any cut of their text into cards."""

import pytest
from kit.raw_headers import SKY

from traitsview.sources.world.iraf import surface_of

KINDS = {
    name: [f"CTYPE1  = 'RA---{name}'", f"CTYPE2  = 'DEC--{name}'", "CDELT1  = -0.01", "CDELT2  = 0.01"]
    for name in ("TNX", "ZPX", "TPV", "TAN", "ZPN")
}
AXES = {1: "ra", 2: "dec"}
CORNER = (0.5, 0.5)

# x' = x + 0.25 + 0.125 x - 0.5 y, y' = y + 0.5 y
LONGITUDE, LATITUDE = "3. 2. 2. 2. -1. 1. -1. 1. 0.25 0.125 -0.5 ", "3. 2. 2. 2. -1. 1. -1. 1. 0. 0. 0.5 "
TPV = ["PV1_0   = 0.25", "PV1_1   = 1.125", "PV1_2   = -0.5", "PV2_0   = 0.0", "PV2_1   = 1.5"]


def cut(axis, text, size=68, strip=False):
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    return [f"WAT{axis}_{n:03d}= '{part.rstrip() if strip else part}'" for n, part in enumerate(parts, 1)]


def cards(longitude=LONGITUDE, latitude=LATITUDE, equals=" = ", before="", **how):
    texts = (
        (f"wtype=tnx axtype=ra {before}lngcor{equals}", longitude),
        (f"wtype=tnx axtype=dec latcor{equals}", latitude),
    )
    return [card for axis, (head, text) in enumerate(texts, 1) for card in cut(axis, f'{head}"{text}"', **how)]


def place(source, point=CORNER):
    return source.world([point])[0].partition(" (")[0]


@pytest.mark.parametrize("equals", ["=", " = ", "=  "])
@pytest.mark.parametrize("shift", range(12))
def test_polynomials_are_read_wherever_their_text_is_cut(opened, equals, shift):
    expected = place(opened(*KINDS["TPV"], *TPV))
    for strip in (False, True):  # a blank at the end of a card gets lost when a header is written again
        source = opened(*KINDS["TNX"], *cards(equals=equals, before=" " * shift, strip=strip))
        assert source.info.world_problem == ""
        assert place(source) == expected


def test_without_polynomials_tnx_equals_tan_and_zpx_equals_zpn(opened):
    plain = place(opened(*KINDS["TAN"]))
    assert place(opened(*KINDS["TNX"])) == plain
    assert place(opened(*KINDS["TNX"], "WAT1_001= 'wtype=tnx axtype=ra'", "WAT0_001= 'system=image'")) == plain
    assert place(opened(*KINDS["TNX"], "WAT1_001= 'wtype=linear axtype=ra lngcor = \"3. 1'")) == plain
    arcs = [f"WAT{axis}_001= 'wtype=zpx axtype={name} projp1=1.0 projp3=220.0'" for axis, name in AXES.items()]
    assert place(opened(*KINDS["ZPX"], *arcs)) == place(opened(*KINDS["ZPN"], "PV2_1   = 1.0", "PV2_3   = 220.0"))


def test_polynomials_belong_to_longitude_and_latitude_in_any_order_of_axes(opened):
    swapped = [card[:5] + {"1": "2", "2": "1"}[card[5]] + card[6:] for card in SKY]
    turned = ["CTYPE1  = 'DEC--TNX'", "CTYPE2  = 'RA---TNX'", "CDELT1  = 0.01", "CDELT2  = -0.01"]
    texts = [*cut(1, f'wtype=tnx latcor = "{LATITUDE}"'), *cut(2, f'wtype=tnx lngcor = "{LONGITUDE}"')]
    source = opened(*turned, *texts, cards=swapped, shape=(40, 32))
    assert place(source) == place(opened(*KINDS["TPV"], *TPV))


@pytest.mark.parametrize(
    ("longitude", "why"),
    [
        (LONGITUDE.replace("0.25", "x"), "'x' is no number"),
        (LONGITUDE.replace("3.", "4.", 1), "it is of kind 4 with cross terms 2"),
        (LONGITUDE.replace("2. 2. 2.", "-5 2.5 1."), "its orders are -5 and 2.5"),
        (LONGITUDE + "1.0", "it has 4 terms in place of 3"),
        ("1. 2. 2. 2. 1. 1. -1. 1. 0.25 0.125 -0.5", "its range is empty"),
        ("3. 2.", "it has 2 numbers"),
        ("", "it has 0 numbers"),
    ],
)
def test_broken_polynomial_is_named_and_gives_no_position(opened, longitude, why):
    source = opened(*KINDS["TNX"], *cards(longitude))
    assert place(source) == ""
    assert source.info.world_problem == f"lngcor in WAT1_001 is no polynomial: {why}"


def test_text_that_ends_early_or_cannot_be_read_gives_no_position(opened):
    source = opened(*KINDS["TNX"], "WAT1_001= 'wtype=tnx'", "WAT2_001= 'wtype=tnx latcor = \"3. 2. 2. 2.'")
    assert source.info.world_problem == "latcor in WAT2_001 is no polynomial: it has no end"
    source = opened(*KINDS["TNX"], "WAT1_001= 'wtype=tnx\x07'")
    assert source.info.world_problem == "WAT1_001 cannot be read: 'wtype=tnx\\x07'"
    source = opened(*KINDS["ZPX"], "WAT2_001= 'wtype=zpx projp1=1,0'")
    assert source.info.world_problem == "projp1 in WAT2_001 is no number: '1,0'"
    assert place(source) == ""


@pytest.mark.parametrize(("kind", "value"), [(1, 2 * 0.5**2 - 1), (2, (3 * 0.5**2 - 1) / 2), (3, 2.0**2)])
def test_each_kind_of_polynomials_has_its_values(kind, value):
    import numpy as np

    surface = surface_of(f"{kind} 3 1 1 1. 2.33333333333333333 -5. 5. 0 0 1")
    assert surface(np.array([[2.0, 77.0]])) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("orders", "cross", "terms"),
    [((4, 4), 2, 10), ((4, 2), 2, 7), ((2, 4), 2, 7), ((3, 2), 1, 6), ((3, 2), 0, 4), ((1, 3), 0, 3)],
)
def test_number_of_terms_follows_from_orders_and_cross_terms(orders, cross, terms):
    text = f"3 {orders[0]} {orders[1]} {cross} 0 1 0 1 " + "1e-3 " * terms
    assert sum(map(bool, sum(surface_of(text).coefficients, ()))) == terms
    with pytest.raises(ValueError, match="in place of"):
        surface_of(text + "1e-3")
