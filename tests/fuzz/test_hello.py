"""Any bytes that come as a hello, in either direction, are answered by a refusal or by nothing."""

from __future__ import annotations

import socket

from kit.fuzzing import fuzz, require_one_line
from kit.mutation import mutated
from kit.patience import PATIENCE

from traitsview.errors import TraitsviewError
from traitsview.remote.protocol import hello

SESSION = bytes(range(hello.VIEWER_BYTES + 3))


def hellos():
    """Return the hellos and answers that both sides may send."""
    codes = [*hello.Role, *hello.Answer, 99]
    versions = (1, 2, hello.VERSION)
    return [hello._HELLO.pack(b"traitsview", version, code, SESSION) for version in versions for code in codes]


def made(rng):
    kind = rng.randrange(8)
    if kind == 0:
        return rng.randbytes(rng.randrange(70))
    if kind == 1:
        return rng.choice((b"SSH-2.0-OpenSSH_9.9\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01")) + rng.randbytes(40)
    return mutated(rng, rng.choice(hellos()), hellos())


def saying(data):
    """Return a socket to which `data` was sent, and its other end."""
    ours, theirs = socket.socketpair()
    theirs.sendall(data)
    theirs.shutdown(socket.SHUT_WR)
    theirs.settimeout(PATIENCE)
    return ours, theirs


def test_hosts_welcome_or_refuse_any_hello():
    def check(data):
        ours, theirs = saying(data)
        with ours, theirs:
            heard = hello.read_hello(ours)
            assert heard is None or (type(heard[0]) is hello.Role and len(heard[-1]) == len(SESSION))
            if len(data) >= hello._HELLO.size:
                ours.settimeout(PATIENCE)
                assert ours.recv(1 << 20) == data[hello._HELLO.size :], "it takes what is not its own"
            ours.close()
            # A stranger hears nothing, or our version.
            told = theirs.recv(1000)
            assert told in (b"", hello._HELLO.pack(b"traitsview", hello.VERSION, hello.Answer.OTHER_VERSION, bytes(19)))

    fuzz("hello", made, check)


def test_viewers_take_or_refuse_any_answer_to_a_hello():
    def check(data):
        ours, theirs = saying(data)
        with ours, theirs:
            try:
                hello.await_welcome(ours, SESSION)
            except TraitsviewError as error:
                require_one_line(error)
            else:
                assert data[:32] == hello._HELLO.pack(b"traitsview", hello.VERSION, hello.Answer.WELCOME, SESSION)

    fuzz("answer", made, check)
