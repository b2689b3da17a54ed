"""What the list of colormaps offers, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from traitsview.color.catalogue import Entry, catalogue
from traitsview.model.colormap_choice import ColormapChoice


def entry(id, category="sequential", **more):
    namespace, _, name = id.partition(":")
    return Entry(id, namespace, name, category, "cmap", **more)


ENTRIES = (
    entry("user:dust", "mine", path=Path("/home/dust.cpt")),
    entry("bids:viridis"),
    entry("a:Blues_10"),
    entry("a:Blues_9"),
    entry("crameri:vik", "diverging"),
    entry("crameri:vikO", "cyclic"),
    entry("tol:bright", "categorical", title="Bright"),
)


@pytest.fixture
def choice():
    return ColormapChoice(entries=ENTRIES)


def ids(choice):
    return [row.id for row in choice.rows]


def test_common_ones_come_first_then_mine_then_the_alphabet(choice):
    assert [row.name for row in choice.rows][:3] == ["Common", "viridis", "vik"]
    rest = ids(choice)[ids(choice).index("", 1) + 1 :]
    assert rest == [
        "user:dust",
        "a:Blues_9",
        "a:Blues_10",
        "tol:bright",
        "crameri:vik",
        "crameri:vikO",
        "bids:viridis",
    ]


def test_favourites_and_recent_come_before_and_only_what_is_there(choice):
    choice.trait_set(favourites=("a:Blues_9", "gone:away"), recent=("a:Blues_9", "tol:bright"))
    assert [row.name for row in choice.rows][:5] == ["Favourites", "Blues_9", "Recent", "Bright", "Common"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("vik", ["crameri:vik", "crameri:vikO"]),
        ("VIKO", ["crameri:vikO"]),
        ("blues a", ["a:Blues_9", "a:Blues_10"]),
        ("crameri:vik", ["crameri:vik", "crameri:vikO"]),
        ("iri", ["bids:viridis"]),
        ("crameri", ["crameri:vik", "crameri:vikO"]),
        ("vik_r", ["crameri:vik_r", "crameri:vikO_r"]),
        ("  ", None),
        ("zzzz", []),
    ],
)
def test_all_words_must_be_there_and_the_best_comes_first(choice, query, found):
    before = ids(choice)
    choice.query = query
    assert ids(choice) == (before if found is None else found)
    assert not choice.guessed


def test_similar_names_are_offered_where_none_fits(choice):
    choice.query = "viridsi"
    assert choice.guessed
    assert ids(choice)[1] == "bids:viridis"
    assert choice.first == 1


@pytest.mark.parametrize(
    ("category", "found"),
    [
        ("diverging", {"crameri:vik"}),
        ("cyclic", {"crameri:vikO"}),
        ("mine", {"user:dust"}),
        ("categorical", {"tol:bright"}),
    ],
)
def test_categories_narrow(choice, category, found):
    choice.category = category
    assert {id for id in ids(choice) if id} == found


def test_only_some_are_offered_in_their_order(choice):
    choice.only = ("tol:bright", "a:Blues_9")
    assert ids(choice) == ["tol:bright", "a:Blues_9"]
    assert choice.row_of("a:Blues_9") == 1
    assert choice.row_of("bids:viridis") == -1


def test_every_colormap_of_the_catalogue_can_be_found_by_its_own_name():
    choice = ColormapChoice(entries=catalogue().entries())
    for each in choice.entries[::23]:
        choice.query = each.id
        assert each.id in ids(choice)[:4]
