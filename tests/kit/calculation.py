"""A calculation in a process of its own, which does what a test tells it."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys
from typing import Any

__all__ = ["Calculation"]

_PROGRAM = """
import sys, traceback
import numpy as np
from traitsview.live import Publisher
known = {"np": np, "Publisher": Publisher}
for line in sys.stdin:
    try:
        exec(eval(line), known)
        print("done", repr(known.pop("answer", None)), flush=True)
    except Exception:
        print("failed", repr(traceback.format_exc()), flush=True)
"""


class Calculation:
    """A process in which Python code is run, piece by piece.

    Parameters
    ----------
    code : str
        What is run first.  ``np`` and ``Publisher`` are there; what is given the name ``answer`` is returned.
    """

    def __init__(self, code: str = "") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = self.process.pid
        self.run(code)

    def run(self, code: str) -> Any:
        """Run code; return its answer, a literal."""
        self.tell(code)
        return self.answer()

    def answer(self) -> Any:
        """Return the answer of what was told."""
        word, _, text = self.process.stdout.readline().partition(" ")
        answer = ast.literal_eval(text) if text else "the calculation has ended"
        assert word == "done", answer
        return answer

    def tell(self, code: str) -> None:
        """Begin to run code, and do not wait for its answer."""
        print(repr(code), file=self.process.stdin, flush=True)

    def kill(self) -> None:
        """Kill the process."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """End the process as a program ends."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self) -> Calculation:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
