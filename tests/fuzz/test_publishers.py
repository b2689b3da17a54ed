"""Whatever is in the memory of a publisher, whoever reads it gets frames within limits, or an error in one line."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, suppress

import numpy as np
import pytest
from kit.fuzzing import fuzz, require_one_line
from kit.mutation import NUMBERS, WIDE, mutated

from traitsview.live import Publisher, layout
from traitsview.live.found_publishers import found_under, publishers
from traitsview.live.reader import Reader
from traitsview.sources.services.live_feed import LiveFeed

NAME = "fuzzed"
WORDS = (*NUMBERS, *(value for value in WIDE if value < 2**63), -1, -(2**31), -(2**63))


class Memory:
    """Copies of the three pieces of memory of a publisher, under their numbers in this process."""

    def __init__(self):
        with Publisher(NAME, slots=3, extent=(0.0, 1.0, 0.0, 2.0), unit="K") as publisher:
            (found,) = found_under(f"{NAME}@{os.getpid()}")
            with found.reader() as reader:
                reader.watch()
                for step in range(4):
                    publisher.publish(np.full((5, 4), step, np.float32), step=step, time=0.5, curve=[1.0, 2.0], e=step)
                facts = reader.facts()
                numbers = (found.descriptor, facts.slots_descriptor, facts.series_descriptor)
                slots = 3 * facts.slot_bytes
                sizes = (layout.CONTROL_BYTES, slots, layout.SERIES_AT + 8 * facts.series_columns * 16)
                self.data = [os.pread(at, size, 0) for at, size in zip(numbers, sizes, strict=True)]
        self.series_bytes = layout.SERIES_AT + 8 * facts.series_columns * layout.SERIES_PLACES

    @contextmanager
    def written(self, case):
        """Put memory that has other bytes into memfds, as a publisher would."""
        names = (layout.MEMFD_PREFIX + NAME, "slots", "series")
        files = [os.memfd_create(name, os.MFD_CLOEXEC) for name in names]
        try:
            control = bytearray(case[0])
            for at, file in ((layout.SLOTS_FD, files[1]), (layout.SERIES_FD, files[2])):
                if case[3]:  # otherwise they are where the accident says
                    control[8 * at : 8 * at + 8] = layout.WORD.pack(file)
                    control[8 * at + 8 : 8 * at + 16] = layout.WORD.pack(os.fstat(file).st_ino)
            for file, data in zip(files, (control, case[1], case[2]), strict=True):
                os.pwrite(file, data, 0)
            if case[4]:
                os.truncate(files[2], self.series_bytes)
            yield files[0]
        finally:
            for file in files:
                os.close(file)

    def made(self, rng):
        pieces = list(self.data)
        which = rng.choice((0, 0, 1, 1, 1, 2))
        data = bytearray(pieces[which])
        if rng.random() < 0.6:
            for _ in range(rng.randrange(1, 4)):
                limit = layout.SLOT_WORDS if which else 24
                at = 8 * rng.randrange(limit) + (rng.randrange(3) * (len(data) // 3) if which == 1 else 0)
                data[at : at + 8] = layout.WORD.pack(rng.choice(WORDS))
        elif which == 1 and rng.random() < 0.8:
            size = len(data) // 3
            start = rng.randrange(3) * size + layout.FORM_AT
            data[start : start + 700] = mutated(rng, bytes(data[start : start + 700]))[:700].ljust(700)
        else:
            data = bytearray(mutated(rng, bytes(data)))
        pieces[which] = bytes(data)
        return (*pieces, rng.random() < 0.9, rng.random() < 0.9)


def check_reader(descriptor):
    """Read everything that can be read; only errors in one line may come of it."""
    try:
        with Reader(os.getpid(), descriptor) as reader:
            facts = reader.facts()
            assert facts.name.isprintable()
            reader.form(facts)
            frame = reader.newest(facts, lambda form: form.arrays)
            if frame is not None:
                assert sum(array.nbytes for array in frame.arrays.values()) <= facts.slot_bytes
                assert frame.step == (frame.given_step if frame.given_step is not None else frame.count - 1)
            rows = reader.series(facts)
            assert len(rows.rows) <= layout.SERIES_ROWS
    except (OSError, ValueError) as error:
        require_one_line(error)


@pytest.mark.fault("X7")
def test_any_memory_of_a_publisher_is_read_or_refused():
    memory = Memory()

    def check(case):
        with memory.written(case) as descriptor:
            check_reader(descriptor)

    fuzz("publishers", memory.made, check)


def test_any_memory_of_a_publisher_is_shown_or_explained(monkeypatch):
    memory = Memory()
    blocks = []
    # To look through all processes each time would take most of the time.
    monkeypatch.setattr("traitsview.live.found_publishers._control_blocks", lambda: iter(blocks))

    def check(case):
        with memory.written(case) as descriptor:
            blocks[:] = [(os.getpid(), descriptor, NAME)]
            for found in publishers():
                assert found.name.isprintable()
            for name in (NAME, f"{NAME}::e"):
                feed = LiveFeed(*name.split("::"))
                with suppress(ValueError, OSError):
                    arrival = feed.next(0.0)
                    if arrival is not None:
                        arrival.image.summarize()
                require_one_line(ValueError(feed.state))
                feed.close()

    fuzz("live", memory.made, check)


def test_memory_that_changes_while_it_is_read_is_never_trusted():
    memory = Memory()
    over = threading.Event()
    case = (*memory.data, True, True)
    with memory.written(case) as descriptor:

        def spoil():
            rng = np.random.default_rng(1)
            facts = layout.WORD.unpack(os.pread(descriptor, 8, 8 * layout.SLOTS_FD))[0]
            while not over.is_set():
                at = int(rng.integers(0, layout.SLOT_WORDS)) * 8
                os.pwrite(facts, layout.WORD.pack(int(rng.choice(WORDS))), at)
                os.pwrite(facts, memory.data[1], 0)

        thread = threading.Thread(target=spoil)
        thread.start()
        for _ in range(300):
            check_reader(descriptor)
        over.set()
        thread.join()
