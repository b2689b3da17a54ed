"""The network: TLS 1.3 between a viewer and a server with the same file, and silence for everybody else."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import queue
import select
import socket
import ssl
import stat
import subprocess
import sys
import termios
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from kit.patience import PATIENCE, wait_until

from traitsview.errors import HostError, HostGone, HostRefused, RequestError, WireError
from traitsview.remote.protocol import endpoint
from traitsview.remote.tls import credentials, secure_socket, tls_handshake, tls_listener
from traitsview.remote.tls.tls_listener import Listener

HOST = "127.0.0.1"


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """Give each test a folder of its own for records."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "traitsview" / "servers"


def echo(secure):
    """Send back what comes."""
    buffer = memoryview(bytearray(1 << 16))
    waiting = b""
    while True:
        events = select.POLLOUT if waiting or secure.unsent else select.POLLIN
        poll = select.poll()
        poll.register(secure.reading(), events)
        poll.poll()
        with contextlib.suppress(BlockingIOError):
            while True:
                while waiting:
                    waiting = waiting[secure.write(memoryview(waiting)) :]
                secure.flush()
                count = secure.read(buffer)
                if not count:
                    return
                waiting = bytes(buffer[:count])


@pytest.fixture
def listener():
    """Return a function that starts a listener; all of them are closed, whatever happens."""
    listeners = []

    def start(host=HOST, port=0, carry=echo):
        listeners.append(Listener(host, port, carry))
        return listeners[-1]

    yield start
    for each in listeners:
        each.close()
        each._thread.join(PATIENCE)
        assert not each._thread.is_alive()


@pytest.fixture
def listen(listener):
    """Return a function that starts a listener that echoes; it returns the port."""
    return lambda port=0, carry=echo: int(listener(HOST, port, carry).address.rpartition(":")[2])


@pytest.fixture
def reach():
    """Return a function that connects to a server; all connections are closed, whatever happens."""
    with contextlib.ExitStack() as made:
        yield lambda known: made.enter_context(contextlib.closing(tls_handshake.connect(known, PATIENCE)))


def received(secure, size):
    """Wait for `size` bytes and return them."""
    data, got = bytearray(size), 0
    while got < size:
        try:
            count = secure.read(memoryview(data)[got:])
        except BlockingIOError:
            assert select.select([secure.reading()], [], [], 10)[0], f"{got} of {size} bytes came"
        else:
            assert count, f"{got} of {size} bytes came"
            got += count
    return bytes(data)


def test_a_viewer_and_a_server_with_the_same_file_understand_each_other(listen, reach):
    secure = reach(credentials.credentials_for(HOST, listen()))
    assert secure._tls.version() == "TLSv1.3"
    data = os.urandom(60_000)
    assert secure.write(memoryview(data)) == len(data)
    assert received(secure, len(data)) == data


def test_a_socket_that_takes_no_more_says_so_and_goes_on_later(listen, reach, request):
    data, words = os.urandom(1 << 23), os.urandom(1000)
    attention, heard = threading.Event(), queue.SimpleQueue()
    request.addfinalizer(attention.set)

    def speak_and_then_listen(secure):
        # The kernel keeps little for who does not read; it would keep more and more for who has begun to.
        secure._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        secure.write(memoryview(words))
        attention.wait(PATIENCE)
        heard.put(received(secure, len(data)))

    secure = reach(credentials.credentials_for(HOST, listen(carry=speak_and_then_listen)))
    secure._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
    sent = 0

    def send():
        nonlocal sent
        while sent < len(data):
            # As a tunnel does, it begins again with what was not taken.
            sent += secure.write(memoryview(data)[sent:])

    with pytest.raises(BlockingIOError):
        send()
    assert secure.unsent
    # What comes is read meanwhile.
    assert received(secure, len(words)) == words
    attention.set()
    # The last of what was taken waits too: only `flush` sends it.
    while sent < len(data) or secure.unsent:
        assert select.select([], [secure.writing()], [], 10)[1], f"no more than {sent} bytes were taken"
        with contextlib.suppress(BlockingIOError):
            send()
            secure.flush()
    assert heard.get(timeout=PATIENCE) == data


