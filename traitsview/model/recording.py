"""Recording of the frames that a viewer shows: the whole frames, not what is visible of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from traits.api import Any, Bool, HasStrictTraits, Instance, Int, Str, observe

from ..errors import FrameGone, HostError, TraitsviewError, source_failure
from ..geometry import Viewport
from ..sources.picture import Picture
from .frame_store import FrameStore
from .loading.worker import NewestWorker

__all__ = ["Recording", "whole_frame"]


@dataclass(frozen=True, slots=True)
class Written:
    """What has been recorded, and why it ended."""

    count: int
    nbytes: int
    error: TraitsviewError | None = None


class Recording(HasStrictTraits):
    """Records the frames that a viewer shows, in a thread of its own.

    At most one frame is read and one waits.  A frame that is shown while another one waits takes its place: recording
    never holds up what is shown.
    """

    #: The `ImageViewer`.
    viewer = Any()

    #: Whether frames are recorded.
    running = Bool()

    #: What is recorded: ``"12 frames, 99 MB"``, or why it ended; empty if nothing was.
    line = Str()

    #: What was said of the recording before.
    _complaint = Any()

    _store = Instance(FrameStore)
    _worker = Instance(NewestWorker)

    #: Frames that were shown since the beginning, and those of them that were written.
    _shown = Int()
    _written = Int()

    def start(self, path):
        """Record to a new folder: a Zarr array, see `FrameStore`.  Raises `RequestError` if that cannot be made."""
        self.stop()
        self._store = FrameStore(Path(path))
        if self._complaint is not None:
            self._complaint.withdraw()
            self._complaint = None
        self._worker = NewestWorker("traitsview recording")
        self.trait_set(running=True, _shown=0, _written=0)
        self._record()

    def stop(self):
        """End the recording; the frame at hand is still written."""
        store, worker = self._store, self._worker
        if worker is not None:

            def finish(stale):
                with suppress(OSError):  # if there is no room, that was told
                    store.note()
                worker.close()

            worker.submit(finish)
        self.trait_set(_worker=None, _store=None, running=False)

    @observe("viewer.live.version")
    def _record(self, event=None):
        if not self.running or self.viewer.live.paused:
            return  # a frame that is looked back at was shown before
        viewer, store, worker = self.viewer, self._store, self._worker
        frame, source = viewer.frame, viewer.source
        if not frame.info.version:
            return  # there is no frame yet
        self._shown += 1
        tell = viewer.pixels.listener(lambda written: self._take(store, written))
        kept = source.hold(frame.version)

        def write(stale):
            assert kept is not store  # the frame is kept until it is written
            try:
                store.add(whole_frame(source, frame), frame)
                tell(Written(store.count, store.nbytes))
            except (FrameGone, HostError):
                tell(Written(store.count, store.nbytes))  # the next frame may come
            except BaseException as error:  # whatever the code of a source raises
                tell(Written(store.count, store.nbytes, source_failure(error)))

        worker.submit(write)

    @observe("viewer.source")
    def _end(self, event):
        self.stop()
        self.line = ""

    def _take(self, store, written):
        if store is not self._store:
            return
        self._written = written.count
        left_out = self._shown - written.count - 1
        words = [f"{written.count} frame{'s' * (written.count != 1)}", f"{written.nbytes / 1e6:.3g} MB"]
        if left_out > 0:
            words.append(f"{left_out} left out")
        self.line = ", ".join(words)
        if written.error is not None:
            self._complaint = self.viewer.status.complain(written.error)
            self.stop()


def whole_frame(source, frame):
    """Return all elements of a frame as the calculation has them, (planes …, rows, columns[, channels]).

    Complex numbers are their moduli.  Raises what `ImageSource.render_tiles` raises.
    """
    info = frame.info
    elements = Viewport(info.element, (0, 0), info.shape, info.anchor)
    planes = [axis.size for axis in info.planes]
    found = []
    for plane in product(*map(range, planes)):
        picture = Picture(plane, "nearest", frame.version)
        ((_, pixels),) = source.render_tiles([elements], picture)
        found.append(pixels)
    dtype = np.dtype(info.dtype)
    array = np.stack(found).reshape(*planes, *found[0].shape)
    return np.ascontiguousarray(array, dtype if dtype.kind in "biuf" else array.dtype)
