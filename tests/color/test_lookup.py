"""Compiled or in NumPy, values find the same rows, and those are the ones that the rule gives."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from kit.patience import PATIENCE

from traitsview import compilation
from traitsview.color import lookup
from traitsview.color.indexing import Indexing
from traitsview.color.scales import LABELS, SCALES

SPECS = [*(scale for scale in SCALES if scale not in LABELS), "power:0.2", "hinge:0.3", "symlog:1e-5"]
STRETCHES = [(1.0, 0.5), (10.0, 0.1), (0.01, 0.9), (3.0, 1.0)]
CURVE = tuple(np.sort(np.random.default_rng(0).random(255) ** 3).tolist())


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    for values in ("f4", "f8"):
        for table in ("u1", "u2", "u4"):
            lookup.prepare(np.dtype(values), np.dtype(table))
    assert compilation.finished(PATIENCE)


def both(indexing, values, table):
    """Return what the compiled and the plain look-up make of values."""
    borders = indexing.borders(values.dtype)
    compiled, plain = np.zeros(values.shape, table.dtype), np.zeros(values.shape, table.dtype)
    key = ("look-up", borders.kind, values.dtype, table.dtype)
    assert compilation.known(key)
    table = table[borders.entries]
    compilation.known(key)(borders, table, values, compiled)
    lookup._in_blocks(borders, table, values, plain)
    return compiled, plain


def difficult(indexing, dtype):
    """Return the borders, their neighbours, and what is no number between the limits."""
    borders = indexing.borders(np.dtype(dtype)).every
    inf = dtype(np.inf)
    with np.errstate(over="ignore"):
        near = [borders, np.nextafter(borders, inf), np.nextafter(borders, -inf)]
    info = np.finfo(dtype)
    others = [0.0, -0.0, np.nan, np.inf, -np.inf, info.max, info.min, info.smallest_subnormal, -info.tiny]
    return np.concatenate([*near, np.array(others, dtype)])[None]


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("stretch", STRETCHES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("limits", [(-2.0, 2.0), (1e9, 1e9 + 10), (-1e308, 1.7e308), (0.1, 0.7), (0.0, 1e-40)])
def test_compiled_and_plain_give_the_same_bits(spec, stretch, dtype, limits):
    for size in (1, 10, 256):
        indexing = Indexing(limits, spec, size, True, *stretch, curve=(0.0, *CURVE, 1.0) if spec == "histogram" else ())
        values = difficult(indexing, dtype)
        table = np.random.default_rng(0).permutation(size + 3).astype(np.uint32)
        compiled, plain = both(indexing, values, table)
        np.testing.assert_array_equal(compiled, plain)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize(
    ("indexing", "kind", "depth"),
    [
        (Indexing((-2.0, 2.0)), "even", 1),
        (Indexing((-2.0, 2.0), "asinh"), "even", 1),
        (Indexing((-2.0, 2.0), "sqrt"), "counted", 1),
        (Indexing((-2.0, 2.0), "symlog"), "widening", 1),
        (Indexing((-2.0, 2.0), "power:0.2"), "widening", 1),
        (Indexing((-2.0, 2.0), "log", 4096), "counted", 4),
        (Indexing((-2.0, 2.0), "log", 65_000), "counted", 8),
    ],
)
def test_there_are_as_few_comparisons_as_can_be_and_their_rows_are_those_of_a_search(indexing, kind, depth, dtype):
    borders = indexing.borders(np.dtype(dtype))
    assert borders.kind == kind
    assert borders.depth <= depth
    values = np.concatenate([difficult(indexing, np.dtype(dtype).type)[0], np.linspace(-3, 3, 100_000, dtype=dtype)])
    rows = np.searchsorted(borders.every, values, "right")
    rows[np.isnan(values)] = indexing.size + 2
    for found in both(indexing, values[None], np.arange(indexing.size + 3, dtype=np.uint32)):
        np.testing.assert_array_equal(found[0], rows)


@given(
    st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)),
    st.sampled_from(SPECS),
    st.sampled_from(STRETCHES),
    st.sampled_from([2, 256, 510]),
    st.sampled_from([np.float32, np.float64]).flatmap(lambda dtype: hnp.arrays(dtype, (4, 50))),
)
def test_any_values_find_the_same_rows(limits, spec, stretch, size, values):
    indexing = Indexing((limits[0], limits[0] + limits[1]), spec, size, False, *stretch)
    compiled, plain = both(indexing, values, np.arange(size + 3, dtype=np.uint16))
    np.testing.assert_array_equal(compiled, plain)


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("stretch", STRETCHES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_are_those_of_the_rule(spec, stretch, dtype):
    indexing = Indexing((-3.0, 5.0), spec, 256, True, *stretch)
    values = np.concatenate([difficult(indexing, dtype)[0], np.linspace(-4, 6, 5000, dtype=dtype)])
    values = values[(values >= -3) & (values <= 5)]
    rule = np.minimum(np.floor(indexing.places(values)), 255)
    np.testing.assert_array_equal(indexing.indices(values[None])[0], rule)


@pytest.mark.parametrize(
    "view", [np.s_[::-1], np.s_[:, ::-1], np.s_[::3, ::2], np.s_[5:6], np.s_[:, 3:4], np.s_[2:, 1:7]]
)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_any_layout_is_read_and_written(view, dtype):
    indexing = Indexing((0.0, 1.0), "linear", 256)
    values = np.random.default_rng(0).random((30, 40)).astype(dtype)
    whole = np.zeros((30, 40), np.uint32)
    table = np.arange(259, dtype=np.uint32)
    values.setflags(write=False)
    indexing.look_up(table, values[view], whole[view])
    np.testing.assert_array_equal(whole[view], np.floor(values[view].astype(dtype) * 256))
    untouched = np.ones_like(whole, bool)
    untouched[view] = False
    assert not whole[untouched].any()


def test_values_that_are_not_aligned_are_read():
    raw = np.zeros(8 * 100 + 1, np.uint8)
    values = raw[1:].view(np.float64).reshape(10, 10)
    values[...] = np.arange(100).reshape(10, 10) / 100
    assert not values.flags.aligned
    rows = Indexing((0.0, 1.0), "linear", 100, True).indices(values)
    np.testing.assert_array_equal(rows, np.floor(values * 100))


SHOW = """
import sys
import numpy as np
from traitsview import compilation
from traitsview.color import lookup
from traitsview.color.indexing import Indexing
lookup.VALUES_BEFORE_COMPILING = 1 << 14
values = np.linspace(-1, 2, 1 << 15, dtype='f4').reshape(128, 256)
rows = Indexing((0.0, 1.0), "asinh").indices(values)
print("numba" in sys.modules)
assert compilation.finished(100)
again = Indexing((0.0, 1.0), "asinh").indices(values)
print(np.array_equal(rows, again), rows.sum())
"""


def run(program):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_nobody_waits_for_the_compiler():
    assert run(SHOW)[1] == "True"


def test_without_a_compiler_there_are_the_same_colours():
    assert run("import sys; sys.modules['numba'] = None\n" + SHOW)[1:] == run(SHOW)[1:]


def test_a_picture_or_two_do_not_ask_for_the_compiler():
    picture = "for _ in range(2): Indexing((0.0, 1.0)).indices(np.zeros((1080, 1920), 'f4'))\n"
    imports = SHOW[: SHOW.index("lookup.VALUES_BEFORE_COMPILING")]
    program = imports + picture + "print(compilation.finished(0), 'numba' in sys.modules)"
    assert run(program) == ["True", "False"]
