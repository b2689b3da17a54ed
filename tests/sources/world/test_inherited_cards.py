"""An extension inherits cards of the primary header that it has not itself, and groups of cards only whole."""

import pytest
from kit.raw_headers import SKY

from traitsview.sources.world.cards import read_cards


def test_inherited_cards_are_listed_behind_those_of_the_header():
    cards = read_cards(SKY[:4], (*SKY, "BUNIT   = 'Jy'", "CRVAL1  = 10.0"))
    assert cards.text.splitlines() == [*SKY[:4], *SKY[4:]]
    assert cards.inherited == ("CRPIX1", "CRPIX2", "CDELT1", "CDELT2")
    assert cards.number("CRVAL1") == 83.6
    assert cards.notes == ()


@pytest.mark.parametrize(
    ("own", "lent"),
    [
        ("CDELT1  = 1.0", "CD1_1   = 2.0"),
        ("CD1_1   = 1.0", "CD2_1   = 2.0"),
        ("CD1_1   = 1.0", "CROTA2  = 20.0"),
        ("PC1_1   = 1.0", "PC001002= 2.0"),
        ("PV1_1   = 1.0", "PV2_7   = 2.0"),
        ("PV2_1   = 1.0", "PROJP1  = 2.0"),
        ("A_ORDER = 2", "B_2_0   = 2.0"),
        ("WAT1_001= 'a'", "WAT2_001= 'b'"),
        ("CPDIS1  = 'Lookup'", "DP2     = 'NAXES: 2'"),
        ("EPOCH   = 1950.0", "EQUINOX = 2000.0"),
        ("RADESYS = 'FK4'", "RADECSYS= 'FK5'"),
        ("RESTFREQ= 1.0", "RESTFRQ = 2.0"),
        ("PLTRAH  = 1.0", "AMDX1   = 2.0"),
        ("CD1_1   = '1,5'", "CD1_1   = 2.0"),
        ("CTYPE1  = '\t'", "CTYPE1  = 'WAVE'"),
        ("CRVAL1  =", "CRVAL1  = 2.0"),
    ],
)
def test_groups_of_cards_are_inherited_whole_or_not_at_all(own, lent):
    first = "CRVAL2  = 5.0"
    both, alone = read_cards([first, own], [lent]), read_cards([first, own])
    assert both == alone
    without = read_cards([first], [lent])
    assert without.inherited
    cards = read_cards([first, lent])
    assert (without.numbers, without.words, without.unread) == (cards.numbers, cards.words, cards.unread)


@pytest.mark.parametrize(
    ("own", "lent"),
    [
        ("CRVAL1  = 1.0", "CRVAL2  = 2.0"),
        ("CD1_1   = 1.0", "CRPIX1  = 2.0"),
        ("CD1_1   = 1.0", "EQUINOX = 2000.0"),
        ("EQUINOX =", "EQUINOX = 2000.0"),
        ("CDELT3  = 1.0", "CDELT1  = 2.0"),
    ],
)
def test_other_cards_are_inherited_one_by_one(own, lent):
    cards = read_cards(["CTYPE1  = 'RA---TAN'", own], [lent])
    assert cards.inherited == (lent[:8].rstrip(),)
    assert cards.number(lent[:8].rstrip()) == float(lent[9:])


def test_repeated_card_is_noted_only_if_it_counts():
    twice = ["CRVAL2  = 1.0", "CRVAL2  = 2.0"]
    assert read_cards(["CRVAL1  = 1.0"], twice).notes == ("CRVAL2 is there more than once, and the last one counts",)
    assert read_cards(["CRVAL2  = 3.0"], twice).notes == ()
