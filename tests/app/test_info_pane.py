"""What the information pane says of a frame of a live image."""

from __future__ import annotations

import numpy as np
from kit.patience import attempts

from traitsview.app.info_pane import InfoPane
from traitsview.model.image_viewer import ImageViewer
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.testing.feeds import ScriptedFeed


def test_the_pane_has_the_step_and_the_numbers_that_were_published_beside_the_image():
    feed = ScriptedFeed()
    with FramedSource(feed, "script") as source:
        feed.show(np.ones((30, 40), np.float32), 812, 0.25, scalars=[("energy", 0.5), ("done", True)])
        viewer = ImageViewer(source=source)
        pane = InfoPane(viewer=viewer)
        for _ in attempts(lambda: pane.text):
            viewer.pixels.take_arrivals()
            if "40 wide" in pane.text and "812" in pane.text:
                break
        facts = pane.text
        viewer.close()
    assert all(f"{label}</td>" in facts for label in ("Step", "Time", "energy", "done"))
    assert all(f">{value}</td>" in facts for value in ("812", "0.25", "0.5", "True"))
