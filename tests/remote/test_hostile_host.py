"""Whatever a host answers, the viewer gets an error of ours, keeps its memory and runs nothing of the answer."""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.patience import PATIENCE
from rpyc.core import brine, consts

from traitsview.color.indexing import Indexing
from traitsview.errors import HostError, HostGone, SourceNotFound, TraitsviewError, WireError
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.protocol import channel
from traitsview.remote.protocol.channel import AttachmentChannel
from traitsview.remote.protocol.codec import Code, encode
from traitsview.remote.protocol.stream import BufferStream
from traitsview.remote.viewer.calling import Calling
from traitsview.remote.viewer.inbox import Inbox
from traitsview.sources.image_info import Axis, ImageInfo
from traitsview.sources.image_source import Stage

INFO = ImageInfo("x", (100, 100), "<f4", extent=(0.0, 100.0, 0.0, 100.0), axes=(Axis("y", 100), Axis("x", 100)))


def framed(body, kind=channel.MESSAGE, size=None):
    return channel.head_of(kind, 0, len(body) if size is None else size, zlib.crc32(body)) + body


def replied(value, label=consts.LABEL_VALUE, sequence=0):
    return framed(bytes([consts.MSG_REPLY]) + brine.dump((sequence, (label, value))))


def attached(number, data, claimed=None):
    check = channel.sum_of(np.frombuffer(data, np.uint8)).to_bytes(8, "big")
    return channel.head_of(channel.ATTACHMENT, number, len(data) if claimed is None else claimed, 0) + data + check


def answered(data, allowance=0, use=lambda answer, channel: answer):
    """Return what a call gives whose answer is `data`."""
    ours, theirs = socket.socketpair()
    with theirs:
        threading.Thread(target=_send, args=(theirs, data), daemon=True).start()
        connection = Calling(AttachmentChannel(BufferStream(ours, patience=PATIENCE)))
        try:
            return use(connection.call("anything", allowance=allowance), connection.channel)
        finally:
            connection.close()


def _send(sock, data):
    try:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def test_a_good_answer_is_given():
    assert answered(replied((1, "x"))) == (1, "x")


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "MemoryError"])
def test_exceptions_that_would_end_the_viewer_are_errors_of_the_host(name):
    body = bytes([consts.MSG_EXCEPTION]) + brine.dump((0, (("builtins", name), (), (), "")))
    with pytest.raises(WireError):
        answered(framed(body))
    with pytest.raises(HostError, match="what: why") as caught:
        answered(framed(bytes([consts.MSG_EXCEPTION]) + brine.dump((0, (name, "what", "why", "")))))
    assert type(caught.value) is HostError


@pytest.mark.fault("G2")
@pytest.mark.parametrize("sequence", [1, -1, 2**40, None, "0"])
def test_an_answer_to_nothing_that_was_asked_is_refused(sequence):
    with pytest.raises(WireError, match="to nothing that was asked"):
        answered(replied(1, sequence=sequence) + replied(1))


def test_our_own_errors_come_as_themselves():
    body = bytes([consts.MSG_EXCEPTION]) + brine.dump((0, ("SourceNotFound", "what", "why", "remedy")))
    with pytest.raises(SourceNotFound, match="what: why; remedy"):
        answered(framed(body))


@pytest.mark.parametrize("handler", [v for n, v in vars(consts).items() if n.startswith("HANDLE_")])
def test_a_host_that_calls_back_is_refused(handler):
    body = bytes([consts.MSG_REQUEST]) + brine.dump((0, (handler, (consts.LABEL_VALUE, ()))))
    with pytest.raises(WireError, match="called back"):
        answered(framed(body) + replied(1))


@pytest.mark.parametrize(
    "data",
    [
        replied(("builtins.list", 1, 2), consts.LABEL_REMOTE_REF),
        replied(("builtins.list", 1, 2), consts.LABEL_LOCAL_REF),
        replied(((consts.LABEL_REMOTE_REF, ("builtins.list", 1, 2)),), consts.LABEL_TUPLE),
        replied(1, 77),
        framed(bytes([consts.MSG_REPLY]) + brine.dump((0, ()))),
    ],
)
def test_references_in_answers_are_refused(data):
    with pytest.raises(WireError):
        answered(data)