def waiting_in(sock):
    """Return the bytes that a socket has received and nobody has read."""
    return int.from_bytes(fcntl.ioctl(sock, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_received_bytes_are_read_at_once_so_that_the_descriptor_shows_whether_more_come(listen, reach):
    data, buffer = os.urandom((1 << 18) + 16_031), memoryview(bytearray(1 << 18))
    first, left = (1 << 14) + 21, queue.SimpleQueue()

    def read_once(secure):
        secure._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, first + (1 << 18))  # that it has room for that
        wait_until(lambda: waiting_in(secure._sock) >= first + (1 << 18))
        # All but a byte of a first record, behind which come 15 whole ones and a shorter one.
        secure._incoming.write(secure._sock.recv(first))
        count = secure.read(buffer)
        try:
            left.put((count, secure._tls.read(1)))
        except ssl.SSLWantReadError:
            left.put((count, b""))

    secure = reach(credentials.credentials_for(HOST, listen(carry=read_once)))
    for part in (data[: 1 << 18], data[1 << 18 :]):
        assert secure.write(memoryview(part)) == len(part)
        while secure.unsent:
            assert select.select([], [secure.writing()], [], PATIENCE)[1]
            secure.flush()
    count, more = left.get(timeout=PATIENCE)
    assert count > 1 << 17
    assert bytes(buffer[:count]) == data[:count]
    assert not more


def test_the_record_is_this_users_alone_whatever_the_umask(listen, state):
    old = os.umask(0)
    try:
        port = listen()
    finally:
        os.umask(old)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    path = state / f"{HOST}-{port}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in state.iterdir()] == [path.name]
    token = json.loads(path.read_text())["token"]
    assert len(bytes.fromhex(token)) == 32


def test_the_record_goes_with_the_server(listener, state):
    server = listener()
    port = int(server.address.rpartition(":")[2])
    server.close()
    assert list(state.iterdir()) == []
    with pytest.raises(HostRefused, match=r"there is no file .*; start 'traitsview serve --listen' there"):
        credentials.credentials_for(HOST, port)


def test_the_credentials_of_a_killed_server_are_removed_by_the_next_server(listen, state):
    left = credentials.keep(replace(credentials.issue(HOST, 1)[1], pid=2**22 + 1))
    elsewhere = credentials.keep(replace(credentials.issue(HOST, 2)[1], pid=2**22 + 1, machine="another"))
    listen()
    assert not left.exists()
    assert elsewhere.exists()


@pytest.mark.parametrize("home", ["none", "file", "shut"])
def test_without_a_home_the_record_is_beside_the_sockets(listener, tmp_path, monkeypatch, home):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "shut").mkdir()
    # What a home that cannot be written is, even to root.
    (tmp_path / "shut" / ".local").write_text("no folder")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / home))
    server = listener()
    port = int(server.address.rpartition(":")[2])
    assert credentials.record_path(HOST, port).parent == endpoint.runtime_folder() / "servers"
    assert credentials.credentials_for(HOST, port).port == port
    server.close()
    assert not credentials.record_path(HOST, port).exists()
    assert not (tmp_path / "none").exists()


def test_secrets_are_in_no_repr(listen):
    known = credentials.credentials_for(HOST, listen())
    shown = repr(known) + repr(known.client)
    assert known.token not in shown
    assert "PRIVATE" not in shown


def chmod(path):
    path.chmod(0o640)


def chmod_folder(path):
    path.parent.chmod(0o750)


def chown(path):
    os.chown(path, 65534, -1)


def link(path):
    path.rename(path.with_suffix(".old"))
    path.symlink_to(path.with_suffix(".old"))


def pipe(path):
    path.unlink()
    os.mkfifo(path, 0o600)


def cut(path):
    path.write_bytes(path.read_bytes()[:100])


def other_types(path):
    path.write_text(json.dumps({**json.loads(path.read_text()), "pid": "1", "port": None}))


def other_certificate(path):
    path.write_text(json.dumps({**json.loads(path.read_text()), "server_certificate": "hello"}))


@pytest.mark.fault("X10")
@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (chmod, r"others may use it \(mode 640, expected 600\); chmod 600 "),
        (chmod_folder, r"others may use it \(mode 750, expected 700\); chmod 700 "),
        (chown, r"it belongs to uid 65534, not to you"),
        (link, r"cannot read .*: Too many levels of symbolic links"),
        (pipe, r"it is not a regular file"),
        (cut, r"does not hold the credentials of a server; copy it from the host again"),
        (other_types, r"does not hold the credentials of a server"),
        (other_certificate, r"does not hold the credentials of a server"),
    ],
)
def test_a_record_that_others_may_touch_is_refused_as_ssh_refuses_keys(listen, state, spoil, line):
    if spoil is chown and os.geteuid() != 0:
        pytest.skip("only root can give files away")
    port = listen()
    spoil(state / f"{HOST}-{port}.json")
    with pytest.raises(HostRefused, match=line):
        credentials.credentials_for(HOST, port)


