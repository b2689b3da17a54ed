"""The questions and the news between a viewer and those who look at the same source, in threads of their own."""

from __future__ import annotations

import threading

from ..errors import RequestError, TraitsviewError
from ..sources.company import NOBODY

__all__ = ["Attendance", "give_up", "told"]

#: Seconds that one question for the company waits at most.
_WAIT_SECONDS = 30.0

#: Seconds before another question after one that failed, and between two of a viewer that does not follow.
_PAUSE_SECONDS = 1.0

#: Seconds between two tellings of what a leader shows.
_TELL_SECONDS = 0.03


class Attendance:
    """A thread that asks a host again and again who looks at a source, until `close`.

    Parameters
    ----------
    link : SourceLink
    name : str
        What the others call this viewer.
    tell : callable
        Called in the thread with each `Company` that differs from the one before.
    """

    def __init__(self, link, name, tell):
        self._link, self._name, self._tell = link, name, tell
        self._closed, self._eager = threading.Event(), threading.Event()
        threading.Thread(target=self._ask, name="traitsview company", daemon=True).start()

    def close(self):
        """Ask no more.  Returns at once."""
        self._closed.set()
        self._eager.set()
        self._link.part()

    def hasten(self, eager):
        """Tell each change of what the leader shows, or one of them a second."""
        (self._eager.set if eager else self._eager.clear)()

    def _ask(self):
        known = NOBODY
        while not self._closed.is_set():
            try:
                company = self._link.meet(self._name, known, _WAIT_SECONDS)
            except TraitsviewError:
                self._closed.wait(_PAUSE_SECONDS)
                continue
            if company != known:
                self._tell(company)
            if (company.people, company.leader) == (known.people, known.leader):
                self._eager.wait(_PAUSE_SECONDS)
            known = company
        self._link.part()  # it may have come again after `close`


def told(link, sight, begin, done, stale):
    """Tell the host what a leader shows, and have ``done(answer)`` called with the answer, or with the error."""
    try:
        answer = link.lead(sight, begin)
    except RequestError as error:
        answer = error
    except TraitsviewError:
        return  # contact is lost; whoever is told again after that leads again
    done(answer)
    threading.Event().wait(_TELL_SECONDS)


def give_up(link, stale):
    """Tell the host that this viewer leads no more."""
    try:
        link.lead(None, False)
    except TraitsviewError:
        return
