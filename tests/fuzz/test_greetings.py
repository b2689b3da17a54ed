"""After any bytes of a shell or a relay there is a tunnel, or an error of ours in one line."""

from __future__ import annotations

import json

import pytest
from kit.fuzzing import fuzz, require_one_line
from kit.mutation import mutated

from traitsview import errors
from traitsview.remote.ssh.ssh_words import SshWords
from traitsview.remote.tunnel import relay_words

NOISE = (
    b"",
    b"Welcome to login3\n",
    b"\x1b[31mmotd\x1b[0m\r\n",
    b"\xff\xfe",
    relay_words.MARK,
    b"a" * 70_000,
    b"[" * 1000,
    b"{" * 900,
)
VALUES = (1, 0, 2, -1, 1e400, "1", None, [], {}, True, "9" * 400, "\x1b]0;x\x07", [[]])


def heard(rng):
    line = relay_words.greeting()
    chance = rng.random()
    if chance < 0.4:
        said = {"version": rng.choice(VALUES), "program": rng.choice(VALUES), "more": rng.choice(VALUES)}
        line = relay_words.MARK + json.dumps(rng.choice((said, list(said), rng.choice(VALUES)))).encode() + b"\n"
    elif chance < 0.5:
        line = relay_words.MARK + rng.choice(NOISE)[:1100] + b"\n"
    data = rng.choice(NOISE) + line + rng.randbytes(rng.randrange(20))
    return mutated(rng, data) if rng.random() < 0.6 else data


@pytest.mark.fault("G11")
def test_any_greeting_of_a_shell_is_followed_by_a_tunnel_or_an_error():
    def check(data):
        try:
            rest = relay_words.after_greeting("cannot reach 'host'", data)
        except errors.TraitsviewError as error:
            require_one_line(error)
        else:
            assert rest is None or data.endswith(rest)

    fuzz("greetings", heard, check)


@pytest.mark.fault("G11")
def test_any_words_of_a_relay_are_facts_or_an_error():
    def made(rng):
        refusal = relay_words.refusal(errors.HostRefused("what", "why", "remedy"))
        words = rng.choice((refusal, relay_words.obituary("it was killed")))
        if rng.random() < 0.3:
            words = json.dumps([rng.choice(VALUES) for _ in range(rng.randrange(5))])
        if rng.random() < 0.1:
            words = rng.choice("[{") * 4096
        return mutated(rng, words.encode()).decode(errors="replace")[:4096]

    def check(words):
        error = relay_words.error_told(words, "host")
        if error is not None:
            require_one_line(error)

    fuzz("words", made, check, share=1 / 4)


@pytest.mark.fault("G11")
def test_any_words_of_ssh_become_one_line():
    said = (b"Permission denied (publickey).\r\n", b"Could not resolve hostname x: y", b"debug1: z\n", *NOISE)

    def made(rng):
        return mutated(rng, b"".join(rng.choice(said) for _ in range(rng.randrange(4))), said)

    def check(data):
        words = SshWords()
        words.add(data)
        require_one_line(words.error("cannot reach 'host'", "host", True))
        assert words.line.isprintable()

    fuzz("ssh", made, check, share=1 / 4)
