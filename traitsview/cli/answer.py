"""The standard output of a command: its answers, and nothing that a library writes.

Programs read these answers, for example as JSON.  While a command runs, everything else that is written to the standard
output, by Python or by C code, goes to the standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO, cast

__all__ = ["answer", "answers_only", "bytes_out", "flush_answers", "give_up_answers", "goes_to_terminal"]


# Where answers go: the standard output as it was when the command began, None where there is none.
_outputs: list[TextIO | None] = []


def answer(text: str = "", end: str = "\n", flush: bool = False) -> None:
    """Write a text to the standard output, if there is one."""
    stream = _stream()
    if stream is not None:
        print(text, end=end, file=stream, flush=flush)


def bytes_out() -> BinaryIO | None:
    """Return the standard output as a stream of bytes; None where there is none."""
    stream = _stream()
    return None if stream is None else cast(BinaryIO, stream.buffer)  # type: ignore[attr-defined]


def goes_to_terminal() -> bool:
    """Whether a person reads the answers as they come."""
    stream = _stream()
    return stream is not None and stream.isatty()


def flush_answers() -> None:
    """Write all answers that are still buffered."""
    stream = _stream()
    if stream is not None:
        stream.flush()


def give_up_answers() -> None:
    """Write nothing more, not even buffered answers: the reader has gone."""
    stream = _stream()
    if stream is not None:
        # Python would complain once more when it flushes at its end.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


@contextmanager
def answers_only(whole_process: bool = False) -> Iterator[None]:
    """Within the block, let only `answer` write to the standard output.

    Parameters
    ----------
    whole_process : bool
        Whether the process runs this command only.  Then descriptor 1, to which C libraries write, becomes the
        standard error, too.
    """
    before = sys.stdout
    _outputs.append(_turned_away(before) if whole_process else before)
    sys.stdout = sys.stderr
    try:
        yield
    finally:
        sys.stdout = before
        _outputs.pop()


def _turned_away(stream: TextIO | None) -> TextIO | None:
    """Return the standard output under another descriptor; number 1 becomes the standard error."""
    try:
        if stream is None or stream.fileno() != 1:
            return stream
        stream.flush()
        own = os.dup(1)
    except OSError:
        return stream
    try:
        os.dup2(2, 1)
    except OSError:  # there is no standard error
        os.close(1)
    return open(own, "w", encoding=stream.encoding, errors=stream.errors, buffering=1 if os.isatty(own) else -1)


def _stream() -> TextIO | None:
    return _outputs[-1] if _outputs else sys.stdout
