"""What may stand in the ``name.toml`` beside a colormap file."""

from __future__ import annotations

import pytest

from traitsview.color.colormap import Colormap
from traitsview.color.shelves.sidecar import Sidecar, read_sidecar, sidecar_of
from traitsview.errors import ColormapError


def read(tmp_path, text):
    path = tmp_path / "sea.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_sidecar(path)


def test_everything_may_be_said(tmp_path):
    said = read(
        tmp_path,
        """
        title = "The sea"
        category = "cyclic"
        format = "text"
        scale = "255"
        columns = "xrgb"
        cyclic = true
        hinge = 0
        limits = [-11000, 0.5]
        licence = \"\"\"two
        lines\"\"\"
        """,
    )
    assert said.title == "The sea"
    assert (said.category, said.format, said.scale, said.columns) == ("cyclic", "text", "255", "xrgb")
    assert (said.cyclic, said.hinge, said.limits) == (True, 0.0, (-11000.0, 0.5))
    assert said.licence.startswith("two\n")


def test_nothing_need_be_said(tmp_path):
    assert read(tmp_path, "# nothing\n") == Sidecar()
    assert sidecar_of(tmp_path / "none.cpt") == Sidecar()


def test_a_command_goes_before_what_stands_beside(tmp_path):
    read(tmp_path, "scale = '255'\ncolumns = 'rgb'\n")
    assert sidecar_of(tmp_path / "sea.txt", scale="1") == Sidecar(scale="1", columns="rgb")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("titel = 'x'", "unknown key 'titel'; did you mean title?"),
        ("author = 'x'", "unknown key 'author'; it may say category, columns"),
        ("title = 3", "title is '3'; write text in quotes"),
        ("category = 'mine'", "category is 'mine'; write one of sequential, diverging"),
        ("scale = '2'", "scale is '2'; write one of auto, 1, 255, 100"),
        ("scale = 255", "scale is '255'; write text in quotes"),
        ("columns = 'bgr'", "columns is 'bgr'"),
        ("cyclic = 1", "cyclic is '1'; write true or false"),
        ("hinge = true", "hinge is 'True'; write a number"),
        ("hinge = nan", "hinge is 'nan'"),
        ("limits = [1]", "limits is '[1]'; write two numbers"),
        ("limits = [2, 1]", "limits are 2 and 1; the first must be the smaller"),
        ("limits = [0, inf]", "limits is 'inf'"),
        ("title = 'x", "it is not TOML"),
        ("title = 'a'\ntitle = 'b'", "it is not TOML"),
        (b"title = '\xff'", "it is not TOML"),
        ("x = " + "[" * 5000, "it is not TOML"),
        ("#" * 200_000, "it is larger than 100 kB"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(tmp_path, text, why):
    with pytest.raises(ColormapError) as caught:
        read(tmp_path, text)
    assert why in str(caught.value)
    assert str(caught.value).startswith("sea.toml: ")
    assert str(caught.value).isprintable()


def test_what_is_said_goes_over_what_the_file_holds(tmp_path):
    path = tmp_path / "sea.txt"
    path.write_text("0 0 0\n0.5 0.5 0.5\n1 1 1\n")
    [plain] = Sidecar().load(path)
    [said] = Sidecar(cyclic=True, hinge=0.0, limits=(-1, 4), licence="free").load(path)
    assert (plain.cyclic, plain.hinge, plain.limits, plain.licence) == (False, None, None, "")
    assert (said.cyclic, said.hinge, said.limits, said.licence) == (True, 0.0, (-1, 4), "free")
    assert isinstance(said, Colormap)
