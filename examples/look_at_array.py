"""Look at an array in a window of its own.

`view` opens a window and returns at once; `run` waits until the last window is closed.

    python examples/look_at_array.py
    python examples/look_at_array.py --screenshot array.png    (needs no display)
"""

import os
import sys
from argparse import ArgumentParser

import numpy as np

if "--screenshot" in sys.argv:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from traitsview.api import run, view


def ripples(rows, columns):
    """Return waves from three places that meet, float32."""
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    waves = np.zeros((rows, columns), np.float32)
    for row, column in ((0.2, 0.25), (0.75, 0.4), (0.4, 0.8)):
        distance = np.hypot(y - row * rows, x - column * columns)
        waves += np.cos(distance / 25) / np.sqrt(1 + distance / 100)
    return waves


def main():
    """Show the array."""
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--screenshot", metavar="OUT.png", help="save a picture of the window and exit")
    picture = parser.parse_args().screenshot

    viewer = view(ripples(1500, 2000), colormap="crameri:vik", limits=(-2, 2))

    # The viewer is an ordinary Traits object: everything can be set and observed.
    viewer.observe(lambda event: print(f"{event.new.resolution[0]:.3g} elements per pixel"), "viewport")

    if picture:
        from traitsview.view.window import screenshot

        screenshot(viewer, picture)
    else:
        run()


if __name__ == "__main__":
    main()
