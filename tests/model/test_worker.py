"""The newest job is done; those it replaced are not."""

from __future__ import annotations

import logging
import threading

import pytest
from kit.patience import PATIENCE

from traitsview.model.loading.worker import NewestWorker


@pytest.fixture
def worker():
    """A worker that is closed afterwards."""
    made = NewestWorker("tested")
    yield made
    made.close()


def test_a_job_that_waits_is_replaced_by_a_newer_one(worker):
    done, started, go = [], threading.Event(), threading.Event()

    def first(stale):
        started.set()
        assert go.wait(PATIENCE)
        done.append(("first", stale()))

    worker.submit(first)
    assert started.wait(PATIENCE)
    for number in range(100):
        worker.submit(lambda stale, number=number: done.append((number, stale())))
    go.set()
    assert worker.wait_idle(PATIENCE)
    assert done == [("first", True), (99, False)]


def test_a_job_that_fails_is_logged_and_the_next_one_is_done(worker, caplog):
    done = []

    def fail(stale):
        raise RuntimeError("broken")

    with caplog.at_level(logging.ERROR):
        worker.submit(fail)
        assert worker.wait_idle(PATIENCE)
    worker.submit(lambda stale: done.append(1))
    assert worker.wait_idle(PATIENCE)
    assert done == [1]
    assert "broken" in caplog.text


def test_closing_makes_the_job_at_hand_stale_and_ends_the_thread(worker):
    seen = threading.Event()

    def until_stale(stale):
        while not stale():
            seen.wait(0.001)
        seen.set()

    worker.submit(until_stale)
    worker.close()
    assert worker.wait_ended(PATIENCE)
