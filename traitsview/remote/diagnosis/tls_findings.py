"""Makes every step from this machine to a server that listens on the network, one after the other."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

from ...errors import HostGone
from ...sources.address import Address, tls_endpoint
from ..protocol import hello
from ..routes.tls_route import TlsRoute
from ..tls.credentials import credentials_for, record_path
from ..tls.tls_handshake import connect
from .finding import Finding, Steps, findings

__all__ = ["diagnose_tls"]


def diagnose_tls(address: Address) -> Iterator[Finding]:
    """Yield the result of each step, up to the first that fails."""
    host, port = tls_endpoint(address.host)

    def name() -> str:
        try:
            places = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise HostGone(
                "", f"the name is not known here ({error.strerror})", "check the name and the network"
            ) from error
        return f"{host} is {', '.join(dict.fromkeys(str(place[4][0]) for place in places))}"

    def credentials() -> str:
        known = credentials_for(host, port)
        return f"{record_path(host, port)}, of process {known.pid} on {known.machine}"

    def server() -> str:
        began = time.monotonic()
        connect(credentials_for(host, port), hello.HELLO_SECONDS).close()
        return f"it is that server, and lets us in, after {(time.monotonic() - began) * 1e3:.3g} ms"

    def session() -> str:
        route = TlsRoute(address)
        began = time.monotonic()
        try:
            route.reach(hello.new_viewer()).close()
        finally:
            route.close()
        return f"a viewer has a session after {(time.monotonic() - began) * 1e3:.3g} ms"

    steps: Steps = {"name": name, "file": credentials, "server": server, "session": session}
    yield from findings(steps)