@pytest.mark.parametrize(
    "data",
    [
        framed(bytes(100), size=2**64 - 1),
        framed(bytes(100), size=channel.MESSAGE_BYTES + 1),
        framed(bytes(100), kind=1),
        framed(b"", kind=channel.FAREWELL),
        attached(1, b"xxxx") + replied(1),
        attached(1, b"", claimed=2**60),
        b"\x00" * 3,
        b"",
    ],
    ids=["16 EiB", "over the limit", "unknown", "farewell", "attachment", "huge attachment", "cut short", "nothing"],
)
def test_frames_that_are_not_messages_end_the_connection(data):
    with pytest.raises(HostGone):
        answered(data)


def test_attachments_beyond_the_allowance_are_refused_before_anything_is_allocated(monkeypatch):
    sizes = []
    monkeypatch.setattr(np, "empty", lambda size, dtype: sizes.append(size) or np.zeros(size, dtype))
    with pytest.raises(HostGone, match="where 100 were expected"):
        answered(attached(1, bytes(1000)) + replied(1), allowance=1000 // 10)
    with pytest.raises(HostGone, match="where 40 were expected"):
        answered(attached(1, bytes(60)) + attached(2, bytes(60)) + replied(1), allowance=100)
    assert sizes == [60]


def test_endless_small_attachments_are_refused():
    with pytest.raises(HostGone):
        answered(b"".join(attached(n, b"") for n in range(channel.ATTACHMENT_COUNT + 2)) + replied(1), allowance=100)


def unpacked(value, data=bytes(16), shape=(2, 2), dtype=np.float32):
    return answered(
        attached(1, data) + replied(value),
        allowance=1 << 20,
        use=lambda answer, channel: wire.unpack_array(answer, channel, shape, dtype and np.dtype(dtype)),
    )


def test_an_array_that_fits_is_given():
    assert unpacked((1, "<f4", (2, 2), 0)).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    "value",
    [
        (2, "<f4", (2, 2), 0),
        (1, "<f8", (2, 2), 0),
        (1, "<f4", (4, 1), 0),
        (1, "<f4", (2, 2, 1), 0),
        (1, "<f4", (2**31, 2**31), 0),
        (1, "<f4", (-2, -2), 0),
        (1, "<f4", (True, 4), 0),
        (1, "|O", (2,), 0),
        (1, "O", (2, 2), 0),
        (1, "<U4", (1, 1), 0),
        (1, "|V16", (1, 1), 0),
        (1, "<f4,<f4", (2, 1), 0),
        (1, "<M8", (1, 2), 0),
        (1, "<i4", (2, 2), 0),
        (1, b"<f4", (2, 2), 0),
        (1.0, "<f4", (2, 2), 0),
        (1, "<f4", None, 0),
        (1, "<f4", (2, 2)),
        (1, "<f4", (2, 2), 1),
        (1, "<f4", (2, 2), 4),
        (1, "<f4", (2, 2), -1),
        (1, "<f4", (2, 2), False),
        None,
    ],
)
def test_an_array_that_does_not_fit_what_was_asked_is_refused(value):
    with pytest.raises(WireError):
        unpacked(value)


INDEXING = Indexing((0.0, 1.0), "linear", 200, marked=True)


def inbox():
    box = Inbox()
    tiles = Viewport((1.0, 1.0), (0, 0), (4, 8)).tiles(4)
    return box, box.expect((Stage(tiles), Stage(tiles[:1], INDEXING)), INFO)


def batch(sequence, chunks=(), backlog=False, done=False, error=None, data=bytes(64)):
    """Have an inbox take an answer with one attachment."""
    box, number = inbox()
    answer = (number if sequence is None else sequence, chunks, backlog, done, error)
    answered(attached(1, data) + replied(answer), 1 << 20, box.accept)
    return box


