"""Notices that a network of this machine comes or goes: a laptop wakes, Wi-Fi is back, a VPN is up."""

from __future__ import annotations

import os
import select
import socket
import threading
from collections.abc import Callable

__all__ = ["NetworkChange"]

# Links, addresses and routes, of IPv4 and IPv6.  The kernel tells them to every process, without privileges.
_GROUPS = 0x1 | 0x10 | 0x40 | 0x100 | 0x400

#: Seconds between two calls: a network comes or goes in many small steps.
_PAUSE_SECONDS = 0.3


class NetworkChange:
    """Calls `notify`, in a thread of its own, after each change of the networks of this machine.

    Where the kernel does not tell of changes it does nothing.  Any thread may call `close`.
    """

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._thread: threading.Thread | None = None
        try:
            self._sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
        except (OSError, AttributeError):
            return
        try:
            self._sock.bind((0, _GROUPS))
        except OSError:
            self._sock.close()
            return
        self._closing = os.eventfd(0, os.EFD_CLOEXEC)
        self._thread = threading.Thread(target=self._watch, name="traitsview network", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop calling."""
        thread, self._thread = self._thread, None
        if thread is not None:
            os.eventfd_write(self._closing, 1)
            if thread is not threading.current_thread():
                thread.join(1.0)

    def _watch(self) -> None:
        with self._sock:
            while not self._closes_within(None, self._sock.fileno()):
                self._drain()
                self._notify()
                if self._closes_within(_PAUSE_SECONDS):
                    break
        os.close(self._closing)

    def _closes_within(self, seconds: float | None, *others: int) -> bool:
        poll = select.poll()
        for descriptor in (self._closing, *others):
            poll.register(descriptor, select.POLLIN)
        return self._closing in (found for found, _ in poll.poll(None if seconds is None else seconds * 1000))

    def _drain(self) -> None:
        while True:
            try:
                self._sock.recv(1 << 16)
            except BlockingIOError:
                return
            except OSError:
                # There were more messages than the kernel keeps: that is a change as well.
                continue