@pytest.mark.fault("X10")
def test_a_folder_of_records_that_others_may_use_is_not_written_to(state):
    state.mkdir(parents=True, mode=0o755)
    with pytest.raises(HostRefused, match="others may use it"):
        Listener(HOST, 0, echo)
    assert list(state.iterdir()) == []


# Who is not let in: each of these takes the true credentials and a socket connected to the server.


def wrong_token(known, sock):
    speak(replace(known, token="00" * 32), sock)


def no_token(known, sock):
    secure, _ = agreed(known, sock)
    secure.send(b"\0" * 64)
    secure.receive(1)


def the_servers_own_words(known, sock):
    secure, challenge = agreed(known, sock)
    nonce = challenge[-32:]
    secure.send(nonce + tls_handshake._proof(known, b"server", nonce, nonce))
    secure.receive(1)


REPLAYED: list[bytes] = []


def replayed_token(known, sock):
    """Say again what was good once."""
    with socket.create_connection((HOST, known.port)) as first:
        secure, challenge = agreed(known, first)
        REPLAYED[:] = [bytes(32) + tls_handshake._proof(known, b"viewer", challenge[-32:], bytes(32))]
        secure.send(REPLAYED[0])
        assert secure.receive(32)
    secure, _ = agreed(known, sock)
    secure.send(REPLAYED[0])
    secure.receive(1)


def another_certificate(known, sock):
    _, other = credentials.issue(HOST, known.port)
    speak(replace(known, client_certificate=other.client_certificate, client_key=other.client_key), sock)


def no_certificate(known, sock):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(sock) as secure:
        return secure.recv(1)


