"""What a calculation may publish, and that nothing of it disturbs the calculation."""

from __future__ import annotations

import ctypes
import logging
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from kit.patience import PATIENCE, attempts
from kit.watching import newest, published_by, watching

from traitsview.errors import RequestError
from traitsview.live import Publisher, frame_writer, layout, memory
from traitsview.live import publisher as publisher_module
from traitsview.live.forms import extent_of, has_channels
from traitsview.live.found_publishers import find
from traitsview.sources.arrays.array_source import ArraySource


class Strict(np.ndarray):
    """An array that refuses to be copied, as one with a unit does."""

    def __array_function__(self, function, types, args, kwargs):
        raise TypeError("it has a unit")


DTYPES = ["?", "u1", "<i2", ">i4", "<u8", ">f4", "<f2", "<f8", "longdouble", "complex64", ">c16", "clongdouble"]


@pytest.fixture
def publisher():
    with Publisher("density") as publisher:
        yield publisher


def seen(publisher, *arrays, **named):
    """Publish a frame while somebody watches; return it as it was read."""
    with watching(publisher.name) as watch:
        publisher.publish(*arrays, **named)
        return newest(watch)


@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers_of_every_kind_arrive_as_they_were(publisher, dtype):
    array = (np.arange(24).reshape(2, 3, 4) % 2).astype(dtype)
    arrived = seen(publisher, array).arrays["density"]
    assert arrived.dtype == array.dtype
    np.testing.assert_array_equal(arrived, array)
    assert arrived.flags.owndata
    assert arrived.flags.writeable


@pytest.mark.parametrize(
    "array",
    [
        np.arange(48.0).reshape(6, 8)[::2, ::-3],
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.broadcast_to(np.float32(3), (5, 6)),
        np.arange(7),
        np.ones((1, 1, 1, 2, 3)),
        np.float32([[1, np.nan], [np.inf, -np.inf]]),
        np.ones((2, 2)).view(Strict),
        [[1, 2], [3, 4]],
        [1.5, 2.5],
    ],
    ids=["cut", "fortran", "broadcast", "curve", "five axes", "not finite", "subclass", "list", "list of numbers"],
)
def test_arrays_of_every_layout_arrive(publisher, array):
    np.testing.assert_array_equal(seen(publisher, array).arrays["density"], np.asarray(array))


def test_masked_elements_become_nan(publisher):
    array = np.ma.masked_equal(np.arange(6).reshape(2, 3), 4)
    arrived = seen(publisher, array).arrays["density"]
    np.testing.assert_array_equal(arrived, [[0, 1, 2], [3, np.nan, 5]])


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (np.array([[None, 1]]), "'density' has elements of dtype object, and only numbers can be shown"),
        (np.zeros((2, 2), [("a", "f4")]), "'density' has records, and only numbers can be shown"),
        (np.zeros((0, 5)), r"'density' has no elements, its shape is \(0, 5\)"),
        (np.array([["x"]]), "'density' has elements of dtype <U1"),
        (np.zeros((2, 2), "datetime64[s]"), "'density' has elements of dtype datetime64"),
        ([[1], [2, 3]], "inhomogeneous"),
        ("text", "'density' has elements of dtype <U4"),
    ],
)
def test_what_is_no_image_is_left_out_and_logged_once_in_one_line(publisher, caplog, array, why):
    for _ in range(3):
        frame = seen(publisher, array, other=np.ones((2, 2)), step=4)
    assert list(frame.arrays) == ["other"]
    assert frame.step == 4
    (record,) = caplog.records
    assert record.name == "traitsview.live"
    assert record.getMessage().startswith("cannot publish all of 'density': ")
    record.getMessage().index(why.replace("\\", ""))
    assert record.getMessage().isprintable()


class Foreign:
    """An array of another library that tells whenever its elements are touched."""

    def __init__(self, array, device=1):
        self._array, self._device, self.touched = array, device, 0

    def __dlpack_device__(self):
        return self._device, 0

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        self.touched += 1
        return self._array.__dlpack__()


class OnGpu(Foreign):
    def __init__(self, array):
        super().__init__(array, 2)

    def get(self):
        self.touched += 1
        return self._array


class NumbaLike:
    def __init__(self):
        self.touched = 0
        self.__cuda_array_interface__ = {"shape": (2, 2), "typestr": "<f4", "data": (4096, False), "version": 3}

    def copy_to_host(self):
        self.touched += 1
        return np.ones((2, 2), np.float32)


