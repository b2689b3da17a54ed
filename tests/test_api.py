"""The public names: which they are, what asking for one loads, and what is said where it cannot be had."""

import os
import subprocess
import sys

import pytest
from kit.patience import PATIENCE

import traitsview.api as api


def test_public_names_are_those_that_are_promised():
    assert sorted(api.__all__) == [
        "Colormap",
        "ImageInfo",
        "ImageSource",
        "ImageViewer",
        "Publisher",
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


def printed(code):
    """Run a program where there is no display, and return what it prints."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout


#: What a machine lacks, as a program that runs first.
VIEWER = ("traits", "traitsui", "pyface", "enable", "kiva", "chaco", "PySide6")
LACKS = {
    "a display": "import sys",
    "a display that Qt is told to take": "import os; os.environ['QT_QPA_PLATFORM'] = 'wayland;xcb'",
    "a display and the viewer": f"import sys\nfor name in {VIEWER}: sys.modules[name] = None",
}


@pytest.mark.parametrize("lacks", LACKS.values(), ids=LACKS)
def test_every_public_name_is_imported_and_the_data_side_works_without_a_display(lacks):
    code = f"""{lacks}
from traitsview.api import *
import numpy
source = open_source(numpy.arange(6.0).reshape(2, 3))
print(ImageViewer.__name__, view.__name__, run.__name__, source.render(Viewport.fitting(source.info, (2, 3))).sum())
"""
    assert printed(code).split() == ["ImageViewer", "view", "run", "15.0"]


@pytest.mark.parametrize(
    ("lacks", "call", "says"),
    [
        ("a display", "view(numpy.zeros((2, 2)))", "neither DISPLAY nor WAYLAND_DISPLAY is set"),
        ("a display that Qt is told to take", "view(numpy.zeros((2, 2)))", "QT_QPA_PLATFORM=wayland;xcb leaves"),
        ("a display that Qt is told to take", "import traitsview.view; view(0)", "neither DISPLAY nor"),
        ("a display and the viewer", "view(numpy.zeros((2, 2)))", "pip install '.[viewer]' in a clone"),
        ("a display and the viewer", "run()", "pip install '.[viewer]' in a clone"),
        ("a display and the viewer", "ImageViewer(source=None)", "pip install '.[viewer]' in a clone"),
    ],
)
def test_calling_says_what_is_missing_for_a_window(lacks, call, says):
    code = f"""{LACKS[lacks]}
import numpy
from traitsview.api import *
try:
    {call}
except TraitsviewError as error:
    print(type(error).__name__, error)
"""
    line = printed(code)
    assert line.startswith("DisplayError cannot open a window: ")
    assert says in line


def test_every_module_is_documented_by_pydoc_without_a_display():
    code = """
import pkgutil, pydoc, traitsview
found = [traitsview, *pkgutil.walk_packages(traitsview.__path__, "traitsview.")]
print(sum(len(pydoc.render_doc(getattr(module, "name", module))) > 100 for module in found), len(found))
"""
    documented, found = printed(code).split()
    assert int(documented) == int(found) > 250


def test_opening_fits_without_its_library_says_what_to_install(tmp_path):
    path = tmp_path / "a.fits"
    path.write_bytes(b"SIMPLE  =                    T".ljust(2880))
    code = f"""import sys
sys.modules["astropy"] = None
from traitsview.api import TraitsviewError, open_source
try:
    open_source({str(path)!r})
except TraitsviewError as error:
    print(error)
"""
    assert "'astropy', which reads FITS, is not installed; install it with: pip install '.[fits]'" in printed(code)
