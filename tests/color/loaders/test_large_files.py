"""No file of 5 MB takes long to read or to refuse, whichever part of it is repeated."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from machine import piece_of_work

from traitsview.color.loaders.colormap_file import LARGEST, ColormapFile, read
from traitsview.color.loaders.formats import formats, sniff
from traitsview.errors import ColormapError

FOLDER = Path(__file__).parents[3] / "colormaps"
FILES = {}
for shipped in sorted(FOLDER.iterdir()):
    if shipped.suffix not in (".rst", ".toml"):
        FILES.setdefault(sniff(read(shipped)).name, read(shipped))

#: In pieces of work, which take about 10 ms; the slowest take 100.
SLOWEST = 400


def repeated(data, start, end, between=b""):
    part = data[start:end] + between
    return data[:start] + part * ((LARGEST - len(data)) // len(part)) + data[end:]


def large(data):
    """Yield files of 5 MB: all of it, a line, and a word, with or without blanks, time and again, and what nests."""
    yield data * (LARGEST // len(data))
    line = data.find(b"\n", len(data) // 2) + 1
    yield repeated(data, line, data.find(b"\n", line) + 1 or len(data))
    word = re.compile(rb"[\w.#-]+").search(data, len(data) // 3) or re.compile(rb".", re.DOTALL).search(data)
    yield repeated(data, *word.span())
    yield repeated(data, *word.span(), b" ")
    for more in (b"[", b"<a>"):
        yield data[:word.start()] + more * ((LARGEST - len(data)) // len(more)) + data[word.start() :]  # fmt: skip


@pytest.mark.parametrize("name", list(formats()))
def test_large_files_are_done_with_soon(name):
    path, data = FILES[name].path, FILES[name].data
    for number, each in enumerate(large(data)):
        assert len(each) <= LARGEST
        file = ColormapFile(path, each)
        began = time.process_time()
        for use in (formats()[name].load, sniff):
            try:
                use(file)
            except ColormapError:
                continue
        assert time.process_time() - began < SLOWEST * piece_of_work(), number
