"""Cards are read in every spelling that programs write."""

import pytest

from traitsview.sources.world.card_values import Card, card_of, number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("83.6", 83.6),
        ("8.36E+01", 83.6),
        ("8.36D+01", 83.6),
        ("8.36d1", 83.6),
        ("8.36 E 1", 83.6),
        ("-1.0000000000000-03", -0.001),
        ("1.0+02", 100),
        ("1.Q+02", 100),
        (".5", 0.5),
        ("5.", 5),
        ("+5", 5),
        ("- 0.001", -0.001),
        ("007", 7),
        (" ' 83.6 ' ", 83.6),
        ('"83.6"', 83.6),
    ],
)
def test_numbers_are_read_in_every_spelling(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "8,36", "83.6 deg", "83.6deg", "05:34:25", "T", "(1.0, 2.0)", "NaN", "Infinity", "0x1F", "1_000"),
        *("1e999", "1.0E", "1.0E+", "--1", "1.0.0", "8 36", "2010-05", "1.0 -03", "e5", ".", "-"),
    ],
)
def test_text_that_is_no_number_gives_none(text):
    assert number_of(text) is None


@pytest.mark.parametrize(
    "image",
    [
        "CDELT1  = -0.001",
        "CDELT1  =-0.001",
        "CDELT1 = -0.001",
        "CDELT1= -0.001",
        "CDELT1=-0.001",
        "cdelt1  = -0.001",
        "CDELT1  = -0.001 / a step",
        "CDELT1  = -0.001/a step",
        "CDELT1    -0.001",
        "CDELT1  =               -0.001",
        "CDELT1  = '-0.001  '           / text",
        "CDELT1  = '-0.001",
    ],
)
def test_cards_are_read_with_the_equal_sign_and_the_value_at_any_place(image):
    card = card_of(image.ljust(80))
    assert card is not None
    assert card.keyword == "CDELT1"
    assert number_of(card.text) == -0.001


@pytest.mark.parametrize(
    "image",
    [
        "",
        "END",
        "COMMENT CDELT1  = 1",
        "        CDELT1 = 1",
        "HISTORY CRVAL1 = 5",
        "EPOCH of observation",
        "CONTINUE  'x'",
    ],
)
def test_comments_are_not_read_as_values(image):
    card = card_of(image.ljust(80))
    assert card is None or card.keyword == "CONTINUE"


def test_text_is_read_without_quotes_and_comments():
    assert card_of("CTYPE1  = 'RA---TAN'           / it's a type") == Card("CTYPE1", "RA---TAN")
    assert card_of("CUNIT1  = '  km/s  '") == Card("CUNIT1", "km/s")
    assert card_of("OBSERVER= 'O''Hara'") == Card("OBSERVER", "O'Hara")
    assert card_of("CTYPE1  = RA---TAN / without quotes") == Card("CTYPE1", "RA---TAN")
    assert card_of("CRVAL1  =                      / nothing") == Card("CRVAL1", "")
