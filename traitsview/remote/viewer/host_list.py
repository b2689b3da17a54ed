"""Asks a host what can be looked at there."""

from __future__ import annotations

from contextlib import closing

from ...errors import HostGone, TraitsviewError
from ...sources.services.namespace import Variable
from .. import wire
from ..protocol import hello
from .route import Route

__all__ = ["listed"]


def listed(route: Route) -> tuple[Variable, ...]:
    """Return what is at the address of a route, which is closed.

    Raises
    ------
    TraitsviewError
        If the host cannot be reached, or cannot list it.
    """
    with closing(route):
        link = None
        try:
            link = route.reach(hello.new_viewer())
            with link.borrow() as calls:
                return wire.unpack_variables(calls.call("list", wire.pack_source(route.text_there)))
        except TraitsviewError as error:
            raise route.named_here(error) if not isinstance(error, HostGone) else error from error.__cause__
        finally:
            if link is not None:
                link.close()
