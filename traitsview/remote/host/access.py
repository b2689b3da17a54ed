"""Who a viewer acts for at a host, and what that one may open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...sources.image_source import ImageSource

if TYPE_CHECKING:
    from .source_pool import SourcePool

__all__ = ["OWNER", "Access"]


class Access:
    """The access of the user to whom the host belongs: everything.

    That of a guest is a subclass.  Any thread may call any method.

    Attributes
    ----------
    guest : bool
        Whether a share let the viewer in, which then only looks.
    who : str
        Of a guest, the name of the share, for the log.
    ended : bool
        Whether nobody is let in with it any more.
    """

    guest = False
    who = ""
    ended = False

    def take(self, pool: SourcePool, text: str) -> ImageSource:
        """Return the source of `text` from a pool, as `SourcePool.take` does.

        Raises
        ------
        TraitsviewError
            If it cannot be opened, or may not be opened with this access.
        """
        return pool.take(text)


#: The access of everybody whom no share let in.
OWNER = Access()
