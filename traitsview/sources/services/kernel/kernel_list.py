"""All kernels of this user on this machine, and their arrays."""

from __future__ import annotations

from ....errors import SourceError, TraitsviewError
from ...framed.feed import Feed
from ..namespace import Namespace, Variable
from .connection_file import known_files, read_connection_file
from .kernel_namespace import KernelNamespace

__all__ = ["AllKernels", "kernels"]


def kernels(name: str) -> Namespace:
    """Return the namespace of one kernel, or of all if `name` is empty."""
    return KernelNamespace(name) if name else AllKernels()


class AllKernels(Namespace):
    """The arrays of all kernels; a kernel that has none, or does not tell, is listed by itself.

    Expressions are ``ID?EXPRESSION``.
    """

    def variables(self) -> tuple[Variable, ...]:
        found: list[Variable] = []
        for path in known_files():
            try:
                file = read_connection_file(path)
                if file.is_listening:
                    found += _of_kernel(file.name)
            except SourceError:
                continue  # it has ended, or is somebody else's
        return tuple(found)

    def feed(self, expression: str) -> Feed:
        name, _, inner = expression.partition("?")
        return KernelNamespace(name).feed(inner)


def _of_kernel(name: str) -> list[Variable]:
    try:
        with KernelNamespace(name) as kernel:
            arrays = list(kernel.variables())
            return arrays or [Variable(name, f"kernel:{name}", detail=f"{kernel.detail}, no arrays")]
    except TraitsviewError as error:
        return [Variable(name, f"kernel:{name}", detail=error.why)]
