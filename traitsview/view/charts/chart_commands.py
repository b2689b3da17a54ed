"""What the commands of a window do where it shows curves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["does_over_chart"]


def _zoom(factor: float) -> Callable[[Any], object]:
    return lambda panel: panel.shared_room.charts.tool.zoom_by(factor)


def _pan(right: float, up: float) -> Callable[[Any], object]:
    return lambda panel: panel.shared_room.charts.tool.pan_by(right, up)


def _nothing(panel: Any) -> None:
    """Do nothing: the command is about images."""


#: What commands do over a chart, by their names, if it is something else than over an image.
_OVER_CHART: dict[str, Callable[[Any], object]] = {
    "fit": lambda panel: panel.viewer.chart.fit(),
    "zoom_in": _zoom(2),
    "zoom_out": _zoom(1 / 2),
    "pan_left": _pan(-1 / 8, 0),
    "pan_right": _pan(1 / 8, 0),
    "pan_up": _pan(0, 1 / 8),
    "pan_down": _pan(0, -1 / 8),
    "page_up": _pan(0, 1),
    "page_down": _pan(0, -1),
    "back": lambda panel: panel.viewer.chart.back(),
    "forward": lambda panel: panel.viewer.chart.forward(),
    "box": lambda panel: panel.shared_room.charts.tool.trait_set(boxing=not panel.shared_room.charts.tool.boxing),
    "cancel": lambda panel: panel.shared_room.charts.tool.trait_set(boxing=False),
    "limits_from_view": lambda panel: panel.viewer.chart.fit_values(),
    **dict.fromkeys(
        (
            *("one_to_one", "choose_colormap", "invert", "color_panel", "limits_from_box"),
            *("copy_look", "paste_look", "fits_pixels", "trace", "trace_box"),
        ),
        _nothing,
    ),
}


def does_over_chart(command: Any) -> Callable[[Any], object]:
    """Return what a `Command` does over a chart: a function of the `ViewerPanel`."""
    return _OVER_CHART.get(command.name, command.does)
