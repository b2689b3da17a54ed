"""Watch a calculation: heat spreads from a moving source, and a window shows each step.

Three lines publish the temperature; all others compute it.  Close the window, interrupt the calculation with Ctrl-C,
start it again: neither minds.

    python examples/heat_equation.py
    python examples/heat_equation.py --viewer none              (then, in another terminal: traitsview live:temperature)
    python examples/heat_equation.py --screenshot heat.png      (needs no display)
"""

import sys
from argparse import ArgumentParser
from pathlib import Path

import numpy as np

from traitsview.live import Publisher

SIZE = 400


def advance(heat, step):
    """Let heat spread for one step, and heat a place that goes round in a circle."""
    inner = heat[1:-1, 1:-1]
    around = heat[:-2, 1:-1] + heat[2:, 1:-1] + heat[1:-1, :-2] + heat[1:-1, 2:]
    inner += 0.24 * (around - 4 * inner)
    row, column = (int(SIZE / 2 + SIZE / 3 * wave(step / 300)) for wave in (np.sin, np.cos))
    heat[row - 4 : row + 5, column - 4 : column + 5] = 1.0


def main():
    """Compute, and publish each step."""
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--viewer", choices=("window", "none"), default="window")
    parser.add_argument("--screenshot", metavar="OUT.png", help="save a picture of a frame and exit")
    arguments = parser.parse_args()

    viewer = arguments.viewer == "window"
    picture = arguments.screenshot
    if picture:
        Path(picture).unlink(missing_ok=True)
        # Any command may be the viewer; the address of what is published comes behind it.
        viewer = [sys.executable, "-m", "traitsview", "render", "-o", picture, "--colormap", "inferno"]

    y, x = np.mgrid[:SIZE, :SIZE] / SIZE
    heat = 0.3 + 0.3 * np.sin(9 * x) * np.cos(11 * y)
    with Publisher("temperature", viewer=viewer, extent=(0, 4, 0, 4), unit="K") as publisher:
        for step in range(arguments.steps):
            advance(heat, step)
            publisher.publish(heat, step=step, time=step * 1e-3, energy=heat.sum())
            if picture and Path(picture).exists():
                break


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("interrupted")
