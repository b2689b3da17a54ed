"""Two viewers beside a slider in a View of your own.

Any `Item` whose value is an ImageViewer shows a whole viewer, with its toolbar and its status line, when
its style is "custom".  Here a slider smooths an image: the left viewer shows it before, the right one after,
and both look at the same place.

    python examples/embed_in_view.py
    python examples/embed_in_view.py --screenshot view.png    (needs no display)
"""

import os
import sys
from argparse import ArgumentParser

import numpy as np

if "--screenshot" in sys.argv:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from traits.api import Array, HasStrictTraits, Instance, Range, observe
from traitsui.api import HGroup, Item, UItem, View

from traitsview.api import ImageViewer, open_source


class Smoothing(HasStrictTraits):
    """An image, and the same image smoothed."""

    image = Array(dtype=np.float32, shape=(None, None))

    #: Width of the smoothing, in pixels.
    width = Range(0.0, 30.0, 4.0)

    before = Instance(ImageViewer, ())
    after = Instance(ImageViewer, ())

    view = View(
        Item("width", label="Smooth by"),
        HGroup(
            UItem("before", style="custom"),
            UItem("after", style="custom"),
        ),
        title="Smoothing",
        width=1500,
        height=760,
        resizable=True,
    )

    @observe("image")
    def _show_image(self, event):
        self.before.source = open_source(self.image)

    @observe("image, width")
    def _smooth(self, event):
        place = self.after.viewport
        self.after.source = open_source(smoothed(self.image, self.width))
        if not self.before.fitted:
            self.after.viewport = place

    @observe("before:viewport")
    def _follow(self, event):
        # With a common pixel grid both can look at the same places, whatever the sizes of their windows.
        if self.after.source is not None and not self.before.fitted:
            self.after.viewport = event.new.resized(self.after.viewport.shape)


def smoothed(image, width):
    """Return the image convolved with a Gaussian of `width` pixels."""
    rows, columns = (np.fft.fftfreq(n)[:, None] for n in image.shape)
    response = np.exp(-2 * (np.pi * width) ** 2 * (rows**2 + columns.T**2))
    return np.fft.ifft2(np.fft.fft2(image) * response).real.astype(np.float32)


def stars(rows, columns, count=400, seed=3):
    """Return an image of points on a noisy ground, float32."""
    rng = np.random.default_rng(seed)
    image = rng.normal(10, 2, (rows, columns)).astype(np.float32)
    image[rng.integers(rows, size=count), rng.integers(columns, size=count)] += rng.exponential(2000, count)
    return image


def main():
    """Show both."""
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--screenshot", metavar="OUT.png", help="save a picture of the window and exit")
    path = parser.parse_args().screenshot

    smoothing = Smoothing(image=stars(800, 1000))
    smoothing.after.appearance.colormap = "inferno"
    if path:
        from traitsview.view.window import save_picture

        ui = smoothing.edit_traits()
        save_picture(ui.control, [smoothing.before, smoothing.after], path)
        ui.dispose()
    else:
        smoothing.configure_traits()


if __name__ == "__main__":
    main()
