"""Texts that a relay sends besides frames: its first line, and why it cannot reach a server.

Both are written on the host and read by the viewer, which trusts neither of them.
"""

from __future__ import annotations

import json

from ... import __version__
from ...errors import HostError, HostGone, HostRefused, TraitsviewError, WireError, quoted

__all__ = ["MARK", "VERSION", "after_greeting", "greeting", "obituary", "refusal", "error_told"]

#: The first bytes of a relay.  Bytes before them come from the shell on the host.
MARK = b"traitsview-relay:"

#: The version of the frames of a tunnel.
VERSION = 1

#: Bytes that may come before the relay's first line.
_NOISE_BYTES = 1 << 16

#: Bytes of that line at most.
_LINE_BYTES = 1 << 10

#: Marks the error of a server that is gone; an error without it is one of a server that refuses.
_GONE = "gone"


def greeting() -> bytes:
    """Return the line that says that frames follow."""
    return MARK + json.dumps({"version": VERSION, "program": __version__}).encode() + b"\n"


def after_greeting(what: str, heard: bytes) -> bytes | None:
    """Return the bytes after the greeting; None if the greeting has not come whole yet.

    Parameters
    ----------
    what : str
        What an error says has failed.
    heard : bytes
        All that has come.

    Raises
    ------
    WireError
        If there is too much before the greeting, or it has another version.
    """
    noise, mark, rest = heard.partition(MARK)
    if len(noise) > _NOISE_BYTES:
        begins = quoted(heard.decode(errors="replace").strip(), 60)
        why = f"the shell there says too much; what it says begins with {begins}"
        raise WireError(what, why, "have the shell's startup files print nothing where there is no terminal")
    line, newline, rest = rest.partition(b"\n")
    if len(line) > _LINE_BYTES:
        raise WireError(what, "what answers is not traitsview")
    if not (mark and newline):
        return None
    try:
        said = json.loads(line)
        version, program = int(said["version"]), str(said["program"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise WireError(what, "what answers is not traitsview") from error
    if version != VERSION:
        theirs, ours = f"traitsview {quoted(program, 40)[1:-1]}", f"this is {__version__}"
        why = f"it has {theirs} with version {version} of the tunnel, {ours} with version {VERSION}"
        raise WireError(what, why, f"upgrade traitsview {'there' if version < VERSION else 'here'}")
    return rest


def refusal(error: TraitsviewError) -> str:
    """Return the text that tells the other side of an error."""
    return json.dumps([error.what, error.why, error.remedy])


def obituary(why: str) -> str:
    """Return the text that tells the other side why a server is gone."""
    return json.dumps(["lost contact with the server", why, "", _GONE])


def error_told(words: str, host: str) -> HostError | None:
    """Return the error in the text of a relay on `host`, None if it has none; `HostGone` is worth another try."""
    try:
        what, why, remedy, *kind = (quoted(part, 300)[1:-1] for part in json.loads(words))
    except (ValueError, TypeError, RecursionError):
        return None
    if len(kind) > 1:
        return None
    error = HostGone if kind == [_GONE] else HostRefused
    return error(f"{what} on {quoted(host)}", why, remedy)
