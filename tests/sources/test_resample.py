"""The reductions, compiled and not."""

import itertools
import os
import subprocess
import sys
import textwrap
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import pixel_dtype
from traitsview.sources.picture import REDUCTIONS
from traitsview.sources.reducing import compiler, plain_kernels, resample
from traitsview.sources.spans import spans_of
from traitsview.testing.example_arrays import VIEWPORTS, assert_shows, example_array, example_whole_numbers
from traitsview.testing.reference import elements_per_pixel, expected

# The reductions that are compiled for these tests.  Each takes seconds to compile.
COMPILED = (
    *(("mean", "f4"), ("extreme", "f4"), ("pick", "f4"), ("mode", "f4")),
    *(("mean", ">f8"), ("mean", "u1"), ("mode", ">i4")),
)
WHOLE = (("extreme", "i8"), ("pick", "i8"), ("mode", ">u8"))
DTYPES = ("f4", ">f8", "u1")


@pytest.fixture(scope="module", autouse=True)
def compilers():
    for name, dtype in COMPILED:
        compiler.compiled((name, np.dtype(dtype), pixel_dtype(dtype)))
    for name, dtype in WHOLE:
        compiler.compiled((name, np.dtype(dtype), np.dtype(dtype).newbyteorder("=")))
    assert compiler.finished(PATIENCE)


def reduced(kernels, array, viewport, name, *parameters, channels=1, dtype=None):
    """Return the pixels that kernels make of an array."""
    info = ArraySource(array).info
    rows, columns = spans_of(info, viewport, "nearest" if name == "pick" else "mean")
    out = np.full((viewport.shape[0], viewport.shape[1] * channels), 1, dtype or info.pixel_dtype)
    kernels(array.reshape(len(array), -1), rows, columns, channels, *parameters, out)
    return out


@pytest.mark.parametrize(("name", "dtype"), COMPILED)
@pytest.mark.parametrize(("sign", "scale"), [(1, (1.0, 0.0)), (-1, (-0.1, 7.0))])
def test_compiled_or_not_the_bits_are_the_same(name, dtype, sign, scale):
    parameters = (sign, *scale) if name in ("extreme", "mode") else scale
    array = cells(dtype) if name == "mode" else example_array(dtype, (131, 243))
    compiled = compiler.compiled((name, array.dtype, pixel_dtype(dtype)))
    assert compiled is not None
    for viewport in (*VIEWPORTS, Viewport((33.3, 1.7), (-1, -1), (80, 10)), Viewport((1.01, 60.5), (0, 0), (3, 250))):
        if name == "pick" or max(viewport.resolution) > 1:
            plain = reduced(getattr(plain_kernels, name), array, viewport, name, *parameters)
            np.testing.assert_array_equal(reduced(compiled, array, viewport, name, *parameters), plain)


@pytest.mark.parametrize(("name", "dtype"), WHOLE)
def test_compiled_or_not_whole_numbers_are_the_same(name, dtype):
    native = np.dtype(dtype).newbyteorder("=")
    array = cells(dtype) if name == "mode" else example_whole_numbers(dtype, close=False)
    compiled = compiler.compiled((name, array.dtype, native))
    assert compiled is not None
    for sign in (1, -1):
        parameters = (1.0, 0.0) if name == "pick" else (sign, 1.0, 0.0)
        for viewport in VIEWPORTS:
            if name == "pick" or max(viewport.resolution) > 1:
                plain = reduced(getattr(plain_kernels, name), array, viewport, name, *parameters, dtype=native)
                found = reduced(compiled, array, viewport, name, *parameters, dtype=native)
                np.testing.assert_array_equal(found, plain)


