"""The tool that compares colormap files of other people with facts: what it says, and when it fails."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_spec = importlib.util.spec_from_file_location("check_colormaps", ROOT / "tools" / "check_colormaps.py")
tool = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tool)

RAMP = {"colours": 3, "scale": "0..255", "first": [0, 0, 0], "middle": [255, 0, 0], "last": [255, 255, 255]}

#: Files, and what is true of each.
FILES = {
    "ramp.txt": ("0 0 0\n255 0 0\n255 255 255\n", [{"inner": "", **RAMP}]),
    "relief.txt": (
        "500 255 255 255\n100 255 0 0\n-9 0 0 0\n",
        [{"inner": "", **RAMP, "first": [255] * 3, "last": [0] * 3, "positions": [500.0, 100.0, -9.0]}],
    ),
    "flat.clut": (
        "numnodes=2\nnodeintensity0=0\nnodergba0=0|0|0\nnodeintensity1=255\nnodergba1=255|0|0\n",
        [{"inner": "", **RAMP, "colours": 2, "last": [255, 0, 0], "positions": [0, 255, 255]}],
    ),
    "labels.lut": (
        "1 0 0 0 sea\n2 1 0 0 sand\n5 1 1 1 snow\n",
        [{"inner": "", **RAMP, "positions": [1, 2, 5], "labels": ["sea", "sand", "snow"]}],
    ),
    "several.json": (
        json.dumps(
            [
                {"Name": "red", "ColorSpace": "RGB", "NanColor": [0, 0, 1],
                 "RGBPoints": [0, 0, 0, 0, 9, 1, 0, 0, 10, 1, 1, 1]},
                {"Name": "steps", "ColorSpace": "Step", "RGBPoints": [0, 0, 1, 0, 1, 1, 0, 0, 2, 1, 1, 1]},
                {"Name": "bent", "ColorSpace": "Lab", "RGBPoints": [0, 0, 0, 0, 1, 1, 0, 0, 2, 1, 1, 1]},
            ]
        ),
        [
            {"inner": "red", **RAMP, "positions": [0, 9, 10], "space": "RGB", "nan": [0, 0, 1]},
            {"inner": "steps", **RAMP, "first": [0, 255, 0], "positions": [0, 1, 2], "space": "Step", "nan": None},
            {"inner": "bent", **RAMP, "positions": [0, 1, 2], "space": "Lab"},
        ],
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """Return a folder of files with facts, some of which may be changed before."""

    def made(**changes):
        (tmp_path / "colormaps").mkdir()
        facts = {}
        for name, (text, images) in FILES.items():
            (tmp_path / "colormaps" / name).write_text(text)
            changed = [{**image, **changes.get(name.partition(".")[0], {})} for image in images]
            facts[f"colormaps/{name}"] = {"images": changed}
        facts["fits/x.fits"] = {"images": [{"shape": [1, 2]}]}
        (tmp_path / "facts.json").write_text(json.dumps({"about": {}, "files": facts}))
        return tmp_path

    return made


def test_files_that_are_as_the_facts_say_pass(folder, capsys):
    assert tool.main([str(folder())]) == 0
    assert capsys.readouterr().out == "5 files: 0 refused, 0 differences\n"


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("ramp", {"colours": 4}, "ramp.txt: it has 3 colours, not 4"),
        ("ramp", {"middle": [254, 0, 0]}, "ramp.txt: its first, middle and last colours are not"),
        ("relief", {"positions": [500, 90, -9]}, "relief.txt: its first, middle and last colours are not"),
        ("relief", {"first": [0, 0, 0]}, "relief.txt: its first, middle and last colours are not"),
        ("flat", {"positions": [0, 100, 255]}, "flat.clut: its first, middle and last colours are not"),
        ("labels", {"labels": ["sea", "sand", "ice"]}, "labels.lut: its labels are ['sea', 'sand', 'snow'], not"),
        ("labels", {"positions": [1, 3, 5]}, "labels.lut: its first, middle and last colours are not"),
        ("several", {"inner": "blue"}, "several.json: map 1, 'red': its name is 'red', not 'blue'"),
        (
            "several",
            {"nan": [1, 0, 0]},
            "several.json: map 1, 'red': its colour for bad values is (0.0, 0.0, 1.0, 1.0)",
        ),
        ("several", {"last": [0, 0, 0]}, "several.json: map 2, 'steps': its first, middle and last colours are not"),
    ],
)
def test_each_difference_is_named_and_makes_it_fail(folder, capsys, file, change, said):
    assert tool.main([str(folder(**{file: change}))]) == 1
    assert f"DIFFERENT  {said}" in capsys.readouterr().out


def test_a_refusal_in_a_sentence_is_listed_and_is_no_difference(folder, capsys):
    root = folder()
    (root / "colormaps" / "ramp.txt").write_text("0 0 0\n255 0\n")
    assert tool.main([str(root)]) == 0
    assert "refused    ramp.txt:2: 2 columns where the rows above have 3; " in capsys.readouterr().out


def test_files_that_are_missing_or_unknown_are_differences(folder, capsys):
    root = folder()
    (root / "colormaps" / "ramp.txt").rename(root / "colormaps" / "other.txt")
    (root / "INDEX.md").write_text("## FITS\n| `a.fits` | b |\n## Colour maps\n\n| `gone.cpt` | what |\n\n## More\n")
    assert tool.main([str(root)]) == 1
    said = capsys.readouterr().out
    for line in ("ramp.txt: it is not there", "gone.cpt: it is not there", "other.txt: there are no facts of it"):
        assert f"DIFFERENT  {line}" in said
    assert "a.fits" not in said


def test_a_folder_without_files_fails(tmp_path):
    assert tool.main([str(tmp_path)]) == 1
    assert tool.main([]) == 1
    (tmp_path / "colormaps").mkdir()
    assert tool.main([str(tmp_path)]) == 1
