"""Files whose names are no valid text, or would steer a terminal, are shown like others."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.errors import SourceNotFound
from traitsview.geometry import Viewport
from traitsview.opening import open_source


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


@pytest.mark.fault("D8")
def test_a_name_that_the_locale_cannot_write_is_said_with_the_way_out(tmp_path):
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8"}
    code = "from traitsview.api import open_source; open_source('caf\\xe9 \\u20ac.npy')"
    command = [sys.executable, "-c", code]
    said = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=PATIENCE
    )
    last = said.stderr.splitlines()[-1]
    assert last.startswith(
        "traitsview.errors.SourceNotFound: cannot open 'café €.npy': names of files are in ascii here"
    )
    assert last.endswith("it has no 'é'; set LC_ALL=C.UTF-8 on that machine")
    with pytest.raises(SourceNotFound, match=r"check the name$"):
        open_source("\ud800.npy")
