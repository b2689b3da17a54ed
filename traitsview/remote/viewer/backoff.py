"""Decides how long to wait between two tries: longer each time, and not in step with other viewers."""

from __future__ import annotations

import random

__all__ = ["Backoff"]

#: Seconds from the beginning of one try to the beginning of the next: after the first try, and at most.
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0

# A pause takes between this part of itself and all of it, by chance: many viewers that have lost one host must not come
# back at once.
_SHORTEST_PART = 0.7


class Backoff:
    """Counts tries and says when the next one is due.

    A pause counts from the beginning of a try: after a try that took long the next one is due at once.

    Attributes
    ----------
    tries : int
        The number of tries since the last `reset`.
    """

    def __init__(self) -> None:
        self.tries = 0
        self._due = 0.0

    def begin(self, now: float) -> None:
        """Note that a try begins at the monotonic time `now`."""
        self.tries += 1
        # The exponent is limited: a viewer may try for weeks.
        longest = min(FIRST_PAUSE_SECONDS * 2.0 ** min(self.tries - 1, 16), LONGEST_PAUSE_SECONDS)
        self._due = now + longest * random.uniform(_SHORTEST_PART, 1.0)

    def wait(self, now: float) -> float:
        """Return the seconds until the next try is due."""
        return max(0.0, self._due - now) if self.tries else 0.0

    def reset(self) -> None:
        """Forget the tries, when contact was of use."""
        self.tries = 0
