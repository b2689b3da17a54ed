"""Shares: guests look at what is shared, until the share ends, and can do nothing else."""

from __future__ import annotations

import os
import shutil
import stat
import threading
import time
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from kit.companions import Companion
from kit.patience import PATIENCE

from traitsview.errors import HostRefused, RequestError, SourceError, SourceNotFound, SourceUnreadable, TraitsviewError
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.host import server, service
from traitsview.remote.host.access import OWNER, Access
from traitsview.remote.host.server import Server
from traitsview.remote.host.session import Session
from traitsview.remote.host.source_pool import SourcePool, open_here
from traitsview.remote.protocol import endpoint, hello
from traitsview.remote.protocol.hello import Role
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.routes.tls_route import TlsRoute
from traitsview.remote.tls import credentials, tls_handshake
from traitsview.remote.tls.tls_listener import Listener, bridge_to
from traitsview.remote.user_server import shares as shares_module
from traitsview.remote.user_server.shares import Shares
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.address import parse_address
from traitsview.sources.arrays.array_source import ArraySource

HOST = "127.0.0.1"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with files to share and others; credentials are in another one."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    shared = tmp_path / "shared"
    shared.mkdir()
    np.save(shared / "image.npy", np.arange(600.0).reshape(20, 30))
    np.save(tmp_path / "secret.npy", np.zeros((4, 5)))
    (shared / "out.npy").symlink_to(tmp_path / "secret.npy")
    return shared


def opened(text):
    """Open a file, or a live image for tests."""
    return ArraySource(np.ones((20, 30)), name=text) if text.startswith("live:") else open_here(text)


class Served:
    """A server with a door on the network and shares."""

    def __init__(self, path):
        self.socket = path
        self.pool = SourcePool(opened, keep=0.0)
        self.door = None
        self.shares = Shares(lambda: self.server, lambda: self.door, ())
        self.server = Server(endpoint.listen(path), self.pool, self.shares)
        self.door = Listener(HOST, 0, bridge_to(lambda: path))
        self._accepting = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._accepting.start()

    def guest(self, share, text):
        """Return what a guest sees of a source: the guest has the file of a share, and no other."""
        port = int(self.door.address.rpartition(":")[2])
        shutil.copy2(share.file, credentials.record_path(HOST, port))
        return RemoteSource(TlsRoute(parse_address(f"{self.door.address}{text}")))

    def owner(self, text):
        return RemoteSource(SocketRoute(self.socket, text))

    def close(self):
        self.shares.close()
        self.door.close()
        self.door._thread.join(PATIENCE)
        self.server.close()
        self._accepting.join(PATIENCE)


@pytest.fixture
def served(folder, socket_path):
    with closing(Served(socket_path)) as there:
        yield there


def pixels(source):
    return source.render(Viewport.fitting(source.info, (20, 30)))


def test_a_guest_sees_what_is_shared_as_the_owner_sees_it(served, folder):
    share = served.shares.share("", 60.0, [str(folder)])
    assert (share.name, share.what, share.address) == ("share-1", (str(folder),), served.door.address)
    with served.guest(share, f"{folder}/image.npy") as theirs, served.owner(f"{folder}/image.npy") as ours:
        np.testing.assert_array_equal(pixels(theirs), pixels(ours))
        assert served.shares.shares()[0].guests == (HOST,)
    single = served.shares.share("one-file", 60.0, [f"{folder}/image.npy"])
    with served.guest(single, f"{folder}/image.npy") as theirs:
        assert pixels(theirs)[0, 1] == 1.0


def test_a_live_image_is_shared_by_its_name(served, folder):
    share = served.shares.share("carla", 60.0, ["live:density"])
    assert share.what == ("live:density",)
    with served.guest(share, "/live:density") as theirs:
        assert theirs.info.name == "live:density"
        assert pixels(theirs)[0, 0] == 1.0
    for other in ("/live:energy", "/live:density/0", "/live:", "/live:*", f"{folder}/image.npy"):
        with pytest.raises(SourceUnreadable, match="it is not shared with you; ask the owner"):
            served.guest(share, other)


