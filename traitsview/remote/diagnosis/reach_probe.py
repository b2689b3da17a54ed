"""Runs ``traitsview doctor --facts`` on a host, and tells apart the causes that can keep it from running."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import time
from collections.abc import Callable
from typing import Any, cast

from ...errors import HostGone, HostRefused, WireError
from ..ssh.ssh_command import remote_command, ssh_command, start_ssh
from ..ssh.ssh_ending import has_failed
from ..ssh.ssh_patience import SshPatience
from ..ssh.ssh_words import SshWords
from .host_facts import MARK

__all__ = ["ReachProbe"]

#: Seconds that ssh has to log in where a user may have to type something, and where nobody is asked.
_LOGIN_SECONDS_OF_USERS = 150.0
_LOGIN_SECONDS = 45.0

#: Seconds after login until the command has to speak.
_SHELL_SECONDS = 45.0

#: Bytes that a shell may print before the command speaks.
NOISE_BYTES = 1 << 16

#: Bytes of one answer at most.
_LINE_BYTES = 1 << 20


class ReachProbe:
    """One run of ``traitsview doctor --facts``.

    Parameters
    ----------
    host : str
        As in an `Address`.
    batch : bool
        Whether ssh fails where it would ask the user for something.

    Attributes
    ----------
    facts : dict
        The first answer of the host; empty if there was none.
    noise : bytes
        The bytes that the shell printed before.
    status : int or None
        The status of ssh; None if it runs.
    seconds : float
        Seconds until the host spoke, or ssh ended.
    patience : SshPatience
        It counts how long the host is waited for.
    words : SshWords
        The lines on ssh's standard error.

    Raises
    ------
    HostRefused
        If there is no ssh here.
    """

    def __init__(self, host: str, batch: bool) -> None:
        self._host = host
        self.words = SshWords()
        self.facts: dict[str, Any] = {}
        self.noise = b""
        self.status: int | None = None
        self._heard = bytearray()
        began = time.monotonic()
        self._process = start_ssh(ssh_command(host, batch, remote_command("doctor --facts")), batch)
        login = _LOGIN_SECONDS if batch else _LOGIN_SECONDS_OF_USERS
        self.patience = SshPatience(host, self.words, login, _SHELL_SECONDS, aloud=True, may_ask=not batch)
        try:
            self._meet()
        except BaseException:
            self.close()
            raise
        self.seconds = time.monotonic() - began

    @property
    def failed(self) -> bool:
        """Whether ssh itself failed, and not the command on the host."""
        return self.status is not None and has_failed(self._host, self.status, self.words)

    def ask(self, word: str, timeout: float) -> dict[str, Any]:
        """Return the host's answer.

        Raises
        ------
        HostGone
            If no answer comes in time.
        HostRefused
            If the host answers that it cannot do this.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(word.encode() + b"\n")
        except OSError as error:
            raise HostGone("lost contact with the host", self.words.line or str(error)) from error
        end = time.monotonic() + timeout
        while b"\n" not in self._heard:
            if len(self._heard) > _LINE_BYTES or not self._hear(lambda: max(0.0, end - time.monotonic())):
                raise HostGone("lost contact with the host", self.words.line or f"no answer within {timeout:g} s")
        known = self._answer()
        if known.get("error"):
            what, why, remedy = known["error"]
            raise HostRefused(what, f"{what}: {why}", remedy)
        return known

    def close(self) -> None:
        """End ssh, within 2 s."""
        process = self._process
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _meet(self) -> None:
        """Wait until the host speaks, ssh ends, the shell has printed too much, or the time is over."""
        while True:
            noise, mark, rest = self._heard.partition(MARK)
            if mark and b"\n" in rest:
                self.noise, self._heard = bytes(noise), rest
                self.facts = self._answer()
                self.words.forget()  # no line until now can be why ssh ends later
                return
            if len(noise) > NOISE_BYTES or not self._hear(self.patience.left):
                self.noise = bytes(noise)
                return

    def _hear(self, left: Callable[[], float]) -> bool:
        """Read the bytes that come; return false at the end, or when `left()` is 0 before any come."""
        out, err = self._process.stdout, self._process.stderr
        assert out is not None
        assert err is not None
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            selector.register(err, selectors.EVENT_READ)
            while selector.get_map():
                seconds = left()
                if not seconds:
                    return False
                for key, _ in selector.select(seconds):
                    data = os.read(key.fd, 1 << 16)
                    if not data:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is err:
                        self.words.add(data)
                    else:
                        self._heard += data
                        return True
        try:
            self.status = self._process.wait(left())
        except subprocess.TimeoutExpired:
            return False
        return False

    def _answer(self) -> dict[str, Any]:
        line, _, rest = self._heard.partition(b"\n")
        self._heard = rest
        try:
            known = json.loads(line)
        except (ValueError, RecursionError):
            known = None
        if not _is_answer(known):
            raise WireError("cannot talk to the host", "what answers there is not traitsview")
        return cast(dict[str, Any], known)


def _is_answer(known: object) -> bool:
    """Return whether an answer has the form that it should have, as far as it is used."""
    if not isinstance(known, dict):
        return False
    forms = {"server": dict, "socket": dict, "protocols": list, "error": list, "picture": str, "version": str}
    if not all(known.get(name) is None or isinstance(known[name], form) for name, form in forms.items()):
        return False
    words = [*(known.get("error") or ()), *((known.get("server") or {}).get("paths") or ())]
    numbers = known.get("protocols") or ()
    return (
        all(isinstance(word, str) for word in words)
        and all(type(number) is int for number in numbers)
        and len(known.get("error") or (1, 2, 3)) == 3
    )
