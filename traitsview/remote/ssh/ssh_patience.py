"""Counts how long to wait for a command that ssh runs on a host, and says meanwhile what is waited for."""

from __future__ import annotations

import math
import os
import time

from .. import awaited_step
from .ssh_command import has_master
from .ssh_words import SshWords

__all__ = ["SshPatience"]

#: A shell that answers within so many seconds after login is quick: nothing is said of waiting for it.
_QUICK_SHELL_SECONDS = 3.0


class SshPatience:
    """Counts from the moment when it is made; for one thread.

    Parameters
    ----------
    host : str
    words : SshWords
        They show whether ssh has logged in.
    login, shell : float
        Seconds that ssh has to log in, and seconds from then on that the command has to say something.
    aloud : bool
        Whether to say what is waited for, once that takes long.
    may_ask : bool
        Whether ssh may ask the user for something meanwhile.
    """

    def __init__(self, host: str, words: SshWords, login: float, shell: float, aloud: bool, may_ask: bool) -> None:
        self._host = host
        self._words = words
        self._login = login
        self._shell = shell
        self._aloud = aloud
        self._may_ask = may_ask
        self._began = time.monotonic()
        self._logged_in: float | None = None
        self._due = self._began + awaited_step.LONG_SECONDS if aloud else math.inf

    @property
    def logged_in(self) -> bool:
        """Whether ssh was known to have logged in when `left` was called last."""
        return self._logged_in is not None

    @property
    def seconds(self) -> float:
        """Seconds since ssh logged in, or since it began if it has not."""
        return time.monotonic() - (self._logged_in or self._began)

    def left(self) -> float:
        """Return the seconds after which this is to be called again at the latest; 0 when the time is over."""
        now = time.monotonic()
        if self._logged_in is None and self._words.logged_in:
            self._logged_in = now
            if self._aloud:
                self._due = max(self._began + awaited_step.LONG_SECONDS, now + _QUICK_SHELL_SECONDS)
        if now >= self._due:
            self._due = math.inf
            self._say()
        end = self._began + self._login if self._logged_in is None else self._logged_in + self._shell
        return max(0.0, min(end, self._due) - now)

    def _say(self) -> None:
        """Say what is waited for."""
        if self._logged_in is None and has_master(self._host):
            # ssh runs no local command over a shared connection, which has logged in before.
            self._words.note_login()
            self._logged_in = self._began
        if self._logged_in is not None:
            awaited_step.say(f"logged in, waiting for the shell of {self._host}")
        elif not (self._may_ask and _has_terminal()):
            # A line would be written into what ssh asks there.
            awaited_step.say(f"waiting for ssh to log in to {self._host}")


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
