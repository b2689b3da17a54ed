"""Any bytes that come as frames are a message or the end, and no memory is allocated for a false size."""

from __future__ import annotations

import pytest
from kit.frames import attachment, message
from kit.fuzzing import fuzz, require_one_line
from kit.mutation import NUMBERS, WIDE, mutated
from kit.streams import made_stream

from traitsview.remote.protocol.channel import ATTACHMENT, FAREWELL, MESSAGE, MESSAGE_BYTES, AttachmentChannel, head_of

ALLOWANCE = 1 << 20


def lie(rng):
    """Return a head with a right checksum and random fields, and some bytes behind it."""
    kind = rng.choice((MESSAGE, ATTACHMENT, FAREWELL, 1, 4, 255))
    size = rng.choice((0, 1, 100, MESSAGE_BYTES, MESSAGE_BYTES + 1, ALLOWANCE, ALLOWANCE + 1, *NUMBERS, *WIDE)) % 2**64
    return head_of(kind, rng.choice(NUMBERS), size, rng.choice((0, 1, 2**64 - 1))) + rng.randbytes(rng.choice((0, 100)))


def made(rng):
    frames = []
    for _ in range(rng.randrange(1, 5)):
        body = rng.randbytes(rng.choice((0, 1, 5, 100, 1000)))
        frames.append(rng.choice((message, attachment, lambda body: lie(rng)))(body or b"x"))
    data = b"".join(frames)
    chance = rng.random()
    if chance < 0.05:
        return rng.randbytes(rng.randrange(200))
    return mutated(rng, data, frames) if chance < 0.6 else data


def check(data):
    stream, sock = made_stream(data)
    channel = AttachmentChannel(stream)
    channel.allowance = ALLOWANCE
    try:
        while True:
            assert 0 < len(channel.recv()) <= MESSAGE_BYTES
            assert sum(array.nbytes for array in channel._arrived.values()) <= ALLOWANCE
    except EOFError as error:
        require_one_line(error)
    assert sock.asked <= ALLOWANCE
    assert sock.closed


@pytest.mark.fault("G3", "G11", "X2")
def test_any_bytes_are_messages_or_the_end():
    fuzz("frames", made, check)
