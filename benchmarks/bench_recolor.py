"""The same 1920 × 1080 float32 values in other colours: processor time until they are painted, beside other libraries.

Each window is in a process of its own.  They take turns, and the medians of the turns are compared.  All use Qt's
offscreen platform.  A drag with the right button is one change of contrast for each move of the mouse.
"""

from __future__ import annotations

from bench_paint import Child, measured
from recolorers import KINDS
from table import heading, row, verdict

#: The most milliseconds of processor time that a change may take.
ASKED = 12.0

PEERS = ("matplotlib", "pyqtgraph")


def main() -> None:
    children = {
        name: Child(name, {"QT_QPA_PLATFORM": "offscreen", "ETS_TOOLKIT": "qt"}, "recolorers.py")
        for name in ("ours", *PEERS)
    }
    try:
        for child in children.values():
            child.paints_per_step(KINDS)
        times = measured(children, KINDS)
    finally:
        for child in children.values():
            child.close()
    print("other colours of 1920 × 1080 float32 with axes and colour bar, ms of processor time until painted")
    print(heading("", "ours", "matplotlib", "ratio", "asked"))
    for kind in KINDS:
        ours, matplotlib, pyqtgraph = (times[name, kind] for name in ("ours", *PEERS))
        ratio = f"{ours / matplotlib:.2f}"
        note = "" if kind in ("scale", "contrast") else f"(pyqtgraph {pyqtgraph:.1f})"
        told = f"{ours:.1f}", f"{matplotlib:.1f}", ratio, f"≤ {ASKED:g}", verdict(ours, ASKED), note
        print(row(f"other {kind}", *told))


if __name__ == "__main__":
    main()
