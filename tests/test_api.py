"""The public names: which they are, and that asking for one loads no more than it needs."""

import subprocess
import sys

from patience import PATIENCE

import traitsview.api as api


def test_public_names_are_those_that_are_promised():
    assert sorted(api.__all__) == [
        "Colormap",
        "ImageInfo",
        "ImageSource",
        "ImageViewer",
        "TraitsviewError",
        "Viewport",
        "colormap",
        "load_colormap",
        "load_colormaps",
        "open_source",
        "run",
        "save_colormap",
        "view",
    ]


def test_every_public_name_is_there():
    for name in api.__all__:
        assert getattr(api, name).__name__ == name
    assert set(api.__all__) <= set(dir(api))


def test_unknown_name_is_an_attribute_error():
    assert not hasattr(api, "nothing_of_the_kind")


def loaded_after(code):
    command = [sys.executable, "-c", f"import sys\n{code}\nprint(*sorted(sys.modules))"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout.split())


def test_opening_a_source_loads_no_toolkit():
    code = "from traitsview.api import open_source, Viewport\nimport numpy\nopen_source(numpy.zeros((2, 2)))"
    roots = {name.split(".")[0] for name in loaded_after(code)}
    assert not roots & {"traits", "traitsui", "enable", "chaco", "pyface", "PySide6", "astropy", "rpyc", "cmap"}


def test_importing_the_names_loads_nothing():
    assert not {"numpy", "traits"} & loaded_after("import traitsview.api")
