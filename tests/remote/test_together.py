"""Several viewers of one server look at one source: one leads, others follow, and each may go its own way."""

from __future__ import annotations

import itertools
import threading
from contextlib import closing

import numpy as np
import pytest
from kit.companions import Companion
from kit.patience import PATIENCE, wait_until
from kit.sshd import ALIAS, Sshd, needs_sshd
from rpyc.core import brine

from traitsview.color.colormap import Colormap
from traitsview.errors import RequestError, TraitsviewError
from traitsview.geometry import Viewport
from traitsview.model.together import own_name
from traitsview.opening import open_source
from traitsview.remote import wire
from traitsview.remote.host.gathering import Gathering, Member
from traitsview.remote.protocol import endpoint
from traitsview.remote.protocol.channel import MESSAGE_BYTES
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.link import Link
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.company import LOOK_LENGTH, NAME_LENGTH, NOBODY, Sight
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.picture import Picture
from traitsview.testing.feeds import ScriptedFeed


@pytest.fixture
def come(serve):
    """Return a function that has another viewer look at one stack of images; all of them leave in the end."""
    path = serve(ArraySource(np.zeros((5, 700, 900), np.float32)))
    there = []

    def look(name, shape=(300, 400)):
        there.append(Companion(RemoteSource(SocketRoute(path, "it")), name, shape))
        return there[-1]

    yield look
    for companion in there:
        companion.close()
    wait_until(lambda: not [thread for thread in threading.enumerate() if "company" in thread.name])


@pytest.fixture
def pair(come):
    """Return a leader and one who follows."""
    anna, ben = come("anna@laptop"), come("ben@desk")
    ben.until(lambda: len(ben.others) == 2)
    anna.together.lead()
    anna.until(lambda: anna.together.company.leader == anna.together.company.me != 0)
    ben.until(lambda: ben.together.leader is not None)
    ben.together.follow()
    return anna, ben


def test_everybody_is_told_who_looks_and_has_a_view_of_their_own(come):
    anna, ben = come("anna@laptop"), come("ben@desk")
    for one in (anna, ben):
        one.until(lambda one=one: one.others == ["anna@laptop", "ben@desk"])
    shown = ben.viewer.viewport
    anna.viewer.pan(40, 30)
    ben.pump()
    assert ben.viewer.viewport == shown != anna.viewer.viewport
    ben.close()
    anna.until(lambda: anna.others == ["anna@laptop"])


def test_two_of_one_name_are_told_apart_and_names_steer_no_terminal(come):
    come("anna@laptop")
    come("anna@laptop")
    last = come("\x1b]0;x\x07eve")
    last.until(lambda: len(last.others) == 3)
    assert sorted(last.others) == sorted(["anna@laptop", "anna@laptop 2", "\\x1b]0;x\\x07eve"])
    assert own_name().isprintable()
    assert "@" in own_name()


def test_who_follows_shows_the_place_the_plane_and_the_look_of_the_leader_and_its_cursor(pair):
    anna, ben = pair
    anna.viewer.trait_set(plane=(3,), reduction="max", cursor=(120.5, 80.25))
    anna.viewer.appearance.trait_set(colormap="magma", scale="sqrt", limits=(2.0, 5.0), contrast=2.0)
    anna.viewer.zoom(2, (100.0, 90.0))
    ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport and ben.viewer.plane == (3,))
    assert ben.viewer.reduction == "max"
    assert ben.viewer.appearance.trait_get("colormap", "scale", "limits", "contrast") == {
        "colormap": "magma",
        "scale": "sqrt",
        "limits": (2.0, 5.0),
        "contrast": 2.0,
    }
    assert ben.together.mark == (120.5, 80.25)
    assert anna.together.mark is None
    anna.viewer.cursor = None
    ben.until(lambda: ben.together.mark is None)
    assert ben.together.following