class Sending(Foreign):
    """An array on a GPU of a library that copies to where it is told."""

    def __init__(self, array):
        super().__init__(array, 2)

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        assert (dl_device, copy) == ((1, 0), True)
        return super().__dlpack__()


class Converted(Foreign):
    """An array on a GPU whose library is older than that, and converts."""

    def __init__(self, array):
        super().__init__(array, 2)

    def __dlpack__(self, stream=None):
        raise AssertionError("it is not asked in this way")

    def __array__(self, dtype=None, copy=None):
        self.touched += 1
        return self._array


@pytest.mark.parametrize(
    "make",
    [Foreign, OnGpu, lambda array: NumbaLike(), Sending, Converted],
    ids=["cpu", "gpu", "numba", "sending", "converted"],
)
def test_arrays_of_others_are_copied_only_if_somebody_watches(publisher, make):
    array = make(np.ones((2, 2), np.float32))
    publisher.publish(array, step=1)
    publisher.publish(field=array, step=2)
    assert array.touched == 0
    np.testing.assert_array_equal(seen(publisher, array).arrays["density"], np.ones((2, 2)))
    assert array.touched == 1


class Driver:
    """In the place of the driver of CUDA, for a GPU whose memory is that of this process."""

    result = 0

    def cuStreamSynchronize(self, stream):  # noqa: N802
        assert stream.value == 1
        return self.result

    def cuMemcpyDtoH_v2(self, to, start, size):  # noqa: N802
        ctypes.memmove(to.value, start.value, size.value)
        return self.result


class Bare:
    """An array on a GPU with nothing but its description."""

    def __init__(self, array, **more):
        self.__cuda_array_interface__ = {
            "shape": array.shape,
            "typestr": array.dtype.str,
            "data": (array.ctypes.data, False),
            "version": 3,
            "stream": 1,
            **more,
        }


def test_an_array_of_a_gpu_that_is_only_described_is_copied_by_the_driver(publisher, caplog, monkeypatch):
    array = np.arange(12.0).reshape(3, 4)

    def refuse(name):
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert list(seen(publisher, Bare(array), other=np.ones((2, 2))).arrays) == ["other"]
    assert "the driver of CUDA cannot be loaded" in caplog.text
    monkeypatch.setattr(ctypes, "CDLL", lambda name: Driver())
    for more in ({}, {"strides": None}, {"strides": array.strides}):
        np.testing.assert_array_equal(seen(publisher, Bare(array, **more)).arrays["density"], array)
    assert seen(publisher, Bare(array, strides=(8, 24))) is None
    assert "publish a contiguous copy" in caplog.text
    monkeypatch.setattr(Driver, "result", 700)
    assert seen(publisher, Bare(array)) is None
    assert "CUDA cannot copy it, its error has the number 700" in caplog.text


def test_an_array_that_raises_is_left_out(publisher, caplog):
    class Broken:
        @property
        def __array__(self):
            raise RuntimeError("no array today")

    assert list(seen(publisher, Broken(), good=np.ones((2, 2))).arrays) == ["good"]
    assert "no array today" in caplog.text


def test_all_of_one_call_is_one_frame(publisher):
    frame = seen(
        publisher,
        np.ones((3, 4)),
        velocity=np.full((2, 3, 4), 2.0),
        profile=np.arange(5.0),
        energy=np.float32(0.5),
        cells=np.int64(12),
        done=False,
        many=2**70,
        ratio=np.array(0.25),
        step=np.int32(7),
        time=np.float32(1.5),
    )
    assert [(each.name, each.shape) for each in frame.form.arrays] == [
        ("density", (3, 4)),
        ("velocity", (2, 3, 4)),
        ("profile", (5,)),
    ]
    assert frame.scalars == {"energy": 0.5, "cells": 12, "done": False, "many": float(2**70), "ratio": 0.25}
    assert [type(value) for value in frame.scalars.values()] == [float, int, bool, float, float]
    assert (frame.step, frame.time, frame.count) == (7, 1.5, 1)


