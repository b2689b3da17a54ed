"""Each writer's files are read again as what was written, for all sorts of colormaps, or it refuses them in words."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.color.catalogue import SHIPPED, Catalogue
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.colormap_file import read
from traitsview.color.loaders.formats import formats, load_colormap, save_colormap, sniff
from traitsview.errors import ColormapError

WRITERS = [each.name for each in formats().values() if each.save is not None]

#: How far a colour may be from what was written: formats with bytes round to the nearest.
PRECISION = {"imagej": 0.51 / 255, "gpl": 0.51 / 255}

#: Formats of 256 colours.
TABLES = ("imagej", "gpl")


def colormaps():
    known = Catalogue()
    known.look_inside()
    entries = [entry for entry in known.entries() if entry.namespace == SHIPPED]
    entries += [entry for entry in known.entries() if entry.origin == "cmap"][::12]
    return [known.get(entry.id) for entry in entries]


COLORMAPS = colormaps()


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_read_again(name, tmp_path):
    path = tmp_path / f"written{formats()[name].extensions[0]}"
    refusals = []
    for colormap in COLORMAPS:
        try:
            save_colormap(colormap, path, name)
        except ColormapError as error:
            refusals.append(str(error))
            continue
        assert sniff(read(path)).name == name
        back = load_colormap(path)
        assert back.warnings == (), (colormap.name, back.warnings)
        # ParaView has no hinge: the middle goes to its place between the limits.
        if name != "paraview" or colormap.hinge is None:
            rows = 256 if name in TABLES else 2048
            apart = np.abs(back.lut(rows) - of_stops(colormap).lut(rows))[:, :3].max(axis=1)
            # A step may be on either side of a row of the table.
            steps = 0 if is_smooth(colormap) else len(colormap.stops)
            assert (apart > PRECISION.get(name, 2e-6)).sum() <= 2 * steps, colormap.name
        if name == "text":
            assert (back.limits, back.hinge, back.cyclic) == (colormap.limits, colormap.hinge, colormap.cyclic)
            assert (back.labels, back.values) == (colormap.labels, colormap.values)
    assert len(refusals) < 0.4 * len(COLORMAPS)
    assert all(refusal.isprintable() and refusal.startswith("cannot write ") for refusal in refusals)


@pytest.mark.parametrize("name", WRITERS)
def test_writing_twice_gives_the_same_file(name, tmp_path):
    path, again = (tmp_path / f"{stem}{formats()[name].extensions[0]}" for stem in ("one", "one again"))
    save_colormap(COLORMAPS[-1], path, name)
    one = load_colormap(path)
    save_colormap(one, again, name)
    np.testing.assert_allclose(load_colormap(again).lut(256), one.lut(256), atol=1e-6)


def of_stops(colormap: Colormap) -> Colormap:
    """Return a map that is a function as what is written of it."""
    if colormap.gradient.color_stops.lut_func is None:
        return colormap
    return Colormap.from_stops(colormap.name, colormap.stops)


def is_smooth(colormap: Colormap) -> bool:
    places = [place for place, _ in colormap.stops]
    return colormap.discrete is None and len(set(places)) == len(places)
