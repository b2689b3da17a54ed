"""Values that cross have limits: a value at the limit is taken, a value beyond it is refused."""

from __future__ import annotations

import math
import pkgutil
from importlib import import_module

import numpy as np
import pytest

from traitsview.color.indexing import Indexing
from traitsview.errors import RequestError, WireError
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.wire.questions import QUESTIONS
from traitsview.sources import questions
from traitsview.sources.company import LOOK_LENGTH, NAME_LENGTH, NOBODY
from traitsview.sources.image_info import Axis, ImageInfo
from traitsview.sources.image_source import Stage
from traitsview.sources.questions.curves import CurveLines, Curves
from traitsview.sources.questions.question import Question
from traitsview.sources.summary import Summary

PLACE = (0, 0, 1, 1)
FAR = 1 << 62
NAN, INF = math.nan, math.inf
INDEXING = (0.0, 1.0, "linear", 200, True, 1.0, 0.5, ())
NUMBERS = (1, "<f8", (9,), 0)
RATES = (3e9, 1.5e9, 1e9)


def tiles(count=1, dx=1.0, dy=1.0, ax=0.0, ay=0.0):
    return dx, dy, ax, ay, (PLACE,) * count


def stages(*counts, indexing=None):
    return tuple((tiles(count), indexing) for count in counts)


class Brought:
    """A channel that brings one array to each message that tells of one."""

    def __init__(self, array):
        self._data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)

    def take(self, number):
        return self._data


def info(extent=(0.0, 4.0, 0.0, 3.0), axes=0, shape=(3, 4), stored=None, notes=(), live=False, curves=()):
    nothing = (1, "|u1", (0,), 0)
    axis = ("t", 5, "s", (1, "<f8", (0,), 0))
    return (
        "it",
        shape,
        "<f4",
        "scalar",
        extent,
        (axis,) * axes,
        "lower",
        "",
        nothing,
        "",
        0,
        stored,
        "",
        notes,
        live,
        curves,
    )


def summary(sample, minimum=0.0, channels=()):
    return 9, 9, minimum, 1.0, 0.5, 0.1, sample, True, channels


def unpacked_info(value):
    return wire.unpack_info(value, Brought(np.empty(0)))


def unpacked_summary(value):
    return wire.unpack_summary(value, Brought(np.zeros(value[6][2][0], value[6][1])))


#: What unpacks, what it takes, and what it does not.
SEEN = ((1.0, 1.0, 0.0, 0.0, (PLACE,)), ((), "mean", 0))


def company(people=((1, "anna", False),), leader=1, sight=(*SEEN, "{}", None), looks=1, version=1, me=1):
    return version, me, people, leader, sight, looks


def share(what=("/data",), seconds=60.0, guests=(), name="carla"):
    return name, "tls://h:1", "/f", what, seconds, guests


