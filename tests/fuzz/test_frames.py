"""Whatever comes as frames is a message, or the end; nothing is allocated for a claim."""

from __future__ import annotations

import struct

from fuzzing import fuzz, require_one_line
from mutation import mutated
from streams import MadeStream

from traitsview.remote.channel import MESSAGE_LIMIT, AttachmentChannel

HEADER = struct.Struct("!LB")
ALLOWANCE = 1 << 20


def message(body):
    return HEADER.pack(len(body), 0) + body + b"\n"


def attachment(number, body):
    return HEADER.pack(16, 2) + struct.pack("!QQ", number, len(body)) + body


def made(rng):
    frames = []
    for number in range(rng.randrange(1, 5)):
        body = rng.randbytes(rng.choice((0, 1, 5, 100, 1000)))
        frames.append(rng.choice((message(body), attachment(number, body), HEADER.pack(1, 3) + b"\x01")))
    data = b"".join(frames)
    return mutated(rng, data, frames) if rng.random() < 0.95 else rng.randbytes(rng.randrange(200))


def check(data):
    stream = MadeStream(data)
    channel = AttachmentChannel(stream)
    channel.allowance = ALLOWANCE
    try:
        while True:
            assert 0 < len(channel.recv()) <= MESSAGE_LIMIT
            assert sum(array.nbytes for array in channel._arrived.values()) <= ALLOWANCE
    except EOFError as error:
        require_one_line(error)
    assert stream.asked <= ALLOWANCE
    assert stream.closed


def test_frames():
    fuzz("frames", made, check)
