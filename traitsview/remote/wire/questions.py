"""Questions and their answers: one row of a table for each kind, which says how they cross."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

import numpy as np

from ... import errors
from ...sources.image_info import ImageInfo
from ...sources.questions.curves import CURVE_POINTS, CurveLines, Curves
from ...sources.questions.frames import FrameMark, Frames
from ...sources.questions.kernel_access import KernelAccess, KernelDoor
from ...sources.questions.question import Points, Question
from ...sources.questions.sample import Sample
from ...sources.questions.summarize import Summarize
from ...sources.questions.world import World
from ...sources.summary import Summary
from ..protocol.channel import AttachmentChannel
from ..protocol.coder import AT_ONCE, Coder, Speeds
from .arrays import pack_array, unpack_array
from .frames import pack_marks, unpack_marks
from .images import SUMMARY_BYTES, pack_summary, unpack_summary
from .pairs import as_pairs, from_pairs
from .texts import TEXTS, pack_texts, unpack_text, unpack_texts
from .values import refusal, sized, typed, unpack_flag, unpack_sequence, within
from .viewports import POINTS, pack_points, unpack_extent, unpack_points

__all__ = [
    "QUESTIONS",
    "QuestionForm",
    "form_of",
    "pack_answer",
    "pack_question",
    "unpack_answer",
    "unpack_question",
]

#: Channels of a kernel.
KERNEL_CHANNELS = 5

#: Characters of each text about a kernel, at most.
_DOOR_CHARACTERS = 256

_LARGEST_PORT = 65535

Asked = TypeVar("Asked", bound=Question[Any])
Answer = TypeVar("Answer")

#: Bytes of the value of a point, at most.
_POINT_BYTES = 64

#: Bytes of curves, at most: two points for each column, of which each has a least and a greatest value, and x.
_CURVE_BYTES = 8 * 8 * CURVE_POINTS


class QuestionForm(ABC, Generic[Asked, Answer]):
    """How questions of one kind and their answers cross.

    A question that is larger than one message may be crosses in parts, whose answers are joined.
    """

    @abstractmethod
    def pack(self, question: Asked) -> tuple[object, ...]:
        """Return the values that a question is made of."""

    @abstractmethod
    def unpack(self, values: tuple[object, ...]) -> Asked:
        """Return a question, or raise `WireError`."""

    @abstractmethod
    def pack_answer(self, answer: Answer, channel: AttachmentChannel, coder: Coder | None, speeds: Speeds) -> object:
        """Return the form of an answer, whose arrays go beside the message."""

    @abstractmethod
    def unpack_answer(self, value: object, question: Asked, info: ImageInfo, channel: AttachmentChannel) -> Answer:
        """Return the answer to a question about an image, or raise `WireError`."""

    def parts(self, question: Asked) -> Sequence[Asked]:
        """Return the questions that cross, each by itself."""
        return (question,)

    def joined(self, answers: Sequence[Answer]) -> Answer:
        """Return the answer to the question whose parts have these answers."""
        (answer,) = answers
        return answer

    def allowance(self, question: Asked) -> int:
        """Return the bytes of arrays that may come beside the answer."""
        return 0


class _SummarizeForm(QuestionForm[Summarize, Summary]):
    def pack(self, question: Summarize) -> tuple[object, ...]:
        return question.extent, bool(question.exact)

    def unpack(self, values: tuple[object, ...]) -> Summarize:
        extent, exact = sized(values, 2)
        return Summarize(unpack_extent(extent), unpack_flag(exact))

    def pack_answer(
        self, answer: Summary, channel: AttachmentChannel, coder: Coder | None, speeds: Speeds
    ) -> tuple[object, ...]:
        return pack_summary(answer, channel, coder, speeds)

    def unpack_answer(self, value: object, question: Summarize, info: ImageInfo, channel: AttachmentChannel) -> Summary:
        return unpack_summary(value, channel)

    def allowance(self, question: Summarize) -> int:
        return SUMMARY_BYTES


class _SampleForm(QuestionForm[Sample, np.ndarray]):
    def pack(self, question: Sample) -> tuple[object, ...]:
        return (pack_points(question.points),)

    def unpack(self, values: tuple[object, ...]) -> Sample:
        (points,) = sized(values, 1)
        return Sample(unpack_points(points))

    def pack_answer(
        self, answer: np.ndarray, channel: AttachmentChannel, coder: Coder | None, speeds: Speeds
    ) -> tuple[object, ...]:
        return pack_array(as_pairs(np.asarray(answer)), channel)

    def unpack_answer(self, value: object, question: Sample, info: ImageInfo, channel: AttachmentChannel) -> np.ndarray:
        count = len(question.points)
        values = unpack_array(value, channel, (count,) if info.channels == 1 else (count, info.channels))
        return values if info.kind == "complex" else from_pairs(values)

    def parts(self, question: Sample) -> Sequence[Sample]:
        return _cut(question, POINTS) or (question,)

    def joined(self, answers: Sequence[np.ndarray]) -> np.ndarray:
        return answers[0] if len(answers) == 1 else np.concatenate(answers)

    def allowance(self, question: Sample) -> int:
        return len(question.points) * _POINT_BYTES


class _WorldForm(QuestionForm[World, tuple[str, ...]]):
    def pack(self, question: World) -> tuple[object, ...]:
        return (pack_points(question.points),)

    def unpack(self, values: tuple[object, ...]) -> World:
        (points,) = sized(values, 1)
        return World(unpack_points(points))

    def pack_answer(
        self, answer: tuple[str, ...], channel: AttachmentChannel, coder: Coder | None, speeds: Speeds
    ) -> tuple[str, ...]:
        return pack_texts(answer)

    def unpack_answer(
        self, value: object, question: World, info: ImageInfo, channel: AttachmentChannel
    ) -> tuple[str, ...]:
        return unpack_texts(value, len(question.points))

    def parts(self, question: World) -> Sequence[World]:
        return _cut(question, TEXTS)

    def joined(self, answers: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(text for texts in answers for text in texts)


class _FramesForm(QuestionForm[Frames, tuple[FrameMark, ...]]):
    def pack(self, question: Frames) -> tuple[object, ...]:
        return ()

    def unpack(self, values: tuple[object, ...]) -> Frames:
        sized(values, 0)
        return Frames()

    def pack_answer(
        self, answer: tuple[FrameMark, ...], channel: AttachmentChannel, coder: Coder | None, speeds: Speeds
    ) -> tuple[object, ...]:
        return pack_marks(answer)

    def unpack_answer(
        self, value: object, question: Frames, info: ImageInfo, channel: AttachmentChannel
    ) -> tuple[FrameMark, ...]:
        return unpack_marks(value)


class _CurvesForm(QuestionForm[Curves, CurveLines]):
    def pack(self, question: Curves) -> tuple[object, ...]:
        return question.extent, int(question.width)

    def unpack(self, values: tuple[object, ...]) -> Curves:
        extent, width = sized(values, 2)
        return Curves(unpack_extent(extent), within(width, 1, CURVE_POINTS))

    def pack_answer(
        self, answer: CurveLines, channel: AttachmentChannel, coder: Coder | None, speeds: Speeds
    ) -> tuple[object, ...]:
        x, low = (pack_array(array, channel, coder, speeds) for array in (answer.x, answer.low))
        high = None if answer.single else pack_array(answer.high, channel, coder, speeds)
        return tuple(int(row) for row in answer.rows), x, low, high

    def unpack_answer(self, value: object, question: Curves, info: ImageInfo, channel: AttachmentChannel) -> CurveLines:
        rows, x, low, high = sized(value, 4)
        numbers = tuple(unpack_sequence(row) for row in typed(rows, tuple)[: CURVE_POINTS + 1])
        if len(numbers) * question.width > CURVE_POINTS:
            raise refusal(f"{len(numbers)} curves in {question.width} columns")
        places = unpack_array(x, channel, (None,), np.dtype(np.float64))
        lows = _unpack_values(low, channel, (len(numbers), len(places)))
        highs = lows if high is None else _unpack_values(high, channel, (len(numbers), len(places)))
        return CurveLines(numbers, places, lows, highs)

    def allowance(self, question: Curves) -> int:
        return _CURVE_BYTES


def _unpack_values(value: object, channel: AttachmentChannel, shape: tuple[int, int]) -> np.ndarray:
    """Return the values of curves."""
    values = unpack_array(value, channel, shape, most=_CURVE_BYTES)
    if values.dtype not in (np.float32, np.float64):
        raise refusal(f"curves of {values.dtype}")
    return values


class _KernelAccessForm(QuestionForm[KernelAccess, KernelDoor]):
    def pack(self, question: KernelAccess) -> tuple[object, ...]:
        return ()

    def unpack(self, values: tuple[object, ...]) -> KernelAccess:
        sized(values, 0)
        return KernelAccess()

    def pack_answer(
        self, answer: KernelDoor, channel: AttachmentChannel, coder: Coder | None, speeds: Speeds
    ) -> tuple[object, ...]:
        return answer.transport, answer.ip, tuple(int(port) for port in answer.ports), answer.key, answer.signature

    def unpack_answer(
        self, value: object, question: KernelAccess, info: ImageInfo, channel: AttachmentChannel
    ) -> KernelDoor:
        transport, ip, ports, key, signature = sized(value, 5)
        if transport not in ("", "tcp", "ipc") or len(typed(ports, tuple)) not in (0, KERNEL_CHANNELS):
            raise refusal("no kernel is reached like that")
        texts = (unpack_text(text, _DOOR_CHARACTERS) for text in (transport, ip, key, signature))
        transport, ip, key, signature = texts
        return KernelDoor(transport, ip, tuple(within(port, 1, _LARGEST_PORT) for port in ports), key, signature)


#: The kinds of questions that cross: their names, and how they do.
QUESTIONS: dict[str, tuple[type[Question[Any]], QuestionForm[Any, Any]]] = {
    "summarize": (Summarize, _SummarizeForm()),
    "sample": (Sample, _SampleForm()),
    "world": (World, _WorldForm()),
    "frames": (Frames, _FramesForm()),
    "curves": (Curves, _CurvesForm()),
    "kernel": (KernelAccess, _KernelAccessForm()),
}

_NAMES = {kind: name for name, (kind, _) in QUESTIONS.items()}


def form_of(question: Question[Any]) -> QuestionForm[Any, Any] | None:
    """Return how a question crosses; None where it does not."""
    name = _NAMES.get(type(question))
    return None if name is None else QUESTIONS[name][1]


def pack_question(question: Question[Any]) -> tuple[object, ...]:
    """Return the form of a question: its name, and its values."""
    name = _NAMES[type(question)]
    return name, *QUESTIONS[name][1].pack(question)


def unpack_question(value: object) -> Question[Any]:
    """Return a question."""
    items: tuple[object, ...] = typed(value, tuple)
    name = unpack_text(items[0], 64) if items else ""
    if name not in QUESTIONS:
        raise refusal(f"a question of the kind {errors.quoted(name)}")
    question: Question[Any] = QUESTIONS[name][1].unpack(items[1:])
    return question


def pack_answer(
    question: Question[Any],
    answer: Any,
    channel: AttachmentChannel,
    coder: Coder | None = None,
    speeds: Speeds = AT_ONCE,
) -> object:
    """Return the form of the answer to a question; large ones are encoded where there is a `coder`."""
    return QUESTIONS[_NAMES[type(question)]][1].pack_answer(answer, channel, coder, speeds)


def unpack_answer(value: object, question: Question[Any], info: ImageInfo, channel: AttachmentChannel) -> Any:
    """Return the answer to a question."""
    return QUESTIONS[_NAMES[type(question)]][1].unpack_answer(value, question, info, channel)


def _cut(question: Any, size: int) -> tuple[Any, ...]:
    """Return questions about `size` points each, at most."""
    points: Points = question.points
    return tuple(replace(question, points=points[at : at + size]) for at in range(0, len(points), size))
