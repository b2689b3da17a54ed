"""The threads that all sources share."""

import subprocess
import sys

import pytest
from kit.patience import PATIENCE

AFTER_THE_END = """
import threading
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from traitsview.geometry import Viewport
from traitsview.sources.reducing import workers
from traitsview.sources.arrays.array_source import ArraySource

workers.processors = lambda: 2
source = ArraySource(np.ones((900, 900), np.float32))
viewport = Viewport((0.5, 0.5), (0, 0), (1500, 1500))

def work():
    try:
        while True:
            ThreadPoolExecutor(1).submit(int).result()
    except RuntimeError:
        pass
    print({what})

threading.Thread(target=work).start()
"""


@pytest.mark.parametrize(
    ("what", "answer"),
    [("int(source.render(viewport).sum())", "2250000"), ("len(list(source.render_tiles(viewport.tiles())))", "36")],
)
def test_viewport_asked_for_while_the_interpreter_ends_is_rendered_in_full(what, answer):
    done = subprocess.run(
        [sys.executable, "-c", AFTER_THE_END.format(what=what)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == (answer, "")