CASES = {
    "name": (wire.unpack_name, ["a", "x" * NAME_LENGTH, "\x1b"], ["", " ", "x" * (NAME_LENGTH + 1), b"a", None]),
    "sight": (
        wire.unpack_sight,
        [None, (*SEEN, "{}", None), (*SEEN, "x" * LOOK_LENGTH, (0.0, -1.0))],
        [
            *((*SEEN, look, None) for look in (None, "x" * (LOOK_LENGTH + 1), "\xe9", b"{}")),
            *((*SEEN, "", cursor) for cursor in ((NAN, 0.0), (0.0, INF), (1, 1), (0.0,), [0.0, 0.0])),
            ((0.0, 1.0, 0.0, 0.0, (PLACE,)), SEEN[1], "", None),
            (SEEN[0], (), "", None),
            SEEN,
        ],
    ),
    "company": (
        lambda value: wire.unpack_company(value, NOBODY),
        [company(), company(leader=0, sight=None), company(people=((FAR, "x" * NAME_LENGTH, True),) * 64)],
        [
            company(people=((1, "a", False),) * 65),
            *(company(people=(person,)) for person in ((1, "a"), (-1, "a", False), (1, "x" * 65, False), (1, "a", 1))),
            company(leader=0),
            company(sight=None),
            company(leader=-1),
            company(sight=(*SEEN, None, None)),
            *(company(**{name: -1}) for name in ("looks", "version", "me")),
        ],
    ),
    "share": (
        wire.unpack_share,
        [None, share(), share(("x" * 512,) * 16, 0.0, ("10.0.0.1",) * 64)],
        [share(("/a",) * 17), share(guests=("a",) * 65), share(seconds=NAN), share(name="x" * 65), share()[:5]],
    ),
    "order": (
        lambda value: wire.unpack_order(*value),
        [("", 0.1, ("/a",)), ("x" * 64, wire.LONGEST_SHARE, ("x" * 512,) * 16)],
        [
            *(("", seconds, ("/a",)) for seconds in (0.0, -1.0, NAN, INF, 1, wire.LONGEST_SHARE + 1)),
            *(("", 1.0, what) for what in ((), ("/a",) * 17, ("x" * 513,), (b"/a",), "/a")),
            ("x" * 65, 1.0, ("/a",)),
        ],
    ),
    "sequence": (wire.unpack_sequence, [0, FAR], [-1, FAR + 1, True, 1.0]),
    "wait": (wire.unpack_wait, [0.0, 30.0], [-0.1, 30.1, NAN, INF, 1, True]),
    "limit": (wire.unpack_limit, [1, 1 << 22], [0, (1 << 22) + 1]),
    "flag": (wire.unpack_flag, [True, False], [1, 0, None]),
    "life": (
        wire.unpack_life,
        [(True, None), (False, 0.0)],
        [(True, -1.0), (True, NAN), (True, INF), (1, None), (True,)],
    ),
    "text": (wire.unpack_text, ["x" * 4096], ["x" * 4097, b"x"]),
    "source": (wire.unpack_source, ["x" * 4096, b"x" * 4096], ["x" * 4097, b"x" * 4097, bytearray(b"x")]),
    "texts": (lambda value: wire.unpack_texts(value, 2), [("a", "b")], [("a",), ("a", "b", "c"), ("a", "x" * 1025)]),
    "picture": (
        wire.unpack_picture,
        [((), "mean", 0), ((0,) * 64, "max", 1), ((FAR,), "mode", FAR)],
        [
            *((plane, "mean", 0) for plane in ((0,) * 65, (-1,), (FAR + 1,), (True,), [0], None)),
            *(((), "x" * 65, 0), ((), b"mean", 0), ((),)),
            *(((), "mean", version) for version in (-1, FAR + 1, True, 1.0)),
        ],
    ),
    "question": (
        wire.unpack_question,
        [
            ("summarize", None, False),
            ("summarize", (0.0, 1.0, 2.0, 3.0), True),
            ("sample", ((NAN, INF),) * 1024),
            ("world", ()),
            ("frames",),
            ("kernel",),
            ("curves", None, 16),
            ("curves", (0.0, 1.0, 2.0, 3.0), 1 << 18),
        ],
        [
            (),
            ("",),
            ("render",),
            (b"sample", ()),
            ("x" * 65,),
            ("summarize", None),
            ("summarize", None, 1),
            ("summarize", (0.0, 0.0, 2.0, 3.0), True),
            ("summarize", (0.0, NAN, 2.0, 3.0), True),
            ("sample", ((0.0, 1.0),) * 1025),
            ("world", (), ()),
            ("frames", ()),
            ("kernel", ()),
            ("curves", None),
            ("curves", None, 15),
            ("curves", None, (1 << 18) + 1),
            ("curves", None, 16.0),
            ("curves", (0.0, 0.0, 2.0, 3.0), 16),
            ("curves", (0.0, NAN, 2.0, 3.0), 16),
        ],
    ),
    "place": (
        wire.unpack_place,
        [(-FAR, FAR, 1, 1 << 31)],
        [(0, 0, 0, 1), (0, 0, 1, (1 << 31) + 1), (FAR + 1, 0, 1, 1)],
    ),
    "tiles": (
        wire.unpack_tiles,
        [tiles(1024)],
        [tiles(0), tiles(1025), *(tiles(**{k: NAN}) for k in ("dx", "dy", "ax"))],
    ),
    "viewport": (wire.unpack_viewport, [tiles(1)], [tiles(2), tiles(0), tiles(ay=INF), tiles(1)[:4]]),
    "extent": (wire.unpack_extent, [None, (0.0, 1.0, 2.0, 3.0)], [(0.0, 1.0, 2.0, x) for x in (NAN, INF, 3)]),
    "points": (wire.unpack_points, [((NAN, INF),) * 1024], [((0.0, 0.0),) * 1025, ((0, 0),), ((0.0,),)]),
    "stages": (wire.unpack_stages, [stages(*[1] * 8), stages(1000, 24)], [(), stages(*[1] * 9), stages(1000, 25)]),
    "indexing": (
        wire.unpack_stages,
        [
            stages(1, indexing=indexing)
            for indexing in (
                INDEXING,
                (0.0, 1.0, "log", 65_000, False, 10.0, 0.0, ()),
                (0.0, 1.0, "log", 256, False, 0.01, 1.0, (0.0, *[0.5] * 1024)),
                (-(2**63), 2**64, *INDEXING[2:]),
            )
        ],
        [
            stages(1, indexing=(*INDEXING[:at], value, *INDEXING[at + 1 :]))
            for at, value in (
                (0, NAN),
                (1, INF),
                (1, 2**64 + 1),
                (1, 10**400),
                (1, True),
                (3, 0),
                (3, 65_001),
                (3, 10**400),
                (4, 1),
                (5, NAN),
                (5, 1),
                (6, INF),
                (7, None),
                (7, [0.0]),
                (7, (0,)),
                (7, (0.0, NAN)),
                (7, (0.0,) * 1026),
            )
        ]
        + [stages(1, indexing=INDEXING[:5]), stages(1, indexing=(*INDEXING, 0))],
    ),
    "speeds": (
        wire.unpack_speeds,
        [(1.0, RATES), (INF, RATES)],
        [(0.0, RATES), (-1.0, RATES), (NAN, RATES), (1, RATES), (1.0, RATES[:2]), (1.0, (0.0, 1.0, 1.0))],
    ),
    "info": (
        unpacked_info,
        [
            info(),
            info(axes=64),
            info(shape=(FAR, FAR)),
            info(stored=("<i8", 2.0, 1.0, 1 << 64), notes=("x" * 512,) * 32),
            info(stored=("<f4", 2.0, 1.0, NAN)),
            info(stored=("<i8", 1.0, 1 << 63, None)),
            info(live=True, curves=("x",) * 3),
        ],
        [
            info(stored=("<i8", 2.0, 1.0, (1 << 64) + 1)),
            info(stored=("<i8", 2.0, 1.0, True)),
            info(stored=("<i8", 1.0, (1 << 64) + 1, None)),
            info(stored=("<i8", 2, 1.0, None)),
            info(stored=("<i9", 2.0, 1.0, None)),
            info(stored=("<i8", 2.0, 1.0)),
            info(notes=("x",) * 33),
            info(notes=("x" * 513,)),
            info(notes=["x"]),
            info(axes=65),
            info(shape=(0, 4)),
            info(shape=(FAR + 1, 4)),
            info((0.0, INF, 0.0, 3.0)),
            info(None),
            info(live=1),
            info(curves=("x",)),
            info(curves=("x" * 257,) * 3),
        ],
    ),
    "summary": (
        unpacked_summary,
        [
            summary((1, "<f8", (1 << 18,), 0)),
            summary((1, "<f4", (1 << 19,), 0)),
            summary((1, "<c16", (1 << 17,), 0)),
            summary((1, "<f8", (9,), 0), -(2**64)),
            summary(NUMBERS, channels=(summary(NUMBERS),) * 3),
            summary(NUMBERS, channels=(summary(NUMBERS, 2**60),) * 4),
        ],
        [
            summary((1, "<f8", ((1 << 18) + 1,), 0)),
            summary((1, "<c16", ((1 << 17) + 1,), 0)),
            summary((1, "<i4", (9,), 0)),
            summary((1, "<c8", (9,), 0)),
            summary((1, "<f8", (9,), 0), -(2**64) - 1),
            summary((1, "<f8", (9,), 0), True),
            summary(NUMBERS, channels=(summary(NUMBERS),) * 2),
            summary(NUMBERS, channels=(summary(NUMBERS),) * 5),
            summary(NUMBERS, channels=[summary(NUMBERS)] * 3),
            summary(NUMBERS, channels=(summary(NUMBERS, channels=(summary(NUMBERS),) * 3),) * 3),
        ],
    ),
}


