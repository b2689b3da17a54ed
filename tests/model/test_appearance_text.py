"""An appearance as text: what is written is read back, and anything else is refused."""

from __future__ import annotations

import contextlib
import json
import random

import numpy as np
import pytest

from traitsview.color.catalogue import catalogue
from traitsview.color.colormap import Colormap
from traitsview.errors import RequestError
from traitsview.model.appearance import Appearance
from traitsview.model.keeping.appearance_text import (
    MARK,
    appearance_from_dict,
    appearance_from_text,
    appearance_to_dict,
    appearance_to_text,
)

RED, BLUE = (1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    "traits",
    [
        {},
        {"colormap": "viridis_r", "scale": "asinh", "limits": "zscale", "inverted": True},
        {"limits": (-1e300, 5e-324), "contrast": 3.5, "bias": 0.1},
        {"limits": "minmax", "colormap": "colorbrewer:Blues_5"},
        {"limits": (2**60 + 1, 2**60 + 40), "scale": f"hinge:{2**60 + 7}"},
        {"under": (0.0, 0.0, 1.0, 1.0), "over": "red", "bad": (0.0, 0.0, 0.0, 0.5)},
    ],
)
def test_it_comes_back_as_it_was(traits):
    appearance = Appearance(**traits)
    found, notes = appearance_from_text(appearance_to_text(appearance))
    assert found.trait_get() == appearance.trait_get()
    assert notes == ()


def test_a_colormap_without_a_name_here_is_brought_along():
    mine = Colormap.from_stops("nowhere to be found", [(0, RED), (0.3, BLUE), (1, RED)], cyclic=True, over=BLUE)
    found, notes = appearance_from_text(appearance_to_text(Appearance(colormap=mine)))
    assert np.array_equal(found.colormap.lut(77), mine.lut(77))
    assert (found.colormap.cyclic, found.colormap.over) == (True, BLUE)
    assert "brought along" in notes[0]


def test_the_same_name_with_other_colours_is_noticed():
    id = catalogue().add(Colormap.from_colors("changing", [RED, BLUE]))
    said = appearance_to_dict(Appearance(colormap=id))
    said["table"]["stops"][0][1:4] = [0.0, 1.0, 0.0]
    found, notes = appearance_from_dict(said)
    assert found.colormap.lut(2)[0].tolist() == [0, 1, 0, 1]
    assert "another one here" in notes[0]


def test_what_comes_with_the_program_needs_no_table():
    assert "table" not in appearance_to_dict(Appearance(colormap="viridis"), whole=False)
    assert "table" in appearance_to_dict(Appearance(colormap=Colormap.from_colors("x", [RED, BLUE])), whole=False)
    said = appearance_to_dict(Appearance(colormap="viridis"), whole=False)
    assert appearance_from_dict(said)[0].colormap == "viridis"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({MARK: 2}, "version"),
        ({MARK: True}, "version"),
        ({"colour": "red"}, "unknown part 'colour'"),
        ({"scale": "cubist"}, "scale"),
        ({"limits": "dog"}, "limits"),
        ({"limits": [1, 2, 3]}, "limits"),
        ({"inverted": "yes"}, "inverted"),
        ({"contrast": "big"}, "contrast"),
        ({"contrast": None}, "contrast"),
        ({"table": {"name": "x", "stops": [[0, 1, 0, 0, 1]]}}, "positions"),
        ({"table": 5}, "it is a int"),
        ({"colormap": 7}, "no colormap"),
        ({"colormap": "no such map", "table": None}, "unknown colormap"),
    ],
)
def test_nothing_is_guessed(change, why):
    said = {**appearance_to_dict(Appearance()), **change}
    with pytest.raises(RequestError, match=why) as caught:
        appearance_from_dict(said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "gray", "[]", "3", "{}", "[" * 100_000, '{"a": NaN}', '{"a": 1, "a": 2}', "\0"])
def test_other_texts_are_refused(text):
    with pytest.raises(RequestError, match="not an appearance"):
        appearance_from_text(text)


def test_damaged_texts_are_read_or_refused_and_nothing_else():
    rng = random.Random(5)
    text = appearance_to_text(Appearance(colormap="viridis", limits=(1, 2)))[:1500] + "]]}}"
    whole = appearance_to_text(Appearance(colormap="colorbrewer:Blues_3", limits=(1, 2)))
    for number in range(2000):
        letters = list(whole if number % 2 else text)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(letters))
            letters[at] = rng.choice(['"', "{", "]", "9", "-", "", "é", "\0", letters[at] * 2])
        with contextlib.suppress(RequestError):
            appearance_from_text("".join(letters))


def test_json_of_others_with_the_mark_is_refused_too():
    with pytest.raises(RequestError):
        appearance_from_text(json.dumps({MARK: 1}))
