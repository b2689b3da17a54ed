from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "orchard.ct"


def point(position, colors="255 0 0 255", **attributes):
    length = attributes.get("length", len(colors.split()))
    return (
        f'<Object name="ColorControlPoint"><Field name="colors" length="{length}">{colors} </Field>'
        f'<Field name="position" type="float">{position}</Field></Object>\n'
    )


def table(*points, fields=""):
    inside = "".join(points) + fields
    return f'<Object name="ColorTable">\n<Object name="ColorControlPointList">\n{inside}</Object></Object>'


def field(name, text):
    return f'<Field name="{name}" type="bool">{text}</Field>'


@pytest.fixture
def load(tmp_path):
    def load(text):
        (tmp_path / "map.ct").write_text(text)
        return load_colormap(tmp_path / "map.ct")

    return load


def test_the_fixture_has_the_colours_that_are_in_it():
    found = load_colormap(FIXTURE)
    assert (found.name, found.warnings, found.discrete) == ("orchard", (), None)
    np.testing.assert_allclose(
        found.lut(11)[[0, 4, 7, 10]] * 255,
        [[24, 38, 30, 255], [62, 110, 58, 255], [178, 190, 84, 255], [252, 226, 196, 255]],
    )


def test_a_discrete_table_has_equal_shares(load):
    points = (point(0), point(0.1, "0 255 0 255"), point(0.2, "0 0 255 128"))
    for name in ("discrete", "discreteFlag"):
        found = load(table(*points, fields=field(name, "true")))
        assert found.discrete == 3
        assert found.lut(3)[2, 3] == 128 / 255


def test_a_last_end_that_is_missing_is_said(load):
    text = table(point(0), point(1, "0 0 0"))
    assert load(text.removesuffix("</Object>") + "\n").warnings == ("Its last </Object> is missing.",)
    for damaged in (
        text.replace("</Object></Object>", ""),
        text[:-1],
        text.replace("</Object></Object>", "</Object></Field>"),
    ):
        with pytest.raises(ColormapError, match="not well-formed"):
            load(damaged)


def test_ends_are_met_within_single_precision_and_drawn_out_beyond(load):
    near = load(table(point(1e-7), point(0.9999999, "0 0 0 255")))
    assert (near.warnings, [position for position, _ in near.stops]) == ((), [0, 1])
    short = load(table(point(0.25), point(0.5, "0 0 0 255")))
    assert short.warnings == (
        "It begins at 0.25: its first colour was drawn out to 0.",
        "It ends at 0.5: its last colour was drawn out to 1.",
    )
    np.testing.assert_allclose(short.lut(5)[:, 0], [1, 1, 0, 0, 0])


def test_equal_spacing_and_smoothing(load):
    points = (point(0), point(0.2, "0 255 0 255"), point(1, "0 0 255 255"))
    # Each colour has a third, and runs into the next over the middles.
    shared = load(table(*points, fields=field("equalSpacingFlag", "true"))).lut(7)[:, :3]
    np.testing.assert_allclose(shared[::2], [[1, 0, 0], [0.5, 0.5, 0], [0, 0.5, 0.5], [0, 0, 1]])
    bands = load(table(*points, fields=field("equal", "true") + field("smoothing", "None")))
    assert (bands.discrete, bands.warnings) == (3, ())
    curved = load(table(*points, fields=field("smoothing", "CubicSpline")))
    assert curved.warnings == ("Its colours run along curves: read as straight lines.",)
    flat = load(table(*points, fields=field("smoothingFlag", "false")))
    assert flat.warnings == ("Its smoothing is off: read as flat colours that change halfway between the points.",)
    np.testing.assert_allclose(flat.lut(101)[[9, 11, 59, 61], 1], [0, 1, 1, 0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            table(point(0)).replace("ColorTable", "Other"),
            'map.ct:1: it is no colour table; its root must be <Object name="ColorT',
        ),
        (table(), "map.ct:2: it has 0 points; 1 to 16384 are read"),
        ('<Object name="ColorTable"/>', "map.ct:1: it has 0 lists of points; give one "),
        (table(point(0), point(1, "0 0 256 255")), "map.ct:4: a part of a colour is 256; it must be in 0 … 255"),
        (table(point(0), point(1, "0 0 -5 255")), "map.ct:4: a part of a colour is -5; it must be in 0 … 255"),
        (
            table(point(0), point(1, "0 abc 5 255")),
            "map.ct:4: 'abc' is not a whole number; a part of a colour was expected",
        ),
        (table(point(0), point(1, "0 0")), "map.ct:4: a colour has 2 numbers; give red, green, blue, alpha"),
        (table(point(0), point(1, "0 0 0", length=4)), "map.ct:4: length is '4' for 3 numbers; correct one of them"),
        (table(point(0), point(1.1)), "map.ct:4: a position is 1.1; it must be in 0 … 1"),
        (table(point(0.5), point(0.4)), "map.ct:4: its position is 0.4 after 0.5; sort the points by position"),
        (table(point(0.5), point(0.5)), "map.ct:4: all points lie at 0.5; give two positions or more"),
        (table(point(0), fields=field("discret", "true")), "map.ct:4: unknown field 'discret'; did you mean discrete?"),
        (table(point(0), fields=field("discrete", "maybe")), "map.ct:4: discrete is 'maybe'; write true or false"),
        (table(point(0), fields=field("tags", "a") * 2), "map.ct:4: a second 'tags'; remove one"),
        (table(point(0).replace("position", "colors")), "map.ct:3: a second 'colors'; remove one"),
        (table('<Object name="ColorControlPoint"/>'), 'map.ct:3: a point has no colors; add <Field name="colors">'),
        (table('<Object name="Point"/>'), "map.ct:3: unknown object 'Point'; did you mean ColorControlPoint?"),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path, text, message):
    (tmp_path / "map.ct").write_text(text)
    with pytest.raises(ColormapError) as caught:
        load_colormap(tmp_path / "map.ct", "visit")
    assert message in str(caught.value)
