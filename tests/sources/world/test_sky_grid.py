"""Positions of elements on the sky, and elements at positions, as numbers."""

from contextlib import nullcontext

import numpy as np
import pytest
from kit.raw_headers import SKY, with_cards

from traitsview.sources.world.axes import world_axes
from traitsview.sources.world.cards import read_cards
from traitsview.sources.world.sky_grid import SkyGrid

PLACES = np.random.default_rng(1).random((20, 2)) * (39, 31)
MATRIX = ["CD1_1   = -0.0009", "CD1_2   = 2D-4", "CD2_1   = 1D-4", "CD2_2   = 1.1D-3"]
SIP = ["CTYPE1  = 'RA---TAN-SIP'", "CTYPE2  = 'DEC--TAN-SIP'", "A_ORDER = 2", "B_ORDER = 2"]


def grid(*others, cards=SKY, sizes=(40, 32)):
    return SkyGrid(world_axes(read_cards(with_cards(cards, *others)), sizes), nullcontext)


@pytest.mark.parametrize(
    "others",
    [
        [],
        ["CROTA2  = 30.0"],
        MATRIX,
        ["CTYPE1  = 'RA---CAR'", "CTYPE2  = 'DEC--CAR'"],
        ["CTYPE1  = 'DEC--ARC'", "CTYPE2  = 'RA---ARC'"],
        ["CUNIT1  = 'arcsec'", "CUNIT2  = 'arcsec'"],
        [*MATRIX, "PV1_1   = 1.01", "PV1_4   = 0.5", "PV2_1   = 0.99", "PV2_5   = 0.25"],
        [*SIP, "A_2_0   = 0.0", "B_0_2   = 0.0"],
        ["CTYPE3  = 'FREQ'", "CUNIT3  = 'GHz'", "CDELT3  = 1.0", "CD1_1   = -1D-3", "CD2_2   = 1D-3", "CD1_3   = 1D-3"],
    ],
    ids=lambda others: " ".join(others)[:50],
)
def test_places_of_positions_are_the_elements_again(others):
    one = grid(*others)
    np.testing.assert_allclose(one.places(one.sky(PLACES)), PLACES, atol=1e-6)


def test_way_back_to_elements_ignores_distortion():
    plain, bent = grid(*SIP, "A_2_0   = 0.0"), grid(*SIP, "A_2_0   = 1D-3")
    found = bent.places(bent.sky(PLACES))
    np.testing.assert_allclose(found, plain.places(bent.sky(PLACES)), atol=1e-9)
    off = found - PLACES
    np.testing.assert_allclose(off[:, 0], 1e-3 * (PLACES[:, 0] - 19.5) ** 2, atol=1e-6)
    np.testing.assert_allclose(off[:, 1], 0, atol=1e-6)


@pytest.mark.parametrize(
    ("others", "why"),
    [
        (["CTYPE1  = 'X'", "CTYPE2  = 'Y'"], "it has no positions on the sky"),
        (["CDELT1  = '8,36'"], "CDELT1 is no number: '8,36'"),
        (
            ["CTYPE1  = 'RA---COE'", "CTYPE2  = 'DEC--COE'"],
            "CTYPE1 'RA---COE' and CTYPE2 'DEC--COE' cannot be computed: ",
        ),
        (["CDELT2  = 0.0"], "CDELT2 is 0, and the image has 32 elements along that axis"),
        (["CTYPE2  = 'FREQ'", "CTYPE3  = 'DEC--TAN'"], "its rows and columns are not those of the sky"),
    ],
)
def test_image_without_positions_is_refused_with_the_reason(others, why):
    with pytest.raises(ValueError, match=why.replace("'8,36'", ".8,36.")):
        grid(*others, sizes=(40, 32, 5))
