"""The viewer: the image that is shown, the place, and the look; without a toolkit."""

from __future__ import annotations

import time

from traits.api import Bool, Enum, HasStrictTraits, Instance, Property, Tuple, Union, cached_property, observe

from ..color.vision import Vision
from ..geometry import Viewport
from ..sources.image_info import ImageInfo, check_plane
from ..sources.image_source import ImageSource
from ..sources.picture import REDUCTIONS, Picture
from .appearance import Appearance
from .charts.chart import Chart
from .colours import Colours
from .contact_state import ContactState
from .contact_watch import ContactWatch
from .cursor_readout import CursorReadout
from .live_frames import LiveFrames
from .loading.wish import Wish
from .pixels import Pixels
from .places import Places
from .readout import Readout
from .recording import Recording
from .screens import Screens
from .status import Status

__all__ = ["ImageViewer"]

#: Rows and columns of a viewport that no window has given its size.
UNSHOWN_SHAPE = (600, 800)


def _part(kind, name):
    """Return a trait that is one of a part of the viewer, to be read and observed."""
    return Property(lambda viewer: getattr(getattr(viewer, kind), name), observe=f"{kind}.{name}")


class ImageViewer(HasStrictTraits):
    """Shows an image source.

    The viewer has the traits and the methods for users.  Its parts do the work; each of them knows one thing.

    A viewer belongs to one thread; in a window this is the GUI thread.  Values from the source's threads wait until the
    viewer's thread takes them.  A window does that by itself, and a script without a window calls `wait`.  Close a
    viewer when it is not shown any more.
    """

    #: The image.  It stays open when the viewer is closed.
    source = Instance(ImageSource)

    #: The part of the image that is visible.
    viewport = Instance(Viewport)

    #: The index on every axis that is not displayed.
    plane = Tuple()

    #: How many data elements become one pixel.
    reduction = Enum(list(REDUCTIONS))

    #: Colormap, scale and limits.
    appearance = Instance(Appearance, ())

    #: The colour vision that colours are shown for.  It is a preview: copies and saved pictures have the true colours.
    vision = Instance(Vision, ())

    #: The data point under the cursor, or None.
    cursor = Union(None, Tuple)

    #: The value under the cursor, or None.
    readout = Instance(Readout)

    #: Whether positions are also shown as FITS and DS9 count pixels: from 1, whole numbers at centres.
    fits_pixels = Bool()

    #: Whether pixels that may be wished for next come in pauses, if the source is behind a link.
    looks_ahead = Bool(True)

    #: The state of contact with the source.
    contact = Instance(ContactState, ())

    #: The picture of the image that is shown.
    picture = Property(Instance(Picture), observe="plane, reduction, source, live.version")

    #: Whether everything on the screen is the exact picture of the viewport, in its final colours.
    exact = Property(
        Bool,
        observe="pixels.[held, summary, measuring], status.fault, contact, source, appearance.limits, "
        "chart.[active, exact]",
    )

    #: The window's title.
    title = Property(observe="source, live.form")

    # ---- the parts, and traits of them for users ----------------------

    #: Moves the viewport and has the history: a `Places`.
    places = Instance(Places)

    #: Makes colours of values: a `Colours`.
    colours = Instance(Colours)

    #: Holds the pixels for painters: a `Pixels`.
    pixels = Instance(Pixels)

    #: Has the sentences of the status line: a `Status`.
    status = Instance(Status)

    #: Shows one frame of a live image after the other: a `LiveFrames`.
    live = Instance(LiveFrames)

    #: Records the frames that are shown: a `Recording`.
    recording = Instance(Recording)

    #: Shows curves in the place of an image, if the source has some: a `Chart`.
    chart = Instance(Chart)

    #: Knows the windows that show the viewer: a `Screens`.
    screens = Instance(Screens)

    #: The `Frame` that is shown; None without a source.
    frame = _part("live", "frame")

    #: What is known of all frames alike: the `ImageInfo` without its version.
    form = _part("live", "form")

    #: Whether the whole image is seen, as `fit` shows it.  It is then fitted again when the window changes its size.
    fitted = _part("places", "fitted")

    #: The summary of the values; None until it is known.
    summary = _part("pixels", "summary")

    #: From values to colours.
    shading = _part("colours", "shading")

    #: The state of the picture in words, such as ``"mean of 10.4 × 10.4, exact"``.
    shown = _part("status", "shown")

    #: Position, value and world coordinates under the cursor, in words.
    readout_line = _part("status", "readout_line")

    _contact_watch = Instance(ContactWatch)
    _cursor_readout = Instance(CursorReadout)

    #: Whether several traits change that make one wish together.
    _changing = Bool()

    def __init__(self, **traits):
        super().__init__()
        # The parts are made before any trait is set that they observe.  The first two observe nothing of the viewer.
        self.trait_set(pixels=Pixels(), screens=Screens())
        self.trait_set(live=LiveFrames(viewer=self), recording=Recording(viewer=self))
        self.trait_set(places=Places(viewer=self), colours=Colours(viewer=self), status=Status(viewer=self))
        self.trait_set(_contact_watch=ContactWatch(viewer=self), _cursor_readout=CursorReadout(viewer=self))
        self.chart = Chart(viewer=self)
        self.trait_set(**traits)

    @property
    def info(self) -> ImageInfo:
        """The `ImageInfo` of the frame that is shown, or of a source that does not change."""
        frame = self.live.frame
        return frame.info if frame is not None and frame.info.live else self.source.info

    # ---- going places -----------------------------------------------------

    def fit(self):
        """Show the whole image."""
        self.places.fit()

    def one_to_one(self, about=None):
        """Show one element per screen pixel, holding a data point in place (the centre by default)."""
        self.places.one_to_one(about)

    def zoom(self, factor, about=None):
        """Magnify by `factor` about a data point, as far as makes sense."""
        self.places.zoom(factor, about)

    def pan(self, columns, rows):
        """Move the viewport by whole screen pixels."""
        self.places.pan(columns, rows)

    def show(self, extent):
        """Show at least ``(x0, x1, y0, y1)``, to the scale that the image is shown in."""
        self.places.show(extent)

    def back(self):
        """Return to the place before."""
        self.places.back()

    def forward(self):
        """Return to the place that `back` has left."""
        self.places.forward()

    # ---- limits of the colours ----------------------------------------------

    def measure(self):
        """Take the limits from the plane that is shown, if a rule such as ``"99.5%"`` takes them from the values."""
        self.pixels.measure()

    def limits_from(self, extent=None, rule=None):
        """Take the limits of the colours from a part of the image.  Returns at once.

        The host summarizes the part.  When its answer is there, `appearance.limits` become two numbers, which stay.

        Parameters
        ----------
        extent : (x0, x1, y0, y1), optional
            The part, in data units; by default what is visible.
        rule : str, optional
            The rule for the limits, such as ``"98%"``; by default the present rule, or ``"99.5%"`` if there is none.
        """
        if self.pixels.is_open:
            self.colours.limits_from(extent, rule)

    def hold_limits(self):
        """Turn the limits into numbers, which stay the same for other planes and other images."""
        self.colours.hold_limits()

    # ---- the source ---------------------------------------------------------

    def wait(self, timeout):
        """Wait until all is loaded, and take it; return whether that was within `timeout` seconds."""
        ends = time.monotonic() + timeout
        idle = self.pixels.wait_idle(timeout)
        for part in (self.colours, self.chart):
            idle &= part.wait_idle(max(0.0, ends - time.monotonic()))
        self.pixels.take_arrivals()
        return idle

    def retry(self):
        """Try at once to reach a source that is lost."""
        self._contact_watch.retry()

    def close(self):
        """Stop loading until the viewer is shown again.  The source stays open."""
        self.live.close()
        self.recording.stop()
        self.pixels.close()
        self.colours.close()
        self.chart.close()
        self._cursor_readout.close()

    @observe("source")
    def _attach_source(self, event):
        self.close()
        source = self.source
        self.pixels.attach(source)
        self.plane = ()
        self.live.attach(source)
        self.chart.attach()
        self.places.forget()
        self.readout = None
        self._contact_watch.attach(source)
        if source is None:
            return
        self.colours.look_for_labels()
        self._open()
        self.places.fit_again()
        self.ask()

    @observe("screens:shown_on")
    def _begin_or_end(self, event):
        if not self.screens.shown_on:
            self.close()
        elif self._open():
            self.ask()

    def _open(self):
        """Begin to load; return whether that had not begun."""
        opened = self.pixels.open()
        if opened:
            self._cursor_readout.open()
            self.chart.open()
            self.live.open()
        return opened

    @observe("viewport, picture, appearance.look")
    def ask(self, event=None):
        """Tell the pixels what should be held: what is shown, and the next frame.  This is done by itself."""
        if self.source is None or self.pixels.source is not self.source or self._changing:
            return
        if self.chart.active:
            self.chart.ask()
            return
        focus = self.cursor if self.cursor is not None else self.viewport.center
        look, ahead = self.appearance.look, self.looks_ahead
        wish = Wish(self.viewport, self.picture, focus, look, ahead, self.info)
        self.pixels.show(wish, self.live.next_wish(wish))

    def show_frame(self, change):
        """Call ``change()``, which has another frame shown that continues the present one."""
        self._changing = True
        try:
            change()
        finally:
            self._changing = False
        self.ask()

    def show_another(self, change):
        """Call ``change()``, which has a frame shown that is another image."""
        self.pixels.forget()
        self.places.forget()
        self._changing = True
        try:
            self.plane = ()
            change()
            self.places.fit_again()
        finally:
            self._changing = False
        self.ask()

    @observe("colours.shading")
    def _repaint(self, event):
        self.pixels.refreshed = True

    # ---- defaults and properties ------------------------------------------------

    def _viewport_default(self):
        if self.source is None:
            return Viewport((1.0, 1.0), (0, 0), UNSHOWN_SHAPE)
        return Viewport.fitting(self.info, UNSHOWN_SHAPE)

    @cached_property
    def _get_picture(self):
        if self.source is None:
            return Picture(self.plane, self.reduction)
        return Picture(self.plane or check_plane(self.info, None), self.reduction, self.info.version)

    def _get_exact(self):
        pixels, summary = self.pixels, self.pixels.summary
        if self.chart.active:
            return self.chart.exact and not self.status.fault and not self.contact.lost
        if pixels.held.missing or self.status.fault or self.contact.lost or summary is None or pixels.measuring:
            return False
        return summary.exact or self.appearance.limits != "minmax"

    def _get_title(self):
        return self.info.name if self.source is not None else "traitsview"
