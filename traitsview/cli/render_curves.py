"""Curves as files: a picture of the plot, or the numbers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import RequestError, quoted
from .output_file import whole_file

if TYPE_CHECKING:
    import numpy as np

    from ..geometry import Extent
    from ..sources.image_info import Plane
    from ..sources.image_source import ImageSource

__all__ = ["write_curves", "write_plot"]

#: Width and height of a plot for which no size is given.
_PLOT_SIZE = (960, 600)


def write_curves(
    source: ImageSource, path: Path, size: tuple[int, int] | None, plane: Plane | None, extent: Extent | None
) -> None:
    """Write the elements of curves to a .npy: x in the first row, then one row for each curve."""
    import numpy as np

    if size is not None:
        raise RequestError(f"cannot write {quoted(path)}", "curves are written in full", "leave --size away")
    with whole_file(path) as stream:
        np.save(stream, _table(source, plane, extent), allow_pickle=False)


def _table(source: ImageSource, plane: Plane | None, extent: Extent | None) -> np.ndarray:
    import numpy as np

    from ..sources.picture import Picture
    from ..sources.questions.curves import CURVE_POINTS, Curves, curve_rows
    from ..sources.questions.question import whole

    info = source.info
    x0, x1, _, _ = extent or info.extent
    if info.shape[1] > 2 * CURVE_POINTS:
        why = f"a curve has {info.shape[1]} elements, {2 * CURVE_POINTS} at most"
        raise RequestError("cannot write the numbers", why, "write a plot (.png), or show the rows as an image")
    picture, y0, sy = Picture(plane or (), version=info.version), info.extent[2], info.element[1]
    found = []
    for row in curve_rows(info):
        place = (x0, x1, y0 + (row + 0.25) * sy, y0 + (row + 0.75) * sy)
        found.append(whole(source.examine(Curves(place, CURVE_POINTS), picture)))
    inside = (found[0].x >= x0) & (found[0].x <= x1)
    return np.stack([found[0].x, *(lines.low[0] for lines in found)])[:, inside]


def write_plot(
    source: ImageSource,
    path: Path,
    size: tuple[int, int] | None,
    plane: Plane | None,
    extent: Extent | None,
    log: bool,
) -> None:
    """Write a picture of the plot.

    Parameters
    ----------
    size : (rows, columns), optional
    extent : (x0, x1, y0, y1), optional
        The part to show: y are values.
    log : bool
        Whether y is logarithmic.

    Raises
    ------
    DisplayError
        If the libraries of the window are not installed.
    """
    from .. import windows

    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # no window is to flash up
    window = windows.load_windows()
    width, height = (size[1], size[0]) if size is not None else _PLOT_SIZE
    viewer = window.view(source, **({} if plane is None else {"plane": plane}))
    panel = window.panel_of(viewer)
    try:
        if log:
            viewer.chart.toggle_log()
        if extent is not None:
            viewer.chart.show(extent)
        panel.painted.setFixedSize(width, height)
        window.save_picture(panel.painted, [viewer], path)
    finally:
        panel.window().close()
        window.process_events_until(lambda: True, 1.0)