def test_steps_are_counted_where_none_are_given(publisher, caplog):
    with watching("density") as watch:
        for _ in range(3):
            publisher.publish(np.ones((2, 2)))
        frame = newest(watch)
        assert (frame.step, frame.given_step, frame.time) == (2, None, None)
        publisher.publish(np.ones((2, 2)), step="seven", time="noon")
        assert newest(watch).step == 3
    assert "the step 'seven' is no integer of 64 bits" in caplog.text


@pytest.mark.fault("S17")
def test_shape_dtype_names_and_place_may_change_from_frame_to_frame(publisher):
    with watching("density") as watch:
        for size in (3, 200, 7, 1000, 2):
            publisher.place(extent=(0.0, float(size), 0.0, 1.0), unit=f"{size} m")
            publisher.publish(np.full((size, size + 1), size, f"f{4 if size % 2 else 8}"), **{f"e{size}": size})
            frame = newest(watch)
            array = frame.arrays["density"]
            assert array.shape == (size, size + 1)
            assert np.all(array == size)
            assert (frame.form.facts.extent, frame.form.facts.unit) == ((0.0, size, 0.0, 1.0), f"{size} m")
            assert frame.scalars == {f"e{size}": size}


def test_memory_is_had_before_the_loop_if_it_is_asked_for(publisher):
    publisher.allocate(density=np.ones((30, 40)), other=np.ones(5))
    (found,) = published_by()
    assert [(each.name, each.shape, each.dtype) for each in found.arrays] == [
        ("density", (30, 40), "<f8"),
        ("other", (5,), "<f8"),
    ]
    with watching("density") as watch:
        inode = watch.facts.slots_inode
        assert inode
        publisher.publish(np.ones((30, 40)), other=np.ones(5))
        newest(watch)
        assert watch.facts.slots_inode == inode


def test_only_every_kth_call_publishes():
    with Publisher("density", every=3) as publisher, watching("density") as watch:
        steps = []
        for step in range(10):
            publisher.publish(np.ones((2, 2)), step=step)
            frame = newest(watch)
            steps += [frame.step] if frame else []
        assert steps == [0, 3, 6, 9]
        assert watch.facts.count == 4


@pytest.mark.parametrize(
    ("shape", "dtype"), [((20, 30), "f4"), ((5, 20, 30), "f4"), ((20, 30, 3), "u1"), ((4, 20, 30, 3), "f4")]
)
def test_a_region_is_published_alone_at_its_place(shape, dtype):
    array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    with Publisher("density", region=np.s_[5:15, -10:], extent=(0.0, 3.0, 0.0, 2.0)) as publisher:
        frame = seen(publisher, array, curve=np.arange(4))
    channels = shape[-1] == 3
    expected = array[..., 5:15, 20:, :] if channels else array[..., 5:15, 20:]
    np.testing.assert_array_equal(frame.arrays["density"], expected)
    assert extent_of(frame.form.arrays[0], frame.form.facts) == pytest.approx((2.0, 3.0, 0.5, 1.5))
    assert frame.form.arrays[1].whole is None


def test_a_part_of_a_whole_says_where_it_is():
    with Publisher("density/1", origin=(100, 0), shape=(200, 50)) as publisher:
        frame = seen(publisher, np.ones((100, 50)))
    (form,) = frame.form.arrays
    assert (form.name, form.place, form.whole) == ("density/1", (100, 0), (200, 50))
    assert extent_of(form, frame.form.facts) == (0.0, 50.0, 100.0, 200.0)


def test_channels_of_colours_are_recognized_as_images_do():
    for shape in [(8, 9), (3, 4, 3), (8, 9, 3), (8, 9, 4), (2, 8, 9, 3), (8, 3, 3), (8, 9, 5)]:
        for dtype in ("u1", "<u2", ">u2", "f4", "f8", "i4", "c8"):
            info = ArraySource(np.ones(shape, dtype)).info
            assert has_channels(shape, np.dtype(dtype)) == (info.channels > 1), (shape, dtype)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"name": ""}, "it is no name"),
        ({"name": " x"}, "it is no name"),
        ({"name": "a::b"}, "it holds '::'"),
        ({"name": "a@7"}, "it holds '@'"),
        ({"name": "a\nb"}, "it cannot stand in an address"),
        ({"name": "x" * 201}, "it is longer than 200 bytes"),
        ({"name": 5}, "it is no name"),
        ({"every": 0}, "every=0"),
        ({"slots": 2}, "slots=2"),
        ({"extent": (0, 1, 2)}, "it is no rectangle"),
        ({"extent": (1, 0, 0, 1)}, "it is no rectangle"),
        ({"origin": "left"}, "unknown origin 'left'"),
        ({"origin": (1, 2)}, "has no shape of the whole"),
        ({"origin": (-1, 2), "shape": (4, 4)}, "origin="),
        ({"shape": (0, 4)}, "shape="),
        ({"region": 5}, "it is no rectangle"),
        ({"region": np.s_[::2, :]}, "it is no rectangle"),
        ({"unit": 5}, "it is no short text"),
        ({"viewer": "MyView"}, "it names no class"),
        ({"viewer": []}, "its command is empty"),
        ({"viewer": ["/no/such/program"]}, "No such file"),
    ],
)
def test_a_wrong_argument_is_refused_in_one_line(arguments, what):
    name = arguments.pop("name", "density")
    with pytest.raises(RequestError) as raised:
        Publisher(name, **arguments)
    assert what in str(raised.value)
    assert str(raised.value).isprintable()
    assert not published_by()


