from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import load_colormap, load_colormaps, save_colormap
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "glacier-and-ember.json"


@pytest.fixture
def load(tmp_path):
    def load(*maps, name="map.json"):
        (tmp_path / name).write_text(json.dumps(maps[0] if len(maps) == 1 else list(maps)))
        return load_colormap(tmp_path / name) if len(maps) == 1 else load_colormaps(tmp_path / name)

    return load


def ramp(*points, **keys):
    return {"Name": "mine", "ColorSpace": "RGB", "RGBPoints": list(points), **keys}


def test_a_file_holds_several_maps():
    diverging, sequential, categorical = load_colormaps(FIXTURE, "paraview")
    assert [each.name for each in (diverging, sequential, categorical)] == [
        "glacier and ember",
        "meltwater",
        "ice and rock",
    ]
    assert diverging.licence == "traitsview; CC0-1.0"
    assert diverging.bad == (0.35, 0.35, 0.35, 1.0)
    assert diverging.limits is None
    middle = diverging.lut(257)[128]
    assert np.ptp(middle[:3]) < 0.01  # Moreland's middle is a light grey
    assert middle[0] > 0.85
    assert sequential.limits == (0, 100)
    assert sequential.under == (0.02, 0.02, 0.06, 1.0)
    np.testing.assert_allclose(sequential.lut(101)[40], (0.11, 0.45, 0.56, 1), atol=2e-3)
    assert categorical.discrete == 4
    assert categorical.values == (0, 1, 2, 3)
    assert categorical.labels == ("snow", "bare ice", "rock", "moss")
    assert (diverging.warnings, sequential.warnings, categorical.warnings) == ((), (), ())


def test_positions_of_data_become_limits(load):
    found = load(ramp(-5, 0, 0, 0, 0, 0.5, 0, 0, 15, 1, 1, 1))
    assert found.limits == (-5, 15)
    np.testing.assert_allclose(found.lut(5)[:, 0], [0, 0.5, 2 / 3, 5 / 6, 1])
    assert load(ramp(-1, 0, 0, 0, 1, 1, 1, 1)).limits is None


@pytest.mark.parametrize(
    ("space", "keys", "middle"),
    [
        ("RGB", {}, (0.5, 0, 0.5)),
        ("HSV", {}, (0, 1, 0)),  # red is 0, blue 2/3
        ("HSV", {"HSVWrap": 1}, (1, 0, 1)),
        ("Lab", {}, (0.792, 0, 0.537)),  # L* 42.8, a* 79.6, b* -20.3, as far as a screen shows it
        ("CIELAB", {}, (0.792, 0, 0.537)),
        ("Diverging", {}, (1, 1, 1)),
    ],
)
def test_colours_run_in_the_space_that_is_named(load, space, keys, middle):
    found = load(ramp(0, 1, 0, 0, 1, 0, 0, 1, ColorSpace=space, **keys))
    np.testing.assert_allclose(found.lut(257)[128, :3], middle, atol=0.012)


def test_steps_have_the_colour_of_their_end(load):
    even = load(ramp(0, 1, 1, 1, 0.333, 1, 0, 0, 0.667, 0, 1, 0, 1, 0, 0, 1, ColorSpace="Step"))
    assert even.discrete == 3
    np.testing.assert_allclose(even.lut(3)[:, :3], np.eye(3))
    odd = load(ramp(0, 1, 1, 1, 0.25, 1, 0, 0, 1, 0, 0, 1, ColorSpace="Step"))
    np.testing.assert_allclose(odd.lut(8)[:, 0], [1, 1, 0, 0, 0, 0, 0, 0])


def test_two_points_at_one_position_are_a_hard_step(load):
    found = load(ramp(0, 0, 0, 0, 0.5, 0, 0, 0, 0.5, 1, 1, 1, 1, 1, 1, 1))
    assert set(found.lut(100)[:, 0]) == {0.0, 1.0}


#: What the warning of opacity that is left out begins with.
VOLUMES = "Its opacity is for volumes"


