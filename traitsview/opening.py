"""Opens the source that a user names, on this machine or another one.  No other module chooses a route to a host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .errors import RequestError, SourceUnsupported, quoted
from .sources.address import READINGS, TLS, parse_address
from .sources.questions.kernel_access import KernelAccess, KernelDoor
from .sources.questions.question import whole

if TYPE_CHECKING:
    from .remote.viewer.route import Route
    from .sources.image_source import ImageSource
    from .sources.services.namespace import Variable

__all__ = [
    "ReachedKernel",
    "connect",
    "list_sources",
    "open_in_host",
    "open_source",
    "reach_kernel",
    "read_as",
    "start",
]


def open_source(what: object, **options: Any) -> ImageSource:
    """Return `what` as an `ImageSource`.

    Parameters
    ----------
    what : ImageSource, array, str or os.PathLike
        An `ImageSource` is returned unchanged.  An array is anything with ``shape``, ``dtype`` and slicing;
        it is not copied.  A str is read as ``[HOST:]FILE[::IMAGE]``, a path object names a file.
        An image on another host stays there and is rendered there; see :doc:`hosts`.
    **options
        How it is read: ``kind``, ``origin``, and ``blank``, a value that is taken as no value.  For arrays and files of
        this machine also ``name``, ``extent``, ``unit``, ``axes``, ``world``.

    Raises
    ------
    SourceError
        If the source does not exist, cannot be read or is no image.
    RequestError
        If an address or an option makes no sense.
    HostError
        If the host cannot be reached.
    """
    if isinstance(what, str) and parse_address(what).host:
        return open_in_host(read_as(what, **options))
    from .sources.registry import open_source as open_here

    return open_here(what, **options)


def open_in_host(text: str) -> ImageSource:
    """Return the source that `text` names, opened in a process of its own or on its host; raises as `open_source`."""
    return connect(start(text))


def list_sources(text: str) -> tuple[Variable, ...]:
    """Return what can be looked at: the images of a file or a folder, and the arrays of running programs.

    Parameters
    ----------
    text : str
        ``[HOST:]FILE``, ``[HOST:]FOLDER``, ``[HOST:]kernel:[ID]``, or another scheme.  What is on another machine is
        listed there; the addresses in the answer have the name of that machine before them.

    Raises
    ------
    SourceError
        If it is not there, or cannot be listed.
    RequestError
        If the address makes no sense.
    HostError
        If the host cannot be reached.
    """
    host = parse_address(text).host
    if not host:
        from .sources.listing import list_sources as list_here

        return list_here(text)
    from .remote.viewer.host_list import listed

    before = host if host.startswith(TLS) else f"{host}:"
    return tuple(replace(each, address=f"{before}{each.address}") for each in listed(start(text)))


def read_as(text: str, **options: Any) -> str:
    """Add options of reading to an address: ``read_as("m13.fits", blank=0)`` returns ``"m13.fits::?blank=0"``.

    Options that are None are left out.

    Raises
    ------
    RequestError
        If `text` is no address, or an address cannot hold an option.
    """
    given = {name: value for name, value in options.items() if value is not None}
    address = parse_address(text)
    others = [name for name in given if name not in READINGS]
    if others:
        why = f"{', '.join(others)} can be told for what is on this machine only"
        raise RequestError(f"cannot open {quoted(text)}", why, "leave it out")
    if given and address.scheme != "file":
        why = f"{', '.join(given)} can be told for files only"
        raise RequestError(f"cannot open {quoted(text)}", why, "leave it out")
    readings = {**dict(address.readings), **{name: str(value) for name, value in given.items()}}
    return str(replace(address, readings=tuple(readings.items()))) if given else text


def start(text: str) -> Route:
    """Begin to reach the process that will read what `text` names; returns at once.

    Give the route to `connect`, or close it.
    """
    address = parse_address(text)
    if address.host.startswith(TLS):
        from .remote.routes.tls_route import TlsRoute

        return TlsRoute(address)
    if address.host:
        from .remote.routes.ssh_route import SshRoute

        return SshRoute.start(address)
    from .remote.routes.own_process import OwnProcess

    return OwnProcess(text)


@dataclass(frozen=True, slots=True)
class ReachedKernel:
    """A kernel that an image is in, as programs of this machine reach it.

    Attributes
    ----------
    there : KernelDoor
        Where it listens on its machine.
    here : KernelDoor
        Where programs of this machine reach it.
    leave : callable
        Ends that.
    """

    there: KernelDoor
    here: KernelDoor
    leave: Callable[[], None]


def reach_kernel(
    source: ImageSource, stale: Callable[[], bool], reached: KernelDoor | None = None
) -> ReachedKernel | None:
    """Return where programs of this machine reach the kernel that a source is in.

    A kernel on a host is reached through sockets here that the user's ssh leads there.  This may take seconds.

    Parameters
    ----------
    source : ImageSource
    stale : callable
        Is asked now and then; when it says True, this returns None.
    reached : KernelDoor, optional
        Where the kernel listened that is reached already; if it is still this one, this returns None.

    Raises
    ------
    SourceUnsupported
        If the source is in no kernel, or on a machine where ssh does not lead.
    HostError
        If the host cannot be reached.
    """
    what = "there is no console for the data"
    if source.link.foreign:  # what its host calls its own machine would be this one
        raise SourceUnsupported(what, "the host is not reached by ssh", "open HOST:live:NAME or HOST:kernel:ID?NAME")
    door = whole(source.examine(KernelAccess()))
    if not door.transport:
        raise SourceUnsupported(what, "the image is in no kernel", "open kernel:ID?NAME")
    if door == reached:
        return None
    if not source.link.host:
        return ReachedKernel(door, door, lambda: None)
    from .remote.routes.ssh_forward import SshForward

    separator = ":" if door.transport == "tcp" else "-"
    forward = SshForward(source.link.host, [f"{door.ip}{separator}{port}" for port in door.ports])
    try:
        if forward.wait(stale):
            numbers = tuple(range(1, len(door.ports) + 1))
            here = replace(door, transport="ipc", ip=str(forward.prefix), ports=numbers)
            return ReachedKernel(door, here, forward.close)
    except BaseException:
        forward.close()
        raise
    forward.close()
    return None


def connect(route: Route) -> ImageSource:
    """Return the source that a route leads to, when it is open; closing it closes the route."""
    from .remote.viewer.remote_source import RemoteSource

    return RemoteSource(route)
