"""From any answer of a host a viewer gets values of our own types and within limits, or an error of ours."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from kit.frames import message
from kit.fuzzing import fuzz, require_one_line
from kit.mutation import VALUES, mutated, mutated_value
from kit.streams import made_stream
from rpyc.core import brine, consts

from traitsview.color.indexing import Indexing
from traitsview.errors import HostError, TraitsviewError
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.protocol.channel import AttachmentChannel
from traitsview.remote.protocol.codec import Code, decode, encode
from traitsview.remote.protocol.coder import AT_ONCE
from traitsview.remote.share import Share
from traitsview.remote.viewer.calling import Calling
from traitsview.remote.viewer.inbox import Inbox
from traitsview.sources.company import Company, Person, Sight
from traitsview.sources.frame import Frame, FramePart
from traitsview.sources.image_info import Axis, ImageInfo, Stored
from traitsview.sources.image_source import Stage
from traitsview.sources.picture import Picture
from traitsview.sources.questions.curves import CurveLines, Curves
from traitsview.sources.questions.sample import Sample
from traitsview.sources.services.namespace import Variable
from traitsview.sources.summary import Summary

INFO = ImageInfo(
    "it",
    (300, 400),
    "<f4",
    extent=(0.0, 400.0, 0.0, 300.0),
    axes=(Axis("t", 5, "s", (0.0, 1.0, 2.0, 3.0, 4.0)), Axis("y", 300), Axis("x", 400)),
    world="CRPIX1 = 1",
    world_problem="CRPIX1 is no number",
    stored=Stored("<i2", 0.5, 1.0, -32768),
    colour_axis="rgb",
    notes=("it was chosen",),
)
FRAME = Frame(
    INFO,
    812,
    0.25,
    1.0,
    900,
    (("energy", 0.5), ("count", 3), ("done", True)),
    "ended at step 812",
    (FramePart("a/0", (0.0, 400.0, 0.0, 300.0), 812, 1.0, "lost"),),
)
VARIABLES = (Variable("rho", "kernel:4f2a?rho", (30, 40), "<f8", "process 4242"), Variable("new", "live:new"))
SUMMARY = Summary(9, 9, 0.0, 1.0, 0.5, 0.1, np.linspace(0, 1, 9), True)
QUESTION = Sample(((0.0, 1.0), (2.0, 3.0)))
VARIABLES = (Variable("rho", "kernel:4f2a?rho", (2, 3, 4), "<f8", "process 4242"), Variable("x", "live:x"))
VIEW = Viewport((1.0, 1.0), (0, 0), (30, 40))
INDEXING = Indexing((0.0, 1.0), "log", 256, True, 2.0, 0.25, (0.0, 0.5, 1.0))
STAGES = (Stage(tuple(VIEW.tiles(16)), INDEXING), Stage(tuple(VIEW.tiles(64))))
SIGHT = Sight(VIEW, Picture((0,), "max"), '{"traitsview appearance": 1}', (1.0, 2.0))
COMPANY = Company(7, 1, (Person(1, "anna@laptop"), Person(2, "carla@pc", True)), 2, SIGHT, 3)
SHARE = Share("carla", "tls://node17:40113", "/home/anna/carla.json", ("/data", "live:rho"), 60.0, ("10.0.0.1",))
F4 = np.dtype(np.float32)
CHUNK = wire.Chunk(0, (0, 0, 4, 4), False, Code.RAW, F4, 64, 0, np.zeros(64, np.uint8))


class Attached:
    """A channel that returns the arrays that were attached to it."""

    def __init__(self):
        self.arrays = {}

    def attach(self, array):
        self.arrays[len(self.arrays)] = np.array(array.reshape(-1).view(np.uint8))
        return len(self.arrays) - 1

    def take(self, number):
        return self.arrays.pop(number, None)


def good(name, channel):
    """Return a value that the unpacker `name` takes."""
    values = {
        "unpack_answer": lambda: wire.pack_answer(QUESTION, np.zeros(2, np.float32), channel),
        "unpack_array": lambda: wire.pack_array(np.zeros((3, 4), np.float32), channel),
        "unpack_batch": lambda: wire.pack_batch(wire.Batch(2, (CHUNK,), True, True, HostError("no", "why")), channel),
        "unpack_company": lambda: wire.pack_company(COMPANY, 0),
        "unpack_error": lambda: ("SourceNotFound", "what", "why", "remedy"),
        "unpack_extent": lambda: (0.0, 1.0, 0.0, 1.0),
        "unpack_flag": lambda: True,
        "unpack_info": lambda: wire.pack_info(INFO, channel),
        "unpack_frame": lambda: wire.pack_frame(FRAME, channel),
        "unpack_opened": lambda: wire.pack_opened(FRAME, "identity", channel),
        "unpack_name": lambda: "anna@laptop",
        "unpack_place": lambda: (0, 0, 4, 4),
        "unpack_points": lambda: ((0.0, 1.0), (float("nan"), 2.0)),
        "unpack_question": lambda: wire.pack_question(QUESTION),
        "unpack_sequence": lambda: 7,
        "unpack_share": lambda: wire.pack_share(SHARE),
        "unpack_share_name": lambda: "carla",
        "unpack_sight": lambda: wire.pack_sight(SIGHT),
        "unpack_source": lambda: wire.pack_source("a\udcff.npy"),
        "unpack_life": lambda: wire.pack_life(True, 60.0),
        "unpack_limit": lambda: 1 << 20,
        "unpack_order": lambda: ("carla", 60.0, ("/data",)),
        "unpack_picture": lambda: wire.pack_picture(Picture((0, 1), "max")),
        "unpack_chunk": lambda: wire.pack_chunk(CHUNK, channel),
        "unpack_speeds": lambda: wire.pack_speeds(AT_ONCE),
        "unpack_stages": lambda: wire.pack_stages(STAGES),
        "unpack_summary": lambda: wire.pack_summary(SUMMARY, channel),
        "unpack_text": lambda: "text",
        "unpack_texts": lambda: ("a", "b"),
        "unpack_tiles": lambda: wire.pack_tiles(VIEW.tiles(16)),
        "unpack_variables": lambda: wire.pack_variables(VARIABLES),
        "unpack_wait": lambda: 30.0,
        "unpack_viewport": lambda: wire.pack_viewport(VIEW),
    }
    return values[name]()


#: The other arguments of the unpackers.
BESIDE = {
    "question": QUESTION,
    "info": INFO,
    "shape": (None, None),
    "dtype": None,
    "count": 2,
    "limit": 4096,
    "most": 1 << 24,
    "known": COMPANY,
    "look": None,
    "decoded": None,
}
UNPACKERS = sorted(name for name in wire.__all__ if name.startswith("unpack_"))


def unpacked(name, value, channel):
    unpack = getattr(wire, name)
    if name == "unpack_order":
        return unpack(*value) if type(value) is tuple and len(value) == 3 else unpack("", 1.0, value)
    parameters = list(inspect.signature(unpack).parameters)[1:]
    return unpack(value, **{each: channel if each == "channel" else BESIDE[each] for each in parameters})


@pytest.mark.parametrize("name", UNPACKERS)
def test_right_values_are_unpacked(name):
    channel = Attached()
    unpacked(name, good(name, channel), channel)


@pytest.mark.fault("G11", "G3")
@pytest.mark.parametrize("name", UNPACKERS)
def test_any_value_is_unpacked_or_refused(name):
    def made(rng):
        channel = Attached()
        value = mutated_value(rng, good(name, channel)) if rng.random() < 0.9 else rng.choice(VALUES)
        return value, channel.arrays

    def check(case):
        value, arrays = case
        channel = Attached()
        channel.arrays = dict(arrays)
        try:
            unpacked(name, value, channel)
        except TraitsviewError as error:
            require_one_line(error)

    fuzz(name, made, check, share=1 / 10)


@pytest.mark.fault("G11", "G3")
def test_any_curves_are_unpacked_or_refused():
    question = Curves(None, 16)
    curves = CurveLines((0, 2), np.arange(5.0), np.zeros((2, 5), np.float32), np.ones((2, 5)))

    def made(rng):
        channel = Attached()
        return mutated_value(rng, wire.pack_answer(question, curves, channel)), channel.arrays

    def check(case):
        value, arrays = case
        channel = Attached()
        channel.arrays = dict(arrays)
        try:
            found = wire.unpack_answer(value, question, INFO, channel)
        except TraitsviewError as error:
            require_one_line(error)
            return
        assert found.low.shape == found.high.shape == (len(found.rows), len(found.x))
        assert {array.dtype.kind for array in (found.x, found.low, found.high)} == {"f"}

    fuzz("curves", made, check, share=1 / 4)


def replied(kind, value, sequence=0, arrays=()):
    return message(bytes([kind]) + brine.dump((sequence, value)), arrays)


def good_answer():
    """Return an answer with the tiles of `STAGES`, in chunks of several codes, and its arrays."""
    parts, arrays = [], []
    for number, stage in enumerate(STAGES):
        for tile in stage.tiles:
            indexed = stage.indexing is not None
            pixels = np.full(tile.shape, tile.origin[0] % 8, stage.indexing.dtype if indexed else np.float32)
            code = Code(len(parts) % len(Code))
            data = encode(pixels, code)
            cut = data.size // 2
            for offset, part in ((0, data[:cut]), (cut, data[cut:])):
                arrays.append(part)
                of = wire.Chunk(number, wire.place_of(tile), indexed, code, pixels.dtype, data.size, offset, part)
                parts.append(wire.pack_chunk(of, Numbered(len(arrays))))
    return (2, tuple(parts), False, True, None), arrays


class Numbered:
    """A channel that gives every array the same number."""

    def __init__(self, number):
        self._number = number

    def attach(self, array):
        return self._number


GOOD_ANSWER, ARRAYS = good_answer()


def mutated_arrays(rng):
    """Return the bytes of the good answer's arrays, some of them spoiled."""
    arrays = [bytes(array) for array in ARRAYS]
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(arrays))
        arrays[at] = mutated(rng, arrays[at], arrays)
    return arrays


