"""The kinds of running programs whose arrays can be listed, by the schemes of their addresses."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import SourceUnsupported, installed_by, quoted
from .namespace import Namespace, Variable

__all__ = ["NAMESPACES", "variables_of"]


def _live(text: str) -> Namespace:
    from .live import LiveNamespace

    return LiveNamespace(text)


def _kernel(text: str) -> Namespace:
    from .kernel.kernel_list import kernels

    return kernels(text)


def _engines(text: str) -> Namespace:
    from .engines.engines_namespace import EnginesNamespace

    return EnginesNamespace(text)


def _programs(text: str) -> Namespace:
    from .programs import RunningPrograms

    return RunningPrograms()


#: For each scheme the function that makes a namespace of the text behind it, and the extra that installs its library.
NAMESPACES: dict[str, tuple[Callable[[str], Namespace], str]] = {
    "live": (_live, ""),
    "kernel": (_kernel, "jupyter"),
    "engines": (_engines, "ipyparallel"),
    "programs": (_programs, ""),
}


def variables_of(scheme: str, text: str) -> tuple[Variable, ...]:
    """Return the arrays of ``SCHEME:TEXT`` that can be looked at now; an expression behind ``?`` is left out.

    Raises
    ------
    SourceError
        If there is no such program, or its arrays cannot be listed.
    """
    what = f"cannot list {quoted(f'{scheme}:{text}')}"
    if scheme not in NAMESPACES:
        listed = ", ".join(f"{name}:" for name in NAMESPACES)
        raise SourceUnsupported(what, "nothing of that kind can be listed", f"give a file, a folder or one of {listed}")
    make, extra = NAMESPACES[scheme]
    try:
        with make(text.partition("?")[0]) as namespace:
            return namespace.variables()
    except ModuleNotFoundError as error:
        raise SourceUnsupported(what, f"the package '{error.name}' is not installed", installed_by(extra)) from error
