"""When a host lies, the viewer runs none of its data, takes no more memory, and names the fault in one line."""

from __future__ import annotations

import logging
import random
import socket
import sys
import threading

import numpy as np
import pytest
from kit.frames import message
from kit.fuzzing import _in_use, require_one_line
from kit.mutation import mutated_value
from rpyc.core import brine, consts

from traitsview.errors import TraitsviewError, WireError
from traitsview.geometry import Viewport
from traitsview.remote.host import server, service
from traitsview.remote.protocol.channel import AttachmentChannel
from traitsview.remote.protocol.stream import BufferStream
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer import awaited_link
from traitsview.remote.viewer.calling import Calling
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource

#: Audit events of Python when it runs code or starts a process.
EVENTS = (
    "exec",
    "compile",
    "pickle.find_class",
    "marshal.loads",
    "os.system",
    "subprocess.Popen",
    "os.exec",
    "os.posix_spawn",
)
#: Threads of the host, which is in the same process and logs errors from its lies.
HOST = ("traitsview connection", "traitsview session")

VIEW = Viewport((1.0, 1.0), (0, 0), (40, 50))

_happened: list[str] | None = None


def _note(event, args):
    if _happened is not None and event in EVENTS and threading.current_thread().name not in HOST:
        _happened.append(f"{event} {args!r:.200}")


sys.addaudithook(_note)


@pytest.fixture
def nothing_is_run():
    """Yield a function that begins to watch this process.

    After that Python must not compile, run or unpickle anything, or start a process.
    """
    global _happened

    def begin():
        global _happened
        _happened = []

    yield begin
    happened, _happened = _happened, None
    assert happened == []


class Odd(Exception):
    pass


@pytest.fixture
def lies(monkeypatch):
    """Have hosts answer calls with lies; return their random numbers, and a dict with the share of lies."""
    rng = random.Random(0)
    honest = service.methods_for
    told = {"share": 0.0}

    def lying(name, method):
        def answer(*args):
            value = method(*args)
            if rng.random() >= told["share"]:
                return value
            chance = rng.random()
            if chance < 0.1:
                raise rng.choice((GeneratorExit, StopIteration, MemoryError, Odd))("\x1b[2J\n<b>x</b>")
            return mutated_value(rng, value)

        return answer

    def methods_for(role, session, channel):
        return {name: lying(name, method) for name, method in honest(role, session, channel).items()}

    monkeypatch.setattr(server, "methods_for", methods_for)
    monkeypatch.setattr(awaited_link, "CONTACT_SECONDS", 0.05)
    return rng, told


def used(source):
    """Make every call of a source; return the errors in lines."""
    lines = []
    for use in (
        lambda: list(source.render_tiles(VIEW.tiles(16))),
        lambda: source.render(VIEW),
        lambda: source.sample([(1.0, 2.0), (3.0, 4.0)]),
        lambda: source.summarize(),
        lambda: source.world([(1.0, 2.0)]),
        lambda: source.wait_newer(0, 0.0),
    ):
        try:
            use()
        except TraitsviewError as error:
            require_one_line(error)
            lines.append(str(error))
    return lines


@pytest.mark.fault("G11", "G3")
def test_lies_run_nothing_and_are_reported(serve, lies, nothing_is_run, caplog):
    caplog.set_level(logging.ERROR)
    _, told = lies
    path = serve(ArraySource(np.arange(2000, dtype=np.float32).reshape(40, 50)))
    with RemoteSource(SocketRoute(path, "it")) as source:
        assert used(source) == []
    nothing_is_run()
    told["share"] = 0.3
    lines, before = [], None
    for number in range(60):
        if number == 20:
            before = _in_use()
        try:
            with RemoteSource(SocketRoute(path, "it")) as source:
                lines += used(source)
        except TraitsviewError as error:
            require_one_line(error)
            lines.append(str(error))
    assert len(lines) > 50
    now = _in_use()
    assert now[0] - before[0] < 32 << 20, (before, now)
    logged = [record for record in caplog.records if record.threadName not in HOST]
    assert not [record.getMessage() for record in logged if record.exc_info]


def pouring(data, say):
    """Return a connection to a host that sends `data`, and then `say` again and again without end."""
    ours, theirs = socket.socketpair()

    def pour():
        try:
            theirs.sendall(data)
            while True:
                theirs.sendall(say)
        except OSError:
            theirs.close()

    threading.Thread(target=pour, daemon=True).start()
    return Calling(AttachmentChannel(BufferStream(ours)))


def reply(value, sequence):
    return message(bytes([consts.MSG_REPLY]) + brine.dump((sequence, (consts.LABEL_VALUE, value))))


@pytest.mark.fault("G11", "G3")
@pytest.mark.parametrize("kind", [consts.MSG_REPLY, consts.MSG_EXCEPTION, consts.MSG_REQUEST, 9])
def test_endless_message_ends_the_call(kind):
    body = bytes([kind]) + brine.dump((77, (consts.LABEL_VALUE, 1)))
    call = pouring(b"", message(body) * 100)
    with pytest.raises(WireError):
        call.call("ping")
    assert call.closed


@pytest.mark.fault("G3")
def test_endless_attachments_end_the_call():
    endless = message(b"x", [b"y" * 1000])[: -len(message(b"x"))]
    before = _in_use()[0]
    with pytest.raises(TraitsviewError, match="an attachment of"):
        pouring(b"", endless * 50).call("next", allowance=1 << 20)
    assert _in_use()[0] - before < 16 << 20
