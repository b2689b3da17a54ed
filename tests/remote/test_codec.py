"""Pixels cross exactly and in the code that brings them soonest, and hostile bytes only cause errors."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from kit.patience import PATIENCE

from traitsview.color.indexing import Indexing
from traitsview.errors import WireError
from traitsview.geometry import Viewport
from traitsview.remote.protocol import codec
from traitsview.remote.protocol import coder as coding
from traitsview.remote.protocol.codec import Code, decode, encode
from traitsview.remote.protocol.coder import AT_ONCE, Coder, Speeds
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import Stage

DTYPES = ("f4", "f8", "u1", "u2")
SLOW = Speeds(1.25e6)


@pytest.fixture(autouse=True)
def imported(wait_until):
    wait_until(codec.prepare)


def smooth(dtype="f4", shape=(256, 256)):
    steps = np.random.default_rng(2).normal(size=shape).cumsum(axis=1)
    return (steps * 5 + 100).clip(0, 255).astype(dtype)


@pytest.mark.parametrize("code", Code)
@settings(max_examples=40)
@given(
    st_np.arrays(
        st.sampled_from([np.dtype(name) for name in DTYPES]), st_np.array_shapes(min_dims=1, max_dims=3, max_side=40)
    )
)
def test_every_array_comes_back_bit_for_bit(code, array):
    data = encode(array, code)
    assert data.dtype == np.uint8
    assert decode(data, code, array.dtype, array.shape).tobytes() == array.tobytes()


@pytest.mark.parametrize("code", [code for code in Code if code is not Code.RAW])
def test_nan_and_nothing_and_noise_come_back(code):
    for array in (
        np.zeros((256, 256), np.float32),
        np.full((256, 256), np.nan),
        np.full((100, 100, 3), 7.25, np.float32),
        np.random.default_rng(0).bytes(1 << 16),
    ):
        array = np.frombuffer(array, np.uint8) if isinstance(array, bytes) else array
        assert decode(encode(array, code), code, array.dtype, array.shape).tobytes() == array.tobytes()


@pytest.mark.fault("D6")
@pytest.mark.fault("G11")
def test_bytes_that_are_not_the_array_are_refused_before_memory_is_allocated(monkeypatch):
    array = smooth()
    data = encode(array, Code.ZSTD)
    bomb = encode(np.zeros((1 << 24,), np.uint8), Code.ZSTD)
    claimed = np.array(data)
    claimed[4:8] = np.frombuffer(np.int32(2**31 - 1).tobytes(), np.uint8)
    monkeypatch.setattr(codec.np, "empty", lambda *args: pytest.fail("memory was allocated"))
    for wrong in (
        data[:-1],
        data[:31],
        data[:0],
        bomb,
        claimed,
        np.concatenate([data, data[:1]]),
        encode(array, Code.LZ4),
        encode(array.astype(np.float64), Code.ZSTD),
        encode(array[:200].copy(), Code.ZSTD),
        np.zeros(100, np.uint8),
    ):
        with pytest.raises(WireError):
            decode(wrong, Code.ZSTD, array.dtype, array.shape)
    for size in (0, array.nbytes - 1, array.nbytes + 1):
        with pytest.raises(WireError):
            decode(np.zeros(size, np.uint8), Code.RAW, array.dtype, array.shape)


MUTANTS = """
import sys, numpy as np
from traitsview.errors import WireError
from traitsview.remote.protocol.codec import Code, decode, encode
rng = np.random.default_rng(int(sys.argv[1]))
steps = rng.normal(size=(64, 64)).cumsum(axis=1)
for count in range(int(sys.argv[2])):
    code = Code(1 + count % 3)
    array = (steps * 5).astype(("f4", "f8", "u1")[count // 3 % 3])
    data = np.array(encode(array, code))
    for _ in range(rng.integers(1, 5)):
        place = rng.integers(0, 80 if rng.random() < 0.5 else data.size)
        data[min(place, data.size - 1)] = rng.integers(0, 256)
    try:
        assert decode(data, code, array.dtype, array.shape).shape == array.shape
    except WireError:
        pass
print("done")
"""


#: How many; ``make fuzz`` takes more of them.
CASES = os.environ.get("TRAITSVIEW_FUZZ", "2000")


@pytest.mark.fault("D6")
@pytest.mark.fault("G11")
def test_mutants_of_encoded_pixels_are_refused_or_are_pixels():
    """In a process of its own, so that a crash is seen."""
    done = subprocess.run(
        [sys.executable, "-c", MUTANTS, "1", CASES], capture_output=True, text=True, timeout=PATIENCE + int(CASES) / 100
    )
    assert (done.stdout, done.returncode) == ("done\n", 0), done.stderr[-500:]


@pytest.mark.parametrize(
    ("link", "array", "wanted"),
    [
        (AT_ONCE.link, smooth(), {Code.RAW}),
        (2e9, smooth(), {Code.RAW}),
        (1.25e6, smooth(), {Code.ZSTD, Code.ZSTD_STEPS, Code.LZ4}),
        (1.25e6, smooth("u1"), {Code.ZSTD, Code.ZSTD_STEPS, Code.LZ4}),
        (1.25e6, np.frombuffer(np.random.default_rng(0).bytes(1 << 16), np.uint8), {Code.RAW}),
        (1.25e6, np.zeros(10, np.uint8), {Code.RAW}),
    ],
)
def test_a_slow_link_has_pixels_encoded_and_a_fast_one_has_not(link, array, wanted):
    coder = Coder()
    for _ in range(5):
        code, data = coder.encode(array, Speeds(link))
        assert data.size <= array.nbytes
        assert decode(data, code, array.dtype, array.shape).tobytes() == array.tobytes()
    assert code in wanted


def test_the_way_changes_with_the_link_and_not_with_a_breath_of_it(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(coding, "time", SimpleNamespace(monotonic=lambda: now[0], perf_counter=time.perf_counter))
    coder, array = Coder(), smooth()

    def settled(link):
        for _ in range(12):
            now[0] += 1.0
            code, _ = coder.encode(array, Speeds(link))
        return code

    slow = settled(1e6)
    assert slow is not Code.RAW
    assert settled(1e10) is Code.RAW
    assert settled(1e6) is slow
    assert settled(1.05e6) is slow


def test_other_ways_are_measured_once_a_second_and_on_slow_links_only(monkeypatch):
    now, codes = [100.0], []
    monkeypatch.setattr(coding, "time", SimpleNamespace(monotonic=lambda: now[0], perf_counter=time.perf_counter))
    monkeypatch.setattr(
        "traitsview.remote.protocol.coder.encode", lambda array, code: codes.append(code) or encode(array, code)
    )
    coder, array = Coder(), smooth()
    for _ in range(20):
        coder.encode(array, AT_ONCE)
    assert not codes
    for _ in range(40):
        now[0] += 0.1
        coder.encode(array, SLOW)
    assert 40 + 4 <= len(codes) <= 40 + 10
    assert set(codes) == {Code.LZ4, Code.ZSTD, Code.ZSTD_STEPS}


@pytest.mark.parametrize("kind", ["f4", "f8", "u1", "c8", "rgb"])
def test_pixels_over_a_slow_link_are_the_same_and_indices_have_the_same_colours(remote, kind):
    array = np.random.default_rng(4).normal(size=(600, 700)) * 50 + 100
    array = np.stack([array] * 3, axis=-1).clip(0, 255).astype("u1") if kind == "rgb" else array.astype(kind)
    source, here = remote(array), ArraySource(array)
    pace = source._contact.link().pace
    pace.local = False
    pace.brought(1 << 20, 1.0)
    assert pace.speeds.link < 2e6
    coarse = Viewport((4.0, 4.0), (-3, 2), (150, 160))
    exact = Viewport((1.0, 1.0), (-10, 5), (500, 600))
    indexing = Indexing((50.0, 150.0), "linear", 253, marked=True)
    stages = (Stage((coarse,), indexing), Stage(exact.tiles(), indexing), Stage(exact.tiles()))
    came = list(source.render_stages(stages))
    assert [len(coarse.tiles()) >= 1, len(came)] == [True, 1 + 2 * len(exact.tiles())]
    order = [(rendered.tile.resolution, rendered.indexing is None) for rendered in came]
    wanted = here.info.kind == "scalar"
    assert order == [((4.0, 4.0), not wanted)] + [((1.0, 1.0), not wanted)] * 8 + [((1.0, 1.0), True)] * 8
    for rendered in came:
        truth = here.render(rendered.tile)
        if rendered.indexing is None:
            np.testing.assert_array_equal(rendered.pixels, truth)
        else:
            np.testing.assert_array_equal(indexing.indices(rendered.pixels), indexing.indices(truth))


def test_a_tile_that_is_more_than_a_batch_comes_in_pieces(remote):
    array = np.random.default_rng(4).normal(size=(1200, 1300))
    source = remote(array)
    pace = source._contact.link().pace
    pace.local = False
    pace.brought(1 << 18, 1.0)
    view = Viewport((1.0, 1.0), (0, 0), (600, 800))
    ((_, pixels),) = source.render_tiles([view])
    np.testing.assert_array_equal(pixels, array[:600, :800])


@pytest.mark.fault("G11")
@pytest.mark.parametrize(
    ("place", "value"),
    [(16, 2), (16, 160), (17, 1), (22, 1), (22, 33), (23, 1), (24, 1), (31, 0x08), (31, 0x40), (31, 0x20), (8, 0)],
    ids=[
        "another filter",
        "a filter of a plug-in",
        "a second filter",
        "another compressor",
        "a compressor of a plug-in",
        "its parameter",
        "a filter's parameter",
        "a chunk in a file",
        "memory as it is",
        "all NaN",
        "a block of no size",
    ],
)
def test_a_chunk_that_has_more_done_than_decoding_is_refused(place, value, monkeypatch):
    array = smooth()
    data = np.array(encode(array, Code.ZSTD))
    data[place : place + (4 if place == 8 else 1)] = value
    monkeypatch.setattr(codec.np, "empty", lambda *args: pytest.fail("memory was allocated"))
    with pytest.raises(WireError):
        decode(data, Code.ZSTD, array.dtype, array.shape)
