"""The link to a host, for a call that waits a moment while contact is lost."""

from __future__ import annotations

import time
from collections.abc import Callable

from ...errors import HostGone
from .contact import Contact
from .link import Link

__all__ = ["ASK_SECONDS", "CONTACT_SECONDS", "awaited_link", "awaited_link_unless"]

#: Seconds that a call waits until lost contact is back.
CONTACT_SECONDS = 2.0

#: Seconds between two calls of `stale`.
ASK_SECONDS = 0.01


def awaited_link(contact: Contact) -> Link:
    """Return the link once there is contact; raise the `HostError` that keeps it lost after `CONTACT_SECONDS`."""
    return contact.link(CONTACT_SECONDS)


def awaited_link_unless(contact: Contact, stale: Callable[[], bool]) -> Link | None:
    """Return the link as `awaited_link` does, or None if `stale` says True before there is contact."""
    end = time.monotonic() + CONTACT_SECONDS
    while True:
        try:
            return contact.link(ASK_SECONDS)
        except HostGone:
            if contact.closed or time.monotonic() > end:
                raise
        if stale():
            return None