def test_every_question_crosses_and_has_cases():
    modules = [import_module(f"{questions.__name__}.{each.name}") for each in pkgutil.iter_modules(questions.__path__)]
    kinds = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    known = {kind for kind in kinds if issubclass(kind, Question) and kind is not Question}
    assert {kind for kind, _ in QUESTIONS.values()} == known
    _, taken, refused = CASES["question"]
    for cases in (taken, refused):
        assert set(QUESTIONS) <= {case[0] for case in cases if case}


@pytest.mark.parametrize(("unpack", "most", "beyond"), CASES.values(), ids=CASES)
def test_what_lies_beyond_a_limit_is_refused(unpack, most, beyond):
    for value in most:
        unpack(value)
    for value in beyond:
        with pytest.raises((WireError, RequestError)):
            unpack(value)


ENDS = [-(2**63), -(2**53) - 1, 2**53 + 1, 2**60 + 7, 2**63 - 1, 2**63 + 1, 2**64 - 1]


def test_numbers_that_double_precision_rounds_cross_as_pairs_of_doubles():
    values = np.array([*ENDS, np.nan, np.inf, -np.inf, 0.5], np.longdouble)
    pairs = wire.as_pairs(values)
    assert pairs.dtype == np.complex128
    np.testing.assert_array_equal(wire.from_pairs(pairs), values)
    assert [int(value) for value in wire.from_pairs(pairs)[: len(ENDS)]] == ENDS
    doubles = np.array([0.1, np.nan])
    assert wire.as_pairs(doubles) is doubles
    assert wire.from_pairs(doubles) is doubles


