"""The colours of QGIS's styles of layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

FIXTURE = Path(__file__).parents[3] / "colormaps" / "peat-depth.qml"

TYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def style(inside, kind="singlebandpseudocolor", more=""):
    renderer = f'<rasterrenderer type="{kind}" {more}>\n{inside}\n</rasterrenderer>'
    return f"{TYPE}<qgis><pipe>{renderer}</pipe></qgis>"


def shader(ramp, *items, more=""):
    entries = "\n".join(f'<item value="{v}" color="{c}" alpha="{a}" label="{text}"/>' for v, c, a, text in items)
    return f'<colorrampshader colorRampType="{ramp}" {more}><colorramp type="gradient"/>\n{entries}</colorrampshader>'


LOW, HIGH = (0, "#ff0000", 255, "0.000"), (8, "#0000ff", 51, "8.000")


def test_the_fixture_runs_between_values():
    found = load_colormap(FIXTURE)
    assert (found.name, found.limits, found.warnings) == ("peat-depth", (0, 8), ())
    np.testing.assert_allclose([place * 8 for place, _ in found.stops], [0, 0.5, 2, 8])


def test_interpolated_colours_run_between_values(read):
    found = read("a.qml", style(shader("INTERPOLATED", LOW, HIGH)))
    assert (found.limits, found.stops) == ((0, 8), ((0, (1, 0, 0, 1)), (1, (0, 0, 1, 0.2))))
    assert (found.under, found.over, found.bad, found.warnings) == (None, None, None, ())
    clipped = read("a.qml", style(shader("INTERPOLATED", LOW, HIGH, more='clip="1"')))
    assert clipped.under == clipped.over == (0, 0, 0, 0)


def test_discrete_colours_reach_up_to_their_values(read):
    found = read("a.qml", style(shader("DISCRETE", (5, "#ff0000", 255, "low"), ("inf", "#0000ff", 255, "high"))))
    assert (found.discrete, found.limits, found.labels, found.over) == (2, (4, 6), ("low", "high"), None)


def test_exact_colours_and_palettes_stand_for_their_values(read):
    exact = read("a.qml", style(shader("EXACT", (1, "#ff0000", 255, "rock"), (4, "#0000ff", 0, "ice"))))
    entries = (
        '<paletteEntry value="1" color="#ff0000" alpha="255" label="rock"/>'
        '<paletteEntry value="4" color="#0000ff" alpha="0" label="ice"/>'
    )
    palette = read("a.qml", style(f"<colorPalette>{entries}</colorPalette>", "paletted", 'nodataColor="9,9,9,255"'))
    for found in (exact, palette):
        assert (found.discrete, found.values, found.labels) == (2, (1, 4), ("rock", "ice"))
        assert [color for _, color in found.stops] == [(1, 0, 0, 1), (0, 0, 1, 0)]
    assert (exact.bad, palette.bad) == ((0, 0, 0, 0), (9 / 255, 9 / 255, 9 / 255, 1))
    old = '<paletteEntry value="0" red="255" green="0" blue="51" label=""/>'
    assert read("a.qml", style(old, "paletted")).stops[0][1] == (1, 0, 0.2, 1)


def test_labels_that_only_say_the_values_are_none(read):
    found = read("a.qml", style(shader("DISCRETE", (1, "#ff0000", 255, "&lt;= 1"), (2, "#0000ff", 255, "2.0000"))))
    assert found.labels == ()


def test_ramps_of_the_styles_of_vectors_are_read(read):
    ends = '<prop k="color1" v="0,0,0,255"/><prop k="color2" v="255,255,255,255"/>'
    ramp = f'<colorramp type="gradient" name="[source]">{ends}</colorramp>'
    found = read("a.qml", f'{TYPE}<qgis><renderer-v2 type="graduatedSymbol">{ramp}</renderer-v2></qgis>')
    assert [color[0] for _, color in found.stops] == [0, 1]
    assert found.name == "a"  # and not what QGIS calls any ramp of a layer


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (style("", "singlebandgray"), "a.qml:2: it has no colours of its own: it shows one band in grey"),
        (style("", "hillshade"), "a.qml:2: it has no colours of its own: it shows light and shade"),
        (style("", "paleted"), "a.qml:2: unknown type 'paleted'; did you mean paletted?"),
        (style("", "paletted"), "a.qml:2: it has no <paletteEntry>; classify the values in QGIS, and save the style"),
        (style(""), "a.qml:2: it has no <colorrampshader>; save the style again"),
        (style(shader("RAMP", LOW)), "a.qml:3: unknown colorRampType 'RAMP'; write INTERPOLATED or DISCRETE or EXACT"),
        (style(shader("INTERPOLATED", HIGH, LOW)), "a.qml:5: 0 follows 8; values must rise"),
        (style(shader("INTERPOLATED", LOW, (8, "red", 255, ""))), "a.qml:5: color is 'red'; write #rrggbb"),
        (style(shader("INTERPOLATED", LOW, (8, "#000000", 256, ""))), "a.qml:5: alpha is 256; it must be in 0 … 255"),
        (style(shader("INTERPOLATED", LOW, ("x", "#000000", 255, ""))), "a.qml:5: 'x' is not a number; value"),
        (style(shader("EXACT", LOW, LOW)), "a.qml:5: value 0 has a colour in line 4; give one to each"),
        (style("", "paletted", 'nodataColor="red"'), "a.qml:2: nodataColor is 'red'; write red,green,blue,alpha"),
        (f"{TYPE}<qgis/>", "a.qml:2: it is the style of a layer of vectors; give that of a raster, or export a ramp"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(complaint, text, message):
    assert complaint("a.qml", text).startswith(message)
