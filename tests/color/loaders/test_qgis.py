from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormaps
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "cartographer.xml"


def ramp(kind="gradient", name="mine", **said):
    inside = "".join(f'\n<prop k="{key}" v="{value}"/>' for key, value in said.items())
    return f'<colorramp type="{kind}" name="{name}">{inside}</colorramp>'


def gradient(**said):
    return ramp(**{"color1": "255,0,0,255", "color2": "0,0,255,255", **said})


@pytest.fixture
def load(tmp_path):
    def load(*ramps):
        (tmp_path / "map.xml").write_text(f"<qgis_style><colorramps>\n{''.join(ramps)}</colorramps></qgis_style>")
        return load_colormaps(tmp_path / "map.xml")

    return load


def test_the_fixture_holds_a_gradient_and_a_preset():
    fog, plan = load_colormaps(FIXTURE)
    assert (fog.name, fog.licence, fog.discrete) == ("valley fog", "traitsview; CC0-1.0", None)
    np.testing.assert_allclose(fog.lut(101)[[0, 30, 65, 100], 0] * 255, [38, 82, 168, 250], atol=1e-6)
    assert (plan.name, plan.labels) == ("village plan", ("house", "road", "garden", "pond"))
    np.testing.assert_allclose(plan.lut(4)[2] * 255, [112, 150, 92, 255])


def test_stops_may_have_a_space_of_their_own_and_colours_more_digits(load):
    (found,) = load(gradient(stops="0.5;255,0,0,255;rgb;ccw", spec="hsv", direction="ccw"))
    np.testing.assert_allclose(found.lut(401)[[100, 200, 300], :3], [[1, 0, 0], [1, 0, 0], [0, 1, 0]], atol=1e-3)
    (found,) = load(gradient(spec="hsl", direction="cw"))
    np.testing.assert_allclose(found.lut(257)[128, :3], [1, 0, 1], atol=1e-3)
    (found,) = load(gradient(stops="0.5;10,20,30,255,rgb:0.1,0.2,0.3,0.4;rgb;ccw:0.75;1,2,3,4,hsv:0.5,1,1,1;rgb;ccw"))
    assert found.stops[1:3] == (
        (0.5, (0.1, 0.2, 0.3, 0.4)),
        (0.75, pytest.approx((1 / 255, 2 / 255, 3 / 255, 4 / 255))),
    )


def test_discrete_gradients_are_flat(load):
    (found,) = load(gradient(discrete="1", stops="0.5;0,0,255,255"))
    assert (found.discrete, found.warnings) == (2, ())
    (found,) = load(gradient(discrete="1", stops="0.5;0,255,0,255"))
    assert found.warnings == ("Its last colour, for its very end only, was left out.",)


def test_ramps_without_colours_are_named(load):
    first, _ = load(ramp("random", "r"), gradient(), ramp("cpt-city", "c", schemeName="a/b"), gradient())
    assert first.warnings == (
        "Left out 'r': its colours are drawn by lot.",
        "Left out 'c': it only names a file of QGIS's cpt-city archive.",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            ramp("colorbrewer", "b"),
            "map.xml:2: it cannot be read: 'b': it only names a ColorBrewer scheme, which the cat",
        ),
        (
            ramp("cpt-city", "b"),
            "map.xml:2: it cannot be read: 'b': it only names a file of QGIS's cpt-city archive; export",
        ),
        (ramp("gradiant"), "map.xml:2: unknown type 'gradiant'; did you mean gradient?"),
        ("<colorramp/>", "map.xml:2: <colorramp> has no 'type'; write type=\"…\""),
        ("", "map.xml:1: it holds no <colorramp>; export colour ramps from QGIS's style manager"),
        (ramp(color1="1,2,3,4"), 'map.xml:2: its ramp has no color2; add <prop k="color2" v="…"/>'),
        (gradient(discreet="1"), "map.xml:2: unknown property 'discreet'; did you mean discrete?"),
        (gradient(color1="1,2"), "map.xml:3: a colour is '1,2'; give red,green,blue,alpha"),
        (gradient(color1="1,2,3,256"), "map.xml:3: a part of a colour is 256; it must be in 0 … 255"),
        (gradient(color1="1,2,-5,4"), "map.xml:3: a part of a colour is -5; it must be in 0 … 255"),
        (gradient(color1="1,2,abc,4"), "map.xml:3: 'abc' is not a whole number; a part of a colour was expected"),
        (gradient(color1="1,2,3,4,rgb:2,0,0,1"), "map.xml:3: a part of a colour is 2; it must be in 0 … 1"),
        (gradient(stops="0.5"), "map.xml:5: a stop is '0.5'; give position;colour or position;colour;spec;direction"),
        (gradient(stops="1.5;1,2,3,4"), "map.xml:5: the position of a stop is 1.5; it must be in 0 … 1"),
        (gradient(stops="0.5;1,2,3,4:0.4;1,2,3,4"), "map.xml:5: a stop at 0.4 follows one at 0.5; sort them"),
        (gradient(stops="0.5;1,2,3,4;lab;cw"), "map.xml:5: unknown spec 'lab'; write rgb, hsv or hsl"),
        (gradient(stops="0.5;1,2,3,4;hsv;up"), "map.xml:5: unknown direction 'up'; write cw or ccw"),
        (gradient(discrete="yes"), "map.xml:5: discrete is 'yes'; write 0 or 1"),
        (ramp("preset"), 'map.xml:2: its ramp has no colour; add <prop k="preset_color_0" v="…"/>'),
        (
            ramp("preset", preset_color_0="1,2,3,4", preset_color_2="1,2,3,4"),
            "map.xml:4: unexpected property 'preset_color_2'",
        ),
        (gradient() * 501, "map.xml:1: it holds 501 ramps; at most 500 are read"),
        (
            gradient(stops="0;1,2,3,4;hsv;cw:" * 1001),
            "map.xml: it has too many stops; at most 16384 stops are read, 1000",
        ),
    ],
)
def test_each_fault_is_named_with_its_line(load, text, message):
    with pytest.raises(ColormapError) as caught:
        load(text)
    assert message in str(caught.value)


def test_the_style_of_vectors_is_refused_in_words(tmp_path):
    (tmp_path / "map.qml").write_text("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis/>")
    with pytest.raises(ColormapError, match=r"map.qml:2: it is the style of a layer of vectors; give that of a raster"):
        load_colormaps(tmp_path / "map.qml")
    (tmp_path / "map.qml").write_text("<qgis/>")
    with pytest.raises(ColormapError, match=r"map.qml:1: it is the style of a layer of vectors; give that of a raster"):
        load_colormaps(tmp_path / "map.qml")
