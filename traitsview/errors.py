"""The errors of traitsview, as one tree.

::

    TraitsviewError
      SourceError                a source cannot be shown
        SourceNotFound           … it is not there                 (FileNotFoundError)
        SourceUnreadable         … it is there and cannot be read  (OSError)
        SourceUnsupported        … it is not an image we know      (ValueError)
      RequestError               a viewport, plane or option makes no sense  (ValueError)
        FrameGone                … a frame of a live image is not kept any more
      ColormapError              a colormap is unknown or malformed          (ValueError)
      HostError                  the other process                (ConnectionError)
        HostStale                … has not been heard of for a while
        HostEnding               … is there, and ends soon
        HostGone                 … ended or does not answer
        HostRefused              … does not let us in
        HostReplaced             … has a newer connection of this viewer
        WireError                … said something that is not our protocol
      DisplayError               no window can be opened          (RuntimeError)

Every message is one line in three parts: what failed, why, and what to do about
it.  Foreign exceptions become one of these at the boundary where they arise.
"""

from __future__ import annotations

__all__ = [
    "TraitsviewError",
    "SourceError",
    "SourceNotFound",
    "SourceUnreadable",
    "SourceUnsupported",
    "RequestError",
    "FrameGone",
    "ColormapError",
    "HostError",
    "HostStale",
    "HostEnding",
    "HostGone",
    "HostRefused",
    "HostReplaced",
    "WireError",
    "DisplayError",
    "counted",
    "installed_by",
    "printable",
    "quoted",
    "source_failure",
]


class TraitsviewError(Exception):
    """Something failed; ``str()`` of it is the line that the user sees.

    Parameters
    ----------
    what : str
        What failed, in lower case: ``"cannot open 'm13.fits'"``.
    why : str
        The cause, with the found and the expected value where there are two.
    remedy : str
        What the user can do.
    """

    def __init__(self, what: str, why: str = "", remedy: str = "") -> None:
        self.what = what
        self.why = why
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        line = self.what
        if self.why:
            line += f": {self.why}"
        if self.remedy:
            line += f"; {self.remedy}"
        return line


class SourceError(TraitsviewError):
    """A source cannot be shown."""


class SourceNotFound(SourceError, FileNotFoundError):
    """The file, or the image inside it, is not there."""


class SourceUnreadable(SourceError, OSError):
    """The file is there and cannot be read: permission, truncation, a failing disk."""


class SourceUnsupported(SourceError, ValueError):
    """The file can be read, and is not an image that we can show."""


class RequestError(TraitsviewError, ValueError):
    """A viewport, plane, reduction or option makes no sense."""


class FrameGone(RequestError):
    """A frame of a live image is not kept any more."""


class ColormapError(TraitsviewError, ValueError):
    """A colormap is unknown or its file is malformed."""


class HostError(TraitsviewError, ConnectionError):
    """Something is wrong between this process and the one that has the data."""


class HostStale(HostError):
    """Nothing was heard of the host for a while; the link is kept.

    Parameters
    ----------
    what, why, remedy : str
        As for every error.
    seconds : float
        Seconds since anything was heard.
    """

    def __init__(self, what: str, why: str = "", remedy: str = "", seconds: float = 0.0) -> None:
        super().__init__(what, why, remedy)
        self.seconds = seconds


class HostEnding(HostError):
    """The host is there, and ends soon: the time of its batch job is nearly over.

    Parameters
    ----------
    what, why, remedy : str
        As for the others.
    minutes : int
        Minutes until it ends, rounded up.
    """

    def __init__(self, what: str, why: str = "", remedy: str = "", minutes: int = 0) -> None:
        super().__init__(what, why, remedy)
        self.minutes = minutes


class HostGone(HostError):
    """The host process ended, or does not answer any more."""


class HostRefused(HostError):
    """The host does not let us in, or is not ours to talk to."""


class HostReplaced(HostError):
    """A newer connection of this viewer has replaced this one, for good."""


class WireError(HostError):
    """The other side sent something that is not our protocol."""


class DisplayError(TraitsviewError, RuntimeError):
    """No window can be opened here."""


def source_failure(error: BaseException) -> TraitsviewError:
    """Return an error of this tree for any error that the code of a source raised, which becomes its cause.

    The error may be no `Exception`: for example that of a cancelled task of asyncio, or of a panic in Rust.
    """
    if isinstance(error, TraitsviewError):
        return error
    try:
        reason = printable(" ".join(str(error).split()))[:300]
    except Exception:  # some errors fail to say what they are
        reason = ""
    failure = SourceUnreadable("the source failed", ": ".join(filter(None, (type(error).__name__, reason))))
    failure.__cause__ = error
    return failure


def installed_by(extra: str = "") -> str:
    """Return the remedy for a missing extra, for a message.  No package index has traitsview yet.

    Parameters
    ----------
    extra : str
        ``"viewer"``, ``"fits"``, ``"tls"``; empty for the host side.
    """
    what = f"'.[{extra}]'" if extra else "."
    return f"install it with: pip install {what} in a clone of traitsview"


def counted(count: int, noun: str) -> str:
    """Return a number and a noun for a message: ``1 axis``, ``0 images``, ``2,880 bytes``."""
    plural = f"{noun[:-2]}es" if noun.endswith("is") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def quoted(text: object, limit: int = 120) -> str:
    """Return `text` in quotes for a message: shortened, with control characters escaped."""
    shown = str(text)
    if len(shown) > limit:
        shown = shown[: limit // 2 - 1] + "…" + shown[-(limit // 2) :]
    return f"'{printable(shown)}'"


def printable(text: str) -> str:
    """Return `text` with control characters escaped, so that it cannot control a terminal or break a line."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
