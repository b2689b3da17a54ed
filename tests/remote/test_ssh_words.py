"""Banners, lines of ssh itself, and lines of the shell and the command are told apart on one standard error."""

from __future__ import annotations

import pytest

from traitsview.errors import HostGone, HostRefused
from traitsview.remote.ssh import ssh_ending
from traitsview.remote.ssh.ssh_ending import ended, has_failed, silent
from traitsview.remote.ssh.ssh_words import LOGGED_IN, SshWords

MARK = f"{LOGGED_IN}\n".encode()
DENIED = b"me@host: Permission denied (publickey).\r\n"

BANNERS = {
    "one line": b"Authorized use only\n",
    "many lines": b"*****\n* All you do is recorded. *\n*****\n" * 40,
    "no end of line": b"Authorized\nuse only",
    "no ASCII": "Défense d’entrer\n".encode() + b"Z\xfcrich \\377\n",
    "of DOS": b"Authorized\r\nuse only\r\n",
    "like an error of ssh": b"ssh: connect to host h port 22: Connection refused\nHost key verification failed.\n",
    "like an error of a shell": b"bash: traitsview: command not found\nPermission denied\n",
    "long": b"All you do is recorded.\n" * 3000,
    "like the mark": b"traitsview-logged-in-0123456789abcdef\n",
    "none": b"",
}


@pytest.fixture(autouse=True)
def _no_master(monkeypatch):
    monkeypatch.setattr(ssh_ending, "has_master", lambda host: False)


@pytest.fixture(params=list(BANNERS))
def banner(request):
    return BANNERS[request.param]


def words(*pieces):
    """Return words that were read in these pieces."""
    said = SshWords()
    for piece in pieces:
        said.add(piece)
    return said


def why(status, *pieces):
    """Return why an ssh ended that said these pieces, one after the other."""
    return ended("cannot reach 'h'", "traitsview attach", "h", status, words(*pieces))


def test_a_command_that_was_killed_is_said_to_be_killed_whatever_the_banner_says(banner):
    error = why(255, banner, MARK)
    assert isinstance(error, HostGone)
    assert error.why == "'traitsview attach' was killed there"
    assert "memory" in error.remedy


def test_the_last_words_of_a_command_that_was_killed_are_quoted_as_such(banner):
    error = why(255, banner, MARK, b"loading\n")
    assert error.why.endswith("was killed there, or ended with 255, after it said 'loading'")


def test_a_shell_says_which_signal_it_was(banner):
    error = why(137, banner, MARK, b"bash: line 1: 12 Killed   traitsview attach\n")
    assert error.why.startswith(
        "'traitsview attach' was killed there by signal 9 (Killed), after it said 'bash: line 1:"
    )
    assert "by signal 15 (Terminated)" in why(143, banner, MARK).why


def test_a_login_that_is_refused_is_said_in_the_words_of_ssh_alone(banner):
    error = why(255, banner, DENIED)
    assert isinstance(error, HostRefused)
    assert error.why == "login is needed (ssh says: me@host: Permission denied (publickey).)"


def test_a_connection_that_ends_before_login_is_tried_again_whatever_the_banner_says(banner):
    error = why(255, banner, b"Connection closed by 10.0.0.1 port 22\r\n")
    assert type(error) is HostGone
    assert error.why == "ssh says: Connection closed by 10.0.0.1 port 22"


def test_a_connection_that_ends_after_login_is_said_in_the_words_of_ssh(banner):
    error = why(255, banner, MARK, b"noise of a shell\n", b"Connection to h closed by remote host.\r\n")
    assert error.why == "ssh says: Connection to h closed by remote host."


def test_a_line_of_the_shell_or_the_command_counts_more_than_a_banner(banner):
    error = why(127, banner, MARK, b"bash: line 1: traitsview: command not found\n")
    assert isinstance(error, HostRefused)
    assert "there is no command 'traitsview' (bash: line 1: traitsview: command not found)" in error.why
    error = why(1, banner, MARK, b"Traceback\n", b"ImportError: no numpy\n")
    assert error.why == "'traitsview attach' ended there (1): ImportError: no numpy"
    assert why(1, banner, MARK).why == "'traitsview attach' ended there (1)"