def test_opacity_becomes_alpha_where_it_is_said_to_be_for_surfaces(load):
    opacity = [0, 0, 0.5, 0, 0.5, 1, 0.5, 0, 1, 1, 0.5, 0]
    found = load(ramp(0, 0, 0, 0, 1, 1, 1, 1, Points=opacity, EnableOpacityMapping=1))
    np.testing.assert_allclose(
        found.lut(5), [[0] * 3 + [0], [0.25] * 3 + [0.5], *([x] * 3 + [1] for x in (0.5, 0.75, 1))]
    )
    for off in ({}, {"EnableOpacityMapping": False}):
        opaque = load(ramp(0, 0, 0, 0, 1, 1, 1, 1, Points=opacity, **off))
        assert [each[: len(VOLUMES)] for each in opaque.warnings] == [VOLUMES]
        assert (opaque.lut(5)[:, 3] == 1).all()
    bent = load(ramp(0, 0, 0, 0, 1, 1, 1, 1, Points=[0, 0, 0.2, 0, 1, 1, 0.5, 1], EnableOpacityMapping=True))
    assert bent.warnings == ("The bends of its opacity were read as straight lines.",)


def test_colours_beyond_the_ends_count_unless_they_are_turned_off(load):
    found = load(
        ramp(0, 0, 0, 0, 1, 1, 1, 1, AboveRangeColor=[1, 0, 0], BelowRangeColor=[0, 0, 1], UseBelowRangeColor=0)
    )
    assert (found.under, found.over, found.bad) == (None, (1, 0, 0, 1), None)
    assert load(ramp(0, 0, 0, 0, 1, 1, 1, 1, NanColor=[0, 1, 0], NanOpacity=0.5)).bad == (0, 1, 0, 0.5)


def test_flat_colours_may_have_values_and_labels(load):
    colors = {"Name": "m", "IndexedColors": [1, 0, 0, 0, 1, 0], "RGBPoints": [0, 1, 0, 0, 1, 0, 1, 0]}
    assert load({**colors, "Annotations": [3, "rock", "7", "ice"]}).labels == ("rock", "ice")
    assert load({**colors, "Annotations": ["3", "3", "7", "7"]}).values == (3, 7)
    assert load({**colors, "Annotations": ["3", "3", "7", "7"]}).labels == ()
    assert load({**colors, "Annotations": ["a", "rock", "b", "ice"]}).values == ()
    odd = load({**colors, "Annotations": ["3", "rock"]})
    assert (odd.values, odd.warnings) == ((), ("It has 1 annotation for 2 colours: left out.",))
    clear = {**colors, "IndexedOpacities": [1, 0.5]}
    assert (load({**clear, "EnableOpacityMapping": True}).lut(2)[:, 3] == [1, 0.5]).all()
    assert (load(clear).lut(2)[:, 3] == 1).all()
    assert load(clear).warnings[0].startswith(VOLUMES)


def test_what_is_left_out_is_said(load):
    found = load(
        {"Name": "m", "RGBPoints": [0, 0, 0, 0, 1, 1, 1, 1], "Mood": "dark", "Discretize": 1, "NumberOfTableValues": 8}
    )
    assert found.warnings == (
        "What it says as 'Mood' was left out.",
        "ParaView shows it in 8 flat colours: read as a gradient.",
        "It names no ColorSpace: read as RGB.",
    )
    near = load(ramp(0, 0, 0, 0, 1, 1, 1, 1, ColorSpace="Lab/CIEDE2000"))
    assert near.warnings == ("Its colours run evenly in Lab/CIEDE2000: read as Lab, which is near.",)


def test_logarithmic_positions_keep_their_limits(load):
    found = load(ramp(1, 0, 0, 0, 10, 0.5, 0.5, 0.5, 100, 1, 1, 1, UseLogScale=1))
    assert found.limits == (1, 100)
    np.testing.assert_allclose(found.lut(3)[:, 0], [0, 0.5, 1])
    assert found.warnings == ("Its positions are logarithmic: show it with the scale log10.",)


def test_a_map_without_a_name_has_that_of_its_file(load):
    assert load({"ColorSpace": "RGB", "RGBPoints": [0, 0, 0, 0, 1, 1, 1, 1]}).name == "map"
    assert load(ramp(0, 0, 0, 0, 1, 1, 1, 1, Name="a\x1b[0m\n  b")).name == r"a\x1b[0m b"