def taken(data):
    """Return the tiles that an inbox takes from the bytes of an answer."""
    connection = Calling(AttachmentChannel(made_stream(data)[0]))
    inbox = Inbox()
    assert inbox.expect(STAGES, INFO) == 2
    try:
        inbox.accept(connection.call("next", 1.0, 1 << 20, allowance=1 << 20), connection.channel)
        return inbox.take(0)[0]
    finally:
        connection.close()


def test_good_answer_is_taken():
    found = taken(replied(consts.MSG_REPLY, (consts.LABEL_VALUE, GOOD_ANSWER), arrays=ARRAYS))
    assert [rendered.tile for rendered in found] == [tile for stage in STAGES for tile in stage.tiles]
    assert {rendered.pixels[0, 0] for rendered in found if rendered.indexing is None} == {0.0}


@pytest.mark.fault("G11", "G3")
def test_any_answer_is_taken_or_refused():
    """Bytes of chunks go the whole way from the connection to the inbox."""

    def made(rng):
        answer, kind, label = GOOD_ANSWER, consts.MSG_REPLY, consts.LABEL_VALUE
        chance = rng.random()
        if chance < 0.5:
            answer = mutated_value(rng, answer)
        elif chance < 0.6:
            kind = rng.choice((1, 2, 3, 4, 0, 255))
        elif chance < 0.7:
            label = rng.choice((*VALUES, 2, 3, 4))
        value = (label, answer) if kind != consts.MSG_EXCEPTION else ("SourceError", *("x",) * rng.randrange(5))
        arrays = mutated_arrays(rng)
        try:
            data = replied(kind, value, rng.choice((0, 0, 0, 0, 1, -1, None)), arrays)
        except Exception:  # brine does not know the value
            data = replied(consts.MSG_REPLY, None, 0, arrays)
        return mutated(rng, data) if chance > 0.9 else data

    def check(data):
        try:
            found = taken(data)
        except TraitsviewError as error:
            require_one_line(error)
            return
        for rendered in found:
            assert rendered.pixels.shape == rendered.tile.shape
            assert rendered.pixels.dtype.kind == "f"

    fuzz("answers", made, check)