def test_nobody_watches_at_first_and_two_seconds_after_the_last_look(publisher, monkeypatch):
    assert not publisher.watched
    with watching("density"):
        assert publisher.watched
    monkeypatch.setattr(layout, "WATCH_NANOSECONDS", 1)
    with watching("density") as watch:
        assert not publisher.watched
        publisher.publish(np.ones((2, 2)), step=3)
        assert newest(watch) is None
        assert (watch.facts.step, watch.facts.count) == (3, 1)


def test_a_signal_handler_may_publish_in_the_middle_of_a_publish(publisher):
    class Value:
        def __array__(self, dtype=None, copy=None):
            publisher.publish(np.zeros((3, 3)), step=99)  # as a handler would, in the same thread
            return np.ones((2, 2))

    frame = seen(publisher, Value(), step=1)
    assert (frame.step, frame.count) == (1, 1)
    assert np.all(frame.arrays["density"] == 1)


@pytest.mark.parametrize("do", ["publish", "allocate"])
def test_a_signal_handler_may_publish_and_close_between_any_two_instructions(do, caplog):
    def run(handle):
        """Do something, and call `handle` with the number of each instruction; return how many there were."""
        count = 0

        def trace(frame, event, _):
            nonlocal count
            if frame.f_code.co_filename == publisher_module.__file__ and not handling:
                frame.f_trace_opcodes = True
                if event == "opcode":
                    count += 1
                    handling.append(count)
                    handle(count)
                    handling.clear()
                return trace
            return None

        handling = []
        sys.settrace(trace)
        try:
            publisher.allocate(density=array) if do == "allocate" else publisher.publish(array, step=0)
        finally:
            sys.settrace(None)
        return count

    def all_of_it():
        nonlocal publisher, closed
        run(lambda _: publisher.publish(array, step=1))
        instructions = run(lambda _: None)
        publisher.close()
        for at in range(instructions):
            publisher = Publisher("density")
            run(lambda count, publisher=publisher, at=at: publisher.close() if count > at else None)
            publisher.publish(array)
            closed += 1

    before = len(os.listdir("/proc/self/fd"))
    array, closed, publisher = np.ones((2, 2)), 0, Publisher("density")
    thread = threading.Thread(target=all_of_it, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "the handler waits for what it has interrupted"
    assert closed > 30
    assert len(os.listdir("/proc/self/fd")) == before
    assert not caplog.records


def test_after_the_end_nothing_is_published_and_nothing_fails(publisher, caplog):
    publisher.close()
    publisher.close()
    publisher.publish(np.ones((2, 2)), step=1)
    publisher.allocate(density=np.ones((2, 2)))
    assert not publisher.watched
    assert not published_by()
    assert not caplog.records


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "forgotten"])
def test_a_publisher_that_is_closed_or_forgotten_has_ended_and_lets_go_of_its_memory(closed):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        publisher = Publisher("density")
        seen(publisher, np.ones((50, 50)), energy=1.0)
        with watching("density") as watch:
            if closed:
                publisher.close()
            del publisher
            while not watch.over:
                newest(watch)
            assert watch.end == "ended at step 0"
    assert len(os.listdir("/proc/self/fd")) == before