def tls_1_2(known, sock):
    context = secure_socket.pinning(known.client, known.server_certificate, server_side=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with context.wrap_socket(sock) as secure:
        return secure.recv(1)


def plain_text(known, sock):
    sock.sendall(b"traitsview" + bytes(22))


def http(known, sock):
    sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")


def huge_record(known, sock):
    sock.sendall(b"\x16\x03\x01\xff\xff" + bytes(100_000))


def endless_hello(known, sock):
    """Begin a greeting that is longer than anybody needs, in records as they should be."""
    sock.sendall(b"\x16\x03\x01\x40\x00" + b"\x01\x01\xff\x00" + bytes((1 << 14) - 4))
    for _ in range(7):
        sock.sendall(b"\x16\x03\x01\x40\x00" + bytes(1 << 14))


def nothing(known, sock):
    sock.shutdown(socket.SHUT_WR)


def agreed(known, sock):
    """Return TLS with the server and its challenge."""
    context = secure_socket.pinning(known.client, known.server_certificate, server_side=False)
    secure = secure_socket.SecureSocket(sock, context, False, time.monotonic() + PATIENCE)
    secure.shake_hands()
    return secure, secure.receive(44)


def speak(known, sock):
    secure, challenge = agreed(known, sock)
    secure.send(bytes(32) + tls_handshake._proof(known, b"viewer", challenge[-32:], bytes(32)))
    secure.receive(1)


STRANGERS = (
    wrong_token,
    no_token,
    the_servers_own_words,
    replayed_token,
    another_certificate,
    no_certificate,
    tls_1_2,
    plain_text,
    http,
    huge_record,
    endless_hello,
    nothing,
)


def last_heard(sock):
    """Return what else the server says, and how it ends."""
    sock.settimeout(PATIENCE)
    try:
        return sock.recv(1000)
    except ConnectionResetError:
        return b""


@pytest.mark.fault("X3")
@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_peer_without_a_proof_hears_nothing_but_the_end(listen, caplog, stranger, wait_until):
    caplog.set_level(logging.DEBUG)
    known = credentials.credentials_for(HOST, listen(carry=lambda secure: None))
    # No TLS alert tells one reason from another: it ends, for all of them alike.
    words, heard = "", b""
    with socket.create_connection((HOST, known.port)) as sock:
        try:
            heard = stranger(known, sock)
        except OSError as error:
            words = str(error)
        assert "ALERT" not in words
        assert not heard
        if sock.fileno() >= 0:
            assert last_heard(sock) == b""
    wait_until(lambda: [each for each in caplog.messages if "refused a connection from 127.0.0.1: " in each])
    refusals = [each for each in caplog.messages if "refused" in each]
    assert len(refusals) == 1
    assert "\n" not in refusals[0]
    assert known.token not in caplog.text
    if stranger is endless_hello:
        assert "more than 65536 bytes" in refusals[0]
    # And who can is still let in.
    tls_handshake.connect(known, PATIENCE).close()


@pytest.mark.fault("X3")
def test_every_wrong_file_gives_the_viewer_the_same_line(listen):
    port = listen()
    known = credentials.credentials_for(HOST, port)
    _, other = credentials.issue(HOST, port)
    lines = set()
    for wrong in (
        replace(known, token="00" * 32),
        replace(known, token=other.token),
        replace(known, client_certificate=other.client_certificate, client_key=other.client_key),
        replace(known, client_certificate=other.client_certificate, client_key=other.client_key, token=other.token),
    ):
        with pytest.raises(HostRefused) as refused:
            tls_handshake.connect(wrong, PATIENCE)
        lines.add(str(refused.value))
    assert lines == {
        f"cannot reach tls://{HOST}:{port}: it does not let us in; "
        "copy its file from the host again: a server that was started again has another, and a share ends"
    }


@pytest.mark.fault("X3")
def test_the_file_of_a_server_that_was_started_again_is_worth_nothing(listener, listen):
    first = listener()
    port = int(first.address.rpartition(":")[2])
    old = credentials.credentials_for(HOST, port)
    first.close()
    first._thread.join(PATIENCE)
    listen(port)
    with pytest.raises(HostRefused, match="another server answers there; copy its file from the host again"):
        tls_handshake.connect(old, PATIENCE)
    tls_handshake.connect(credentials.credentials_for(HOST, port), PATIENCE).close()


@pytest.mark.fault("X3")
def test_a_server_that_does_not_know_the_token_is_refused():
    with socket.create_server((HOST, 0)) as listener, ThreadPoolExecutor(1) as pool:
        identity, known = credentials.issue(HOST, listener.getsockname()[1])
        context = secure_socket.pinning(identity, known.client_certificate, server_side=True)

        def serve():
            with listener.accept()[0] as sock:
                secure = secure_socket.SecureSocket(sock, context, True, time.monotonic() + PATIENCE)
                secure.shake_hands()
                secure.send(tls_handshake._CHALLENGE.pack(tls_handshake._MAGIC, tls_handshake._VERSION, bytes(32)))
                proof = secure.receive(64)[32:]
                # What the viewer said itself proves nothing when it is said back.
                secure.send(proof)

        served = pool.submit(serve)
        with pytest.raises(HostRefused, match="does not know the token"):
            tls_handshake.connect(known, PATIENCE)
        served.result(PATIENCE)


@pytest.mark.fault("X3")
@pytest.mark.parametrize("loris", [False, True])
def test_silence_and_single_bytes_end_at_the_deadline(listen, monkeypatch, caplog, loris, wait_until):
    monkeypatch.setattr(tls_handshake, "HELLO_SECONDS", 0.4)
    known = credentials.credentials_for(HOST, listen())
    hello = ssl.MemoryBIO()
    context = secure_socket.pinning(known.client, known.server_certificate, server_side=False)
    shy = context.wrap_bio(ssl.MemoryBIO(), hello)
    with pytest.raises(ssl.SSLWantReadError):
        shy.do_handshake()
    with socket.create_connection((HOST, known.port)) as sock:
        sock.settimeout(0.05)
        while True:
            try:
                if loris:
                    sock.send(hello.read(1))
                assert sock.recv(100) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                pass
            break
    wait_until(lambda: "refused a connection from 127.0.0.1: nothing within" in caplog.text)


@pytest.mark.fault("X3")
def test_too_many_strangers_are_sent_away_and_long_ones_make_room(listen, monkeypatch, wait_until):
    monkeypatch.setattr(tls_listener, "_ROOM_SECONDS", 60.0)
    known = credentials.credentials_for(HOST, listen())
    with contextlib.ExitStack() as silent:
        for _ in range(tls_listener.STRANGERS):
            silent.enter_context(socket.create_connection((HOST, known.port)))
        with socket.create_connection((HOST, known.port)) as one_more:
            assert last_heard(one_more) == b""
        with pytest.raises(HostGone, match="the connection was closed at once"):
            tls_handshake.connect(known, PATIENCE)
        monkeypatch.setattr(tls_listener, "_ROOM_SECONDS", 0.0)
        tls_handshake.connect(known, PATIENCE).close()


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.fault("X3")
def test_strangers_cost_no_memory_that_stays(listen):
    known = credentials.credentials_for(HOST, listen(carry=lambda secure: None))

    def knock(count):
        for _ in range(count):
            with socket.create_connection((HOST, known.port)) as sock:
                sock.sendall(b"\x16\x03\x01\x40\x00" + bytes(2000))

    knock(50)
    before = resident()
    knock(100)
    assert resident() - before < 5e6
    tls_handshake.connect(known, PATIENCE).close()


def answering(answer):
    """Return a listening socket and a thread that answers the first who comes, with `answer`."""
    listener = socket.create_server((HOST, 0))

    def serve():
        sock, _ = listener.accept()
        with sock:
            if answer is not None:
                sock.sendall(answer)
            sock.settimeout(PATIENCE)
            while sock.recv(1000):
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return listener, thread


@pytest.mark.fault("N12")
@pytest.mark.parametrize(
    ("answer", "kind", "line"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", WireError, "what answers is not traitsview, it begins with 'SSH-2.0-OpenSSH_9.6'"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", WireError, "it begins with 'HTTP/1.1 400 Bad Request'"),
        (b"\x15\x03\x03\x00\x02\x02\x46", WireError, "no TLS 1.3 with what answers"),
        (None, HostGone, "something listens there and says nothing; is the port right"),
    ],
)
def test_each_kind_of_foreign_server_is_told_by_name(answer, kind, line):
    listener, thread = answering(answer)
    _, known = credentials.issue(HOST, listener.getsockname()[1])
    with listener, pytest.raises(kind, match=line):
        tls_handshake.connect(known, 0.5)
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.mark.fault("N12")
@pytest.mark.parametrize(
    ("host", "line"),
    [("127.0.0.1", "nobody listens there"), ("no-such-host.invalid", "the name is not known here")],
)
def test_a_server_that_cannot_be_reached_is_told_with_the_cause(host, line):
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    _, known = credentials.issue(host, port)
    with pytest.raises(HostGone, match=line):
        tls_handshake.connect(known, PATIENCE)


