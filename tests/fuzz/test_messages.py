"""With calls of any name and arguments a source is asked only sensible questions, and no secret is told."""

from __future__ import annotations

import re

import pytest
from kit.frames import message, messages_in
from kit.fuzzing import GROWTH, fuzz
from kit.mutation import VALUES, mutated, mutated_value
from kit.sessions import hasty_session
from kit.streams import made_stream
from rpyc.core import brine, consts

from traitsview import errors
from traitsview.color.indexing import Indexing
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.host.answering import Answering
from traitsview.remote.host.service import methods_for
from traitsview.remote.host.session import OUTBOX_BYTES
from traitsview.remote.protocol.channel import MESSAGE_BYTES, AttachmentChannel
from traitsview.remote.protocol.coder import AT_ONCE
from traitsview.remote.protocol.hello import Role
from traitsview.sources.company import Sight
from traitsview.sources.image_source import Stage
from traitsview.sources.picture import Picture

VIEW = Viewport((1.0, 1.0), (0, 0), (30, 40))
INDEXING = Indexing((0.0, 1.0), "log", 256, True, 2.0, 0.25, (0.0, 0.5, 1.0))
STAGES = wire.pack_stages((Stage(tuple(VIEW.tiles(16)), INDEXING), Stage(tuple(VIEW.tiles(64)))))
PICTURE = wire.pack_picture(Picture((0,)))
SPEEDS = wire.pack_speeds(AT_ONCE)

#: Calls of an honest viewer.
GOOD = {
    "open": ("it",),
    "list": ("it",),
    "render": (wire.pack_viewport(VIEW), PICTURE),
    "ask": (1, ("sample", ((0.5, 0.5), (7.0, 8.0))), PICTURE),
    "wait_newer": (0, 1.0),
    "meet": ("anna@laptop", 0, 0, 0.0),
    "lead": (True, wire.pack_sight(Sight(VIEW, Picture((0,)), "{}", (1.0, 2.0)))),
    "part": (),
    "share": ("carla", 60.0, ("/data", "live:density")),
    "shares": (0,),
    "revoke": ("all",),
    "wish": (1, STAGES, PICTURE, SPEEDS),
    "cancel": (1,),
    "forget": (1,),
    "ping": (SPEEDS,),
    "next": (1.0, 1 << 20),
}

#: Texts that no answer may hold: addresses of objects, files of ours, tracebacks.
SECRET = re.compile(r"0x[0-9a-f]{6,}|\.py\b|Traceback|site-packages|<.* object|File \"")


def request(name, args, sequence=0):
    return consts.MSG_REQUEST, sequence, (consts.HANDLE_CALLATTR, (consts.LABEL_VALUE, (None, name, args, ())))


def body_of(kind, sequence, args):
    try:
        body = bytes([kind % 256]) + brine.dump((sequence, args))
    except Exception:  # brine does not know the value: half a pair of surrogates, for example
        body = bytes([kind % 256])
    return body


def made(rng):
    name = rng.choice(list(GOOD))
    role = rng.choice((Role.CONTROL, Role.FRAMES, Role.CALLS))
    args = mutated_value(rng, GOOD[name]) if rng.random() < 0.9 else GOOD[name]
    kind, sequence, call = request(name, args)
    chance = rng.random()
    if chance < 0.1:
        call = mutated_value(rng, call)
    elif chance < 0.15:
        kind, sequence = rng.choice((0, 2, 3, 4, 255)), rng.choice(VALUES)
    elif chance < 0.25:
        call = (rng.randrange(0, 30), (rng.randrange(0, 6), rng.choice((args, (None, "__class__"), (("a.b", 1, 2),)))))
    body = body_of(kind, sequence, call)
    if rng.random() < 0.3:
        body = mutated(rng, body) or b"x"
    return role, message(body[:MESSAGE_BYTES])


@pytest.fixture(scope="module")
def session():
    with hasty_session() as session:
        yield session


def answers(data):
    """Yield the kind and the value of each answer."""
    for body in messages_in(data):
        yield body[0], brine.load(body[1:])[1]


@pytest.mark.parametrize("role", Role)
def test_good_calls_are_answered(session, role):
    for name in methods_for(role, session, None):
        stream, sock = made_stream(message(body_of(*request(name, GOOD[name]))))
        channel = AttachmentChannel(stream)
        Answering(channel, methods_for(role, session, channel)).serve_until_closed()
        [(kind, value)] = answers(b"".join(sock.written))
        # The session has a source already.
        assert (kind, value[0]) == (3, "RequestError") if name == "open" else kind == consts.MSG_REPLY, value


@pytest.mark.fault("X2", "X6")
def test_any_call_is_answered_by_a_value_or_an_error(session):
    names = {name for role in Role for name in methods_for(role, session, None)}
    assert names <= set(GOOD), f"{names - set(GOOD)} are calls that are not tried here"

    def check(case):
        role, data = case
        stream, sock = made_stream(data)
        channel = AttachmentChannel(stream)
        connection = Answering(channel, methods_for(role, session, channel))
        try:
            connection.serve_until_closed()
        except (MemoryError, RecursionError, AssertionError):
            raise
        except Exception:
            pass  # as its thread does, which logs it
        assert sock.closed
        for kind, value in answers(b"".join(sock.written)):
            if kind == consts.MSG_EXCEPTION:
                name, *parts = value
                assert issubclass(getattr(errors, name), errors.TraitsviewError)
                assert not SECRET.search(" ".join(parts)), parts
                assert not parts[1].startswith(("AssertionError", "MemoryError")), parts

    # Finished tiles wait for the viewer.
    nested = [(Role.CALLS, message(b"\x01" + b"\x10" * depth)) for depth in (*range(300, 1100, 7), 60_000)]
    fuzz("messages", made, check, found=nested, growth=OUTBOX_BYTES + GROWTH)