def test_cyclic_is_what_says_so_and_ends_where_it_begins(load):
    assert load(ramp(0, 1, 0, 0, 0.5, 0, 0, 1, 1, 1, 0, 0, Category="Cyclic")).cyclic
    assert not load(ramp(0, 1, 0, 0, 1, 0, 0, 1, Category="Cyclic")).cyclic


FINE = [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            ramp(0, 0, 0, 0, 1, 1, 1),
            "colormap 'mine': RGBPoints has 7 numbers; give position, red, green, blue for each of two points or more",
        ),
        (ramp(0, 0, 0, 0), "colormap 'mine': RGBPoints has 4 numbers; give position"),
        (ramp(0, 0, 0, 0, 1, 1, 2, 1), "colormap 'mine': RGBPoints[6] is 2; it must be in 0 … 1"),
        (ramp(0, 0, 0, -1, 1, 1, 1, 1), "colormap 'mine': RGBPoints[3] is -1; it must be in 0 … 1"),
        (ramp(0, 0, 0, "abc", 1, 1, 1, 1), "colormap 'mine': RGBPoints[3] is the text 'abc'; a number was expected"),
        (
            ramp(0, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1, 1),
            "colormap 'mine': RGBPoints do not rise: point 3 is at 1 after one at 2; sort them by position",
        ),
        (ramp(1, 0, 0, 0, 1, 1, 1, 1), "colormap 'mine': RGBPoints all lie at 1; give two positions or more"),
        (ramp(*FINE, ColorSpace="Labb"), "colormap 'mine': it has the unknown ColorSpace 'Labb'; did you mean lab?"),
        (
            ramp(*FINE, ColorSpace="CMYK"),
            "has the unknown ColorSpace 'CMYK'; use RGB, HSV, Lab, CIELAB, Diverging or Step",
        ),
        (ramp(*FINE, NanColour=[0, 0, 0]), "it has the unknown key 'NanColour'; did you mean NanColor?"),
        (ramp(*FINE, NanColor=[0, 0]), "colormap 'mine': NanColor has 2 numbers; give red, green, blue"),
        (ramp(*FINE, NanColor=[0, 0, 255]), "colormap 'mine': NanColor[2] is 255; it must be in 0 … 1"),
        (ramp(*FINE, Points=[0, 1, 0.5]), "Points has 3 numbers; give position, opacity, midpoint, sharpness for each"),
        (ramp(*FINE, Points=[1, 1, 0.5, 0, 0, 0, 0.5, 0]), "Points do not rise; sort them by position"),
        (ramp(*FINE, Points=[0, 2, 0.5, 0]), "Points[1] is 2; it must be in 0 … 1"),
        (ramp(*FINE, UseLogScale=1), "it has UseLogScale and a point at 0; logarithms need positions above 0"),
        ({"Name": "mine"}, "colormap 'mine': it has no RGBPoints; give position, red, green, blue for each point"),
        (
            {"Name": "mine", "RGBPoints": FINE, "IndexedColors": [1, 0]},
            "IndexedColors has 2 numbers; give red, green, blue",
        ),
        (
            {"Name": "mine", "IndexedColors": [1, 0, 0], "IndexedOpacities": [1, 1]},
            "IndexedOpacities has 2 numbers; give one for each of 1 colour",
        ),
        ({"Name": "mine", "IndexedColors": [1, 0, 0], "Annotations": ["1"]}, "Annotations are not pairs; give a value"),
        ([], "map.json: it holds no colormap; add an object with Name and RGBPoints"),
        ([1], "[0] is 1; an object, "),
        (
            [{"ColorSpace": "Lab", "RGBPoints": [0, 0, 0, 0] * 40}] * 101,
            "map.json: it has 4040 points in Lab, HSV or Diverging; at most 4000 are read: split it",
        ),
        (ramp(*FINE * 20_000), "map.json: it has 40000 points; at most 30000 are read"),
        ([{}] * 501, "map.json: it has 501 items; a colormap has at most 500"),
        ({str(i): 1 for i in range(300)}, "map.json: it has 300 keys; give a colormap"),
    ],
)
def test_each_fault_is_named_with_its_place(tmp_path, content, message):
    path = tmp_path / "map.json"
    path.write_text(json.dumps(content))
    with pytest.raises(ColormapError) as caught:
        load_colormaps(path, "paraview")
    assert message in str(caught.value)
    assert str(caught.value).startswith("map.json: ")