def cells(dtype, shape=(131, 243)):
    """Return labels in cells of a few elements, some noise and some holes, with ties and zeros of both signs."""
    rng = np.random.default_rng(3)
    labels = (
        rng.integers(0, 50, (shape[0] // 6 + 1, shape[1] // 5 + 1)).repeat(6, 0).repeat(5, 1)[: shape[0], : shape[1]]
    )
    labels = np.where(rng.random(shape) < 0.3, rng.integers(0, 4, shape), labels)
    made = (labels + (2**60 if np.dtype(dtype).itemsize == 8 and np.dtype(dtype).kind != "f" else 0)).astype(dtype)
    if made.dtype.kind == "f":
        made[rng.random(shape) < 0.2] *= -1  # -0.0 among them
        made[rng.random(shape) < 0.1] = np.nan
        made[20:60, 100:160] = np.nan
    return made


@pytest.mark.parametrize("dtype", ["f4", ">f8", "u1", ">i4", "i8", ">u8"])
def test_most_frequent_value_is_as_defined(dtype):
    for shape in ((31, 43), (31, 1), (1, 43)):
        array = cells(dtype, shape)
        for layout in (array, np.asfortranarray(array), np.ma.masked_equal(array, 2)):
            source = ArraySource(layout)
            values = np.ma.filled(np.ma.asarray(layout).astype(np.longdouble), np.nan)
            for viewport in VIEWPORTS[1:4]:
                shown = source.render(viewport, None, "mode")
                np.testing.assert_array_equal(shown, expected(values, source.info, viewport, "mode"))


def test_least_of_values_with_equal_parts_is_shown():
    image = np.array([[7, 7, 3, 3, 5, 5, 9, 9], [1, 1, 1, 1, 5, 5, 9, 8]])
    viewport = Viewport((4.0, 2.0), (0, 0), (1, 2))
    assert ArraySource(image).render(viewport, None, "mode").tolist() == [[1, 5]]
    turned = ArraySource(image, scale=(-1.0, 0.0), dtype="f8")
    assert turned.render(viewport, None, "mode").tolist() == [[-1, -5]]
    thirds = ArraySource(np.array([[2, 1, 1, 2, 3, 3, 3, 3]]))  # of 4/3 elements: 2 of 2, 1 of 1 and a third each
    assert thirds.render(Viewport.covering((0, 8, 0, 1), (1, 6)), None, "mode").tolist() == [[2, 1, 2, 3, 3, 3]]


def test_each_channel_of_colours_has_its_most_frequent_value():
    array = np.random.default_rng(0).integers(0, 3, (31, 43, 3)).astype(np.uint8)
    source = ArraySource(array)
    for viewport in VIEWPORTS[:5]:
        np.testing.assert_array_equal(
            source.render(viewport, None, "mode"), expected(array, source.info, viewport, "mode")
        )


def test_more_values_than_are_tallied_at_a_time_are_tallied_in_turns():
    rng = np.random.default_rng(0)
    image = rng.permutation(1100 * 1100).reshape(1100, 1100).astype(np.int32) * 1024
    image[rng.random(image.shape) < 1e-5] = 5
    compiled = compiler.compiled(("mode", image.dtype, np.dtype("f8")))
    assert compiler.finished(110)
    compiled = compiled or compiler.compiled(("mode", image.dtype, np.dtype("f8")))
    viewport = Viewport((1100.0, 1100.0), (0, 0), (1, 1))
    assert reduced(compiled, image, viewport, "mode", 1, 1.0, 0.0) == 5


def test_pixels_of_many_rows_are_read_in_slabs_and_as_defined(monkeypatch):
    monkeypatch.setattr(resample, "_CONVERTED_ROWS", 7)
    monkeypatch.setattr(resample, "_CONVERTED_ELEMENTS", 50)
    for dtype in ("f4", "i8"):
        array = cells(dtype, (31, 43))
        source = ArraySource(Read(array))
        for viewport, reduction in itertools.product(VIEWPORTS[1:7], ("mode", "max", "mean")):
            shown = source.render(viewport, None, reduction)
            wanted = expected(array, source.info, viewport, reduction)
            if reduction == "mean":
                assert_shows(shown, wanted)
            else:
                np.testing.assert_array_equal(shown, wanted)


class Read:
    """An array that has to be read."""

    def __init__(self, array):
        self._array, self.shape, self.dtype = array, array.shape, array.dtype

    def __getitem__(self, key):
        return self._array[key]


def test_compiled_or_not_colours_are_the_same():
    array = example_array("u1", (131, 243, 3))
    compiled = compiler.compiled(("mean", np.dtype("u1"), np.dtype("f4")))
    for viewport in VIEWPORTS[1:3]:
        plain = reduced(plain_kernels.mean, array, viewport, "mean", 1.0, 0.0, channels=3)
        np.testing.assert_array_equal(reduced(compiled, array, viewport, "mean", 1.0, 0.0, channels=3), plain)


@pytest.mark.parametrize("dtype", DTYPES)
def test_compiled_reductions_are_as_defined(dtype):
    array = example_array(dtype, (131, 243))
    for layout in (array, array[::-1], np.asfortranarray(array), array[5:, 9:]):
        source = ArraySource(layout)
        for viewport, reduction in itertools.product(VIEWPORTS, REDUCTIONS):
            wanted = expected(layout, source.info, viewport, reduction)
            assert_shows(source.render(viewport, None, reduction), wanted)


def test_compiled_reduction_is_not_compiled_again():
    from traitsview.sources.reducing import extreme_kernels, mean_kernels, mode_kernels

    def count():
        every = mean_kernels.mean, mean_kernels.pick, extreme_kernels.extreme, mode_kernels.mode
        return [len(kernel.signatures) for kernel in every]

    kinds = count()
    array = example_array("f4", (513, 517))
    for layout, reduction in itertools.product((array, array[::-1], array.T, array[:1], array[:, :1]), REDUCTIONS):
        for viewport in VIEWPORTS:
            ArraySource(layout).render(viewport, None, reduction)
    assert count() == kinds


@pytest.mark.parametrize(("dtype", "offset"), [(">f8", 1e9), ("f4", 1e6), ("u1", 250), ("f4", 0), (">f8", 0)])
def test_large_pixels_keep_their_precision(dtype, offset):
    array = (offset + np.random.default_rng(1).random((3000, 700)) * 5).astype(dtype)
    info = ArraySource(array).info
    viewport = Viewport((333.3, 1234.5), (0, 0), (3, 3))
    wanted = expected(array, info, viewport)
    compiled = compiler.compiled(("mean", array.dtype, info.pixel_dtype))
    for kernel in (plain_kernels.mean, compiled):
        assert_shows(reduced(kernel, array, viewport, "mean", 1.0, 0.0), wanted)


def test_images_wider_than_one_strip_are_as_defined(monkeypatch):
    monkeypatch.setattr(resample, "_STRIP_COLUMNS", 16)
    for array in (example_array("f4"), example_array("u1", (31, 43, 3))):
        source = ArraySource(array)
        for viewport in VIEWPORTS:
            for reduction in ("mean", "max"):
                wanted = expected(array, source.info, viewport, reduction)
                assert_shows(source.render(viewport, None, reduction), wanted)


class Endless:
    """An image of two rows and very many columns.  Elements follow from their row and column by a formula."""

    shape, dtype = (2, 2**34), np.dtype("f8")

    def __getitem__(self, key):
        columns = np.arange(key[1].start, key[1].stop)
        return np.array([(columns * 7919 + row) % 1009 + 1e9 for row in range(key[0].start, key[0].stop)], float)


@pytest.mark.parametrize("resolution", [0.7, 10.1, 3.000000000001, 9.999999])
def test_pixels_far_from_the_corner_are_as_defined(resolution):
    source = ArraySource(Endless(), extent=(1e9, 1e9 + 2**34, -1e9, -1e9 + 2))
    viewport = Viewport((resolution, 1.0), (10**9, 0), (2, 20), (1e9, -1e9))
    first = int(10**9 * resolution) - 8
    near = Endless()[slice(0, 2), slice(first, first + 250)]
    width = elements_per_pixel(resolution, 1e9, 1e9 + 2**34, 2**34)
    for reduction in REDUCTIONS:
        wanted = np.array([_exact(near, width * (10**9 + j) - first, width, reduction) for j in range(20)]).T
        assert_shows(source.render(viewport, None, reduction), wanted)


def _exact(near, left, width, reduction):
    """Return the exact values, one a row, of a pixel from `left` on over the columns of `near`."""
    under = floor(left + width / 2)
    if reduction == "nearest" or width <= 1:
        return near[:, under]
    touched = range(floor(left), ceil(left + width))
    lengths = [min(left + width, k + 1) - max(left, k) for k in touched]
    if reduction == "mode":  # no two of these are equal
        return [min(row[k] for k, n in zip(touched, lengths, strict=True) if n == max(lengths)) for row in near]
    if reduction != "mean":
        return getattr(near[:, touched], reduction)(axis=1)
    return [float(sum(n * Fraction(row[k]) for n, k in zip(lengths, touched, strict=True)) / width) for row in near]


def run(program, **environment):
    """Run a program in a fresh interpreter and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(program)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


SHOW = """
import sys
import numpy as np
from traitsview.geometry import Viewport
from traitsview.sources.reducing import compiler
from traitsview.sources.arrays.array_source import ArraySource
array = np.arange(100.0).reshape(10, 10).astype(">i2")
compiler.compiled(("pick", array.dtype, np.dtype("f4")))
viewport = Viewport((1.0, 1.0), (0, 0), (10, 10))
print(ArraySource(array).render(viewport, None, "nearest")[0, 5])
"""


def test_compiler_is_not_imported_before_something_is_shown():
    program = (
        "import sys, traitsview.sources.arrays.array_source, traitsview.sources.registry\nprint('numba' in sys.modules)"
    )
    assert run(program) == ["False"]


def test_without_a_compiler_everything_is_shown():
    out = run("import sys; sys.modules['numba'] = None\n" + SHOW + "print(compiler.finished(60))\n" + SHOW)
    assert out == ["5.0", "True", "5.0"]


def test_with_the_compiler_switched_off_everything_is_shown():
    out = run(SHOW + "print(compiler.finished(60))\n" + SHOW, NUMBA_DISABLE_JIT="1")
    assert out == ["5.0", "True", "5.0"]


def test_reductions_work_without_a_writable_cache(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    out = run(SHOW + "print(compiler.finished(100))\n" + SHOW, NUMBA_CACHE_DIR=str(blocked / "cache"))
    assert out == ["5.0", "True", "5.0"]


def test_process_may_end_during_a_compilation(tmp_path):
    for _ in range(2):
        assert run(SHOW, NUMBA_CACHE_DIR=str(tmp_path)) == ["5.0"]


def test_elements_beyond_4_thousand_million_in_a_row_are_shown(tmp_path):
    size = 6 * 10**9
    with open(tmp_path / "wide", "wb") as file:
        file.truncate(size)  # takes no space on disk
    array = np.memmap(tmp_path / "wide", np.uint8, "r+", shape=(1, size))
    array[0, 55 * 10**8] = 7
    compiler.compiled(("pick", array.dtype, np.dtype("f4")))
    assert compiler.finished(PATIENCE)
    pixels = ArraySource(array).render(Viewport((1e9, 1.0), (0, 0), (1, 6)), None, "nearest")
    assert pixels.tolist() == [[0, 0, 0, 0, 0, 7]]
