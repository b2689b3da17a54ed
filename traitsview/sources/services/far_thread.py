"""The thread in another program that answers questions about its arrays; see `far_bundle`.

It sleeps until a question comes, and ends when the other end of its line is closed.  It never prints, and computes
nothing that nobody asked for.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .far_arrays import FarArrays
from .far_frames import QUESTION_BYTES, FrameError, receive, send
from .far_words import failure_words

__all__ = ["start"]


def start(line: socket.socket, names: Callable[[], Mapping[str, Any]]) -> None:
    """Answer questions that come over a connected line, in a thread of its own; it closes the line.

    Parameters
    ----------
    line : socket
    names : callable
        Returns the namespace that expressions are evaluated in.
    """
    threading.Thread(target=_serve, args=(line, names, os.getpid()), name="traitsview", daemon=True).start()


def _serve(line: socket.socket, names: Callable[[], Mapping[str, Any]], process: int) -> None:
    arrays = FarArrays(names)
    try:
        send(line, {"process": process, "notebook": os.environ.get("JPY_SESSION_NAME", "")})
        while True:
            question, _ = receive(line, QUESTION_BYTES)
            # That it begins tells the other end that this program is not held up by C code.
            send(line, {"began": question.get("number")})
            with np.errstate(all="ignore"):
                words, found = arrays.answer(question)
            words["number"] = question.get("number")
            try:
                send(line, words, found)
            except MemoryError as error:
                send(line, {"number": question.get("number"), "error": failure_words(error), "arrays": []})
            del words, found
    except (EOFError, OSError, FrameError, ValueError, AttributeError):
        pass  # nobody asks any more, or not in our words
    finally:
        line.close()
