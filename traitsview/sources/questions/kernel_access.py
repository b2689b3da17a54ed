"""The question for the kernel that an image is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..picture import Picture
from .question import Question, Renderer

__all__ = ["KernelAccess", "KernelDoor"]


@dataclass(frozen=True, slots=True)
class KernelDoor:
    """Where a kernel of Jupyter listens, and the key that lets front ends in; empty for images that are in no kernel.

    Attributes
    ----------
    transport : str
        ``"tcp"`` or ``"ipc"``; empty if there is no kernel.
    ip : str
        The address on the machine of the kernel; for ``ipc`` the beginning of the names of its sockets.
    ports : tuple of int
        Of the channels shell, iopub, stdin, control and hb.
    key : str
        Signs messages.  Who has it can run code as the user.
    signature : str
        How: ``"hmac-sha256"``.
    """

    transport: str = ""
    ip: str = ""
    ports: tuple[int, ...] = ()
    key: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class KernelAccess(Question[KernelDoor]):
    """In which kernel is the image, and how do front ends reach it?"""

    of_frame = False

    def answers(self, source: Renderer, picture: Picture, stale: Callable[[], bool]) -> Iterator[KernelDoor]:
        """Yield an empty door: the image is in no kernel."""
        yield KernelDoor()