@pytest.mark.parametrize("shape", [(150, 700), (600, 800), (40, 30)])
def test_windows_of_other_sizes_show_at_least_what_the_leader_shows(come, shape):
    anna, ben = come("anna@laptop"), come("ben@desk", shape)
    anna.together.lead()
    anna.viewer.show((100.0, 300.0, 200.0, 350.0))
    anna.until(lambda: anna.together.company.leader == anna.together.company.me != 0)
    ben.until(lambda: ben.together.leader is not None)
    ben.together.follow()
    x0, x1, y0, y1 = anna.viewer.viewport.extent

    def within():
        left, right, low, high = ben.viewer.viewport.extent
        edge = ben.viewer.viewport.resolution[0]
        return left <= x0 + edge and x1 - edge <= right and low <= y0 + edge and y1 - edge <= high

    ben.until(within)
    assert ben.viewer.viewport.shape == shape
    ben.viewer.places.resize((333, 444))  # who only resizes the window goes on following
    assert ben.together.following
    assert within()


def pan(viewer):
    viewer.pan(1, 0)


def zoom(viewer):
    viewer.zoom(2)


def plane(viewer):
    viewer.plane = (1,)


def reduction(viewer):
    viewer.reduction = "min"


def colours(viewer):
    viewer.appearance.colormap = "plasma"


def limits(viewer):
    viewer.appearance.limits = (1.0, 2.0)


@pytest.mark.parametrize("move", [pan, zoom, plane, reduction, colours, limits])
def test_who_moves_follows_no_more(pair, move):
    anna, ben = pair
    move(ben.viewer)
    assert not ben.together.following
    assert ben.together.sentence == "you look on your own"
    shown = ben.viewer.viewport
    anna.viewer.pan(77, 55)
    ben.until(lambda: ben.together.company.sight.viewport == anna.viewer.viewport)
    assert ben.viewer.viewport == shown
    ben.viewer.pan(1, 1)
    assert ben.together.sentence == ben.viewer.status.notice == ""
    ben.together.follow()
    ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport)


def test_to_stop_is_a_command_and_back_leads_to_the_place_before(pair):
    anna, ben = pair
    anna.viewer.zoom(4)
    ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport)
    ben.together.toggle_follow()
    assert not ben.together.following
    ben.viewer.back()
    assert ben.viewer.viewport == Viewport.fitting(ben.viewer.info, (300, 400))


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (lambda anna: anna.close(), "anna@laptop has left; you look on your own"),
        (lambda anna: anna.together.close(), "anna@laptop has left; you look on your own"),
        (lambda anna: anna.together.stop(), "anna@laptop leads no more; you look on your own"),
    ],
    ids=["source", "window", "stop"],
)
def test_a_leader_who_goes_ends_the_following_with_a_sentence(pair, end, sentence):
    anna, ben = pair
    end(anna)
    ben.until(lambda: not ben.together.following)
    assert ben.viewer.status.notice == ben.together.sentence == sentence


def test_another_one_takes_the_lead_and_those_who_follow_go_with_it(pair, come):
    anna, ben = pair
    carla = come("carla@lab")
    carla.until(lambda: carla.together.leader is not None)
    carla.viewer.zoom(3)
    carla.together.lead()
    ben.until(lambda: ben.viewer.viewport == carla.viewer.viewport)
    assert str(ben.together.leader) == "carla@lab"
    anna.until(lambda: not anna.together.leading)
    assert anna.viewer.status.notice == "carla@lab leads now"
    anna.viewer.pan(9, 9)  # is told to nobody any more
    carla.viewer.pan(5, 5)
    ben.until(lambda: ben.viewer.viewport == carla.viewer.viewport)


def test_nobody_can_be_followed_where_nobody_leads(come):
    anna = come("anna@laptop")
    anna.until(lambda: anna.others)
    anna.together.follow()
    assert not anna.together.following
    assert anna.viewer.status.fault == "cannot follow: nobody leads; have one of the others lead, or lead yourself"


def test_an_image_that_is_read_for_one_window_has_no_company(tmp_path):
    np.save(tmp_path / "image.npy", np.zeros((20, 30)))
    alone = Companion(open_source(tmp_path / "image.npy"), "anna@laptop")
    assert not alone.together.gathers
    for command in (alone.together.toggle_lead, alone.together.toggle_follow):
        command()
        assert "this image is read for this window alone; open it through a server" in alone.viewer.status.fault
    alone.close()


def test_a_leader_that_moves_without_end_keeps_nothing_waiting(pair, monkeypatch):
    anna, ben = pair
    told, lead = itertools.count(), anna.source.link.lead

    def counted(sight, begin):
        next(told)
        return lead(sight, begin)

    monkeypatch.setattr(anna.source.link, "lead", counted)
    for _ in range(2000):
        anna.viewer.pan(1, 0)
        anna.viewer.pan(-1, 0)
    anna.viewer.pan(3, 2)
    ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport)
    assert next(told) < 1000
    assert ben.together.following