REFUSED = ["kernel:1?rho", "engines:default?rho", "dask:x", "yt:x", "live:density", "login3:/etc/passwd"]


@pytest.mark.fault("X12")
@pytest.mark.parametrize("text", ["{above}/secret.npy", "{shared}/../secret.npy", "{shared}/out.npy", *REFUSED])
def test_what_is_not_shared_is_refused_whether_it_exists_or_not(served, folder, text):
    guest = shares_module.Guest("carla", [str(folder)])
    text = text.format(shared=folder, above=folder.parent)
    with closing(guest), pytest.raises(SourceUnreadable, match=r"it is not shared with you; ask the owner") as told:
        guest.take(served.pool, text)
    with closing(shares_module.Guest("carla", [str(folder)])) as other, pytest.raises(SourceUnreadable) as missing:
        other.take(served.pool, f"{folder.parent}/none.npy")
    assert told.value.why == missing.value.why


def test_a_guest_is_told_of_a_missing_file_in_a_shared_folder(served, folder):
    share = served.shares.share("", 60.0, [str(folder)])
    with pytest.raises(SourceNotFound, match="no such file"):
        served.guest(share, f"{folder}/none.npy")


@pytest.mark.fault("X12")
def test_a_file_that_a_link_has_replaced_since_it_was_opened_is_not_told_to_a_guest(served, folder, tmp_path):
    guest = shares_module.Guest("carla", [str(folder)])
    (tmp_path / "image.npy").symlink_to(tmp_path / "secret.npy")
    swapped = served.pool.take(str(tmp_path / "secret.npy"))

    class Deceived(SourcePool):
        def take(self, text, open_source=None):
            return served.pool.take(str(tmp_path / "secret.npy"))

        def give_back(self, source):
            served.pool.give_back(source)

    with closing(guest), pytest.raises(SourceUnreadable, match="it is not shared with you"):
        guest.take(Deceived(opened), f"{folder}/image.npy")
    served.pool.give_back(swapped)


def test_what_was_opened_while_the_share_ended_is_given_back(served, folder):
    guest = shares_module.Guest("carla", [str(folder), "live:density"])
    for text in (f"{folder}/image.npy", "live:density"):
        guest.ended = False
        taken = []

        class Slow(SourcePool):
            def take(self, text, open_source=None):
                guest.ended = True
                return served.pool.take(text, open_source)

            def give_back(self, source, taken=taken):
                taken.append(source)
                served.pool.give_back(source)

        with pytest.raises(SourceUnreadable, match="it is not shared with you"):
            guest.take(Slow(opened), text)
        assert len(taken) == 1
    guest.close()


class GuestOfAll(Access):
    guest = True


@pytest.fixture
def methods(served):
    """Return a function that returns all calls that a session with some access may make, by name."""
    sessions = []

    def of(access):
        session = Session(served.pool, access, None if access.guest else served.shares)
        sessions.append(session)
        return {name: each for role in Role for name, each in service.methods_for(role, session, None).items()}

    yield of
    for session in sessions:
        session.close()


@pytest.mark.fault("X12")
def test_each_call_has_a_scope_and_guests_are_refused_all_that_is_the_owners(methods, served):
    own = methods(OWNER)
    assert own.keys() == service.SCOPES.keys()
    # The object that shares is withheld, and its calls are refused even if a guest's session had it; so is the list.
    session = Session(served.pool, GuestOfAll(), served.shares)
    calls = {name: each for role in Role for name, each in service.methods_for(role, session, None).items()}
    refused = set()
    for name, call in calls.items():
        if call is service._refused:
            refused.add(name)
            with pytest.raises(RequestError, match="a guest may only look; ask the owner"):
                call(1, 2, 3)
    session.close()
    assert refused == {name for name, scope in service.SCOPES.items() if scope is service.Scope.OWN}
    assert refused == {"list", "share", "shares", "revoke"}
    assert methods(GuestOfAll()).keys() & refused == {"list"}


