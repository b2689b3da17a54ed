"""Files that change under a viewer: never a crash, never a pixel of another file."""

from __future__ import annotations

import os

import numpy as np
import pytest
from astropy.io import fits
from kit.patience import PATIENCE

from traitsview.errors import SourceError
from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.registry import open_source


@pytest.fixture
def large(tmp_path):
    image = np.random.default_rng(4).random((4000, 5000), np.float32)
    np.save(tmp_path / "large.npy", image)
    return tmp_path / "large.npy", image


def shrink_and_be_told(path, image, size, looking, hosted, wait_until):
    """Cut a file to `size` bytes under a viewer.  The host must report it to the viewer, and go on."""
    source, host = hosted(path)
    viewer = looking(source, ArraySource(image))
    viewer.settle()
    wait_until(lambda: viewer.viewer.wait(0.1))  # from here on nothing is being read
    pid = host.pid
    os.truncate(path, size)

    def told():
        viewer.step()
        viewer.viewer.wait(PATIENCE)  # it ends as soon as the view is loaded or has failed
        return "it shrank" in viewer.viewer.status.fault

    wait_until(told)
    viewer.check()
    assert host.pid == pid
    assert viewer.news == []


@pytest.mark.fault("D2")
def test_shrinking_file_is_reported_and_the_host_goes_on(large, looking, hosted, wait_until):
    shrink_and_be_told(*large, 1000, looking, hosted, wait_until)


@pytest.mark.fault("D2")
@pytest.mark.parametrize("change", ["unlinked", "replaced", "appended"])
def test_file_that_is_removed_replaced_or_grows_is_still_shown(change, large, looking, hosted):
    path, image = large
    source, _ = hosted(path)
    viewer = looking(source, ArraySource(image))
    viewer.settle()
    if change == "unlinked":
        path.unlink()
    elif change == "replaced":
        other = path.with_name("other.npy")
        np.save(other, np.zeros_like(image))
        other.replace(path)
    else:
        with path.open("ab") as file:
            file.write(b"more")
    for _ in range(5):
        viewer.step()
        viewer.settle()
    assert viewer.news == []


@pytest.mark.fault("D2")
@pytest.mark.parametrize("moment", range(4))
def test_file_that_shrinks_while_it_is_read_is_reported_and_no_pixel_is_wrong(
    moment, large, looking, hosted, wait_until
):
    path, image = large
    source, _ = hosted(path)
    viewer = looking(source, ArraySource(image))
    viewer.settle()
    viewer.step()
    viewer.viewer.wait(0.004 * moment)
    os.truncate(path, 1000)

    def told():
        # If a page is lost between two checks of the size, the kernel ends the host.  That is reported, too.
        viewer.step()
        viewer.viewer.wait(PATIENCE)
        viewer.check()
        return "it shrank" in viewer.viewer.status.fault or "truncated (1,000 of " in viewer.viewer.contact.lost

    wait_until(told)


@pytest.fixture
def fits_image(tmp_path):
    image = np.random.default_rng(4).random((2000, 2500), np.float32)
    fits.PrimaryHDU(image).writeto(tmp_path / "large.fits")
    return tmp_path / "large.fits", image


@pytest.mark.fault("D2")
def test_shrinking_fits_file_is_reported_and_the_host_goes_on(fits_image, looking, hosted, wait_until):
    shrink_and_be_told(*fits_image, 2880 * 3, looking, hosted, wait_until)


@pytest.mark.fault("D2")
@pytest.mark.parametrize("change", ["unlinked", "replaced", "appended"])
def test_fits_file_that_is_removed_replaced_or_grows_is_still_shown(change, fits_image, looking, hosted):
    path, image = fits_image
    source, _ = hosted(path)
    viewer = looking(source, ArraySource(image))
    viewer.settle()
    if change == "unlinked":
        path.unlink()
    elif change == "replaced":
        other = path.with_name("other.fits")
        fits.PrimaryHDU(np.zeros_like(image)).writeto(other)
        other.replace(path)
    else:
        with path.open("ab") as file:
            file.write(bytes(2880))
    for _ in range(5):
        viewer.step()
        viewer.settle()
    assert viewer.news == []


@pytest.mark.fault("D3")
@pytest.mark.parametrize("kind", ["npy", "fits"])
def test_file_that_is_being_written_is_refused_with_its_size_until_it_is_whole(kind, tmp_path):
    image = np.random.default_rng(6).random((300, 400), np.float32)
    whole, path = tmp_path / f"whole.{kind}", tmp_path / f"image.{kind}"
    if kind == "npy":
        np.save(whole, image)
    else:
        fits.PrimaryHDU(image).writeto(whole)
    raw = whole.read_bytes()
    # The file is opened at each of its first 200 bytes, and then at every 9973rd.  FITS ends with zeros as padding.
    needed = len(raw) if kind == "npy" else 2880 + image.nbytes
    with path.open("wb", buffering=0) as writer:
        for length in (*range(200), *range(200, needed, 9973), needed - 1):
            writer.write(raw[writer.tell() : length])
            with pytest.raises(SourceError) as told:
                open_source(path)
            assert "\n" not in str(told.value)
            if length >= 2880:
                assert f"truncated ({length:,} of " in str(told.value)
                assert "still being written" in str(told.value)
        writer.write(raw[writer.tell() :])
    with open_source(path) as source:
        np.testing.assert_array_equal(source.render(Viewport((1.0, 1.0), (0, 0), (300, 400))), image)