def test_a_fault_in_one_of_several_maps_says_which(tmp_path):
    path = tmp_path / "map.json"
    path.write_text(json.dumps([ramp(*FINE, Name="good"), {"RGBPoints": [0]}]))
    with pytest.raises(ColormapError, match=r"map.json: colormap 2: RGBPoints has 1 number"):
        load_colormaps(path)


def random_map(rng) -> Colormap:
    def color():
        return tuple(rng.choice([rng.random(4).round(3), rng.random(4), np.append(rng.random(3), 1)]).tolist())

    opaque = [None if rng.random() < 0.5 else (*rng.random(3).tolist(), 1.0) for _ in range(2)]
    attributes = {
        "under": opaque[0],
        "over": opaque[1],
        "bad": None if rng.random() < 0.5 else color(),
        "licence": str(rng.choice(["", "CC0", "Ä. Ünal; CC-BY 4.0"])),
    }
    count = int(rng.integers(1, 12))
    if rng.random() < 0.4:
        if rng.random() < 0.5:
            attributes["values"] = tuple(np.sort(rng.normal(0, 100, count)).tolist())
            attributes["labels"] = tuple(f"class {i}" for i in range(count)) if rng.random() < 0.5 else ()
        return Colormap.from_colors("flat", [color() for _ in range(count)], flat=True, **attributes)
    places = np.sort(rng.random(count + 1).round(int(rng.integers(1, 17))))
    places[-1] += 1
    places = places[np.append([True, True], places[2:] > places[:-2])]  # more than two at one position are never seen
    colors = [color() for _ in places]
    if rng.random() < 0.5:
        colors = [(*each[:3], 1.0) for each in colors]
    if rng.random() < 0.5:
        attributes["limits"] = tuple(np.sort(rng.normal(0, 10 ** rng.uniform(-3, 6), 2)).tolist())
    return Colormap.from_stops("ramp é", list(zip(places.tolist(), colors, strict=True)), **attributes)


def test_what_is_written_is_read_back(tmp_path):
    rng = np.random.default_rng(20)
    for _ in range(300):
        colormap = random_map(rng)
        save_colormap(colormap, tmp_path / "m.json", "paraview")
        found = load_colormap(tmp_path / "m.json", "paraview")
        for name in ("name", "under", "over", "bad", "licence", "values", "labels", "discrete", "cyclic", "warnings"):
            assert getattr(found, name) == getattr(colormap, name), name
        assert found.limits == pytest.approx(colormap.limits)
        np.testing.assert_allclose([c for _, c in found.stops], [c for _, c in colormap.stops], atol=1e-12)
        np.testing.assert_allclose([x for x, _ in found.stops], [x for x, _ in colormap.stops], atol=1e-12)


def test_a_map_that_is_a_function_is_written_too(tmp_path):
    from traitsview.color.catalogue import colormap

    save_colormap(colormap("cubehelix"), tmp_path / "m.json", "paraview")
    found = load_colormap(tmp_path / "m.json")
    np.testing.assert_allclose(found.lut(256), colormap("cubehelix").lut(256), atol=1e-6)


def test_a_hinge_is_written_as_its_place_between_the_limits(tmp_path):
    stops = [(0.0, (0, 0, 1, 1)), (0.5, (1, 1, 1, 1)), (1.0, (1, 0, 0, 1))]
    save_colormap(Colormap.from_stops("h", stops, limits=(-1, 3), hinge=0), tmp_path / "m.json", "paraview")
    found = load_colormap(tmp_path / "m.json")
    assert [position for position, _ in found.stops] == [0, 0.25, 1]
    assert found.limits == (-1, 3)


def test_translucent_colours_beyond_the_ends_cannot_be_written(tmp_path):
    mine = Colormap.from_colors("mine", [(0, 0, 0, 1), (1, 1, 1, 1)], under=(0, 0, 0, 0.5))
    message = "cannot write 'mine' for ParaView: its colour below the limits is translucent; make it opaque"
    with pytest.raises(ColormapError, match=message):
        save_colormap(mine, tmp_path / "m.json", "paraview")