@pytest.mark.fault("X12")
def test_a_call_without_a_scope_is_refused_to_guests(methods, monkeypatch):
    scopes = {name: scope for name, scope in service.SCOPES.items() if name != "render"}
    monkeypatch.setattr(service, "SCOPES", scopes)
    with pytest.raises(RequestError, match="a guest may only look"):
        methods(GuestOfAll())["render"]((), ())


def test_to_revoke_ends_the_sessions_at_once_and_the_guest_hears_why(served, folder, wait_until):
    share, other = (served.shares.share("", 60.0, [str(folder)]) for _ in range(2))
    key = served.shares._made["share-1"].known
    text = f"{folder}/image.npy"
    theirs, staying = served.guest(share, text), served.guest(other, text)
    told = []
    theirs.link.watch(told.append)
    with theirs, staying, served.owner(text) as ours:
        assert served.shares.revoke("share-1") == ("share-1",)
        wait_until(lambda: told)
        assert isinstance(told[-1], HostRefused)
        assert "its owner has ended the share, or its time is over; ask its owner" in str(told[-1])
        with pytest.raises(TraitsviewError):
            pixels(theirs)
        assert served.server.viewers == 2
        served.shares.tidy()
        wait_until(lambda: served.door.peers(key) == ())
        assert pixels(staying)[0, 1] == pixels(ours)[0, 1] == 1.0
    assert not os.path.exists(share.file)
    assert [each.name for each in served.shares.shares()] == ["share-2"]


@pytest.mark.fault("X3")
def test_who_has_the_file_of_an_ended_share_is_not_let_in(served, folder):
    share = served.shares.share("", 60.0, [str(folder)])
    port = int(served.door.address.rpartition(":")[2])
    path = credentials.record_path(HOST, port)
    shutil.copy2(share.file, path)
    known = credentials.credentials_for(HOST, port)
    tls_handshake.connect(known, PATIENCE).close()
    served.shares.revoke("all")
    with pytest.raises(HostRefused, match="it does not let us in"):
        tls_handshake.connect(known, PATIENCE)


@pytest.mark.fault("X3")
def test_a_share_ends_by_a_clock_that_nobody_sets(served, folder, monkeypatch, wait_until):
    now = [1000.0]
    monkeypatch.setattr(shares_module, "_now", lambda: now[0])
    share = served.shares.share("", 60.0, [str(folder)])
    with served.guest(share, f"{folder}/image.npy") as theirs:
        told = []
        theirs.link.watch(told.append)
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + 1e6)  # as if the wall clock was set
        served.shares.tidy()
        assert served.shares.shares()[0].seconds == 60.0
        now[0] += 59.5
        served.shares.tidy()
        assert pixels(theirs)[0, 1] == 1.0
        now[0] += 0.5
        served.shares.tidy()
        wait_until(lambda: told)
    assert served.shares.shares() == ()
    assert not os.path.exists(share.file)


def test_a_token_of_another_share_opens_nothing(served, folder):
    first, second = (served.shares.share("", 60.0, [str(folder)]) for _ in range(2))
    one, two = (read(served, each) for each in (first, second))
    for mixed in (
        replace(one, token=two.token),
        replace(two, client_certificate=one.client_certificate, client_key=one.client_key),
    ):
        with pytest.raises(HostRefused, match="it does not let us in"):
            tls_handshake.connect(mixed, PATIENCE)


def read(served, share):
    port = int(served.door.address.rpartition(":")[2])
    shutil.copy2(share.file, credentials.record_path(HOST, port))
    return credentials.credentials_for(HOST, port)


def test_the_file_of_a_share_is_private_and_its_token_is_in_no_repr_and_no_log(served, folder, caplog):
    caplog.set_level("DEBUG")
    share = served.shares.share("carla", 60.0, [str(folder)])
    assert stat.S_IMODE(os.stat(share.file).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(share.file)).st_mode) == 0o700
    known = read(served, share)
    assert len(bytes.fromhex(known.token)) == 32
    served.shares.revoke("carla")
    said = caplog.text + repr(known) + repr(share) + repr(served.shares._made)
    assert known.token not in said
    assert "PRIVATE" not in said


