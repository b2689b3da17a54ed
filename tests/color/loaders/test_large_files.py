"""No file of 5 MB takes long to read or to refuse, whichever part of it is repeated."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from kit.machine import piece_of_work

from traitsview.color.loaders.colormap_file import LARGEST_BYTES, MOST_LINES, ColormapFile, read
from traitsview.color.loaders.formats import formats, sniff
from traitsview.errors import ColormapError

FOLDER = Path(__file__).parents[3] / "colormaps"
FILES = {}
for shipped in sorted(FOLDER.iterdir()):
    if shipped.suffix not in (".rst", ".toml"):
        FILES.setdefault(sniff(read(shipped)).name, read(shipped))

#: In pieces of work, which take about 10 ms; the slowest take 100.
SLOWEST = 400

#: Bytes of what is repeated: what takes the square of the time is found with these, too.
MUCH = LARGEST_BYTES // 4


def repeated(start, again, end=b"", most=LARGEST_BYTES):
    return start + again * min(most, MUCH // len(again)) + end


def large(data):
    """Yield large files: all of it, a line, and a word, with or without blanks, time and again, and what nests."""
    yield data * (LARGEST_BYTES // len(data))
    line = data.find(b"\n", len(data) // 2) + 1
    text = data[line:].partition(b"\n")[0].strip()
    most = MOST_LINES - data.count(b"\n")  # more are refused at once
    yield repeated(data[:line], text + b"\n", data[line:], most)
    yield repeated(b"", b'"%s"\n' % text, b"", most)
    word = re.compile(rb"[\w.#-]+").search(data, len(data) // 3) or re.compile(rb".", re.DOTALL).search(data)
    for blank in (b"", b" "):
        yield repeated(data[: word.start()], word[0] + blank, data[word.end() :])
    for more in (b"[", b"<a>"):
        yield repeated(data[: word.start()], more, data[word.start() :])


@pytest.mark.parametrize("name", list(formats()))
def test_large_files_are_done_with_soon(name):
    path, data = FILES[name].path, FILES[name].data
    for number, each in enumerate(large(data)):
        assert len(each) <= LARGEST_BYTES
        file = ColormapFile(path, each)
        began = time.process_time()
        for load in (formats()[name].load, lambda file: sniff(file).load(file)):
            try:
                load(file)
            except ColormapError:
                continue
        assert time.process_time() - began < SLOWEST * piece_of_work(), number
