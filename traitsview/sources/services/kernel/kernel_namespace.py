"""The arrays of a running kernel of Jupyter: ``kernel:ID?EXPRESSION``."""

from __future__ import annotations

import ast
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....errors import RequestError, SourceError, counted, quoted
from ...framed.feed import Feed
from ...image_source import ImageSource
from ...questions.kernel_access import KernelDoor
from ..far_feed import FarFeed
from ..far_image import Ask, answered
from ..far_link import FarLink, GivenUp, ProgramGone
from ..namespace import Namespace, Variable
from .connection_file import ConnectionFile, chosen, read_connection_file
from .first_contact import FirstContact
from .source_in_kernel import SourceInKernel, door_of

if TYPE_CHECKING:
    from ...files.place import Place

__all__ = ["KernelNamespace", "open_kernel"]

#: Seconds that a list waits for a kernel.
_LIST_SECONDS = 5.0


class KernelNamespace(Namespace):
    """The arrays of a running kernel of Python.

    To look into a kernel means to run code there: a thread of ours, which answers questions about arrays.  It is
    started at the first question, and ends when this is closed.  A kernel that is started anew is looked into again.

    Parameters
    ----------
    name : str
        A part of the name of the kernel's connection file, or a path to it; the newest kernel if it is empty.

    Raises
    ------
    SourceError
        If there is no such kernel, or it cannot be reached.
    RequestError
        If several are meant.
    """

    def __init__(self, name: str = "") -> None:
        self._file = chosen(name)
        self._link: FarLink | None = None
        self._contact: FirstContact | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._had_link = False

    @property
    def name(self) -> str:
        """The name of the kernel."""
        return self._file.name

    def variables(self) -> tuple[Variable, ...]:
        end = time.monotonic() + _LIST_SECONDS
        ask = self._asking(lambda: time.monotonic() > end, lambda state: None)
        words, _ = answered(ask, {"do": "variables"}, self.name)
        detail = self.detail
        return tuple(
            Variable(str(name), f"kernel:{self.name}?{name}", tuple(map(int, shape)), str(dtype), detail)
            for name, shape, dtype in words["variables"]
        )

    def feed(self, expression: str) -> Feed:
        return FarFeed(self._asking, _checked(expression, self), "kernel", self._notes)

    def close(self) -> None:
        self._closed = True
        with self._lock:
            link, self._link = self._link, None
            self._give_up()
        if link is not None:
            link.close()

    def door(self) -> KernelDoor:
        """Return where the kernel listens, as its connection file says now."""
        return door_of(self._there())

    def _asking(self, closed: Callable[[], bool], say: Callable[[str], None]) -> Ask:
        """Return how the kernel is asked; attach to it first, if that is not done or if it has been started anew."""
        with self._lock:
            if self._link is None or self._link.is_gone:
                if self._link is not None:
                    self._link.close()
                    self._link = None
                self._link = self._attached(lambda: self._closed or closed(), say)
                self._had_link = True
            return self._link.ask

    def _attached(self, closed: Callable[[], bool], say: Callable[[str], None]) -> FarLink:
        if self._contact is None:
            self._contact = FirstContact(self._there())
        try:
            link = self._contact.link(closed, say)
        except GivenUp:
            raise  # whoever asks next goes on to wait
        except BaseException:
            self._give_up()
            raise
        self._give_up()
        return link

    def _give_up(self) -> None:
        contact, self._contact = self._contact, None
        if contact is not None:
            contact.close()

    def _there(self) -> ConnectionFile:
        """Return the connection file as it is now."""
        try:
            return read_connection_file(self._file.path)
        except SourceError as error:
            raise ProgramGone(self._file.what, "it has ended") if self._had_link else error from error

    @property
    def detail(self) -> str:
        """What there is to say of the kernel: its notebook and its process; empty before the first question."""
        link = self._link
        if link is None:
            return ""
        notebook = f"{Path(link.notebook).name}, " if link.notebook else ""
        return f"{notebook}process {link.process}"

    def _notes(self) -> tuple[str, ...]:
        return (f"shown by code of traitsview that runs in the kernel ({self.detail})",)


def open_kernel(place: Place, inside: str = "", **options: Any) -> ImageSource:
    """Return an array of a kernel: ``kernel:ID?EXPRESSION``.

    Raises
    ------
    SourceError
        If there is no such kernel.
    RequestError
        If no expression is given, or if it is none.
    """
    name, _, expression = str(getattr(place, "text", "")).partition("?")
    if options:
        raise RequestError(place.what, f"an array of a kernel has no options, and {', '.join(options)} was given")
    namespace = KernelNamespace(name)
    if not expression.strip():
        names = [variable.name for variable in namespace.variables()]
        namespace.close()
        there = f"kernel:{name}?{names[0]}" if names else f"kernel:{name}?NAME"
        why = f"no array is named; the kernel has {counted(len(names), 'array')}: {', '.join(names[:6])}"
        raise RequestError(place.what, why.removesuffix(": "), f"write {there}")
    feed = FarFeed(namespace._asking, _checked(expression, namespace), "kernel", namespace._notes, namespace.close)
    return SourceInKernel(feed, expression, namespace.door)


def _checked(expression: str, namespace: KernelNamespace) -> str:
    try:
        ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        namespace.close()
        why = f"it is no expression of Python: {getattr(error, 'msg', error)}"
        raise RequestError(f"cannot show {quoted(expression)}", why) from error
    return expression.strip()