@pytest.mark.parametrize("name", ["all", "a/b", "../x", "x" * 41, "-x", "a b", "\x1b"])
def test_names_of_shares_are_names_of_files(served, folder, name):
    with pytest.raises(RequestError, match="choose another name"):
        served.shares.share(name, 60.0, [str(folder)])


def test_what_cannot_be_shared_is_said(served, folder, monkeypatch):
    with pytest.raises(SourceError, match="no such file or folder"):
        served.shares.share("", 60.0, [f"{folder}/none"])
    with pytest.raises(RequestError, match="there is none of that name; see --list"):
        served.shares.revoke("nobody")
    served.shares.share("twice", 60.0, [str(folder)])
    with pytest.raises(RequestError, match="there is one of that name"):
        served.shares.share("twice", 60.0, [str(folder)])
    monkeypatch.setattr(served.shares, "_paths", (f"{folder}/image.npy",))
    with pytest.raises(RequestError, match="this server does not serve it"):
        served.shares.share("", 60.0, [str(folder)])
    monkeypatch.setattr(shares_module, "SHARES", 1)
    with pytest.raises(RequestError, match="there are 1 shares already"):
        served.shares.share("", 60.0, [f"{folder}/image.npy"])
    door, served.door = served.door, None
    with pytest.raises(HostRefused, match="the server does not listen on the network; start it with"):
        served.shares.share("", 60.0, [str(folder)])
    served.door = door


def test_guests_leave_room_for_the_owner(served, folder, monkeypatch):
    monkeypatch.setattr(server, "GUESTS", 1)
    share = served.shares.share("", 60.0, [str(folder)])
    text = f"{folder}/image.npy"
    with served.guest(share, text), served.owner(text) as ours:
        with pytest.raises(TraitsviewError, match="it has as many viewers as it takes"):
            served.guest(share, text)
        assert pixels(ours)[0, 1] == 1.0


def test_a_guest_cannot_take_the_place_of_the_owners_session(served, folder):
    text = f"{folder}/image.npy"
    guest = shares_module.Guest("carla", [str(folder)])
    with served.owner(text) as ours:
        session = ours._contact.link()._session
        for name in (session, session[:-1] + bytes([session[-1] ^ 0xFF])):
            for role in Role:
                sock = served.server.connect(guest)
                with closing(sock), pytest.raises(TraitsviewError, match="it does not know this session"):
                    hello.greet(sock, role, name, PATIENCE)
        assert pixels(ours)[0, 1] == 1.0
    guest.close()


def test_owner_and_guest_look_together_and_the_guest_cannot_take_the_lead_from_the_owner(served, folder):
    share = served.shares.share("", 60.0, [str(folder)])
    text = f"{folder}/image.npy"
    anna, carla = Companion(served.owner(text), "anna@laptop"), Companion(served.guest(share, text), "carla@pc")
    anna.until(lambda: anna.others == ["anna@laptop", "carla@pc (guest)"])
    anna.together.lead()
    anna.until(lambda: anna.together.company.leader == anna.together.company.me)
    carla.until(lambda: carla.together.leader is not None)
    carla.together.follow()
    anna.viewer.zoom(2)
    carla.until(lambda: carla.viewer.viewport == anna.viewer.viewport)
    carla.together.lead()
    carla.until(lambda: not carla.together.leading)
    assert "cannot lead: anna@laptop leads; follow, or ask for the lead" in carla.viewer.status.fault
    anna.together.stop()
    anna.until(lambda: not anna.together.company.leader)
    carla.until(lambda: not carla.together.company.leader)
    carla.together.lead()
    anna.until(lambda: str(anna.together.leader) == "carla@pc (guest)")
    for one in (carla, anna):
        one.close()


def test_shares_cross_with_their_limits():
    with pytest.raises(TraitsviewError):
        wire.unpack_order("x", 60.0, ())
    with pytest.raises(TraitsviewError):
        wire.unpack_order("x", wire.LONGEST_SHARE + 1, ("a",))
    assert wire.unpack_order("", 60.0, ("a",)) == ("", 60.0, ("a",))
