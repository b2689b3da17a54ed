from __future__ import annotations

from pathlib import Path

import pytest

from traitsview.color.loaders.formats import load_colormap, load_colormaps

FIXTURE = Path(__file__).parents[3] / "colormaps" / "snow-kinds.sld"

LOW, HIGH = (
    '<ColorMapEntry color="#ff0000" quantity="-5"/>',
    '<ColorMapEntry color="#0000ff" quantity="5" opacity="0.2"/>',
)


def sld(*maps, prefix=""):
    text = "<StyledLayerDescriptor>" + "".join(
        f"<Rule><RasterSymbolizer>\n{each}</RasterSymbolizer></Rule>" for each in maps
    )
    text += "</StyledLayerDescriptor>"
    return text.replace("</", "<//").replace("<", f"<{prefix}").replace(f"<{prefix}//", f"</{prefix}")


def color_map(*entries, kind=' type="ramp"'):
    return f"<ColorMap{kind}>\n" + "\n".join(entries) + "</ColorMap>"


def test_the_fixture_lists_values():
    found = load_colormap(FIXTURE)
    assert (found.name, found.values, found.labels[3], found.warnings) == ("snow-kinds", (0, 1, 2, 5, 9), "Firn", ())
    assert found.bad == (0, 0, 0, 0)


@pytest.mark.parametrize("prefix", ["", "sld:"])
@pytest.mark.parametrize("kind", ["", ' type="ramp"', ' type="ramp" extended="true"'])
def test_a_ramp_runs_between_values(read, prefix, kind):
    found = read("a.sld", sld(color_map(LOW, HIGH, kind=kind), prefix=prefix))
    assert (found.limits, found.stops) == ((-5, 5), ((0, (1, 0, 0, 1)), (1, (0, 0, 1, 0.2))))


def test_intervals_reach_up_to_their_values(read):
    found = read("a.sld", sld(color_map(LOW, HIGH, kind=' type="intervals"')))
    assert (found.discrete, found.limits, found.over) == (2, (-15, 5), (0, 0, 0, 0))


def test_values_stand_for_themselves(read):
    found = read("a.xml", sld(color_map(LOW, HIGH.replace("/>", ' label="ice"/>'), kind=' type="values"')))
    assert (found.values, found.labels) == ((-5, 5), ("", "ice"))


def test_a_color_map_may_stand_alone_and_several_in_one_file(read, tmp_path):
    assert read("a.sld", color_map(LOW, HIGH)).limits == (-5, 5)
    (tmp_path / "b.sld").write_text(sld(color_map(LOW, HIGH), color_map(HIGH, LOW.replace("-5", "9"))))
    assert [(each.name, each.limits) for each in load_colormaps(tmp_path / "b.sld")] == [
        ("b 1", (-5, 5)),
        ("b 2", (5, 9)),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (sld("<Fill/>"), "a.sld:1: it has no <ColorMap>; give the style of a raster, not of vectors"),
        (sld("<ColorMap/>"), "a.sld:2: it is empty; write a <ColorMapEntry> for each colour"),
        (sld(color_map("<Categorize/>")), "a.sld:2: it holds <Categorize>; write a <ColorMapEntry> for each colour"),
        (sld(color_map(LOW, kind=' type="rmap"')), "a.sld:2: unknown type 'rmap'; did you mean ramp?"),
        (sld(color_map(HIGH, LOW)), "a.sld:4: -5 follows 5; values must rise"),
        (sld(color_map(LOW, LOW)), "a.sld:4: all values are -5; give two values or more"),
        (sld(color_map(LOW, HIGH.replace("#0000ff", "blue"))), "a.sld:4: color is 'blue'; write #rrggbb"),
        (sld(color_map(LOW, HIGH.replace("0.2", "2"))), "a.sld:4: opacity of <ColorMapEntry> is 2; it must"),
        (sld(color_map(LOW, HIGH.replace('quantity="5"', ""))), "a.sld:4: <ColorMapEntry> has no 'quantity'; write"),
        (sld(color_map(LOW, HIGH.replace("5", "${x}", 1))), "a.sld:4: '${x}' is not a number; quantity of"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(complaint, text, message):
    assert complaint("a.sld", text).startswith(message)
