from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap, load_colormaps
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "harbour-dusk.xml"

TWO = '<Point x="0" o="1" r="1" g="0" b="0"/>\n<Point x="1" o="1" r="0" g="0" b="1"/>'


@pytest.fixture
def load(tmp_path):
    def load(text):
        (tmp_path / "map.xml").write_text(text)
        return load_colormap(tmp_path / "map.xml")

    return load


def test_the_fixture_runs_in_lab():
    found = load_colormap(FIXTURE)
    assert (found.name, found.bad, found.limits) == ("harbour dusk", (0.5, 0.5, 0.5, 1.0), None)
    assert found.licence == "traitsview, CC0-1.0"
    np.testing.assert_allclose(found.lut(101)[[0, 30, 80, 100], 0], [0.06, 0.29, 0.95, 1], atol=2e-3)
    assert len(found.stops) > 5
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("space", "middle"), [("RGB", (0.5, 0, 0.5)), ("HSV", (0, 1, 0)), ("Wrapped", (1, 0, 1)), ("Diverging", (1, 1, 1))]
)
def test_the_root_may_be_one_map_in_any_space(load, space, middle):
    found = load(f'<ColorMap name="m" space="{space}" indexedLookup="false">{TWO}</ColorMap>')
    np.testing.assert_allclose(found.lut(257)[128, :3], middle, atol=1e-2)


def test_flat_colours_and_limits(load):
    flat = load(f'<ColorMap name="m" space="HSV" indexedLookup="true">{TWO}</ColorMap>')
    assert flat.discrete == 2
    absolute = load(
        '<ColorMap space="RGB"><Point x="-2" r="0" g="0" b="0"/><Point x="8" r="1" g="1" b="1"/></ColorMap>'
    )
    assert (absolute.name, absolute.limits) == ("map", (-2, 8))


@pytest.mark.parametrize("opacities", [(0, 0, 0), (0, 0.5, 1), (1, 0, 1), (1, 1, 1)])
@pytest.mark.parametrize("flat", ["true", "false"])
def test_the_opacity_of_volumes_makes_no_colour_transparent(load, opacities, flat):
    points = "".join(f'<Point x="{k}" o="{o}" r="{k / 2}" g="0" b="1"/>' for k, o in enumerate(opacities))
    bad = '<NaN o="0" r="1" g="0" b="0"/>'
    found = load(f'<ColorMap name="m" space="RGB" indexedLookup="{flat}">{points}{bad}</ColorMap>')
    assert (found.lut(3) == [[0, 0, 1, 1], [0.5, 0, 1, 1], [1, 0, 1, 1]]).all()
    assert found.bad == (1, 0, 0, 1)
    assert [each.startswith("Its opacity is for volumes") for each in found.warnings] == [True] * (min(opacities) < 1)


def test_several_maps_and_what_is_left_out(tmp_path):
    path = tmp_path / "map.xml"
    one = f'<ColorMap name="a" space="CIELAB" group="g" mood="x">{TWO}</ColorMap>'
    path.write_text(f'<ColorMaps>{one}<ColorMap name="b">{TWO}</ColorMap></ColorMaps>')
    first, second = load_colormaps(path)
    assert first.warnings == ("What it says as 'mood' was left out.",)
    assert second.warnings == ("It names no space: read as RGB.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<ColorMaps/>", "map.xml:1: <ColorMaps> holds no <ColorMap>; add one with its points"),
        ("<ColorMaps>\n<ColourMap/></ColorMaps>", "map.xml:2: unknown element 'ColourMap'; did you mean ColorMap?"),
        ("<ColorMap>\n<Piont/></ColorMap>", "map.xml:2: unknown element 'Piont'; did you mean Point?"),
        ("<ColorMap><Pont/></ColorMap>", "map.xml:1: unknown element 'Pont'"),
        (f'<ColorMap spaec="Lab">{TWO}</ColorMap>', "map.xml:1: unknown attribute 'spaec'; did you mean space?"),
        (f'<ColorMap space="Labb">{TWO}</ColorMap>', "map.xml:1: unknown space 'Labb'; did you mean lab?"),
        (f'<ColorMap indexedLookup="yes">{TWO}</ColorMap>', "map.xml:1: indexedLookup is 'yes'; write true or false"),
        ('<ColorMap indexedLookup="true"/>', "map.xml:1: it has no <Point>; add one for each colour"),
        (
            '<ColorMap><Point x="0"/></ColorMap>',
            "map.xml:1: it has 1 <Point>; add two or more, each with x, o, r, g, b",
        ),
        (f"<ColorMap>{TWO.replace(' b=', ' blue=')}</ColorMap>", "map.xml:1: unknown attribute 'blue'; known are x, o"),
        (f'<ColorMap>{TWO}\n<Point x="2" r="1" g="1"/></ColorMap>', "map.xml:3: <Point> has no 'b'; write b="),
        (f"<ColorMap>{TWO.replace('0', '2')}</ColorMap>", "map.xml:1: g of <Point> is 2; it must be in 0 … 1"),
        (
            f"<ColorMap>{TWO.replace('1', 'abc')}</ColorMap>",
            "map.xml:1: 'abc' is not a number; r of <Point> was expected",
        ),
        (
            f'<ColorMap>{TWO}\n<Point x=".5" r="1" g="1" b="0"/></ColorMap>',
            "map.xml:3: x is 0.5 after 1; sort the points",
        ),
        (
            f"<ColorMap>{TWO}\n<NaN r='0' g='0' b='0'/>\n<NaN r='0' g='0' b='0'/></ColorMap>",
            "map.xml:4: a second <NaN>",
        ),
        (
            '<ColorMap><Point x="0" r="1" g="0" b="0"/>\n<Point x="0" r="1" g="0" b="0"/></ColorMap>',
            "map.xml:2: all points lie at 0; give two positions",
        ),
        (
            f"<ColorMap space='Lab'>{'<Point/>' * 4001}</ColorMap>",
            "map.xml:1: it has too many points; at most 4000 in Lab, HSV or Diverging",
        ),
        (f"<ColorMaps>{'<ColorMap/>' * 501}</ColorMaps>", "map.xml:1: it has too many points; at most 500 colormaps"),
    ],
)
def test_each_fault_is_named_with_its_line(load, text, message):
    with pytest.raises(ColormapError) as caught:
        load(text)
    assert message in str(caught.value)
