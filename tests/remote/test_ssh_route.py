"""Another machine by ssh: a real sshd, what goes wrong with it, and coming back."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
from pathlib import Path

import numpy as np
import pytest
from kit.descriptors import descriptors
from kit.patience import PATIENCE, pass_time
from kit.sshd import ALIAS, Sshd, children, free_port, needs_sshd

from traitsview.errors import HostError, HostGone, HostRefused, HostStale, SourceNotFound, WireError
from traitsview.geometry import Viewport
from traitsview.opening import open_source
from traitsview.remote.routes.ssh_route import SshRoute
from traitsview.remote.ssh import ssh_command, ssh_process
from traitsview.remote.ssh.ssh_connection import SshConnection
from traitsview.remote.tunnel import relay_words
from traitsview.remote.viewer import backoff
from traitsview.sources.address import parse_address
from traitsview.testing.route_tests import RouteTests

pytestmark = needs_sshd

#: Python ends itself by the signal where it came within ``exec`` of a text; a shell calls both 130.
INTERRUPTED = (130, -signal.SIGINT)


@pytest.fixture(scope="module")
def _daemon(tmp_path_factory):
    daemon = Sshd()
    daemon.start()
    yield daemon
    daemon.close()


@pytest.fixture
def box(_daemon, monkeypatch, image):
    """Return a host called ``box``, whose user has ``image.npy`` at home; nothing of ssh may be left afterwards."""
    monkeypatch.setenv("TRAITSVIEW_SSH", _daemon.command)
    monkeypatch.delenv("TRAITSVIEW_REMOTE_COMMAND", raising=False)
    np.save(_daemon.home / "image.npy", image)
    yield _daemon
    assert not SshConnection._all
    assert children("ssh") == []
    assert [thread.name for thread in threading.enumerate() if "ssh" in thread.name] == []
    (_daemon.home / ".bashrc").unlink(missing_ok=True)


@pytest.fixture
def told():
    return []


def whole(source):
    return source.render(Viewport.fitting(source.info, (90, 110)))


def here(box):
    with open_source(box.home / "image.npy") as source:
        return whole(source)


def test_the_picture_is_the_same_as_here(box):
    expected = here(box)
    for path in ("image.npy", "~/image.npy", f"{box.home}/image.npy", "./image.npy"):
        with open_source(f"{ALIAS}:{path}") as source:
            np.testing.assert_array_equal(whole(source), expected)


def test_a_file_that_is_not_there_is_said_to_be_missing_there(box):
    with pytest.raises(SourceNotFound, match=rf"cannot open '.*/none.npy' on '{ALIAS}': no such file; check"):
        open_source(f"{ALIAS}:none.npy")


class TestSshRoute(RouteTests):
    @pytest.fixture(autouse=True)
    def _box(self, box):
        self.folder = box.home

    def make_route(self, path):
        return SshRoute.start(parse_address(f"{ALIAS}:{path}"))

    def name_here(self, path):
        return f"'{path}' on '{ALIAS}'"


def test_a_name_with_a_colon_is_a_file_there_and_not_a_third_machine(box, image):
    np.save(box.home / "a:b.npy", image)
    with open_source(f"{ALIAS}:a:b.npy") as source:
        assert source.info.shape == image.shape


@pytest.mark.fault("X9")
def test_a_path_is_never_seen_by_a_shell(box):
    for path in (
        "$(touch made)",
        "`touch made`",
        "x; touch made",
        "'x' && touch made",
        "x\ntouch made",
        "-x | touch made",
    ):
        with pytest.raises(SourceNotFound):
            open_source(f"{ALIAS}:{path}")
    assert not (box.home / "made").exists()
    assert not Path("made").exists()


def test_sources_on_one_host_share_one_ssh_and_the_last_one_ends_it(box, wait_until):
    one = open_source(f"{ALIAS}:image.npy")
    pids = children("ssh")
    two = open_source(f"{ALIAS}:{box.home}/image.npy")
    assert children("ssh") == pids
    assert len(pids) == 1
    one.close()
    assert children("ssh") == pids
    whole(two)
    two.close()
    assert children("ssh") == []
    wait_until(lambda: box.relays() == [])


def test_coming_and_going_leaves_nothing(box, wait_until):
    there = set(threading.enumerate())

    def come_and_go():
        open_source(f"{ALIAS}:image.npy").close()
        wait_until(lambda: set(threading.enumerate()) <= there)

    come_and_go()
    before = descriptors()
    for _ in range(5):
        come_and_go()
    wait_until(lambda: not descriptors() - before)


def test_a_viewer_that_is_killed_leaves_no_ssh_and_no_relay(box, wait_until):
    code = f"from traitsview.api import open_source; source = open_source('{ALIAS}:image.npy')\n"
    code += "print('open', flush=True); input()"
    viewer = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert viewer.stdout.readline() == b"open\n"
    assert len(box.relays()) == 1
    viewer.kill()
    viewer.communicate()
    wait_until(lambda: box.relays() == [] and children("ssh") == [])


# ---- coming back ------------------------------------------------------------


@pytest.mark.fault("N7")
@pytest.mark.parametrize("victim", ["ssh", "sshd"])
def test_an_ssh_that_is_killed_is_made_anew_with_the_same_picture(box, victim, told, wait_until, monkeypatch):
    monkeypatch.setattr(backoff, "LONGEST_PAUSE_SECONDS", 0.25)
    expected = here(box)
    with open_source(f"{ALIAS}:image.npy") as source:
        info = source.info
        source.link.watch(told.append)
        for _ in range(20):
            told.clear()
            (old,) = children("ssh")
            for pid in [old] if victim == "ssh" else box.sessions():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            wait_until(lambda: told and told[-1] is None)
            assert isinstance(told[0], HostGone)
            assert source.info == info
            np.testing.assert_array_equal(whole(source), expected)
            assert children("ssh") != [old]
    if victim == "ssh":
        assert "ssh was killed by signal 9 (Killed)" in str(told[0])


def test_a_server_that_is_killed_costs_no_new_ssh(box, told, wait_until, image):
    with open_source(f"{ALIAS}:image.npy") as source:
        source.link.watch(told.append)
        pids = children("ssh")
        os.kill(_server(box), signal.SIGKILL)
        wait_until(lambda: told and told[-1] is None)
        assert source.info.shape == image.shape
        assert children("ssh") == pids


@pytest.mark.slow
@pytest.mark.fault("S2")
def test_a_server_that_stands_still_is_waited_for_over_the_same_ssh(box, told, wait_until):
    with open_source(f"{ALIAS}:image.npy") as source:
        source.link.watch(told.append)
        pids, server = children("ssh"), _server(box)
        os.kill(server, signal.SIGSTOP)
        try:
            wait_until(lambda: told and isinstance(told[-1], HostGone))
        finally:
            os.kill(server, signal.SIGCONT)
        assert [type(news) for news in told[:5]] == [HostStale] * 5
        assert told[4].seconds > 4
        assert re.fullmatch(r"lost contact with the host: it has said nothing for \d+ s; trying again", str(told[-1]))
        wait_until(lambda: told[-1] is None)
        assert children("ssh") == pids


def _server(box):
    (pid,) = [int(name) for name in os.listdir("/proc") if name.isdecimal() and _is_server(int(name), box)]
    return pid


def _is_server(pid, box):
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"traitsview.remote.user_server.daemon" in words and os.fsencode(box.run) in words
    return False


def test_an_ssh_that_stands_still_is_given_up_and_made_anew(box, told, wait_until):
    expected = here(box)
    with open_source(f"{ALIAS}:image.npy") as source:
        source.link.watch(told.append)
        (old,) = children("ssh")
        os.kill(old, signal.SIGSTOP)
        wait_until(lambda: told)
        assert isinstance(told[0], HostStale)
        wait_until(lambda: told[-1] is None)
        np.testing.assert_array_equal(whole(source), expected)
        assert children("ssh") != [old]


def test_two_sources_come_back_over_one_new_ssh(box, wait_until):
    news = [[], []]
    sources = [open_source(f"{ALIAS}:image.npy") for _ in news]
    for source, told in zip(sources, news, strict=True):
        source.link.watch(told.append)
    os.kill(children("ssh")[0], signal.SIGKILL)
    wait_until(lambda: all(told and told[-1] is None for told in news))
    assert len(children("ssh")) == 1
    for source in sources:
        source.close()


# ---- what only a user can mend ------------------------------------------------


@pytest.mark.fault("N8")
def test_a_changed_host_key_is_refused_in_the_words_of_ssh_and_not_tried_again(box, told, wait_until):
    try:
        with open_source(f"{ALIAS}:image.npy") as source:
            source.link.watch(told.append)
            box.stop()
            before = box.log().count("Connection closed by")
            box.change_host_key()
            box.start()
            wait_until(lambda: told and isinstance(told[-1], HostRefused))
            words = str(told[-1])
            assert "REMOTE HOST IDENTIFICATION HAS CHANGED" in words
            assert "Host key verification failed" in words
            count = len(told)
            pass_time(1.0)  # in which it is not tried again
            assert len(told) == count
            assert box.log().count("Connection closed by") == before + 1
            # The user has found out, and tries again.
            box.trust()
            source.link.retry()
            wait_until(lambda: told[-1] is None)
        box.known.write_text("")
        with pytest.raises(HostRefused, match=r"Host key verification failed.*run 'ssh box' in a terminal once"):
            open_source(f"{ALIAS}:image.npy")
    finally:
        box.trust()


@pytest.mark.fault("N7")
def test_where_login_is_needed_nobody_is_asked_and_nothing_is_tried_again(box, told, wait_until):
    try:
        with open_source(f"{ALIAS}:image.npy") as source:
            source.link.watch(told.append)
            box.forbid()
            os.kill(children("ssh")[0], signal.SIGKILL)
            wait_until(lambda: told and isinstance(told[-1], HostRefused))
            assert "login is needed (ssh says: " in str(told[-1])
            assert "Permission denied" in str(told[-1])
            box.allow()
            source.link.retry()
            wait_until(lambda: told[-1] is None)
        box.forbid()
        with pytest.raises(HostRefused, match="Permission denied"):
            open_source(f"{ALIAS}:image.npy")
    finally:
        box.allow()


# ---- what is at the other end ---------------------------------------------------


def refused(box, error, match):
    """Assert that nothing can be opened, in one line; return the line."""
    with pytest.raises(error, match=match) as raised:
        open_source(f"{ALIAS}:image.npy")
    line = str(raised.value)
    assert line.isprintable()
    return line


@pytest.fixture
def listening():
    """Return a function that listens on a port of 127.0.0.1 and gives each who comes to `talk`."""
    socks = []

    def start(talk):
        sock = socket.create_server(("127.0.0.1", 0))
        socks.append(sock)

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    guest, _ = sock.accept()
                    socks.append(guest)
                    talk(guest)

        threading.Thread(target=accept, daemon=True).start()
        return sock.getsockname()[1]

    yield start
    for sock in socks:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()


@pytest.mark.fault("N12")
def test_each_reason_why_nobody_is_there_is_told_apart(box, listening):
    def http(guest):
        guest.recv(100)
        guest.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        guest.close()

    def change(**words):
        text = box.config.read_text()
        for name, value in words.items():
            text = text.replace(
                next(line for line in text.splitlines() if line.strip().startswith(name)), f"  {name} {value}"
            )
        box.config.write_text(text)

    try:
        lines = []
        # Longer than a name can be: nobody is asked for it over the network.
        change(HostName="n" * 70)
        lines.append(refused(box, HostGone, r"Could not resolve hostname.*check the name"))
        change(HostName="127.0.0.1", Port=free_port())
        lines.append(refused(box, HostGone, "Connection refused"))
        change(Port=listening(lambda guest: None))
        lines.append(refused(box, HostGone, "timed out"))
        change(Port=listening(http))
        lines.append(refused(box, HostGone, "Connection closed|Connection reset|Bad packet|kex_exchange"))
        assert len(set(lines)) == 4
    finally:
        box.write_config()


def test_text_of_a_shell_before_the_greeting_is_skipped(box):
    expected = here(box)
    (box.home / ".bashrc").write_text(
        "printf 'Welcome!\\n\\033[1m%0.s' 1 2 3; printf '\\377\\000'; head -c 30000 /dev/zero\n"
    )
    with open_source(f"{ALIAS}:image.npy") as source:
        np.testing.assert_array_equal(whole(source), expected)


def test_a_shell_that_says_too_much_is_named(box):
    (box.home / ".bashrc").write_text("yes 'the news of the day'\n")
    line = refused(box, WireError, "the shell there says too much; what it says begins with 'the news of the day")
    assert "startup files" in line


def test_a_shell_that_waits_for_ever_is_named(box, monkeypatch):
    monkeypatch.setattr(ssh_process, "_SHELL_SECONDS", 1.0)
    (box.home / ".bashrc").write_text("echo Press a key; sleep 1000\n")
    refused(
        box, WireError, "the shell of box has not run 'traitsview attach' .*; what it says begins with 'Press a key'"
    )


def test_a_host_without_the_program_says_what_to_do(box, monkeypatch):
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", "/opt/none/traitsview")
    line = refused(box, HostRefused, "there is no command 'traitsview'")
    assert "TRAITSVIEW_REMOTE_COMMAND=/path/to/traitsview" in line
    assert "/opt/none/traitsview: No such file" in line


def test_the_program_may_be_named(box, monkeypatch, image):
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", f"cd / && {Path(sys.executable).parent}/traitsview")
    with open_source(f"{ALIAS}:image.npy") as source:
        assert source.info.shape == image.shape


@pytest.mark.fault("N13")
@pytest.mark.parametrize(("version", "side"), [(relay_words.VERSION - 1, "there"), (relay_words.VERSION + 1, "here")])
def test_another_version_is_named_with_the_side_to_upgrade(box, monkeypatch, version, side):
    said = f'{relay_words.MARK.decode()}{{"version": {version}, "program": "9.8.7"}}'
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", f"echo '{said}'; cat; true")
    line = refused(box, WireError, rf"traitsview 9\.8\.7 with version {version} of the tunnel")
    assert line.endswith(f"upgrade traitsview {side}")


@pytest.mark.parametrize(
    "said", ["traitsview-relay:nonsense", 'traitsview-relay:{"version": "x"}', "traitsview-relay:[]"]
)
def test_text_that_only_looks_like_a_greeting_is_refused(box, monkeypatch, said):
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", f"echo '{said}'; cat; true")
    refused(box, WireError, "what answers is not traitsview")


def test_a_program_that_ends_is_quoted_with_its_last_line(box, monkeypatch):
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", "printf 'one\\nTraceback\\033[2J\\n' >&2; exit 3; true")
    assert r"ended there (3): Traceback\x1b[2J" in refused(box, HostGone, "attach' ended there")


def test_a_server_that_cannot_start_says_why(box):
    folder = box.run / "t"
    kept = folder.rename(box.run / "kept") if folder.exists() else None  # another test may have had a server there
    try:
        folder.write_text("no folder")
        refused(box, HostRefused, "on 'box'")
    finally:
        folder.unlink()
        if kept is not None:
            kept.rename(folder)


# ---- ssh itself -----------------------------------------------------------------


def test_a_machine_without_ssh_says_so(monkeypatch):
    monkeypatch.setenv("TRAITSVIEW_SSH", "/none/ssh -F x")
    with pytest.raises(HostRefused, match=r"cannot run '/none/ssh'.*install OpenSSH"):
        open_source(f"{ALIAS}:image.npy")
    monkeypatch.setenv("TRAITSVIEW_SSH", "ssh 'x")
    with pytest.raises(HostRefused, match="TRAITSVIEW_SSH: No closing quotation"):
        open_source(f"{ALIAS}:image.npy")


def test_only_the_first_ssh_may_ask_and_none_overrides_what_protects_the_user(
    box, tmp_path, monkeypatch, told, wait_until
):
    log = tmp_path / "log"
    script = tmp_path / "myssh"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>{log}\nexec {box.command} "$@"\n')
    script.chmod(0o700)
    monkeypatch.setenv("TRAITSVIEW_SSH", str(script))
    with open_source(f"{ALIAS}:image.npy") as source:
        source.link.watch(told.append)
        os.kill(children("ssh")[0], signal.SIGKILL)
        wait_until(lambda: told and told[-1] is None)
    first, second = log.read_text().splitlines()
    assert first.endswith(f" -- {ALIAS} traitsview attach --stdio")
    assert "BatchMode" not in first
    # Each has as many seconds as are left for it.
    seconds = [int(re.search(r"ConnectTimeout=(\d+)", line)[1]) for line in (first, second)]
    assert 1 <= seconds[1] <= seconds[0] == 8
    without = [re.sub(r"ConnectTimeout=\d+", "", line) for line in (first, second)]
    assert without[1].replace(" -oBatchMode=yes", "") == without[0]
    for word in ("StrictHostKeyChecking", "UserKnownHostsFile", "IdentityFile", "ProxyJump", "ProxyCommand"):
        assert word not in first


def test_an_address_of_ipv6_loses_its_brackets():
    address = parse_address("me@[fe80::1%eth0]:/x.npy")
    assert "me@fe80::1%eth0" in ssh_command.ssh_command(address.host, True)


@pytest.mark.parametrize("stage", ["login", "relay"])
def test_ctrl_c_leaves_no_ssh_behind(box, stage, listening, monkeypatch, wait_until):
    if stage == "login":
        text = box.config.read_text().replace(f"Port {box.port}", f"Port {listening(lambda guest: None)}")
        box.config.write_text(text)
    else:
        monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", "sleep 1000; true")
    try:
        command = [sys.executable, "-m", "traitsview", "info", f"{ALIAS}:image.npy"]
        program = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
        wait_until(lambda: children("ssh"))
        pass_time(0.3)  # into whatever it does then
        # As a terminal does: everybody in the foreground gets it.
        os.killpg(program.pid, signal.SIGINT)
        assert program.communicate(timeout=PATIENCE)[1] == b""
        assert program.returncode in INTERRUPTED
        wait_until(lambda: not children("ssh"))
    finally:
        box.write_config()


def test_ctrl_c_in_a_terminal_does_not_end_an_ssh_that_is_in_use(box, told):
    code = f"import os, signal; from traitsview.api import open_source; s = open_source('{ALIAS}:image.npy')\n"
    code += "told = []; s.link.watch(told.append)\n"
    code += "signal.signal(signal.SIGINT, lambda *_: None); print('open', flush=True)\n"
    code += "input(); s.summarize(); print(told, flush=True); s.close()"
    viewer = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert viewer.stdout.readline() == b"open\n"
    os.killpg(viewer.pid, signal.SIGINT)
    assert viewer.communicate(b"\n", timeout=PATIENCE)[0] == b"[]\n"


# ---- the terminal ------------------------------------------------------------------


@pytest.fixture
def asking(box):
    """Return a function that runs a command line on a terminal of its own, with a host key that ssh asks about."""
    box.known.write_text("")
    box.config.write_text(box.config.read_text().replace("StrictHostKeyChecking yes", "StrictHostKeyChecking ask"))
    terminals = []

    def run(*words):
        pid, terminal = pty.fork()
        if not pid:
            os.execv(sys.executable, [sys.executable, "-m", "traitsview", *words])
        terminals.append((pid, terminal))
        return pid, terminal

    yield run
    for pid, terminal in terminals:
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(terminal)
    box.write_config()
    box.trust()


def seen(terminal, words=None):
    """Return what a terminal shows, up to `words`, or to its end."""
    text = b""
    while words is None or words not in text:
        try:
            assert select.select([terminal], [], [], PATIENCE)[0], text
            text += os.read(terminal, 4096)
        except OSError:
            assert words is None, text
            break
    return text


def test_the_first_ssh_asks_on_the_terminal(asking, image):
    pid, terminal = asking("info", f"{ALIAS}:image.npy")
    seen(terminal, b"continue connecting (yes/no")
    os.write(terminal, b"yes\n")
    assert "700 × 900 (rows × columns)" in seen(terminal).decode()
    assert os.waitpid(pid, 0)[1] == 0


def test_ctrl_c_at_a_question_of_ssh_gives_the_terminal_back(asking, wait_until):
    pid, terminal = asking("info", f"{ALIAS}:image.npy")
    before = termios.tcgetattr(terminal)
    seen(terminal, b"continue connecting (yes/no")
    os.write(terminal, b"\x03")
    said = seen(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) in INTERRUPTED, said
    wait_until(lambda: not children("ssh"))
    assert termios.tcgetattr(terminal)[3] == before[3]


# ---- sources that are no sources ---------------------------------------------------

_HOSTS = [
    "-oProxyCommand=touch made",
    "-oProxyCommand=touch${IFS}made",
    "-Fconfig",
    "-lroot",
    "--",
    "-",
    "user@-oProxyCommand=x",
    "-x@host",
    "@host",
    "host@",
    "user@@host",
    "user@host@",
    "user:password@host",
    "a b",
    " host",
    "host ",
    "host\t",
    "host\n-oProxyCommand=x",
    "\nhost",
    "host\r",
    "host;touch made",
    "host&touch made",
    "host|touch made",
    "host`touch made`",
    "host$(touch made)",
    "$HOME",
    "${IFS}",
    "host>made",
    "host<made",
    "host*",
    "host?",
    "host!",
    "host#x",
    "host%h",
    "host\\",
    "'host'",
    '"host"',
    "host'",
    "(host)",
    "{host}",
    "[host]",
    "[-oProxyCommand=x]",
    "[::1",
    "::1]",
    "[::1]x",
    "[::1;touch made]",
    "[fe80::1%$(touch made)]",
    "user@[-x]",
    "~host",
    "ho\x1bst",
    "ho\x7fst",
    "ho\u202est",
    "höst",
    "ｈost",
    "host\u00a0",
    "host=x",
    "host,other",
    "host^",
    "-J evil",
    "-W",
    "-N-f",
    ".host",
    "+host",
]
_PATHS = ["/x.npy", "x.npy", "/$(touch made)", "-x"]
_HOSTILE = [f"{host}:{path}" for host in _HOSTS for path in _PATHS]


@pytest.mark.fault("X9")
@pytest.mark.parametrize("text", _HOSTILE)
def test_hostile_sources_start_no_process(text, monkeypatch, tmp_path):
    def started(*words, **options):
        raise AssertionError(f"started {words}")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setattr(os, "posix_spawn", started)
    monkeypatch.setattr(os, "system", started)
    with pytest.raises((SourceNotFound, ValueError)) as raised:
        open_source(text)
    assert not isinstance(raised.value, HostError)
    assert str(raised.value).isprintable()
    assert os.listdir(tmp_path) == []


def test_there_are_enough_hostile_sources():
    assert len(set(_HOSTILE)) >= 200
