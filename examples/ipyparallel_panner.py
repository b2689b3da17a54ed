"""Pan over an array that lies in four engines of a cluster, as one picture.

In a notebook it takes four lines, with a cluster of the default profile that runs already (``ipcluster start -n 4``):

    import ipyparallel
    from traitsview.api import view
    ipyparallel.Client()[:].execute("density = ...", block=True)   # each engine has a part
    view("engines:?density&layout=2x2")

The engines compute what the window shows, and send pixels.  They need NumPy, and nothing of traitsview.  This script
starts a cluster of its own, and ends it.

    python examples/ipyparallel_panner.py
    python examples/ipyparallel_panner.py --screenshot panner.png    (needs no display)
"""

import os
import sys
from argparse import ArgumentParser

if "--screenshot" in sys.argv:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import ipyparallel

from traitsview.api import run, view

#: What each engine computes: its quarter of one large ring of waves.
DENSITY = """
import numpy as np
y, x = np.mgrid[:2000, :2000].astype(np.float32)
y, x = y + 2000 * (engine // 2) - 2000, x + 2000 * (engine % 2) - 2000
density = np.cos(np.hypot(x, y) / 40 + 5 * np.arctan2(y, x)) * np.exp(-np.hypot(x, y) / 1500)
"""


def main():
    """Start a cluster, and show what its engines have."""
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--screenshot", metavar="OUT.png", help="save a picture of the window and exit")
    picture = parser.parse_args().screenshot

    cluster = ipyparallel.Cluster(n=4, log_level=40)
    with cluster as client:
        engines = client[:]
        engines.scatter("engine", range(4), flatten=True, block=True)
        engines.execute(DENSITY, block=True)

        address = f"engines:{cluster.profile or 'default'}/{cluster.cluster_id}?density&layout=2x2"
        viewer = view(address, colormap="crameri:vik", limits=(-1, 1))
        if picture:
            from traitsview.view.window import screenshot

            screenshot(viewer, picture)
        else:
            run()


if __name__ == "__main__":
    main()
