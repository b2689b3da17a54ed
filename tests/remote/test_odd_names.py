"""Files whose names are no text, or would do something to a terminal, are shown like others."""

from __future__ import annotations

import os

import numpy as np
import pytest

from traitsview.errors import SourceNotFound
from traitsview.geometry import Viewport


@pytest.mark.fault("D8")
@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"x\xff.npy", r"x\udcff.npy"), ("é.npy".encode(), "é.npy"), (b"a\x1b[31m\n.npy", r"a\x1b[31m\n.npy")],
)
def test_a_file_of_any_name_is_opened_in_a_host(hosted, tmp_path, name, shown):
    path = os.path.join(os.fsencode(tmp_path), name)
    with open(path, "wb") as file:
        np.save(file, np.full((3, 4), 7.0))
    source, _ = hosted(os.fsdecode(path))
    assert source.info.name == shown
    assert source.render(Viewport((1.0, 1.0), (0, 0), (3, 4)))[1, 1] == 7.0


@pytest.mark.fault("D8")
def test_a_file_that_is_not_there_is_named_in_one_line(hosted, tmp_path):
    with pytest.raises(SourceNotFound) as found:
        hosted(f"{tmp_path}/\udcff\x1b[31m.npy")
    assert str(found.value).isprintable()
