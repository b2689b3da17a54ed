"""The command ``traitsview doctor`` reports every step with figures.  Each step is made to fail once."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from kit.patience import PATIENCE, wait_until
from kit.sshd import ALIAS, Sshd, children, free_port, needs_sshd

from traitsview import __version__
from traitsview.cli.main import main
from traitsview.remote.diagnosis import host_facts, reach_probe, ssh_settings
from traitsview.remote.protocol import hello
from traitsview.remote.tls import credentials, tls_listener
from traitsview.remote.tunnel import relay_words

STEPS = ["name", "network", "login", "shell", "command", "version", "server", "socket", "picture", "link"]


@pytest.fixture
def box(monkeypatch):
    """Return a host called ``box``; no process of ssh may be left afterwards."""
    monkeypatch.delenv("TRAITSVIEW_REMOTE_COMMAND", raising=False)
    daemon = Sshd()
    daemon.start()
    monkeypatch.setenv("TRAITSVIEW_SSH", daemon.command)
    yield daemon
    daemon.close()
    assert children("ssh") == []


@pytest.fixture
def doctor(capsys):
    """Return a function that runs the command; it returns the exit code and the lines, as (word, step, text)."""

    def run(*words):
        code = main(["doctor", *words])
        out, err = capsys.readouterr()
        assert err == ""
        lines = [tuple(line.split(None, 2)) for line in out.splitlines()]
        assert all(word == "ok" for word, _, _ in lines[:-1])
        return code, lines

    return run


def fails(doctor, step, line, host=ALIAS):
    """Assert that `step` fails after all steps before it went well, and that its line matches `line`."""
    code, lines = doctor(host)
    assert code == 1
    assert [step for _, step, _ in lines] == STEPS[: STEPS.index(step) + 1]
    word, _, text = lines[-1]
    assert word == "FAILED"
    assert re.search(line, text), text


@needs_sshd
def test_each_step_that_goes_well_has_its_figures(box, doctor):
    code, lines = doctor(ALIAS)
    assert [step for _, step, _ in lines] == STEPS
    assert code == 0
    said = {step: text for _, step, text in lines}
    assert f"ssh takes 'box' for 127.0.0.1, port {box.port}, user " in said["name"]
    assert re.search(r"answers in [\d.e-]+ ms, 'SSH-2.0-", said["network"])
    assert said["shell"] == "prints nothing first"
    assert re.search(r"with Python 3\.\d+\.\d+, \d+\.\d s after ssh began", said["command"])
    assert said["version"] == f"{__version__} there, {__version__} here"
    assert re.search(r"^started, process \d+, since 20", said["server"])
    assert f"'{box.run}/t/serve.socket', mode 600 in a folder of mode 700, yours alone" in said["socket"]
    assert re.search(r"^64 × 64 pixels are right, after \d+\.\d\d s", said["picture"])
    assert re.search(r"^round trip [\d.]+ ms, [\d.e+]+ MB/s of pixels", said["link"])
    # The image that was written there is gone.
    wait_until(lambda: not list(Path(box.folder).rglob("doctor-*.npy")))
    (box.home / ".bashrc").write_text("echo Welcome\necho to the machine\n")
    code, lines = doctor(ALIAS)
    assert code == 0
    said = {step: text for _, step, text in lines}
    assert said["shell"].startswith(
        "prints 23 bytes first, beginning with 'Welcome\\nto the machine'; they are skipped"
    )
    assert said["server"].startswith("found, process ")


@needs_sshd
@pytest.mark.fault("N12")
def test_unknown_host_name_is_reported(box, doctor):
    box.write_config("Host nowhere\n  HostName no-such-host.invalid\n")
    fails(doctor, "name", r"the name 'no-such-host\.invalid' is not known here .*; check the name", "nowhere")


@needs_sshd
def test_broken_configuration_of_ssh_is_reported(box, doctor):
    box.write_config("  Nonsense yes\n")
    fails(doctor, "name", r"ssh says: .*Bad configuration option: nonsense.*; mend ~/\.ssh/config")


@needs_sshd
@pytest.mark.fault("N12")
def test_port_without_a_listener_is_reported(box, doctor):
    box.stop()
    fails(doctor, "network", rf"nobody listens at port {box.port} of 127\.0\.0\.1; does sshd run there")


@needs_sshd
@pytest.mark.fault("N12")
@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            "is not ssh, it begins with 'HTTP/1.1 400 Bad Request'; is the port",
        ),
        (b"", "is not ssh, it ends at once"),
        (None, "nothing from port .* within 0.5 s; is the machine up"),
    ],
)
def test_port_where_another_program_answers_is_reported(box, doctor, monkeypatch, answer, line):
    monkeypatch.setattr(ssh_settings, "_NETWORK_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with listener.accept()[0] as sock:
                if answer is None:
                    sock.recv(1)
                else:
                    sock.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        box.port = listener.getsockname()[1]
        box.write_config()
        fails(doctor, "network", line)


@needs_sshd
@pytest.mark.fault("N12")
def test_network_that_is_down_is_reported(box):
    words = ["unshare", "--net", sys.executable, "-m", "traitsview", "doctor", ALIAS]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    if "unshare" in done.stderr:
        pytest.skip(f"no network of its own can be made: {done.stderr.strip()}")
    where = f"port {box.port} of 127.0.0.1"
    assert done.stdout.splitlines()[-1] == f"FAILED  network  {where}: Network is unreachable; check the network"


@needs_sshd
def test_port_of_the_jump_host_is_tried(box, doctor):
    box.write_config(f"Host beyond\n  HostName 127.0.0.1\n  Port {box.port}\n  ProxyJump box2:{free_port()}\n")
    fails(doctor, "network", "nobody listens at port .* of 127.0.0.1", "beyond")


@needs_sshd
def test_no_port_is_tried_if_ssh_uses_a_command(box, doctor):
    box.write_config("  ProxyCommand false\n")
    fails(doctor, "login", "ssh says: ")


@needs_sshd
def test_failure_behind_a_jump_host_is_reported_with_its_cause(box, doctor):
    box.write_config(f"Host beyond\n  HostName 127.0.0.1\n  Port {free_port()}\n  ProxyJump box\n")
    line = r"the jump host does not reach it \(ssh says: channel 0: .*Connection refused\); check its name there"
    fails(doctor, "login", line, "beyond")
    box.write_config("Host beyond\n  ProxyCommand sh -c 'echo no VPN >&2; exit 3'\n")
    fails(doctor, "login", "ssh says: no VPN; try 'ssh beyond' in a terminal", "beyond")


@needs_sshd
def test_refused_key_is_reported(box, doctor):
    box.forbid()
    fails(doctor, "login", r"ssh says: .*Permission denied \(publickey\)\.; try 'ssh box' in a terminal")


@needs_sshd
def test_changed_host_key_is_reported(box, doctor):
    box.stop()
    box.change_host_key()
    box.start()
    fails(doctor, "login", r"REMOTE HOST IDENTIFICATION HAS CHANGED.*; find out why")


@needs_sshd
@pytest.mark.parametrize(
    ("rc", "line"),
    [
        (
            "head -c 100000 /dev/zero | tr '\\0' x\n",
            "prints more than 65536 bytes, beginning with 'xxx.*; have the shell",
        ),
        ("echo no; exit 0\n", "ends without running what it is told, beginning with 'no'"),
        (
            "echo password?; sleep 30\n",
            r"^logged in, but the shell of box has not run 'traitsview' within \d+ s; .* begins with 'password\?'",
        ),
    ],
)
def test_shell_that_prints_or_stops_is_reported(box, doctor, monkeypatch, rc, line):
    if "sleep" in rc:
        monkeypatch.setattr(reach_probe, "_SHELL_SECONDS", 1.0)
    (box.home / ".bashrc").write_text(rc)
    fails(doctor, "shell", line)


@needs_sshd
def test_missing_command_is_reported(box, doctor, monkeypatch):
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", "no-traitsview")
    line = r"no command 'traitsview' \(.*no-traitsview: command not found\); install it there, or say .*_COMMAND="
    fails(doctor, "command", line)


@needs_sshd
@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("echo unknown command >&2; exit 2", rf"cannot do this \(unknown command\); upgrade it there to {__version__}"),
        ("echo 'No module named x' >&2; exit 1", r"'traitsview' ended there \(1\): No module named x"),
    ],
)
def test_command_of_another_program_is_reported(box, doctor, monkeypatch, script, line):
    program(box, monkeypatch, script)
    fails(doctor, "command", line)


@needs_sshd
@pytest.mark.fault("N13")
@pytest.mark.parametrize(("shift", "where"), [(-1, "there"), (1, "here")])
def test_other_version_is_reported_with_the_side_to_upgrade(box, doctor, monkeypatch, shift, where):
    known = {"version": "9.9", "protocols": [relay_words.VERSION + shift, hello.VERSION]}
    program(box, monkeypatch, f"echo 'traitsview-facts:{json.dumps(known)}'; cat >/dev/null")
    line = rf"9\.9 there, {__version__} here, which do not understand each other .*; upgrade traitsview {where}"
    fails(doctor, "version", line)


NO_FACTS = (
    "nonsense",
    "[1]",
    '{"version": 1}',
    '{"server": [1]}',
    '{"error": ["x"]}',
    '{"server": {"paths": [1]}}',
    '{"protocols": ["x"]}',
    "[" * 100_000,
)


@needs_sshd
def test_host_with_facts_in_a_wrong_form_is_reported(box, doctor, monkeypatch):
    program(box, monkeypatch, f"cat {box.folder}/said; cat >/dev/null")
    for said in NO_FACTS:
        (box.folder / "said").write_text(f"traitsview-facts:{said}\n")
        fails(doctor, "login", "what answers there is not traitsview")


@needs_sshd
def test_control_characters_of_a_host_are_escaped(box, doctor, monkeypatch):
    known = {"version": "\x1b[2J9.9", "protocols": [0, 0]}
    (box.folder / "said").write_text(f"traitsview-facts:{json.dumps(known)}\n")
    program(box, monkeypatch, f"cat {box.folder}/said; cat >/dev/null")
    fails(doctor, "version", r"^\\x1b\[2J9\.9 there")


@needs_sshd
@pytest.mark.parametrize("spoil", ["file", "open"])
def test_unusable_runtime_folder_is_reported(box, doctor, spoil):
    folder = box.run / "t"
    if spoil == "file":
        folder.write_text("in the way")
        fails(doctor, "server", r"folder '.*/t' on 'box': it is not a folder; set TRAITSVIEW_RUNTIME_DIR to another")
    else:
        folder.mkdir()
        folder.chmod(0o777)
        fails(doctor, "server", r"others may use it \(mode 777, expected 700\)")


@needs_sshd
def test_socket_that_others_may_use_is_reported(box, doctor):
    assert doctor(ALIAS)[0] == 0
    (box.run / "t" / "serve.socket").chmod(0o666)
    fails(doctor, "socket", r"mode 666 in a folder of mode 700, uid \d+: others may use it; stop the server")


@needs_sshd
def test_wrong_pixels_are_reported(box, doctor, monkeypatch):
    true = host_facts.noise_image()
    monkeypatch.setattr(host_facts, "noise_image", lambda: true + 1)
    fails(doctor, "picture", "the pixels that came are not those that were expected")


@needs_sshd
def test_picture_is_not_tried_if_the_server_opens_only_some_folders(box, doctor):
    environment = {**os.environ, "TRAITSVIEW_RUNTIME_DIR": f"{box.run}/t"}
    words = [sys.executable, "-m", "traitsview", "serve", str(box.home)]
    subprocess.run(words, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    code, lines = doctor(ALIAS)
    assert code == 0
    assert lines[-2][2] == f"not tried, because the server opens only '{box.home}'"


def program(box, monkeypatch, script):
    """Put a shell script in the place of traitsview on the host."""
    path = box.folder / "other"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", str(path))


@pytest.mark.parametrize("host", ["-oProxyCommand=x", "a b", "", "x:y", "a/b", "a;b", "tls://x"])
def test_text_that_is_no_host_is_refused(host, capsys):
    assert main(["doctor", "--", host]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_facts_are_answered_line_by_line(monkeypatch, tmp_path):
    monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", str(tmp_path / "t"))
    said = io.BytesIO()
    host_facts.answer(io.BytesIO(b"picture\nserver\n"), said)
    first, picture, server = said.getvalue().splitlines()
    assert first.startswith(host_facts.MARK)
    assert json.loads(first.removeprefix(host_facts.MARK)) == json.loads(server)
    assert json.loads(server)["version"] == __version__
    assert not Path(json.loads(picture)["picture"]).exists()


def test_without_a_host_this_machine_is_examined(doctor):
    code, lines = doctor()
    said = {step: text for _, step, text in lines}
    assert list(said) == ["python", "packages", "desktop", "display", "numba", "server", "disk", "ssh"]
    assert code == 0
    assert sys.executable in said["python"]
    assert "numpy " in said["packages"]


def test_one_failure_on_this_machine_does_not_hide_another(capsys, monkeypatch):
    monkeypatch.setenv("TRAITSVIEW_SSH", "/no/such/ssh")
    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert re.match(r"FAILED  display  neither DISPLAY nor WAYLAND_DISPLAY is set; use ", lines[3])
    assert re.match(r"FAILED  ssh      .*No such file.*; install OpenSSH's client", lines[-1])
    assert sum(line.startswith("ok") for line in lines) == 6


# ---- the network -------------------------------------------------------------


@pytest.fixture
def network(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    listener = tls_listener.Listener("127.0.0.1", 0, lambda secure: None)
    yield listener
    listener.close()


def test_steps_to_a_server_on_the_network_are_reported(network, doctor, monkeypatch):
    code, lines = doctor(network.address)
    # Nobody serves behind it.
    assert [step for _, step, _ in lines] == ["name", "file", "server", "session"]
    assert code == 1
    assert "lets us in, after" in lines[2][2]
    port = int(network.address.rpartition(":")[2])
    credentials.record_path("127.0.0.1", port).chmod(0o644)
    code, lines = doctor(network.address)
    assert code == 1
    assert re.search(r"others may use it \(mode 644, expected 600\); chmod 600", lines[1][2])
