"""All kernels of this user on this machine, and their arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from ....errors import SourceError, TraitsviewError
from ...framed.feed import Feed
from ..namespace import Namespace, Variable
from .connection_file import known_files, read_connection_file
from .kernel_namespace import KernelNamespace

__all__ = ["AllKernels", "kernels"]

#: Kernels that are asked at the same time, at most.
_AT_ONCE = 16


def kernels(name: str) -> Namespace:
    """Return the namespace of one kernel, or of all if `name` is empty."""
    return KernelNamespace(name) if name else AllKernels()


class AllKernels(Namespace):
    """The arrays of all kernels; a kernel that has none, or does not tell, is listed by itself.

    Expressions are ``ID?EXPRESSION``.
    """

    def variables(self) -> tuple[Variable, ...]:
        names = list(_listening(known_files()))
        with ThreadPoolExecutor(_AT_ONCE, "traitsview kernels") as threads:  # one may not answer for seconds
            return tuple(variable for found in threads.map(_of_kernel, names) for variable in found)

    def feed(self, expression: str) -> Feed:
        name, _, inner = expression.partition("?")
        return KernelNamespace(name).feed(inner)


def _listening(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        with suppress(SourceError):  # it has ended, or is somebody else's
            file = read_connection_file(path)
            if file.is_listening:
                yield file.name


def _of_kernel(name: str) -> list[Variable]:
    try:
        with KernelNamespace(name) as kernel:
            arrays = list(kernel.variables())
            return arrays or [Variable(name, f"kernel:{name}", detail=f"{kernel.detail}, no arrays")]
    except TraitsviewError as error:
        return [Variable(name, f"kernel:{name}", detail=error.why)]
