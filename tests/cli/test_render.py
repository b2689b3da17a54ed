"""`traitsview render` writes the pixels of a source as numbers or as a picture."""

import os
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from PIL import Image

from traitsview.cli.main import main
from traitsview.cli.output_file import WriteError, whole_file
from traitsview.cli.render import look_for, reduction_for, viewport_for
from traitsview.color.catalogue import colormap
from traitsview.color.shading import Shading
from traitsview.geometry import Viewport
from traitsview.model.image_viewer import ImageViewer
from traitsview.opening import open_in_host
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.registry import open_source


def done(line):
    """Run a command line whose words hold no spaces, and return the exit code."""
    return main(line.split())


@pytest.fixture(autouse=True)
def image(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    array = np.random.default_rng(3).normal(size=(220, 310)).astype(np.float32)
    np.save("image.npy", array)
    return array


def test_small_image_is_written_element_by_element(image):
    assert main(["render", "image.npy", "-o", "out.npy"]) == 0
    found = np.load("out.npy")
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, image)


def test_large_image_is_fitted_into_full_hd():
    info = ArraySource(np.broadcast_to(np.float32(0), (5400, 19200))).info
    assert viewport_for(info, None, None).shape == (540, 1920)
    assert viewport_for(info, None, (0.0, 100.0, 0.0, 50.0)) == Viewport((1, 1), (0, 0), (50, 100))


def test_pixels_equal_those_of_the_source_and_of_a_host_to_the_bit():
    assert done("render image.npy -o out.npy --extent -5 200.5 10 1.5e2 --size 97x61 --reduction max") == 0
    viewport = Viewport.covering((-5, 200.5, 10, 150), (61, 97))
    with open_source("image.npy") as source, open_in_host(os.path.abspath("image.npy")) as remote:
        np.testing.assert_array_equal(np.load("out.npy"), source.render(viewport, reduction="max"))
        np.testing.assert_array_equal(np.load("out.npy"), remote.render(viewport, reduction="max"))