@pytest.mark.fault("N12")
def test_a_network_that_is_down_is_said():
    program = (
        "from traitsview.remote.tls import credentials, tls_handshake\n"
        "try: tls_handshake.connect(credentials.issue('127.0.0.1', 1)[1], 5.0)\n"
        "except OSError as error: print(type(error).__name__, error)"
    )
    words = ["unshare", "--net", sys.executable, "-c", program]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    if "unshare" in done.stderr:
        pytest.skip(f"no network of its own can be made: {done.stderr.strip()}")
    assert done.stdout == "HostGone cannot reach tls://127.0.0.1:1: Network is unreachable\n", done.stderr


def test_addresses_of_ipv6_have_brackets(listener):
    try:
        server = listener("[::1]")
    except HostRefused as error:
        pytest.skip(str(error))
    port = int(server.address.rpartition(":")[2])
    assert server.address == f"tls://[::1]:{port}"
    tls_handshake.connect(credentials.credentials_for("[::1]", port), PATIENCE).close()


@pytest.mark.fault("N13")
@pytest.mark.parametrize(("version", "upgrade"), [(0, "host"), (2, "viewer")])
def test_another_version_of_the_protocol_is_named(listen, monkeypatch, version, upgrade):
    known = credentials.credentials_for(HOST, listen())
    pack = tls_handshake._CHALLENGE.pack

    class Other:
        size = tls_handshake._CHALLENGE.size
        unpack = tls_handshake._CHALLENGE.unpack

        def pack(self, magic, _, nonce):
            return pack(magic, version, nonce)

    monkeypatch.setattr(tls_handshake, "_CHALLENGE", Other())
    with pytest.raises(
        WireError, match=rf"it speaks version {version} .* this viewer version 1; upgrade the {upgrade}"
    ):
        tls_handshake.connect(known, PATIENCE)


@pytest.mark.parametrize(
    ("host", "kind", "line"),
    [
        ("0.0.0.0", RequestError, "it stands for all networks at once; name one address of this machine"),
        ("[::]", RequestError, "it stands for all networks at once"),
        ("192.0.2.1", HostRefused, "it is not an address of this machine"),
        ("no-such-host.invalid", HostRefused, "the name is not known here"),
    ],
)
def test_only_one_address_of_this_machine_is_listened_at(host, kind, line, state):
    with pytest.raises(kind, match=line):
        Listener(host, 0, echo)
    assert not state.exists()


def test_a_port_that_is_taken_is_said(listen):
    port = listen()
    with pytest.raises(HostRefused, match="Address already in use"):
        Listener(HOST, port, echo)
    tls_handshake.connect(credentials.credentials_for(HOST, port), PATIENCE).close()


def test_without_the_package_for_certificates_one_line_says_what_to_install(monkeypatch, state):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(HostError, match=r"'cryptography' is not installed; install it with: pip install '\.\[tls\]'"):
        Listener(HOST, 0, echo)
    assert not state.exists()
