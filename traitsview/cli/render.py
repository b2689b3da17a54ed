"""Write the picture of an image to a file, without a window.

A .png holds the colours that a window would show, a .npy the numbers (row 0 is the smallest y).
Without --size, a pixel is an element of the image; an image larger than 1920 x 1080 is reduced to that.

Of curves, a .png holds the plot (with --scale log: of logarithms), a .npy x in its first row and a row for each curve.

Numbers are float32 or float64, and NaN where there is no value.  Integers that these would round are
written as int64 or uint64, or as longdouble if some pixels have no value.

examples
  traitsview render m13.fits -o m13.png --colormap viridis --limits zscale
  traitsview render run.npy -o part.npy --extent 1000 2000 500 900 --size 800x320
  traitsview render cube.fits -o max.png --plane freq=12 --reduction max
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import RequestError, quoted
from .first_frame import add_waiting, wait_for_frame
from .options import add_look, add_place, add_reading, chosen_look, extent_of, plane_of, read_as_told, size_of
from .output_file import whole_file
from .render_curves import write_curves, write_plot

if TYPE_CHECKING:
    import numpy as np

    from ..color.look import Look
    from ..color.shading import Shading
    from ..geometry import Extent, Viewport
    from ..sources.image_info import ImageInfo, Plane
    from ..sources.image_source import ImageSource

__all__ = ["add_arguments", "look_for", "reduction_for", "run", "viewport_for"]

#: The largest width, in pixels, of a picture for which no size is given.
_WIDEST = 1920

#: The largest height of such a picture.
_HIGHEST = 1080


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("source", metavar="SOURCE", help="the image")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the file to write: .png or .npy")
    parser.add_argument("--size", metavar="WxH", help="width and height of the output, in pixels")
    parser.add_argument("--extent", metavar="X0 X1 Y0 Y1", help="the part to show, in data units (default: all)")
    add_reading(parser)
    add_waiting(parser)
    add_place(parser)
    add_look(parser)


def run(arguments: Namespace) -> int:
    """Write the file; return the exit code."""
    output = Path(arguments.output)
    if output.suffix.lower() not in (".png", ".npy"):
        raise RequestError(
            f"cannot write {quoted(output)}", f"unknown ending '{output.suffix}'", "end it in .png or .npy"
        )
    size = size_of(arguments.size) if arguments.size is not None else None
    extent = extent_of(arguments.extent) if arguments.extent is not None else None
    chosen = chosen_look(arguments)

    from ..opening import open_source

    with open_source(read_as_told(arguments.source, arguments)) as source:
        wait_for_frame(source, arguments.source, arguments.wait)
        _require_another_file(arguments.source, output)
        plane = plane_of(arguments.plane, source.info)
        numbers = output.suffix.lower() == ".npy"
        if source.info.curves:
            if numbers:
                write_curves(source, output, size, plane, extent)
            else:
                write_plot(source, output, size, plane, extent, chosen.get("scale") == "log")
            return 0
        viewport = viewport_for(source.info, size, extent)
        look = None if numbers and not chosen and source.info.kind != "labels" else look_for(source.info, chosen)
        reduction = arguments.reduction or reduction_for(source.info, look)
        pixels = source.render(viewport, plane, reduction)
        if look is None or numbers:
            _write_numbers(output, pixels)
        else:
            rgba = _shading(source, plane, look).rgba(pixels)
            _write_picture(output, rgba[::-1] if source.info.origin == "lower" else rgba)
    return 0


def viewport_for(info: ImageInfo, shape: tuple[int, int] | None, extent: Extent | None) -> Viewport:
    """Return what to render: `extent` (all by default) in `shape` (rows, columns) pixels.

    Without a shape, a pixel is an element if all fit into the usual size.
    """
    from ..geometry import Viewport

    if shape is None:
        shape = _natural_shape(info, extent or info.extent)
    if extent is None:
        return Viewport.fitting(info, shape)
    return Viewport.covering(extent, shape, info.anchor)


def _natural_shape(info: ImageInfo, extent: Extent) -> tuple[int, int]:
    x0, x1, y0, y1 = extent
    sx, sy = info.display_scale
    width, height = (x1 - x0) / sx, (y1 - y0) / sy
    shrink = max(1.0, width / _WIDEST, height / _HIGHEST)
    return max(1, round(height / shrink)), max(1, round(width / shrink))


def look_for(info: ImageInfo, chosen: dict[str, Any]) -> Look:
    """Return how an image looks in a window: one of labels as such, but for what is chosen."""
    from ..color.catalogue import colormap
    from ..color.labels import look_of_labels
    from ..color.look import Look

    names = look_of_labels("gray", "linear") if info.kind == "labels" else ("gray", "linear")
    look = {**dict(zip(("colormap", "scale"), names, strict=True)), **chosen}
    return Look(**{**look, "colormap": colormap(look["colormap"])})


def reduction_for(info: ImageInfo, look: Look | None) -> str:
    """Return how elements become pixels where nothing is said of that; without a look as in shades of gray."""
    if look is None:
        return "mean"
    from ..color.labels import usual_reduction

    return usual_reduction(look, info.channels)


def _shading(source: ImageSource, plane: Plane | None, look: Look) -> Shading:
    """Return how values become colours."""
    from ..color.shading import Shading

    summary = source.summarize(plane=plane, exact=look.limits == "minmax")
    if not summary.valid:
        print("traitsview: note: no value of the image is finite, so that the picture is empty", file=sys.stderr)
    return Shading.of(summary, look)


def _write_numbers(path: Path, pixels: np.ndarray) -> None:
    import numpy as np

    with whole_file(path) as stream:
        np.save(stream, _portable(pixels), allow_pickle=False)


def _portable(pixels: np.ndarray) -> np.ndarray:
    """Return longdoubles as integers of 64 bits if all are whole: other machines may not read longdoubles."""
    import numpy as np

    if pixels.dtype != np.longdouble or np.isnan(pixels).any():
        return pixels
    for dtype in (np.int64, np.uint64):
        ends = np.iinfo(dtype)
        if pixels.min() >= ends.min and pixels.max() <= ends.max:
            whole = pixels.astype(dtype)
            return whole if (whole == pixels).all() else pixels
    return pixels


def _write_picture(path: Path, rgba: np.ndarray) -> None:
    from PIL import Image

    channels = 3 if (rgba[..., 3] == 255).all() else 4
    with whole_file(path) as stream:
        Image.fromarray(rgba[..., :channels].copy()).save(stream, "png")


def _require_another_file(source: str, output: Path) -> None:
    path = os.path.expanduser(source.split("::")[0])
    if output.exists() and os.path.exists(path) and os.path.samefile(path, output):
        raise RequestError(f"cannot write {quoted(output)}", "it is the source itself", "choose another name")
