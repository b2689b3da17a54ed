"""Whatever a program that is looked into answers, and whatever it is asked: our own errors, and bounded memory."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket

import numpy as np
import pytest
from kit.fuzzing import fuzz, require_one_line
from kit.mutation import NUMBERS, WIDE, mutated

from traitsview.errors import TraitsviewError
from traitsview.geometry import Viewport
from traitsview.sources.services import far_frames
from traitsview.sources.services.far_arrays import FarArrays
from traitsview.sources.services.far_frames import FrameError, receive, send
from traitsview.sources.services.far_image import FarImage, answered
from traitsview.sources.services.far_words import info_of

LIMIT = 1 << 16

ARRAYS = {"rho": np.arange(12.0).reshape(3, 4), "rgb": np.zeros((5, 6, 3), np.uint8), "text": "a", "x": np.ones(7)}

VIEWPORT = {"resolution": [1.0, 1.0], "origin": [0, 0], "shape": [3, 4], "anchor": [0.0, 0.0]}

QUESTIONS = [
    {"do": "variables"},
    *({"do": "look", "expression": name, "copy": 1 << 20, "seen": 0} for name in ("rho", "rgb", "text", "x", "rho *")),
    *(
        {"do": do, "expression": "rho", "version": 1, "plane": [], **about}
        for do, about in (
            ("render", {"viewport": VIEWPORT, "reduction": "mean"}),
            ("sample", {"points": [[0.5, 0.5]]}),
            ("summarize", {"extent": None, "exact": True}),
        )
    ),
    {"do": "forget", "expression": "rho"},
]

#: What takes the place of a part of a question or an answer.
PARTS = (None, True, -1, 0, 1, 2**63, 1e300, float("nan"), "", "rho", "x" * 300, [], {}, [[]], [0, 0], {"a": 1})


def changed(rng, value):
    """Return a JSON value in which one part is another one."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        return {**value, key: changed(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.7:
        at = rng.randrange(len(value))
        return [*value[:at], changed(rng, value[at]), *value[at + 1 :]]
    return rng.choice(PARTS)


@contextlib.contextmanager
def pair():
    near, far = socket.socketpair()
    with near, far:
        yield near, far


def recorded(words, arrays):
    """Return the bytes of a message with arrays that are not in a memfd."""
    with pair() as (near, far):
        send(far, words, arrays)
        far.shutdown(socket.SHUT_WR)
        data = b""
        while part := near.recv(1 << 16):
            data += part
    return data


def made_message(rng):
    """Return the bytes of a message, and the size and the seals of the memory beside it, if any."""
    small = [np.arange(rng.choice((0, 1, 100)), dtype=rng.choice(("u1", "f8"))) for _ in range(rng.randrange(3))]
    data = recorded({"arrays": [], "number": 1}, small)
    chance = rng.random()
    if chance < 0.3:
        data = mutated(rng, data, [data])
    elif chance < 0.7:
        numbers = [rng.choice((0, 1, 40, LIMIT, LIMIT + 1, *NUMBERS, *WIDE)) % 2**32 for _ in range(3)]
        text = json.dumps(changed(rng, {"starts": [0], "sizes": [40], "arrays": []})).encode()
        head = far_frames._HEADER.pack(b"tvF1", rng.choice((len(text), numbers[0])), *numbers[1:])
        data = head + text + rng.randbytes(rng.choice((0, 40, 100)))
    memory = rng.choice((None, None, 0, 40, 1 << 13))
    return data, memory, rng.random() < 0.5


def check_message(case):
    data, size, sealed = case
    with pair() as (near, far):
        if size is None:
            far.sendall(data)
        else:
            memory = os.memfd_create("fuzz", os.MFD_ALLOW_SEALING)
            os.ftruncate(memory, size)
            if sealed:
                fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK)
            socket.send_fds(far, [data or b"x"], [memory, memory])
            os.close(memory)
        far.shutdown(socket.SHUT_WR)
        try:
            while True:
                words, buffers = receive(near, LIMIT, LIMIT)
                assert isinstance(words, dict)
                assert sum(len(buffer) for buffer in buffers) <= LIMIT * len(buffers)
        except (FrameError, EOFError) as error:
            require_one_line(error)


@pytest.mark.fault("G11")
def test_any_bytes_from_a_program_are_messages_or_the_end():
    fuzz("far messages", made_message, check_message)


def made_answer(rng):
    arrays = FarArrays(lambda: ARRAYS)
    words, buffers = None, []
    for question in rng.sample(QUESTIONS, 3) if rng.random() < 0.3 else [QUESTIONS[1], rng.choice(QUESTIONS[6:9])]:
        words, buffers = arrays.answer(question)
    words = changed(rng, json.loads(json.dumps(words))) if rng.random() < 0.9 else words
    buffers = [bytes(buffer) for buffer in buffers]
    if rng.random() < 0.3:
        buffers = [buffer[: rng.randrange(len(buffer) + 1)] for buffer in buffers]
    return rng.choice((1, 2, 3, 4)), words if isinstance(words, dict) else {"arrays": words}, buffers


def check_answer(case):
    what, words, buffers = case

    def ask(question):
        return words, buffers

    info = info_of(FarArrays(lambda: ARRAYS).answer(QUESTIONS[1])[0]["info"])
    image = FarImage(ask, "rho", 1, info)
    try:
        if what == 1:
            pixels = image.render(Viewport((1.0, 1.0), (0, 0), (3, 4)))
            assert pixels.shape == (3, 4)
        elif what == 2:
            assert image.sample([(0.5, 0.5)]).shape == (1,)
        elif what == 3:
            image.summarize()
        else:
            told, _ = answered(ask, {"do": "look"}, "rho")
            with contextlib.suppress(ValueError):
                info_of(told.get("info"))
    except TraitsviewError as error:
        require_one_line(error)


@pytest.mark.fault("G11")
def test_any_answer_of_a_program_is_an_answer_or_an_error_of_ours():
    fuzz("far answers", made_answer, check_answer)


def made_questions(rng):
    return [changed(rng, rng.choice(QUESTIONS)) if rng.random() < 0.8 else rng.choice(QUESTIONS) for _ in range(4)]


def check_questions(questions):
    arrays = FarArrays(lambda: ARRAYS)
    for question in questions:
        words, found = arrays.answer(question)
        json.dumps(words)
        assert len(words["arrays"]) == len(found)


@pytest.mark.fault("X2")
def test_any_question_to_a_program_is_answered():
    fuzz("far questions", made_questions, check_questions)