@pytest.mark.parametrize("name", ["lower", "upper"])
def test_picture_has_the_shaded_pixels_with_the_right_edge_on_top(name, image):
    if name == "lower":
        fits.PrimaryHDU(image).writeto("image.fits")
    source = "image.fits" if name == "lower" else "image.npy"
    argv = f"render {source} -o out.png --colormap viridis --limits -1 2 --scale asinh --invert"
    assert done(argv) == 0
    expected = Shading((-1, 2), colormap("viridis"), "asinh", inverted=True).rgba(image)[..., :3]
    with Image.open("out.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), expected[::-1] if name == "lower" else expected)


def test_pixels_beyond_the_image_are_transparent():
    assert done("render image.npy -o out.png --extent -10 10 0 10 --size 20x10") == 0
    with Image.open("out.png") as picture:
        alpha = np.asarray(picture)[..., 3]
    assert (alpha[:, :10] == 0).all()
    assert (alpha[:, 10:] == 255).all()


def test_colour_image_is_written_without_change():
    array = np.random.default_rng(1).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    np.save("rgb.npy", array)
    assert done("render rgb.npy -o out.png") == 0
    with Image.open("out.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), array)


def test_plane_is_named_by_its_axis():
    cube = np.arange(60.0).reshape(3, 4, 5)
    hdu = fits.PrimaryHDU(cube)
    hdu.header["CTYPE3"] = "FREQ"
    hdu.writeto("cube.fits")
    assert done("render cube.fits -o out.npy --plane FREQ=2") == 0
    np.testing.assert_array_equal(np.load("out.npy"), cube[2])


@pytest.mark.parametrize("limits", ["0 1", "-1e-3 1e3", "minmax", "zscale", "99.5%"])
def test_limits_can_be_given_in_every_documented_form(limits):
    assert main(["render", "--limits", *limits.split(), "image.npy", "-o", "out.png"]) == 0


def test_existing_file_survives_a_failure(monkeypatch):
    assert done("render image.npy -o out.png") == 0
    before = Path("out.png").read_bytes()
    monkeypatch.setattr("os.fsync", lambda fd: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(WriteError, match="no space left on device"), whole_file("out.png") as stream:
        stream.write(b"half")
    assert Path("out.png").read_bytes() == before
    assert sorted(os.listdir()) == ["image.npy", "out.png"]


@pytest.mark.parametrize("suffix", ["npy", "png"])
def test_reduced_labels_are_the_most_frequent_ones(suffix):
    labels = np.random.default_rng(0).integers(0, 3, (90, 120)).astype(np.uint8)
    np.save("labels.npy", labels)
    viewport = Viewport.covering((0, 120, 0, 90), (30, 40))
    look = f"-o out.{suffix} --size 40x30 --colormap tab10"

    def written():
        return np.load("out.npy") if suffix == "npy" else np.asarray(Image.open("out.png"))

    for words, reduction in (("", "mode"), ("--reduction mean", "mean"), ("--reduction nearest", "nearest")):
        assert done(f"render labels.npy {look} --scale labels {words}") == 0
        pixels = ArraySource(labels).render(viewport, None, reduction)
        shading = Shading((0, 1), colormap("tab10"), "labels")
        np.testing.assert_array_equal(written(), pixels if suffix == "npy" else shading.rgba(pixels)[..., :3])


def test_an_image_of_labels_looks_as_in_a_window(monkeypatch):
    labels = np.random.default_rng(0).integers(0, 99, (30, 40)).astype(np.uint8)
    monkeypatch.setattr("traitsview.opening.open_source", lambda text: ArraySource(labels, kind="labels"))
    for words, chosen, scale in (
        ("", "glasbey:glasbey", "labels"),
        ("--colormap viridis", "viridis", "labels"),
        ("--scale labels0", "glasbey:glasbey", "labels0"),
        ("--scale linear --colormap gray --limits minmax", "gray", "linear"),
    ):
        assert done(f"render labels -o out.png {words}") == 0
        shading = Shading((labels.min(), labels.max()), colormap(chosen), scale)
        expected = shading.rgba(labels)
        found = np.asarray(Image.open("out.png").convert("RGBA"))
        np.testing.assert_array_equal(found, expected)


def test_labels_are_not_averaged_in_a_picture(tmp_path):
    labels = (np.mgrid[:90, :120].sum(axis=0) % 2 * 6).astype(np.uint8)
    np.save(tmp_path / "labels.npy", labels)
    out = tmp_path / "out.png"
    assert main(["render", str(tmp_path / "labels.npy"), "-o", str(out), "--size", "40x30", "--scale", "labels"]) == 0
    with Image.open(out) as picture:
        assert {color for _, color in picture.convert("RGB").getcolors()} <= {(0, 0, 0), (6, 6, 6)}


def test_whole_numbers_beyond_double_precision_keep_every_digit():
    labels = (2**60 + np.arange(40) // 10)[None].repeat(30, 0)
    np.save("labels.npy", labels)
    assert done("render labels.npy -o out.npy --reduction nearest") == 0
    found = np.load("out.npy")
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, labels)
    assert done("render labels.npy -o out.npy --size 80x80") == 0  # with margins that have no numbers
    found = np.load("out.npy")
    assert np.isnan(found).any()
    assert [int(value) for value in np.unique(found[~np.isnan(found)])] == [2**60 + k for k in range(4)]
    np.save("ids.npy", labels.astype(np.uint64) + np.uint64(2**63))
    assert done("render ids.npy -o out.npy") == 0
    found = np.load("out.npy")
    assert found.dtype == np.uint64
    assert found[0, -1] == 2**63 + 2**60 + 3


@pytest.mark.parametrize("look", ["--scale labels", "--limits minmax", f"--limits {2**60} {2**60 + 3}"])
def test_whole_numbers_beyond_double_precision_have_their_colours(look):
    np.save("labels.npy", (2**60 + np.arange(40) // 10)[None].repeat(30, 0))
    assert done(f"render labels.npy -o out.png --colormap viridis {look}") == 0
    picture = np.asarray(Image.open("out.png"))
    assert len(np.unique(picture.reshape(-1, picture.shape[-1]), axis=0)) == 4


@pytest.mark.parametrize("kind", ["scalar", "labels", "rgb"])
@pytest.mark.parametrize(
    "chosen",
    [
        *(
            {},
            {"colormap": "viridis"},
            {"colormap": "gray"},
            {"scale": "log"},
            {"scale": "linear"},
            {"scale": "labels"},
        ),
        *({"colormap": "tab10", "scale": "labels0"}, {"limits": "minmax", "inverted": True}),
    ],
    ids=str,
)
def test_a_file_has_the_look_and_the_reduction_of_a_window(kind, chosen):
    source = ArraySource(np.zeros((3, 4, 3) if kind == "rgb" else (3, 4), np.uint8), kind=kind)
    viewer = ImageViewer(source=source)
    viewer.appearance.trait_set(**chosen)
    look = look_for(source.info, chosen)
    assert viewer.appearance.look == look
    assert viewer.reduction == reduction_for(source.info, look)
    viewer.close()
