"""The link to a source that a host has open: how long bytes take, news of contact, and looking together."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from ...errors import HostError
from ...sources.company import NOBODY, Company, Sight
from ...sources.source_link import SourceLink
from .. import wire
from .awaited_link import awaited_link
from .contact import Contact
from .link import Link
from .route import Route

__all__ = ["HostLink"]


class HostLink(SourceLink):
    """The link to a source that a host has open."""

    def __init__(self, contact: Contact, route: Route) -> None:
        self._contact = contact
        self.gathers = route.gathers
        self.host, self.foreign = route.ssh_host, route.foreign
        # The link through which this viewer was a member last.  Through another link it is another member, perhaps of
        # a server that was started again.
        self._met: Link | None = None
        # The link and the look that the host was told last.
        self._told: tuple[Link | None, str] = None, ""

    def delay(self, nbytes: int) -> float:
        try:
            return self._contact.link().pace.delay(nbytes)
        except HostError:
            return 0.0

    def watch(self, listener: Callable[[HostError | None], None]) -> None:
        self._contact.watch(listener)

    def retry(self) -> None:
        self._contact.retry()

    def meet(self, name: str, known: Company, timeout: float) -> Company:
        link = awaited_link(self._contact)
        if link is not self._met:
            self._met, known = link, NOBODY
        with link.borrow() as connection:
            seconds = min(max(float(timeout), 0.0), wire.LONGEST_WAIT)
            answer = connection.call("meet", wire.pack_name(name), known.version, known.looks, seconds)
            return wire.unpack_company(answer, known)

    def lead(self, sight: Sight | None, begin: bool) -> bool:
        link = awaited_link(self._contact)
        look = "" if sight is None else sight.look
        form = wire.pack_sight(sight, begin or self._told != (link, look))
        with link.borrow() as connection:
            leads = wire.unpack_flag(connection.call("lead", begin, form))
        self._told = (link, look) if leads else (None, "")
        return leads

    def part(self) -> None:
        with contextlib.suppress(HostError):
            self._contact.link().control.post("part")