def chunk(stage=0, place=(4, 0, 4, 4), indexed=False, code=0, dtype="<f4", total=64, offset=0, number=1):
    return stage, place, indexed, code, dtype, total, offset, number


def test_a_tile_that_was_asked_for_is_taken():
    arrived, more = batch(None, (chunk(),)).take(0)
    assert (arrived[0].tile.origin, arrived[0].indexing, more) == ((4, 0), None, True)


def test_indices_that_were_asked_for_become_values_of_their_colours():
    indices = np.arange(16, dtype=np.uint8) + 187
    arrived, _ = batch(None, (chunk(1, (0, 0, 4, 4), True, 0, "|u1", 16),), data=indices.tobytes()).take(0)
    assert arrived[0].indexing == INDEXING
    np.testing.assert_array_equal(INDEXING.indices(arrived[0].pixels).ravel(), indices)


def test_late_tiles_of_an_older_wish_are_left_out():
    assert batch(0, (chunk(),)).take(0) == ([], True)


@pytest.mark.fault("G2")
@pytest.mark.fault("G11")
@pytest.mark.parametrize(
    ("sequence", "chunks", "backlog", "done", "error"),
    [
        (99, (), False, False, None),
        (-1, (), False, False, None),
        (2.0, (), False, False, None),
        (None, (chunk(place=(0, 4, 4, 4)),), False, False, None),
        (None, (chunk(stage=1),), False, False, None),
        (None, (chunk(stage=2, place=(0, 0, 4, 4)),), False, False, None),
        (None, (chunk(stage=-1),), False, False, None),
        (None, (chunk(), chunk()), False, False, None),
        (None, (chunk(place=(4, 0, 2, 8)),), False, False, None),
        (None, (chunk(dtype="<f8"),), False, False, None),
        (None, (chunk(dtype="<i4"),), False, False, None),
        (None, (chunk(dtype="O"),), False, False, None),
        (None, (chunk(indexed=True),), False, False, None),
        (None, (chunk(1, (0, 0, 4, 4), True, 0, "<u2"),), False, False, None),
        (None, (chunk(1, (0, 0, 4, 4), True, 0, "|u1"),), False, False, None),
        (None, (chunk(total=63),), False, False, None),
        (None, (chunk(total=65),), False, False, None),
        (None, (chunk(total=2**60),), False, False, None),
        (None, (chunk(offset=1),), False, False, None),
        (None, (chunk(total=128),), False, False, None),
        (None, (chunk(number=2),), False, False, None),
        (None, (chunk(code=1),), False, False, None),
        (None, (chunk(code=9),), False, False, None),
        (None, (((4, 0, 4, 4),),), False, False, None),
        (None, (), False, True, None),
        (None, (), False, 1, None),
        (None, (), 1, False, None),
        (None, None, False, False, None),
        (None, (), False, False, ("SystemExit",)),
    ],
)
def test_batches_that_do_not_match_what_was_asked_are_refused(sequence, chunks, backlog, done, error):
    with pytest.raises(WireError):
        batch(sequence, chunks, backlog, done, error)


