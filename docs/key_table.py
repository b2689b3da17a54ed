"""Makes the tables of the mouse and of the keys in ``docs/window.rst`` from the table of commands.

python docs/key_table.py            write the tables
python docs/key_table.py --check    say whether they are current
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from traitsview.view.tools.commands import GESTURES, key_rows

__all__ = ["page"]

PAGE = Path(__file__).parent / "window.rst"

#: Between these lines everything is made here.
BEGINNING = ".. The tables of the mouse and of the keys are made by docs/key_table.py.\n"
END = ".. Here ends what docs/key_table.py makes.\n"


def page(text: str) -> str:
    """Return the text of the page with the tables of today."""
    before, _, rest = text.partition(BEGINNING)
    _, _, after = rest.partition(END)
    mouse = _section("Mouse", ((gesture.hand, gesture.tip) for gesture in GESTURES))
    keys = _section("Keys", ((", ".join(map(_literal, keys)), tip) for keys, tip in key_rows()))
    return f"{before}{BEGINNING}\n{mouse}\n{keys}\n{END}{after}"


def _section(title: str, rows: Iterable[tuple[str, str]]) -> str:
    found = list(rows)
    widths = [max(len(row[column]) for row in found) for column in (0, 1)]
    line = "  ".join("=" * width for width in widths)
    cells = "\n".join(f"{left.ljust(widths[0])}  {right}" for left, right in found)
    return f"{title}\n{'-' * len(title)}\n\n{line}\n{cells}\n{line}\n"


def _literal(key: str) -> str:
    """Return a key as it is written in the documentation: a sign of one letter stands out."""
    return f"``{key}``" if len(key) == 1 else key


def main() -> int:
    """Write the tables, or say whether they are current."""
    text = PAGE.read_text(encoding="utf-8")
    made = page(text)
    if "--check" in sys.argv[1:]:
        return int(text != made)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
