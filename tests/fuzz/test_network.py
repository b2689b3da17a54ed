"""After any bytes before and within TLS, nobody without the token is let in, and the viewer names the fault."""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import time
from dataclasses import replace

import pytest
from kit.fuzzing import REPLAY, fuzz, require_one_line
from kit.mutation import mutated

from traitsview.errors import HostError
from traitsview.remote.tls import credentials, tls_handshake
from traitsview.remote.tls.secure_socket import STRANGER_BYTES, SecureSocket, pinning


class Peer:
    """A socket to a peer that speaks TLS and has accidents.

    Parameters
    ----------
    context : SSLContext
    server_side : bool
    talk : callable
        Called with the bytes that were received within TLS so far; returns bytes to send, or None.
    accidents : callable
        Called with bytes that are to be sent; returns the bytes that are sent.
    """

    def __init__(self, context, server_side, talk, accidents):
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=server_side)
        self._talk = talk
        self._accidents = accidents
        self._agreed = False
        self._heard = b""
        self._late = b""
        self.closed = False
        self.taken = 0

    def sendall(self, data):
        self._in.write(data)

    def recv(self, size):
        if not self._late:
            with contextlib.suppress(ssl.SSLError):
                self._step()
            self._late = self._accidents(self._out.read())
        data, self._late = self._late[:size], self._late[size:]
        self.taken += len(data)
        return data

    def _step(self):
        if not self._agreed:
            self._tls.do_handshake()
            self._agreed = True
        with contextlib.suppress(ssl.SSLWantReadError):
            while part := self._tls.read(1000):
                self._heard += part
        said = self._talk(self._heard)
        if said is not None:
            self._heard = b""
            self._tls.write(said)

    def close(self):
        self.closed = True

    def fileno(self):
        return -1

    def settimeout(self, seconds):
        """Do nothing: all bytes are there already, or will never come."""

    setblocking = settimeout

    def setsockopt(self, *args):
        """Do nothing."""

    def shutdown(self, how):
        self.closed = True


@pytest.fixture(scope="module")
def known():
    """Return a server's identity, the credentials of its viewers, those for another server, and those of a share."""
    identity, issued = credentials.issue("127.0.0.1", 4711)
    _, other = credentials.issue("127.0.0.1", 4711)
    return identity, issued, other, credentials.another(issued)


@pytest.fixture(scope="module")
def contexts(known):
    """Return the TLS contexts of the server and of the viewer."""
    identity, issued, _, share = known
    server = pinning(identity, issued.client_certificate + share.client_certificate, server_side=True)
    return server, *(pinning(each.client, issued.server_certificate, server_side=False) for each in (issued, share))


def made(rng):
    """Return the seed of accidents, their probability, and the kind of token that the peer has."""
    return (
        rng.randrange(1 << 60),
        rng.choice((0.0, 0.3, 0.6)),
        rng.choice(("right", "wrong", "mutated", "mutated", "short")),
    )


def accidents_of(seed, likely):
    """Return a function that spoils some of the bytes that are sent."""
    rng = random.Random(seed)

    def spoil(data):
        if not data or rng.random() >= likely:
            return data
        return rng.choice((mutated(rng, data), rng.randbytes(len(data)), data * 3))

    return spoil


def proof(known, side, server_nonce, viewer_nonce, how, seed, shared=False):
    """Return a right or a wrong proof of the token of a viewer, or of the one of a share."""
    _, issued, other, share = known
    if shared:  # whose certificate with the token of the owner is wrong, too
        issued, other = share, (other, replace(share, token=issued.token))[seed % 2]
    said = tls_handshake._proof(other if how == "wrong" else issued, side, server_nonce, viewer_nonce)
    if how == "mutated":
        return mutated(random.Random(seed), said)
    return said[:-1] if how == "short" else said


@pytest.mark.fault("X2", "X3")
def test_servers_let_no_viewer_in_without_the_token(known, contexts):
    right = set()

    def check(case):
        seed, likely, how = case
        spoil = accidents_of(seed, likely)
        sent = []
        shared = bool(seed >> 7 & 1)

        def talk(heard):
            if len(heard) != tls_handshake._CHALLENGE.size:
                return None
            nonce = heard[-32:]
            sent.append((nonce, proof(known, b"viewer", nonce, bytes(32), how, seed, shared)))
            return bytes(32) + sent[-1][1]

        peer = Peer(contexts[1 + shared], False, talk, spoil)
        theirs = known[3 if shared else 1]
        try:
            _, found = tls_handshake.let_in(peer, contexts[0], known[1], known[3])
        except tls_handshake.Stranger as error:
            require_one_line(error)
            assert peer.closed
        else:
            nonce, said = sent[-1]
            assert found == theirs
            assert said[:32] == tls_handshake._proof(theirs, b"viewer", nonce, bytes(32))
            right.add((how, shared))
        assert peer.taken <= STRANGER_BYTES

    fuzz("tls-server", made, check, share=1 / 10)
    assert REPLAY or {("right", False), ("right", True)} <= right


@pytest.mark.fault("X3", "G11")
def test_viewers_trust_no_server_without_the_token(known, contexts):
    right = set()

    def check(case):
        seed, likely, how = case
        spoil = accidents_of(seed, likely)
        nonce = random.Random(seed).randbytes(32)
        said, true = [], []

        def talk(heard):
            if not said:
                challenge = tls_handshake._CHALLENGE.pack(tls_handshake._MAGIC, tls_handshake._VERSION, nonce)
                said.append(mutated(random.Random(seed), challenge) if seed % 5 == 0 else challenge)
                return said[-1]
            if len(heard) < 64:
                return None
            true.append(proof(known, b"server", nonce, heard[:32], "right", seed))
            said.append(proof(known, b"server", nonce, heard[:32], how, seed))
            return said[-1]

        peer = Peer(contexts[0], True, talk, spoil)
        secure = SecureSocket(peer, contexts[1], False, time.monotonic() + 5)
        try:
            tls_handshake._greet(secure, known[1], "cannot reach tls://127.0.0.1:4711")
        except HostError as error:
            require_one_line(error)
            assert known[1].token not in str(error)  # noqa: PT017
        else:
            right.add(how)
            assert said[-1][:32] == true[-1]
        assert peer.taken <= STRANGER_BYTES

    fuzz("tls-viewer", made, check, share=1 / 10)
    assert REPLAY or "right" in right


@pytest.mark.fault("X2")
def test_servers_let_no_viewer_in_without_tls(known, contexts):
    hello = ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        contexts[1].wrap_bio(ssl.MemoryBIO(), hello).do_handshake()
    first = hello.read()
    others = (b"GET / HTTP/1.1\r\n\r\n", b"traitsview" + bytes(22), b"\x16\x03\x01\xff\xff", bytes(100))

    def made(rng):
        return mutated(rng, rng.choice((first, first, first, *others)), others)

    def check(data):
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)
            with pytest.raises(tls_handshake.Stranger):
                tls_handshake.let_in(ours, contexts[0], known[1])

    fuzz("tls-first", made, check, share=1 / 10)