def test_pairs_that_make_no_number_are_none():
    assert np.isnan(wire.from_pairs(np.array([complex(np.inf, -np.inf), complex(np.nan, 1)]))).all()


@pytest.mark.parametrize("number", [0.1, -0.0, *ENDS, 2.0**60])
def test_a_summary_crosses_with_every_digit(number):
    channel = Beside()
    sent = Summary(2, 2, number, 2**64 - 1, 0.5, 0.1, np.array([*ENDS[:3]], np.longdouble), True)
    came = wire.unpack_summary(wire.pack_summary(sent, channel), channel)
    assert (came.minimum, came.maximum) == (sent.minimum, sent.maximum)
    assert type(came.minimum) is type(number)
    np.testing.assert_array_equal(came.sample, sent.sample)


@pytest.mark.parametrize(
    "lie",
    [
        {"rows": tuple(range(1 << 15))},
        {"rows": (-1, 0)},
        {"rows": (0,)},
        {"x": np.zeros(4)},
        {"x": np.zeros(3, np.float32)},
        {"low": np.zeros((2, 4))},
        {"low": np.zeros((2, 3), np.int32)},
        {"high": np.zeros((2, 3), np.complex128)},
    ],
)
def test_curves_that_do_not_fit_each_other_are_refused(lie):
    question = Curves(None, 16)
    values = {"rows": (0, 1), "x": np.zeros(3), "low": np.zeros((2, 3)), "high": np.ones((2, 3))}
    for given in (values, {**values, **lie}):
        channel = Beside()
        form = wire.pack_answer(question, CurveLines(**given), channel)
        if given is values:
            wire.unpack_answer(form, question, IMAGE, channel)
        else:
            with pytest.raises(WireError):
                wire.unpack_answer(form, question, IMAGE, channel)


