"""A thread that does the newest job, and drops the jobs that it has not begun when a newer one comes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

#: A job is called with a function that returns whether a newer job is waiting.
Job = Callable[[Callable[[], bool]], None]


class NewestWorker:
    """One daemon thread and one place to leave a job in.

    A job that is left while another one waits replaces that one, so there is never a queue.  A running job is given a
    function, which returns whether the job has become stale.  Any thread may call any method.

    Parameters
    ----------
    name : str
        Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._condition = threading.Condition()
        self._waiting: Job | None = None
        self._busy = False
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Have `job` done next, in the place of a job that still waits.  Returns at once."""
        with self._condition:
            self._waiting = job
            self._condition.notify_all()

    def wait_newer(self, timeout: float) -> bool:
        """Wait, in the job at hand, until it has become stale; return whether that came within `timeout` seconds."""
        with self._condition:
            return self._condition.wait_for(self._stale, timeout)

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing is running or waiting; return whether that came within `timeout` seconds."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._busy and self._waiting is None, timeout)

    def wait_ended(self, timeout: float) -> bool:
        """Wait until a closed worker's thread has ended; return whether that came within `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def close(self) -> None:
        """Drop what waits and let the thread end after the job at hand, which becomes stale."""
        with self._condition:
            self._closed = True
            self._waiting = None
            self._condition.notify_all()

    def _stale(self) -> bool:
        return self._waiting is not None or self._closed

    def _work(self) -> None:
        while True:
            with self._condition:
                self._busy = False
                self._condition.notify_all()
                self._condition.wait_for(lambda: self._waiting is not None or self._closed)
                if self._closed:
                    return
                job, self._waiting, self._busy = self._waiting, None, True
            assert job is not None
            try:
                job(self._stale)
            except Exception:
                logger.exception("a job of %s failed", self._thread.name)
            del job  # a job holds the object that left it, which may be closed by now
