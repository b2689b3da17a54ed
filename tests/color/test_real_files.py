"""The colormap files of other programs, where they are: each is read, and has the colours that others find in it.

They are not shipped, for most have other licences than ours: ``make real-colormaps`` fetches them.
``TRAITSVIEW_REAL_COLORMAPS`` names the folder that holds them, one folder for each package; without it, what is
installed on this machine is read.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from traitsview.color.catalogue import catalogue
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.colormap_file import read
from traitsview.color.loaders.formats import load_colormap, load_colormaps, sniff
from traitsview.errors import ColormapError

FOLDER = os.environ.get("TRAITSVIEW_REAL_COLORMAPS", "")


@dataclass(frozen=True)
class Package:
    """Where a package has its colormaps, how many files of which format at least, and which are refused and why."""

    name: str
    patterns: tuple[str, ...]
    formats: dict[str, int]
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> list[Path]:
        """Its files that are here."""
        root = Path(FOLDER) / self.name if FOLDER else Path("/")
        found = {path for pattern in self.patterns for path in root.glob(pattern) if path.is_file()}
        return sorted(found)


PACKAGES = {
    package.name: package
    for package in (
        Package("gmt-common", ("usr/share/gmt/cpt/**/*.cpt",), {"cpt": 120}),
        Package("saods9", ("usr/share/saods9/cmaps/*",), {"sao": 46, "ds9-lut": 7}),
        Package(
            "gimp-data",
            ("usr/share/gimp/2.0/gradients/**/*.ggr", "usr/share/gimp/2.0/palettes/*.gpl"),
            {"ggr": 78, "gpl": 40},
        ),
        Package(
            "krita-data",
            ("usr/share/krita/gradients/*.ggr", "usr/share/krita/palettes/*.gpl"),
            {"ggr": 17, "gpl": 13},
        ),
        Package("inkscape", ("usr/share/inkscape/palettes/*.gpl",), {"gpl": 23}),
        Package("libncarg-data", ("usr/share/ncarg/colormaps/*",), {"ncl": 270, "gist": 22, "ncmap": 8}),
        Package("ncview", ("usr/share/ncview/*.ncmap",), {"ncmap": 6}),
        Package("ferret-datasets", ("usr/share/ferret-vis/ppl/palettes/*.spk",), {"ferret": 223}),
        Package(
            "grass-core",
            ("usr/lib/grass*/etc/colors/*",),
            {"grass": 50, "text": 2},
            {"slope": "say columns=xrgb or columns=rgba"},
        ),
        Package("gwyddion-common", ("usr/share/gwyddion/gradients/*",), {"gwyddion": 57}),
        Package("libplplot-data", ("usr/share/plplot*/*.pal",), {"plplot": 11}),
        Package("qgis-providers-common", ("usr/share/qgis/resources/symbology-style.xml",), {"qgis": 1}),
        Package(
            "trame-colormaps",
            ("trame_colormaps/presets/*.json",),
            {"paraview": 2},
            {"default_presets.json": "no colormap of ParaView"},  # a list of names
        ),
        Package("cmcrameri", ("cmcrameri/cmaps/*.txt",), {"text": 59}),
        Package("cmocean", ("cmocean/rgb/**/*.txt",), {"text": 44}),
    )
}


def files_of(name: str) -> list[Path]:
    found = PACKAGES[name].files
    if not found:
        pytest.skip(f"the colormaps of {name} are not here; make real-colormaps fetches them")
    return found


@cache
def maps_of(path: Path) -> tuple[Colormap, ...]:
    return tuple(load_colormaps(path))


@pytest.mark.parametrize("name", PACKAGES)
def test_every_file_is_read(name):
    package, formats, refused = PACKAGES[name], Counter(), {}
    for path in files_of(name):
        try:
            found = maps_of(path)
        except ColormapError as error:
            refused[path.name] = str(error)
            continue
        formats[sniff(read(path)).name] += 1
        for each in found:
            table = each.lut(256)
            assert np.isfinite(table).all(), path
            assert ((table >= 0) & (table <= 1)).all(), path
            assert all(warning.isprintable() for warning in each.warnings), path
    print(f"\n{name}: {dict(formats)}, refused {len(refused)}")
    assert sorted(refused) == sorted(package.refused), refused
    for file, why in package.refused.items():
        assert why in refused[file]
    if FOLDER:  # installed packages are of other versions
        assert formats >= Counter(package.formats), formats


def test_there_are_as_many_maps_as_others_count():
    assert sum(len(maps_of(path)) for path in files_of("qgis-providers-common")) == 35
    presets = [path for path in files_of("trame-colormaps") if path.name != "default_presets.json"]
    assert sum(len(maps_of(path)) for path in presets) == 261


def difference(ours: Colormap, theirs: np.ndarray) -> float:
    """Return by how much colours differ at most, in 1/255."""
    at = np.linspace(0, 1, 256)
    table = np.array([np.interp(at, np.linspace(0, 1, len(theirs)), theirs[:, k]) for k in range(3)]).T
    return float(np.abs(ours.lut(256)[:, :3] - table).max() * 255)


def of_cmap(id: str) -> np.ndarray | None:
    try:
        return catalogue().get(id).lut(256)
    except ColormapError:
        return None


@pytest.mark.parametrize(
    ("ds9", "name"), [(name, name) for name in ("inferno", "magma", "plasma", "turbo", "twilight", "viridis")]
)
def test_tables_of_ds9_are_those_of_cmap(ds9, name):
    [path] = [path for path in files_of("saods9") if path.name == f"{ds9}.lut"]
    assert difference(load_colormap(path), of_cmap(name)) < 0.51


@pytest.mark.parametrize(("ds9", "name"), [("h5_hot", "hot"), ("h5_bone", "bone"), ("h5_cool", "cool")])
def test_functions_of_ds9_are_those_of_matplotlib(ds9, name):
    [path] = [path for path in files_of("saods9") if path.name == f"{ds9}.sao"]
    assert difference(load_colormap(path), matplotlib.colormaps[name](np.arange(256))) < 2.5


@pytest.mark.parametrize(("package", "namespace"), [("cmcrameri", "crameri"), ("cmocean", "cmocean")])
def test_tables_of_the_authors_are_those_of_cmap(package, namespace):
    compared = 0
    for path in files_of(package):
        theirs = of_cmap(f"{namespace}:{path.stem.removesuffix('-rgb')}")
        # cmcrameri's maps of 100 flat colours go by other names in cmap.
        if theirs is None or "inverted" in path.parts:
            continue
        compared += 1
        assert difference(load_colormap(path), theirs) < 0.6, path
    assert compared >= 20


def test_tables_of_gmt_are_those_of_cmap_where_both_have_the_same_edition():
    """Some of GMT's are of an older edition of Crameri's maps: those differ, by far or from end to end."""
    close, far = [], []
    for path in files_of("gmt-common"):
        namespace = {"SCM": "crameri", "cmocean": "cmocean"}.get(path.parent.name)
        theirs = of_cmap(f"{namespace}:{path.stem}") if namespace else None
        if theirs is not None:
            (close if difference(load_colormap(path), theirs) < 3 else far).append(path.stem)
    assert len(close) >= 45, (close, far)
    older = {"bilbao", "grayC", "lajolla", "acton", "bamako", "batlowK", "tokyo"}
    assert set(far) <= older | {"oxy"}, far


#: Not cividis: what most programs have is an older edition.
PERCEPTUAL = ("viridis", "plasma", "inferno", "magma", "turbo")


def wherever_they_are() -> Iterator[tuple[str, Path, Colormap]]:
    for package in PACKAGES.values():
        for path in package.files:
            if path.name in package.refused:
                continue
            for each in maps_of(path):
                for name in (path.stem, each.name):
                    plain = re.sub(r"\s*\(.*|^mpl_|[^a-z].*$", "", name.lower())
                    if plain in PERCEPTUAL and len(name) < len(plain) + 14:
                        yield plain, path, each
                        break


def test_viridis_is_viridis_in_every_format():
    formats = Counter()
    for name, path, each in wherever_they_are():
        theirs = matplotlib.colormaps[name](np.arange(256))
        # Few stops, or a palette with black and white in front.
        worst = difference(each, theirs)
        formats[sniff(read(path)).name] += worst < 6
    if not formats:
        pytest.skip("no file is here; make real-colormaps fetches them")
    print(f"\nas in Matplotlib: {dict(formats)}")
    if FOLDER:
        assert set(formats) >= {"ds9-lut", "grass", "paraview", "ferret"}, formats


def test_cool_to_warm_of_paraview_is_matplotlibs_coolwarm():
    maps = {
        each.name: each for path in files_of("trame-colormaps") if "default" not in path.name for each in maps_of(path)
    }
    theirs = matplotlib.colormaps["coolwarm"](np.arange(256))
    apart = np.abs(maps["Cool to Warm"].lut(256) - theirs)[:, :3] * 255
    # Theirs goes straight from the last but one of its 33 colours, where the curve is steep.
    assert apart[:240].max() < 0.5
    assert apart.max() < 5