HOSTILE = "\x1b]0;title\x07\r\u202egnp"


class Beside:
    """A channel that keeps what goes beside a message for who takes it."""

    def __init__(self):
        self._arrays = []

    def attach(self, array):
        self._arrays.append(array.reshape(-1).view(np.uint8))
        return len(self._arrays) - 1

    def take(self, number):
        return self._arrays[number]


IMAGE = ImageInfo(
    HOSTILE,
    (3, 4),
    "<f4",
    extent=(0.0, 4.0, 0.0, 3.0),
    axes=(Axis(HOSTILE, 2, HOSTILE),),
    unit=HOSTILE,
    colour_axis=HOSTILE,
    notes=(HOSTILE,),
    world=f"A = 1\n{HOSTILE}",
    world_problem=HOSTILE,
)


def shown(image):
    return [
        image.name,
        image.unit,
        image.world_problem,
        image.colour_axis,
        *image.notes,
        *image.world.split("\n"),
        *(text for axis in image.axes for text in (axis.name, axis.unit)),
    ]


def test_texts_that_are_cut_say_so_and_short_ones_are_whole():
    places = ("wavelength 5000.125 Å, " * 40, "x " * 1000 + "5000.125")
    whole, cut = wire.unpack_texts(wire.pack_texts(places), 2)
    assert whole == places[0]
    assert len(cut) == 1024
    assert cut.endswith("…")


def test_words_do_nothing_to_a_terminal_whoever_packs_them():
    channel = Beside()
    form = list(wire.pack_info(IMAGE, channel))
    assert all(text.isprintable() for text in shown(wire.unpack_info(tuple(form), channel)))
    form[0] = form[7] = form[9] = form[12] = HOSTILE
    form[13] = (HOSTILE,)
    form[5] = tuple((HOSTILE, size, HOSTILE, coordinates) for _, size, _, coordinates in form[5])
    form[8] = wire.pack_array(np.frombuffer(IMAGE.world.encode(), np.uint8), channel)
    assert all(text.isprintable() for text in shown(wire.unpack_info(tuple(form), channel)))
    assert all(text.isprintable() for text in wire.pack_texts((HOSTILE, HOSTILE)))
    assert all(text.isprintable() for text in wire.unpack_texts((HOSTILE, HOSTILE), 2))
    assert all(text.isprintable() for text in wire.pack_error(RequestError(HOSTILE, HOSTILE, HOSTILE)))
    assert str(wire.unpack_error(("RequestError", HOSTILE, HOSTILE, HOSTILE))).isprintable()


@pytest.mark.parametrize(
    "indexing",
    [
        None,
        Indexing((0.0, 1.0), "symlog:0.01", 253, True, 10.0, 0.0),
        Indexing((-1.0, 1.0), "histogram", 256, False, 0.01, 1.0, (0.0, 0.25, 0.25, 1.0)),
        Indexing((0.0, 1.0), "labels0", 3, curve=(-7.0, 2.5, 1e9)),
        Indexing((2**60 + 1, 2**60 + 40)),
    ],
)
def test_how_values_become_indices_comes_across(indexing):
    sent = (Stage(tuple(Viewport((1.0, 1.0), (0, 0), (30, 40)).tiles(16)), indexing),)
    assert wire.unpack_stages(wire.pack_stages(sent)) == sent


@pytest.mark.parametrize(
    ("at", "value", "why"),
    [
        (2, "power:0", "power"),
        (2, "cube", "unknown scale"),
        (5, 0.0, "contrast"),
        (5, 10.1, "contrast"),
        (6, -0.1, "bias"),
        (7, (1.0, 0.5), "rise"),
        (1, 0.0, "differ"),
    ],
)
def test_what_makes_no_colours_is_told_in_words(at, value, why):
    with pytest.raises(RequestError, match=why):
        wire.unpack_stages(stages(1, indexing=(*INDEXING[:at], value, *INDEXING[at + 1 :])))