def test_no_memory_is_told_and_does_not_end_the_calculation(publisher, caplog, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    assert seen(publisher, np.ones((2, 2)), step=1) is None
    assert "No space left on device" in caplog.text
    monkeypatch.undo()
    for _ in attempts():  # it is not asked for again at once
        if frame := seen(publisher, np.ones((2, 2)), step=2):
            break
    assert frame.step == 2


def test_memory_that_is_refused_is_asked_for_again_later_and_the_frames_before_stay(publisher, monkeypatch):
    with watching("density") as watch:
        publisher.publish(np.ones((2, 2)), step=0)
        assert newest(watch).step == 0
        before = len(os.listdir("/proc/self/fd"))
        asked = []

        def refuse(*_):
            asked.append(1)
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "posix_fallocate", refuse)
        monkeypatch.setattr(frame_writer, "_REST", 1e12)  # as if it had taken long
        for step in range(1, 100):
            publisher.publish(np.ones((100, 100)), step=step)
        assert len(asked) == 1
        assert newest(watch) is None
        publisher.publish(np.ones((3, 2)), step=100)
        assert newest(watch).step == 100, "what fits into the memory that there is needs no other"
        assert len(os.listdir("/proc/self/fd")) == before


def test_arrays_that_would_take_most_of_the_memory_that_is_left_are_refused(publisher, caplog, monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 80_000_000)
    assert seen(publisher, np.ones((1500, 1200))) is None  # three slots of 14.4 MB
    assert "its frames would take more than half of the memory that is left" in caplog.text
    assert seen(publisher, np.ones((1500, 1000))).arrays


def test_names_that_are_too_long_are_left_out_alone(publisher, caplog):
    before = len(os.listdir("/proc/self/fd"))
    for step in range(10):
        frame = seen(publisher, np.ones((2, 2)), step=step, **{"n" * 257: 1.0, "m" * 257: np.ones(3), "é" * 256: 2.0})
        assert (frame.step, list(frame.arrays), frame.scalars) == (step, ["density"], {"é" * 256: 2.0})
    assert len(caplog.records) == 2
    assert len(os.listdir("/proc/self/fd")) <= before + 4  # two pieces of memory, each with its map


def test_numbers_whose_names_have_no_room_in_the_series_are_in_the_frames(publisher):
    numbers = {f"{at}" + "é" * 240: float(at) for at in range(15)}  # 1,450 bytes of JSON each
    assert seen(publisher, **numbers).scalars == numbers
    with find(f"density@{os.getpid()}").reader() as reader:
        inode = reader.facts().series_inode
        publisher.publish(**numbers)
        rows = reader.series(reader.facts())
        assert rows.names == tuple(numbers)[:11]
        assert rows.rows[-1, 3:].tolist() == [float(at) for at in range(11)]
        assert reader.facts().series_inode == inode, "no memory is made anew for those that have no room"


@pytest.mark.parametrize("shape", [(1,) * 33, (1 << 46, 2)], ids=["33 axes", "too large"])
def test_what_no_reader_takes_is_not_written(publisher, caplog, shape):
    if len(shape) > 32 and np.lib.NumpyVersion(np.__version__) < "2.0.0":
        pytest.skip("NumPy 1 has no such arrays")
    assert seen(publisher, np.broadcast_to(np.uint8(0), shape)) is None
    assert "can be shown" in caplog.text
    assert seen(publisher, np.ones((2, 2))).arrays


def test_memory_is_never_at_the_place_of_a_standard_stream(publisher):
    code = (
        "import os, numpy; from traitsview.live import Publisher\n"
        "from traitsview.live.found_publishers import publishers\n"
        "os.close(0); p = Publisher('density')\n"
        "print([each.descriptor > 2 for each in publishers() if each.pid == os.getpid()])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True, timeout=PATIENCE) == "[True]\n"


def test_publishing_loads_numpy_and_the_standard_library_only():
    code = (
        "import sys, numpy; before = set(sys.modules); import traitsview.live; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)); "
        "print(*(name for name in ('socket', 'asyncio', 'multiprocessing', 'rpyc', 'numba') if name in sys.modules))"
    )
    said = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=PATIENCE)
    assert said == "traitsview\n\n"


def test_publishing_starts_no_thread(publisher):
    logging.getLogger("traitsview.live")
    before = len(os.listdir("/proc/self/task"))
    for step in range(5):
        assert seen(publisher, np.ones((20, 20)), step=step)
    assert len(os.listdir("/proc/self/task")) == before