#: Bytes at the beginning of a chunk that describe its content.
HEAD = 32


@pytest.mark.fault("G11", "G3")
@pytest.mark.parametrize("code", Code)
def test_any_chunk_is_decoded_or_refused(code):
    """Chunks of every code have heads that lie about sizes, dtypes and filters."""
    shape = (48, 64)
    pixels = np.arange(48 * 64, dtype=np.float32).reshape(shape) // 7
    chunks = [bytes(encode(pixels, code)), bytes(encode(np.zeros(shape, np.float32), code))]

    def made(rng):
        """Return a chunk with a right head and a wrong rest, or the reverse."""
        data = bytearray(rng.choice(chunks))
        head = rng.random() < 0.3
        for _ in range(rng.choice((1, 1, 2, 4, 16))):
            at = rng.randrange(HEAD) if head or len(data) <= HEAD else rng.randrange(HEAD, len(data))
            data[at] = rng.choice((0, 1, 2, 16, 0x7F, 0x80, 0xFF, rng.randrange(256), data[at] ^ 1 << rng.randrange(8)))
        return mutated(rng, bytes(data)) if rng.random() < 0.2 else bytes(data)

    def check(data):
        try:
            array = decode(np.frombuffer(data, np.uint8), code, np.dtype(np.float32), shape)
        except TraitsviewError as error:
            require_one_line(error)
        else:
            assert array.shape == shape

    fuzz(f"codec-{code.name}", made, check, share=1 / 4)