def test_a_python_that_cannot_begin_is_quoted_with_why(banner):
    said = b"Fatal Python error: init\nModuleNotFoundError: No module named 'encodings'\n\n"
    said += b"Current thread 0x00007f33 (most recent call first):\n  <no Python frame>\n"
    assert why(1, banner, MARK, said).why.endswith("ended there (1): ModuleNotFoundError: No module named 'encodings'")


def test_words_may_come_in_any_pieces(banner):
    whole = banner + MARK + b"one\ntwo\n"
    for size in (1, 7, 100):
        said = words(*(whole[at : at + size] for at in range(0, len(whole), size)))
        assert said.logged_in
        assert said.line == "two"


def test_a_local_shell_that_cannot_run_anything_tells_of_login_too():
    said = words(b"Banner without an end", f'Couldn\'t execute /none -c "echo {LOGGED_IN}": No such file\r\n'.encode())
    assert said.logged_in
    assert said.line == ""


@pytest.mark.parametrize(
    "consequences",
    [
        b"kex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n",
        b"kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by UNKNOWN port 65535\r\n",
        b"banner exchange: Connection to UNKNOWN port 65535: Broken pipe\r\n",
    ],
)
def test_behind_a_jump_host_the_cause_is_said_and_not_its_consequences(banner, consequences):
    refused = b"channel 0: open failed: connect failed: Connection refused\r\nstdio forwarding failed\r\n"
    assert "the jump host does not reach it" in why(255, banner, refused, consequences).why
    assert isinstance(why(255, banner, DENIED, consequences), HostRefused)
    assert why(255, b"no VPN\n", consequences).why == "ssh says: no VPN"


def test_a_host_that_looks_like_another_one_is_named_with_the_last_word():
    changed = b"@@@@@@\r\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\n@@@@@@\r\nIt is possible\r\n"
    error = why(255, changed, b"Host key verification failed.\r\n")
    assert isinstance(error, HostRefused)
    assert error.why == "ssh says: REMOTE HOST IDENTIFICATION HAS CHANGED! … Host key verification failed."


def test_too_many_tries_are_not_tried_again():
    error = why(
        255,
        b"Received disconnect from h port 22:2: Too many authentication failures\r\n",
        b"Disconnected from h port 22\r\n",
    )
    assert isinstance(error, HostRefused)
    assert "Too many authentication failures" in error.why


def test_an_ssh_that_says_nothing_has_failed_unless_it_shares_a_connection(monkeypatch):
    assert why(255).why == "ssh failed without a word"
    monkeypatch.setattr(ssh_ending, "has_master", lambda host: True)
    assert why(255).why == "'traitsview attach' was killed there"
    assert (
        why(255, b"loading\n").why == "'traitsview attach' was killed there, or ended with 255, after it said 'loading'"
    )
    assert has_failed("h", 255, words(DENIED))


def test_an_ssh_that_was_killed_here_is_told_from_a_command_that_was_killed_there(banner):
    assert why(-9, banner, MARK).why == "ssh was killed by signal 9 (Killed)"


def test_lines_before_the_command_runs_are_forgotten(banner):
    said = words(banner, MARK, b"noise\n")
    said.forget()
    assert said.line == ""
    assert ended("", "it", "h", 255, said).why == "'it' was killed there"


def test_a_silent_shell_is_told_from_a_login_that_does_not_end(banner):
    error = silent("", "traitsview attach", "h", 90.0, words(banner, MARK), b"")
    assert error.why == "logged in, but the shell of h has not run 'traitsview attach' within 90 s"
    assert "exec fish" in error.remedy
    error = silent("", "traitsview attach", "h", 90.0, words(banner, MARK), b"Press a key\n")
    assert error.why.endswith("; what it says begins with 'Press a key'")
    error = silent("", "traitsview attach", "h", 150.0, words(), b"")
    assert error.why == "ssh has not logged in within 150 s"
    assert error.remedy == "try 'ssh h' in a terminal"


def test_no_word_steers_a_terminal(banner):
    error = why(3, banner, MARK, b"\x1b[2J\xff\n")
    assert str(error).isprintable()
