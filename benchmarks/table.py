"""Tables of measured figures and their limits."""

from __future__ import annotations

WIDTHS = (34, 12, 12, 9, 12)


def heading(*words: str) -> str:
    """Return the heading of a table.  Columns: job, our figure, another library or the limit, ratio, figure asked."""
    return row(*words) + "\n" + "-" * sum(WIDTHS)


def row(*words: str) -> str:
    """Return one line of a table."""
    ranged = enumerate(zip(words, WIDTHS, strict=False))
    padded = [word.rjust(width) if at else word.ljust(width) for at, (word, width) in ranged]
    return "".join(padded) + "  " + "  ".join(words[len(WIDTHS) :])


def verdict(value: float, asked: float, at_least: bool = False) -> str:
    """Return ``"ok"`` if `value` is at most `asked`, or `at_least` that; else ``"OVER"`` or ``"UNDER"``."""
    met = value >= asked if at_least else value <= asked
    return "ok" if met else "UNDER" if at_least else "OVER"
