"""A query to a service, as an address spells it."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import quoted

__all__ = ["Query"]


@dataclass(frozen=True, slots=True)
class Query:
    """A query to a service: ``yt:out?field=density``.

    Attributes
    ----------
    scheme : str
        The name of the service: ``"yt"``.
    text : str
        The query, in the words of the service: ``"out?field=density"``.
    """

    scheme: str
    text: str

    @property
    def what(self) -> str:
        """How a message about it begins: ``"cannot open 'yt:out?field=density'"``."""
        return f"cannot open {quoted(f'{self.scheme}:{self.text}')}"

    def close(self) -> None:
        """Do nothing: asking holds nothing open."""
