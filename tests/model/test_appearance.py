"""How an image looks: what an appearance takes, limits from parts and for several viewers, labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from kit.patience import PATIENCE
from traits.api import TraitError

from traitsview.color.catalogue import catalogue, colormap
from traitsview.color.colormap import Colormap
from traitsview.color.limits import MENU
from traitsview.color.look import Look
from traitsview.color.shading import Shading
from traitsview.model.appearance import Appearance
from traitsview.model.image_viewer import ImageViewer
from traitsview.model.loading.indexer import Indexer
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.summary import summary_of

SUMMARY = summary_of(np.linspace(-10, 30, 1001), exact=True)

INFO = ArraySource(np.zeros((2, 2))).info


@pytest.fixture
def look_at():
    """Make viewers that are closed in the end."""
    made = []

    def make(array, **options):
        kind = options.pop("kind", None)
        source = ArraySource(array) if kind is None else ArraySource(array, kind=kind)
        made.append(ImageViewer(source=source, **options))
        assert made[-1].wait(PATIENCE)
        return made[-1]

    yield make
    for viewer in made:
        viewer.close()


def ramp():
    y, x = np.mgrid[:400, :600]
    return (y * 10 + x).astype(np.float32)


@pytest.mark.parametrize("name", ["under", "over", "bad"])
def test_colours_beyond_the_ends_are_the_users(name):
    appearance = Appearance(limits=(0, 1), colormap="viridis")
    values = np.array([[{"under": -1, "over": 2, "bad": np.nan}[name]]])
    before = Shading.of(SUMMARY, appearance.look).rgba(values)[0, 0].tolist()
    for said in ("#ff8000", (1, 128 / 255, 0), [1.0, 128 / 255, 0.0, 1.0]):
        setattr(appearance, name, said)
        assert Shading.of(SUMMARY, appearance.look).rgba(values)[0, 0].tolist() == [255, 128, 0, 255]
    setattr(appearance, name, None)
    assert Shading.of(SUMMARY, appearance.look).rgba(values)[0, 0].tolist() == before


def test_the_users_colours_come_before_those_of_the_colormap():
    own = replace(colormap("viridis"), under=(1, 0, 0, 1), over=(0, 1, 0, 1), bad=(0, 0, 1, 1))
    appearance = Appearance(limits=(0, 1), colormap=own, over="white")
    pixels = Shading.of(SUMMARY, appearance.look).rgba(np.array([[-1, 2, np.nan]]))[0]
    assert pixels.tolist() == [[255, 0, 0, 255], [255, 255, 255, 255], [0, 0, 255, 255]]


@pytest.mark.parametrize(
    "wrong", ["no colour", "#12", (1, 2, 3), (0, 0), (0, 0, 0, 0, 0), 7, ("a", "b", "c"), (0, 0, np.nan)]
)
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(TraitError):
        Appearance(bad=wrong)


@pytest.mark.parametrize("scale", ["power:0.5", "symlog", "hinge:3", "histogram", "labels0"])
def test_scales_with_numbers_are_taken(scale):
    assert Appearance(scale=scale).scale == scale


def test_a_wrong_scale_is_answered_with_the_nearest():
    with pytest.raises(TraitError, match="did you mean 'asinh'"):
        Appearance(scale="arcsinh")


@pytest.mark.parametrize(("name", "values"), [("contrast", (0, 10.1, -1)), ("bias", (-0.1, 1.1))])
def test_contrast_and_bias_have_ranges(name, values):
    for value in values:
        with pytest.raises(TraitError):
            Appearance(**{name: value})


def test_contrast_and_bias_are_those_of_ds9():
    values = np.linspace(-10, 30, 401)
    shading = Shading.of(SUMMARY, Look(colormap("gray"), (-10, 30), contrast=4.0, bias=0.25))
    expected = np.clip(((values + 10) / 40 - 0.25) * 4 + 0.5, 0, 1)
    np.testing.assert_allclose(shading.fraction_of(values), expected, atol=1e-12)
    rows = shading.indices(values[None])[0]
    np.testing.assert_allclose(rows, np.minimum(np.floor(expected * 256), 255), atol=1)
    inner = np.linspace(-4, 4, 50)
    np.testing.assert_allclose(shading.value_at(shading.fraction_of(inner)), inner, atol=1e-9)


def test_contrast_does_not_band():
    rows = Shading.of(SUMMARY, Look(colormap("gray"), (0, 1), contrast=10.0)).indices(
        np.linspace(0.4, 0.6, 10_000)[None]
    )
    assert len(np.unique(rows)) == 256


@pytest.mark.parametrize("kind", [int, np.int64, str])
def test_limits_keep_every_digit(kind):
    appearance = Appearance(limits=(kind(2**60 + 1), kind(2**60 + 40)))
    assert appearance.limits == (2**60 + 1, 2**60 + 40)


def test_limits_the_other_way_round_run_the_colours_the_other_way():
    values = np.linspace(-15, 35, 300)[None]
    one, other = (Shading.of(SUMMARY, Look(colormap("viridis"), limits)) for limits in ((30, -10), (-10, 30)))
    np.testing.assert_array_equal(one.rgba(values), replace(other, inverted=True).rgba(values))
    assert one.limits == (-10, 30)
    both = Shading.of(SUMMARY, Look(colormap("viridis"), (30, -10), inverted=True))
    np.testing.assert_array_equal(both.rgba(values), other.rgba(values))


def test_the_hinge_of_a_colormap_is_used_unless_another_scale_is_chosen():
    hinged = Colormap.from_stops(
        "geo", [(-1, (0, 0, 1, 1)), (0, (1, 1, 1, 1)), (1, (0, 1, 0, 1))], limits=(-500.0, 3000.0), hinge=0.0
    )
    shading = Shading.of(SUMMARY, Look(hinged, (-500, 3000)))
    assert shading.scale == "hinge:0"
    np.testing.assert_allclose(shading.fraction_of([-500, -250, 0, 1500, 3000]), [0, 0.25, 0.5, 0.75, 1])
    assert Shading.of(SUMMARY, Look(hinged, (-500, 3000), "sqrt")).scale == "sqrt"
    assert Shading.of(SUMMARY, Look(hinged, (-500, 3000), "hinge:9")).scale == "hinge:9"


def test_a_histogram_follows_the_image():
    values = np.random.default_rng(0).exponential(size=50_000)
    shading = Shading.of(summary_of(values, exact=True), Look(colormap("gray"), "minmax", "histogram"))
    counts = np.bincount(shading.indices(values[None])[0] // 16)
    assert counts.min() > 0.8 * values.size / 16


@pytest.mark.parametrize(
    "values", [[np.nan] * 5, [7.0] * 5, [np.inf, -np.inf, np.nan], [0.0], [], [1e308, -1e308], [5e-324, 0]]
)
@pytest.mark.parametrize("scale", ["linear", "log", "symlog", "histogram", "hinge:0", "labels"])
@pytest.mark.parametrize("limits", ["minmax", "99.5%", "zscale", "3sigma", "1% 99%"])
def test_any_image_has_a_picture(values, scale, limits):
    values = np.array(values, np.float64)
    shading = Shading.of(summary_of(values, exact=True), Look(colormap("viridis"), limits, scale))
    pixels = shading.rgba(values[None])[0]
    assert (pixels[np.isnan(values)] == 0).all()
    assert (pixels[np.isfinite(values)][:, 3] == 255).all()
    if len(values) and (values == 7).all() and scale == "linear":
        assert pixels[0].tolist() == colormap("viridis").lut(256)[128].__mul__(255).astype(int).tolist()


def test_masked_values_are_bad():
    values = np.ma.masked_greater(np.linspace(0, 1, 20).reshape(4, 5), 0.5)
    pixels = Shading.of(SUMMARY, Look(colormap("viridis"), (0, 1))).rgba(values)
    np.testing.assert_array_equal(pixels[..., 3] == 0, values.mask)


# ---- limits from a part, and for several viewers ---------------------------------------------


def test_limits_come_from_what_is_visible(look_at):
    viewer = look_at(ramp())
    viewer.appearance.limits = "minmax"
    viewer.one_to_one()
    viewer.zoom(4.0, (300, 200))
    assert viewer.wait(PATIENCE)
    before = viewer.shading.limits
    viewer.limits_from()
    assert viewer.wait(PATIENCE)
    x0, x1, y0, y1 = viewer.viewport.extent
    low, high = viewer.appearance.limits
    assert before[0] < low < high < before[1]
    assert low == pytest.approx(10 * y0 + x0, abs=25)
    assert high == pytest.approx(10 * y1 + x1, abs=25)
    viewer.pan(200, 100)
    assert viewer.wait(PATIENCE)
    assert viewer.appearance.limits == (low, high)


def test_limits_come_from_a_region_by_a_rule(look_at):
    viewer = look_at(ramp())
    viewer.limits_from((100, 200, 100, 150), "minmax")
    assert viewer.wait(PATIENCE)
    assert viewer.appearance.limits == (1100.0, 149 * 10 + 199.0)
    viewer.limits_from((-1e6, 1e6, -1e6, 1e6), "minmax")
    assert viewer.wait(PATIENCE)
    assert viewer.appearance.limits == (0.0, 3990.0 + 599)


@pytest.mark.parametrize(
    ("extent", "why"),
    [((1e4, 2e4, 0, 9), "outside"), ((0, 3, 0, 3), "no value is finite"), ((3, 3, 0, 1), "extent|part")],
)
def test_a_part_without_limits_says_so(look_at, extent, why):
    array = ramp()
    array[:5, :5] = np.nan
    viewer = look_at(array)
    before = viewer.appearance.limits
    viewer.limits_from(extent)
    assert viewer.wait(PATIENCE)
    assert viewer.appearance.limits == before
    assert any(word in viewer.status.notice for word in why.split("|"))
    assert viewer.status.notice in viewer.shown


def test_taking_limits_from_a_part_does_not_wait(look_at, wait_until):
    import threading

    viewer = look_at(ramp())
    go_on, summarize = threading.Event(), viewer.source.summarize

    def slow(*args, **options):
        assert go_on.wait(PATIENCE)
        return summarize(*args, **options)

    viewer.source.summarize = slow
    before = viewer.appearance.limits
    viewer.limits_from((0, 10, 0, 10), "minmax")
    assert viewer.appearance.limits == before
    go_on.set()
    assert viewer.wait(PATIENCE)
    assert viewer.appearance.limits == (0.0, 99.0)


def test_limits_that_were_chosen_later_are_not_overruled_by_a_part(look_at):
    import threading

    viewer = look_at(ramp())
    go_on, summarize = threading.Event(), viewer.source.summarize

    def slow(*args, **options):
        assert go_on.wait(PATIENCE)
        return summarize(*args, **options)

    viewer.source.summarize = slow
    viewer.limits_from((0, 10, 0, 10), "98%")
    viewer.appearance.limits = (5.0, 6.0)
    go_on.set()
    assert viewer.wait(PATIENCE)
    assert viewer.appearance.limits == (5.0, 6.0)


def test_limits_that_are_held_stay_from_image_to_image(look_at):
    viewer = look_at(np.stack([ramp(), ramp() * 3]))
    viewer.hold_limits()
    held = viewer.appearance.limits
    assert held == viewer.shading.limits
    viewer.plane = (1,)
    viewer.measure()
    assert viewer.wait(PATIENCE)
    assert viewer.shading.limits == held


def test_viewers_that_share_an_appearance_share_limits(look_at):
    one, other = look_at(ramp()), look_at(ramp() * 2)
    other.appearance = one.appearance
    assert one.shading.limits != other.shading.limits  # a rule is each image's own
    one.hold_limits()
    assert one.shading.limits == other.shading.limits
    other.limits_from((0, 10, 0, 10), "minmax")
    assert other.wait(PATIENCE)
    assert one.shading.limits == other.shading.limits == (0.0, 198.0)
    one.appearance.contrast = 3.0
    assert other.shading.contrast == 3.0


@pytest.mark.parametrize("rule", [*MENU, "1% 99%"])
@pytest.mark.parametrize("scale", ["linear", "histogram"])
def test_panning_and_tiles_that_come_move_no_limits(look_at, rule, scale):
    viewer = look_at(ramp() ** 3)
    viewer.appearance.trait_set(limits=rule, scale=scale)
    viewer.one_to_one()
    assert viewer.wait(PATIENCE)
    seen = []
    viewer.observe(lambda event: seen.append(viewer.shading.indexing), "shading, pixels.held, pixels.overview")
    for _ in range(5):
        viewer.pan(60, 40)
        assert viewer.wait(PATIENCE)
    viewer.fit()
    assert viewer.wait(PATIENCE)
    assert set(seen) == {viewer.shading.indexing}


# ---- labels ----------------------------------------------------------------------------------


def test_labels_are_not_averaged(look_at):
    labels = (np.mgrid[:600, :800].sum(axis=0) // 7 % 50).astype(np.uint16)
    viewer = look_at(labels)
    viewer.appearance.trait_set(colormap="tab10", scale="labels")
    assert viewer.reduction == "mode"
    viewer.zoom(0.25)
    assert viewer.shown.startswith("most frequent of")
    viewer.appearance.scale = "linear"
    assert viewer.reduction == "mean"
    viewer.reduction = "max"
    viewer.appearance.scale = "labels0"
    assert viewer.reduction == "max"


def test_means_of_labels_are_shown_to_who_asks_for_them(look_at):
    viewer = look_at(np.arange(12, dtype=np.uint8).reshape(3, 4), kind="labels")
    viewer.reduction = "mean"
    viewer.appearance.colormap = "tab10"
    assert viewer.reduction == "mean"


def test_an_image_of_labels_is_shown_as_one(look_at):
    viewer = look_at(np.arange(12, dtype=np.uint8).reshape(3, 4), kind="labels")
    assert (viewer.appearance.scale, viewer.reduction) == ("labels", "mode")
    colors = viewer.shading.rgba(np.arange(12.0)[None])[0]
    assert len(np.unique(colors, axis=0)) == 12


def test_a_colormap_that_is_another_one_by_now_has_colours_in_its_own_number(tmp_path):
    def opened(count):
        path = tmp_path / "flat.cpt"
        path.write_text("".join(f"{k} {20 * k} 0 0 {k + 1} {20 * k} 0 0\n" for k in range(count)))
        [id] = catalogue().add_file(path)
        return id

    indexer, appearance = Indexer(), Appearance(colormap=opened(3))
    before = indexer.indexing(appearance.look, SUMMARY, INFO)
    assert indexer.indexing(appearance.look, SUMMARY, INFO) is before
    assert opened(6) == appearance.colormap
    appearance.reread()
    assert (before.size, indexer.indexing(appearance.look, SUMMARY, INFO).size) == (3, 6)


@pytest.mark.parametrize("count", [3, 2000])
def test_a_long_list_of_labels_stays_here(count):
    colors = np.random.default_rng(0).integers(0, 256, (count, 3)) / 255
    listed = tuple(map(float, range(5, 5 + 7 * count, 7)))
    look = Look(Colormap.from_colors("atlas", [(*c, 1) for c in colors], flat=True, values=listed))
    assert (Indexer().indexing(look, SUMMARY, INFO) is None) == (count == 2000)
    shown = Shading.of(SUMMARY, look).rgba(np.array([listed]))[0, :, :3]
    assert shown.tolist() == np.rint(colors * 255).astype(int).tolist()


def test_a_look_has_what_an_appearance_chooses():
    appearance = Appearance(colormap="magma_r", limits=(1, 2), scale="log", inverted=True, contrast=2.0, bias=0.25)
    chosen = ("magma_r", (1, 2), "log", True, 2.0, 0.25)
    look = appearance.look
    assert (look.colormap.name, look.limits, look.scale, look.inverted, look.contrast, look.bias) == chosen
    assert appearance.look is look
    appearance.over = "red"
    assert appearance.look == replace(look, over=(1.0, 0.0, 0.0, 1.0))


def test_who_follows_the_look_is_told_of_each_choice():
    appearance, seen = Appearance(), []
    appearance.observe(lambda event: seen.append(appearance.look), "look")
    for name, value in {"limits": "minmax", "scale": "sqrt", "bad": "blue", "colormap": "viridis"}.items():
        setattr(appearance, name, value)
    assert [(look.limits, look.scale, look.bad is None, look.colormap.name) for look in seen] == [
        ("minmax", "linear", True, "gray"),
        ("minmax", "sqrt", True, "gray"),
        ("minmax", "sqrt", False, "gray"),
        ("minmax", "sqrt", False, "viridis"),
    ]


def test_colours_have_no_mode_of_labels(look_at):
    viewer = look_at(np.zeros((3, 4, 3), np.uint8), kind="rgb")
    viewer.appearance.scale = "labels"
    assert viewer.reduction == "mean"