def test_looks_cross_once_and_colormaps_of_ones_own_come_along(pair, monkeypatch):
    anna, ben = pair
    own = Colormap.from_colors("mine", [(0.1, 0.2, 0.3, 1.0), (0.9, 0.8, 0.7, 1.0)])
    anna.viewer.appearance.colormap = own
    ben.until(lambda: ben.viewer.appearance.look.colormap.lut(5)[0].tolist() == own.lut(5)[0].tolist())
    looks = ben.together.company.looks
    anna.viewer.pan(8, 8)
    ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport)
    assert ben.together.company.looks == looks


def test_a_leader_whose_contact_was_lost_leads_again(pair):
    anna, ben = pair
    before = anna.together.company.me
    link = anna.source._contact.link()
    link.close()
    anna.viewer.pan(30, 20)
    anna.until(lambda: anna.together.company.me not in (0, before))
    anna.until(lambda: anna.together.company.leader == anna.together.company.me)
    assert anna.together.leading
    ben.until(lambda: ben.together.leader is not None)
    ben.together.follow()
    ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport)


def test_one_file_by_two_paths_is_looked_at_together(serve, tmp_path):
    np.save(tmp_path / "image.npy", np.zeros((20, 30)))
    (tmp_path / "link.npy").symlink_to("image.npy")
    path = serve(opener=open_source)
    names = [str(tmp_path / "image.npy"), str(tmp_path / "link.npy"), f"{tmp_path}/./image.npy"]
    there = [Companion(RemoteSource(SocketRoute(path, name)), f"viewer {n}") for n, name in enumerate(names)]
    there[0].until(lambda: len(there[0].others) == 3)
    for companion in there:
        companion.close()


@pytest.fixture
def gathering():
    return Gathering()


def member(guest=False):
    return Member(guest, lambda: False)


def test_the_largest_company_and_the_longest_look_fit_into_a_message(gathering):
    sight = Sight(Viewport((1.0, 1.0), (0, 0), (3, 4)), Picture((0,) * 64), "x" * LOOK_LENGTH, (1.0, 2.0))
    there = [member(True) for _ in range(64)]
    for each in there:
        gathering.wait(each, "\U0001d530" * NAME_LENGTH, 0, 0.0)
    assert gathering.lead(there[0], sight, True)
    form = wire.pack_company(gathering.wait(there[1], "", 0, 0.0), 0)
    assert len(brine.dump(form)) < MESSAGE_BYTES - 1000
    assert len(wire.unpack_company(form, NOBODY).people) == 64


def test_only_one_who_is_there_leads_and_what_others_say_is_not_noted(gathering):
    sight = Sight(Viewport((1.0, 1.0), (0, 0), (3, 4)), Picture(), "{}")
    stranger, anna, ben = member(), member(), member()
    assert not gathering.lead(stranger, sight, True)
    gathering.wait(anna, "anna", 0, 0.0)
    gathering.wait(ben, "ben", 0, 0.0)
    assert not gathering.lead(ben, sight, False)
    assert gathering.lead(anna, sight, True)
    assert not gathering.lead(ben, None, False)
    assert gathering.wait(ben, "ben", 0, 0.0).leader == gathering.wait(anna, "anna", 0, 0.0).me
    gathering.leave(anna)
    gathering.leave(anna)
    assert gathering.wait(ben, "ben", 0, 0.0).sight is None
    with pytest.raises(RequestError, match="the session has ended"):
        gathering.wait(Member(False, lambda: True), "gone", 0, 0.0)


def test_a_call_about_others_before_a_source_is_open_is_refused_and_the_host_lives_on(serve):
    path = serve(ArraySource(np.zeros((3, 4))))
    link = Link(endpoint.dialling(path))
    with closing(link), link.borrow() as connection:
        for name, args in (("meet", ("a", 0, 0, 0.0)), ("lead", (True, None))):
            with pytest.raises(RequestError, match="no source is open"):
                connection.call(name, *args)
        connection.call("open", "it", allowance=1 << 20)
        for args in (("", 0, 0, 0.0), ("a", -1, 0, 0.0), ("a", 0, 0, 31.0), (None, 0, 0, 0.0)):
            with pytest.raises(TraitsviewError):
                connection.call("meet", *args)


