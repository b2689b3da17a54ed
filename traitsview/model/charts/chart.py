"""The chart of a viewer: what it shows of the curves of its source, and where."""

from __future__ import annotations

import math

import numpy as np
from traits.api import (
    Any,
    Bool,
    HasStrictTraits,
    Instance,
    Int,
    Property,
    Str,
    Tuple,
    Union,
    cached_property,
    observe,
)

from ...sources.frame import Frame
from ...sources.questions.curves import CurveLines, curve_rows
from ..navigation import History
from .chart_words import frame_text, lines_text, value_text
from .curve_loader import CurveLoader
from .paths import least_and_greatest, logarithms
from .spans import moved, padded, span_of, tidy, zoomed

__all__ = ["Chart"]

#: Zooming out shows at most this many times the whole length.
_FARTHEST_OUT = 100.0

#: Columns of a chart that no window has given its size.
_UNSHOWN_COLUMNS = 800


class Chart(HasStrictTraits):
    """Shows the rows of a source as curves over x, in the place of its image.

    Where `x_span` is None the whole length is seen, which grows with a live source; where `y_span` is None, the
    values of what is visible.  Zooming sets both.  With `log`, y is the decimal logarithm of the values everywhere.

    It belongs to the viewer's thread.  Curves are loaded in a thread of its own, for as many columns as the window has;
    the newest question wins, and a newer frame is asked for when the one before has come.
    """

    #: The `ImageViewer`.
    viewer = Any()

    #: The frame that `lines` are of.
    frame = Instance(Frame)

    #: The curves that are held.
    lines = Instance(CurveLines)

    #: Whether the source has curves, so that a chart takes the place of the image.
    active = Property(Bool, observe="viewer.live.form")

    #: The names of the curves that are held, in the order of `lines`.
    names = Property(Tuple, observe="lines")

    #: The names of curves that are not painted.
    hidden = Any(frozenset())

    #: Whether y is the logarithm of the values.
    log = Bool()

    #: The part of x and of y that the user has chosen, or None.
    x_span = Union(None, Tuple)
    y_span = Union(None, Tuple)

    #: The part that is visible: (x0, x1, y0, y1), where y are logarithms if `log`.
    view = Property(Tuple, observe="x_span, y_span, lines, hidden, log, viewer.live.form")

    #: Columns of the window, in pixels of the screen.
    columns = Int(_UNSHOWN_COLUMNS)

    #: The place (x, y) under the mouse, or None.
    cursor = Union(None, Tuple)

    #: Name, step and time, above the curves.
    title = Property(Str, observe="frame, viewer.live.form")

    #: What is shown, in words.
    shown = Property(Str, observe="lines, hidden, log, viewer.live.form")

    #: The place of the point nearest to the mouse, along x, or None.
    read_at = Property(observe="cursor, lines")

    #: The place and the values under the mouse, in words.
    readout_line = Property(Str, observe="cursor, lines, hidden")

    #: Whether everything that was asked for is held.
    exact = Property(Bool, observe="_loader.waiting, lines")

    #: The places before.
    history = Instance(History, ())

    _loader = Instance(CurveLoader)

    def __init__(self, **traits):
        super().__init__(_loader=CurveLoader(chart=self))
        self.trait_set(**traits)

    # ---- which curves -----------------------------------------------------

    def toggle(self, name):
        """Show a curve no more, or again."""
        self.hidden = self.hidden ^ {name}

    def show_only(self, name):
        """Show one curve alone, or all again."""
        others = frozenset(self.names) - {name}
        self.hidden = frozenset() if self.hidden == others else others

    # ---- going places ------------------------------------------------------

    def fit(self):
        """Show everything, also what comes later."""
        self.remember()
        self.trait_set(x_span=None, y_span=None)

    def fit_values(self):
        """Show all values of what is visible."""
        self.remember()
        self.y_span = None

    def show(self, extent):
        """Show ``(x0, x1, y0, y1)``."""
        self.remember()
        self._go(tidy(*extent[:2]), tidy(*extent[2:]))

    def zoom(self, factor, about=None, axes="xy"):
        """Magnify by `factor` about a place (x, y), the middle by default, along the axes that `axes` names."""
        x0, x1, y0, y1 = self.view
        x, y = about or (x0 + (x1 - x0) / 2, y0 + (y1 - y0) / 2)
        self._go(
            zoomed((x0, x1), factor, x) if "x" in axes else self.x_span,
            zoomed((y0, y1), factor, y) if "y" in axes else self.y_span,
        )

    def pan(self, right, up):
        """Move what is visible by parts of its size."""
        x0, x1, y0, y1 = self.view
        self._go(moved((x0, x1), right) if right else self.x_span, moved((y0, y1), up) if up else self.y_span)

    def remember(self):
        """Add this place, which will be left, to the history."""
        self.history = self.history.leaving((self.x_span, self.y_span, self.log))

    def back(self):
        """Return to the place before."""
        if self.history.past:
            self._travel(*self.history.back((self.x_span, self.y_span, self.log)))

    def forward(self):
        """Return to the place that `back` has left."""
        if self.history.future:
            self._travel(*self.history.forward((self.x_span, self.y_span, self.log)))

    def toggle_log(self):
        """Let y be the logarithm of the values, or the values."""
        self.trait_set(log=not self.log, y_span=None)

    def _travel(self, history, place):
        x_span, y_span, log = place
        self.trait_set(history=history, x_span=x_span, y_span=y_span, log=log)

    def _go(self, across, up):
        whole_x = self._whole_x()
        if across is not None:
            length, most = across[1] - across[0], (whole_x[1] - whole_x[0]) * _FARTHEST_OUT
            if length > most or across[1] < whole_x[0] or across[0] > whole_x[1]:
                across = self.x_span
        self.trait_set(x_span=across, y_span=up)

    # ---- loading -----------------------------------------------------------

    def attach(self):
        """Show another source, or none.  Loading begins with `open`."""
        self.close()
        self._loader.forget()
        self.trait_set(frame=None, lines=None, x_span=None, y_span=None, cursor=None, log=False)
        self.trait_set(hidden=frozenset(), history=History())

    def open(self):
        """Begin to load."""
        self._loader.open()

    def close(self):
        """Stop loading until `open`."""
        self._loader.close()

    def wait_idle(self, timeout):
        """Wait until all is loaded; return whether that was within `timeout` seconds."""
        return self._loader.wait_idle(timeout)

    @observe("x_span, columns")
    def ask(self, event=None):
        """Ask for the curves that should be visible, if some are to be shown."""
        if self.active and self._loader.is_open:
            self._loader.ask()

    # ---- properties ----------------------------------------------------------

    def values(self):
        """Return the least and the greatest values of the curves as they are painted: logarithms if `log`."""
        low, high = self.lines.low, self.lines.high
        return logarithms(low, high) if self.log else (low, high)

    def painted(self):
        """Return the indices, in `names`, of the curves that are painted."""
        return [at for at, name in enumerate(self.names) if name not in self.hidden]

    def _whole_x(self):
        return tidy(*self._info().extent[:2])

    def _info(self):
        """Return the facts about the curves that are held, or else about those that will be."""
        return self.viewer.info if self.frame is None else self.frame.info

    def _get_active(self):
        form = self.viewer.live.form
        return form is not None and bool(form.curves)

    @cached_property
    def _get_names(self):
        if self.lines is None or self.frame is None:
            return ()
        names = self.frame.info.curves
        return tuple(names[row] for row in self.lines.rows)

    @cached_property
    def _get_view(self):
        if not self.active:
            return 0.0, 1.0, 0.0, 1.0
        return (*(self.x_span or self._whole_x()), *(self.y_span or self._span_of_values()))

    def _span_of_values(self):
        painted = self.painted()
        if not painted:
            return span_of(math.nan, math.nan)
        low, high = (ends[painted] for ends in least_and_greatest(*self.values()))
        if np.isnan(low).all():
            return span_of(math.nan, math.nan)
        least, greatest = float(np.nanmin(low)), float(np.nanmax(high))
        return padded(least - 0.5, greatest + 0.5) if self.log and least == greatest else span_of(least, greatest)

    def _get_title(self):
        frame = self.frame or self.viewer.live.frame
        return "" if frame is None else frame_text(frame)

    def _get_shown(self):
        if not self.active:
            return ""
        info, hidden = self._info(), len(self.hidden.intersection(self.names))
        return lines_text(self.lines, len(curve_rows(info)), hidden, info.shape[1], self.log)

    def _get_read_at(self):
        at = self._point_at_cursor()
        return None if at is None else float(self.lines.x[at])

    def _point_at_cursor(self):
        """Return the index of the point nearest to the mouse along x, or None."""
        if self.cursor is None or self.lines is None or not np.isfinite(self.lines.x).any():
            return None
        return int(np.nanargmin(np.abs(self.lines.x - self.cursor[0])))

    def _get_readout_line(self):
        lines, frame, at = self.lines, self.frame, self._point_at_cursor()
        if at is None:
            return ""
        x0, x1, _, _ = self.view
        names = self.names
        values = [(names[k], float(lines.low[k, at]), float(lines.high[k, at])) for k in self.painted()]
        axis = frame.info.axes[-1] if frame.info.axes else None
        name, unit = (axis.name, axis.unit) if axis is not None else ("x", "")
        return value_text(float(lines.x[at]), (x1 - x0) / self.columns, name or "x", unit, values)

    def _get_exact(self):
        return self.lines is not None and not self._loader.waiting
