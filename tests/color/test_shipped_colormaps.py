"""The files of ``colormaps/``: one of each format at least, each of them good, documented and in every installation."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from kit.patience import PATIENCE

from traitsview.color.catalogue import SHIPPED, Catalogue
from traitsview.color.loaders.colormap_file import read
from traitsview.color.loaders.formats import formats, sniff
from traitsview.color.shelves.file_in_folder import EXTENSIONS
from traitsview.color.shelves.folder_paths import shipped_folder

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "colormaps"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix not in (".rst", ".toml"))
README = (FOLDER / "README.rst").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_is_good(path):
    file = read(path)
    for each in sniff(file).load(file):
        assert each.warnings == ()
        assert each.lut(256).shape == (256, 4)
    assert path.stat().st_size < 20_000


@pytest.mark.parametrize("name", list(formats()))
def test_every_format_has_a_file_and_is_documented(name):
    assert any(sniff(read(path)).name == name for path in FILES), "there is no file of this format"
    assert f"``{name}``" in README


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_named_in_the_documentation(path):
    assert f"``{path.name}``" in README


def test_every_extension_and_every_writer_is_documented():
    for each in formats().values():
        for extension in each.extensions:
            assert f"``{extension}``" in README, each.name


def test_folders_are_searched_for_the_extensions_of_all_formats():
    assert frozenset(extension for each in formats().values() for extension in each.extensions) == EXTENSIONS


def test_the_catalogue_offers_all_of_them():
    known = Catalogue()
    known.look_inside()
    entries = [entry for entry in known.entries() if entry.namespace == SHIPPED]
    assert {entry.path.name for entry in entries} == {path.name for path in FILES}
    for entry in entries:
        assert known.get(entry.id).name == entry.id
    assert [failure for failure in known.failures() if str(shipped_folder()) in failure.path] == []


def test_the_names_of_shipped_files_differ():
    stems = [path.stem for path in FILES]
    assert len(stems) == len(set(stems))


def test_an_installed_package_has_them_too(tmp_path):
    for name in ("pyproject.toml", "setup.py", "README.rst", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    # Only what the package data are about; the folder is linked into the package.
    (tmp_path / "colormaps").symlink_to(FOLDER)
    shutil.copytree(ROOT / "traitsview" / "color", tmp_path / "traitsview" / "color")
    (tmp_path / "traitsview" / "__init__.py").write_text((ROOT / "traitsview" / "__init__.py").read_text())
    (tmp_path / "traitsview" / "colormaps").symlink_to("../colormaps")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-input", "-w", "out", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode and "setuptools" in done.stderr:
        pytest.skip("a wheel cannot be built here: pip does not get setuptools")
    assert done.returncode == 0, done.stderr
    [wheel] = (tmp_path / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = {Path(name).name for name in archive.namelist() if name.startswith("traitsview/colormaps/")}
    assert inside >= {path.name for path in FILES} | {"README.rst"}


def test_the_folder_is_in_the_package():
    assert shipped_folder().samefile(FOLDER)