@pytest.mark.fault("G3")
def test_few_bytes_do_not_become_a_large_array():
    data = encode(np.zeros(wire.RENDER_BYTES // 8 + 1), Code.ZSTD)
    assert data.size < 100_000
    answer = attached(1, data.tobytes()) + replied((1, "<f8", (wire.RENDER_BYTES // 8 + 1,), int(Code.ZSTD)))
    with pytest.raises(WireError, match=f"at most {wire.RENDER_BYTES} bytes"):
        answered(answer, 1 << 20, lambda value, channel: wire.unpack_array(value, channel, (None,)))


def pieced(*parts):
    """Have an inbox take one answer with chunks, each given by what it says and how many bytes it brings."""
    box, number = inbox()
    data = b"".join(attached(at, bytes([at]) * size) for at, (_, size) in enumerate(parts, 1))
    chunks = tuple(chunk(**says, number=at) for at, (says, _) in enumerate(parts, 1))
    answered(data + replied((number, chunks, False, False, None)), 1 << 20, box.accept)
    return box.take(0)[0]


def test_pieces_in_order_make_a_tile():
    (rendered,) = pieced(({}, 32), ({"offset": 32}, 20), ({"offset": 52}, 12))
    assert rendered.pixels.tobytes() == b"\1" * 32 + b"\2" * 20 + b"\3" * 12


@pytest.mark.fault("G2")
@pytest.mark.fault("G11")
@pytest.mark.parametrize(
    "parts",
    [
        [({}, 32), ({"offset": 40}, 24)],
        [({}, 32), ({"offset": 16}, 48)],
        [({}, 32), ({"offset": 32}, 33)],
        [({}, 32), ({"offset": 0}, 32)],
        [({}, 32), ({"offset": 32}, 0)],
        [({}, 32), ({"offset": 32, "code": 1}, 32)],
        [({}, 32), ({"offset": 32, "dtype": "<i4"}, 32)],
        [({}, 32), ({"offset": 32, "total": 65}, 33)],
        [({}, 32), ({"offset": 32, "indexed": True}, 32)],
        [({}, 32), ({"offset": 32, "place": (0, 0, 4, 4)}, 32)],
        [({}, 32), ({"place": (0, 0, 4, 4)}, 64)],
    ],
    ids=["gap", "overlap", "too long", "again", "empty", "code", "dtype", "total", "indices", "other tile", "between"],
)
def test_pieces_that_make_no_tile_are_refused(parts):
    with pytest.raises(WireError):
        pieced(*parts)


def test_an_index_that_no_table_has_is_refused():
    with pytest.raises(WireError, match="index 203 in a table of 200 colours"):
        batch(None, (chunk(1, (0, 0, 4, 4), True, 0, "|u1", 16),), data=bytes(15) + b"\xcb")


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_noise_as_an_answer_is_one_of_our_errors(noise):
    with pytest.raises(TraitsviewError):
        answered(noise)


@settings(max_examples=200)
@given(st.binary(max_size=100), st.sampled_from([consts.MSG_REPLY, consts.MSG_EXCEPTION, consts.MSG_REQUEST]))
def test_noise_in_an_answer_is_one_of_our_errors_or_a_value(noise, kind):
    with contextlib.suppress(TraitsviewError):
        answered(framed(bytes([kind]) + noise))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=10).map(tuple),
    max_leaves=20,
)


@settings(max_examples=100)
@given(VALUES)
def test_values_of_any_form_are_refused_by_every_unpacker(value):
    nowhere = _Nothing()
    for unpack in (
        wire.unpack_tiles,
        wire.unpack_viewport,
        lambda v: wire.unpack_info(v, nowhere),
        lambda v: wire.unpack_summary(v, nowhere),
        lambda v: wire.unpack_array(v, nowhere, (None,)),
    ):
        with pytest.raises(TraitsviewError):
            unpack(value)
    assert isinstance(_error(value), TraitsviewError)


def _error(value):
    try:
        return wire.unpack_error(value)
    except TraitsviewError as error:
        return error


class _Nothing:
    def take(self, number):
        return None


class _Between:
    """Brings what is attached at once to the other side."""

    def __init__(self):
        self._attached = {}

    def attach(self, array):
        self._attached[len(self._attached)] = np.array(array.reshape(-1).view(np.uint8))
        return len(self._attached) - 1

    def take(self, number):
        return self._attached.pop(number, None)


def test_images_of_no_extent_are_refused():
    between = _Between()
    assert wire.unpack_info(wire.pack_info(INFO, between), between) == INFO
    for extent in ((0.0, 0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 1.0), (0.0, 1.0, 0.0, 5e-324)):
        with pytest.raises(WireError):
            wire.unpack_info(wire.pack_info(replace(INFO, extent=extent), between), between)