LOOKS = [
    "{",
    "[]",
    "null",
    '{"traitsview appearance": 2}',
    '{"traitsview appearance": 1, "colormap": "no such"}',
    "x" * 9,
]


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_that_makes_no_sense_is_said_and_the_place_is_still_followed(pair, look, monkeypatch):
    anna, ben = pair
    monkeypatch.setattr(type(anna.together._sight), "look", lambda self: look)
    anna.viewer.pan(31, 17)
    ben.until(lambda: ben.together.company.sight.look == look)
    ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport)
    assert "appearance" in ben.viewer.status.fault or "colormap" in ben.viewer.status.fault
    assert ben.viewer.appearance.colormap == "gray"


FAR = Viewport((1e-300, 1e-300), (1 << 61, 0), (1, 1))
PLACES = [
    FAR,
    Viewport((1e300, 1e300), (-5, -5), (300, 400)),
    Viewport((1.0, 1.0), (1 << 62, 1 << 62), (300, 400)),
    Viewport((1e-9, 1e9), (0, 0), (1 << 31, 1 << 31)),
    Viewport((1.0, 1.0), (0, 0), (300, 400), (1e308, 0.0)),
]


@pytest.mark.parametrize("viewport", PLACES, ids=range(len(PLACES)))
def test_a_leader_at_an_impossible_place_harms_nobody_who_follows(pair, viewport):
    anna, ben = pair
    link = anna.source.link
    assert link.lead(Sight(viewport, Picture((4,)), anna.together._sight.look(), None), False)
    ben.until(lambda: ben.together.company.sight.viewport == viewport)
    assert ben.viewer.viewport.shape == (300, 400)
    ben.viewer.fit()
    ben.viewer.pan(1, 0)
    assert not ben.together.following
    assert link.lead(Sight(anna.viewer.viewport, Picture((4, 4, 4)), anna.together._sight.look(), None), False)
    ben.until(lambda: ben.together.company.sight.picture.plane == (4, 4, 4))
    ben.together.follow()
    assert "plane" in ben.viewer.status.fault


def test_a_live_image_that_changes_its_extent_is_followed_on(serve):
    feed = ScriptedFeed()
    live = FramedSource(feed, "script")
    feed.show(np.zeros((40, 50), np.float32))
    live.wait_newer(0, PATIENCE)
    path = serve(live)
    anna, ben = (Companion(RemoteSource(SocketRoute(path, "it")), name) for name in ("anna@laptop", "ben@desk"))
    anna.together.lead()
    anna.until(lambda: anna.together.company.leader == anna.together.company.me != 0)
    ben.until(lambda: ben.together.leader is not None)
    ben.together.follow()
    extent = (0.0, 400.0, 0.0, 300.0)
    feed.show(np.zeros((80, 100), np.float32), extent=extent)
    for one in (ben, anna):
        one.until(lambda one=one: one.viewer.info.extent == extent)
    assert ben.together.following
    ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport)
    assert ben.viewer.viewport.resolution[0] >= 1.0
    ben.viewer.pan(1, 0)
    assert not ben.together.following
    for one in (anna, ben):
        one.close()


@needs_sshd
def test_one_here_and_one_through_ssh_look_together(monkeypatch):
    daemon = Sshd()
    daemon.start()
    try:
        monkeypatch.setenv("TRAITSVIEW_SSH", daemon.command)
        np.save(daemon.home / "image.npy", np.zeros((60, 80), np.float32))
        with closing(open_source(f"{ALIAS}:image.npy")) as first:
            anna = Companion(first, "anna@laptop")
            ben = Companion(open_source(f"{ALIAS}:{daemon.home}/image.npy"), "ben@desk")
            anna.together.lead()
            anna.until(lambda: anna.together.company.leader == anna.together.company.me != 0)
            ben.until(lambda: ben.together.leader is not None)
            ben.together.follow()
            anna.viewer.zoom(4)
            ben.until(lambda: ben.viewer.viewport == anna.viewer.viewport)
            ben.close()
            anna.until(lambda: anna.others == ["anna@laptop"])
            anna.together.close()
            anna.viewer.close()
    finally:
        daemon.close()
