"""What becomes of a file under a viewer: never a crash, never a pixel of something else."""

from __future__ import annotations

import os

import numpy as np
import pytest

from traitsview.sources.array_source import ArraySource


@pytest.fixture
def large(tmp_path):
    image = np.random.default_rng(4).random((4000, 5000), np.float32)
    np.save(tmp_path / "large.npy", image)
    return tmp_path / "large.npy", image


@pytest.mark.fault("D2")
def test_a_file_that_shrinks_is_told_and_the_host_lives(large, looking, hosted, wait_until):
    path, image = large
    source, host = hosted(path)
    viewer = looking(source, ArraySource(image))
    viewer.settle()
    pid = host.pid
    os.truncate(path, 1000)

    def told():
        viewer.step()
        viewer.viewer.wait(0.2)
        return "it shrank" in viewer.viewer.fault

    wait_until(told)
    viewer.check()
    assert host.pid == pid
    assert viewer.news == []


@pytest.mark.fault("D2")
@pytest.mark.parametrize("change", ["unlinked", "replaced", "appended"])
def test_a_file_that_is_removed_or_replaced_or_grows_is_shown_on(change, large, looking, hosted):
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
