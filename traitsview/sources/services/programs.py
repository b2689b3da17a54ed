"""Which programs of this user run on this machine and can be looked into; none of them is touched for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ...errors import SourceError, SourceUnsupported
from ..framed.feed import Feed
from .engines.cluster import running_clusters
from .live import LiveNamespace
from .namespace import Namespace, Variable

__all__ = ["RunningPrograms"]


class RunningPrograms(Namespace):
    """The arrays that calculations publish; and kernels and clusters of engines, each by its name alone.

    The arrays of a kernel or a cluster can be listed only by code that runs there.  Their addresses, ``kernel:ID`` and
    ``engines:PROFILE``, are for whoever wants that.
    """

    def variables(self) -> tuple[Variable, ...]:
        return (*LiveNamespace().variables(), *_kernels(), *_clusters())

    def feed(self, expression: str) -> Feed:
        raise SourceUnsupported("cannot open 'programs:'", "it is a list", "open an address that it has")


def _kernels() -> Iterator[Variable]:
    from .kernel.connection_file import known_files, read_connection_file

    try:
        paths = known_files()
    except SourceUnsupported:  # without Jupyter's packages nobody can look into a kernel
        return
    for path in paths:
        try:
            file, written = read_connection_file(path), path.stat().st_mtime
        except (SourceError, OSError):
            continue  # it has ended, or is somebody else's
        if file.is_listening:
            since = time.strftime("%Y-%m-%d %H:%M", time.localtime(written))
            yield Variable(file.name, f"kernel:{file.name}", detail=f"since {since}")


def _clusters() -> Iterator[Variable]:
    for name in running_clusters():
        yield Variable(name, f"engines:{name}")
