"""Looking at a source together with others: one viewer leads, others follow."""

from __future__ import annotations

import os
import pwd
from functools import partial
from weakref import WeakMethod

from traits.api import Any, Bool, HasStrictTraits, Instance, Int, Property, Str, Tuple, Union, cached_property, observe

from ..errors import RequestError, TraitsviewError, printable
from ..sources.company import NAME_LENGTH, NOBODY, Company
from .attendance import Attendance, give_up, told
from .loading.worker import NewestWorker
from .viewer_sight import ViewerSight

__all__ = ["Together", "own_name"]


def own_name():
    """Return the name of this user and machine for others: ``"anna@laptop"``."""
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = f"uid {os.geteuid()}"
    return printable(f"{user}@{os.uname().nodename.partition('.')[0]}")[:NAME_LENGTH]


class Together(HasStrictTraits):
    """Knows who else looks at the source of a viewer through the same host, and leads or follows.

    It observes the viewer, and changes it only while it follows.  It belongs to the viewer's thread.  Whoever follows
    stops by moving, by choosing another plane or other colours, or with `stop`.
    """

    #: The `ImageViewer`.
    viewer = Any()

    #: What the others call this viewer.
    name = Str()

    #: Whether others may look at the same source through its host.
    gathers = Bool()

    #: Who is there, as far as is known.
    company = Instance(Company, NOBODY)

    #: Whether this viewer leads, or has asked to.
    leading = Bool()

    #: Whether this viewer shows what the leader shows.
    following = Bool()

    #: The last thing that happened, in words; empty after the user has moved.
    sentence = Str()

    #: The leader, if that is somebody else; or None.
    leader = Property(observe="company")

    #: The leader's cursor, ``(x, y)`` in data units, while this viewer follows; or None.
    mark = Property(Union(None, Tuple), observe="company, following")

    _attendance = Any()
    _teller = Instance(NewestWorker)
    #: The number under which this viewer is known to lead; 0 before.
    _led_as = Int()
    _sight = Instance(ViewerSight)

    #: Whether the sight of the leader is being shown, so that a change of the viewer is not its user's.
    _applying = Bool()

    def __init__(self, **traits):
        super().__init__(name=traits.pop("name", own_name()))
        self._sight = ViewerSight(viewer=traits.get("viewer"))
        self.trait_set(**traits)

    # ---- commands -------------------------------------------------------------

    def lead(self):
        """Tell the others from now on what this viewer shows."""
        if not self._complain_if_alone("cannot lead"):
            self.trait_set(following=False, leading=True, _led_as=0, sentence="")
            self._tell()

    def follow(self):
        """Show from now on what the leader shows."""
        if self._complain_if_alone("cannot follow"):
            return
        if self.leader is None:
            error = RequestError("cannot follow", "nobody leads", "have one of the others lead, or lead yourself")
            self.viewer.status.complain(error)
            return
        self.viewer.places.remember()
        self._sight.begin()
        self.trait_set(following=True, sentence="")
        self._apply()

    def stop(self):
        """Lead and follow no more."""
        if self.leading and self._teller is not None:
            self._teller.submit(partial(give_up, self.viewer.source.link))
        self.trait_set(leading=False, following=False, sentence="")

    def toggle_lead(self):
        """Lead, or stop leading."""
        self.stop() if self.leading else self.lead()

    def toggle_follow(self):
        """Follow, or stop following."""
        self.stop() if self.following else self.follow()

    def close(self):
        """Be no longer one of those who look."""
        if self._attendance is not None:
            self._attendance.close()
        if self._teller is not None:
            self._teller.close()
        self.trait_set(
            _attendance=None, _teller=None, company=NOBODY, leading=False, following=False, gathers=False, sentence=""
        )

    def _complain_if_alone(self, what):
        """Return whether nobody else can look at the source; if so, say why."""
        if self.gathers:
            return False
        why = "this image is read for this window alone"
        self.viewer.status.complain(RequestError(what, why, "open it through a server, such as HOST:FILE"))
        return True

    # ---- who is there -----------------------------------------------------------

    @observe("following")
    def _hasten(self, event):
        if self._attendance is not None:
            self._attendance.hasten(self.following)

    @observe("viewer.source")
    def _attend(self, event):
        self.close()
        source = self.viewer.source if self.viewer is not None else None
        if source is not None and source.link.gathers:
            take = _weakly(WeakMethod(self._take))
            self._attendance = Attendance(source.link, self.name, self.viewer.pixels.listener(take))
            self._teller = NewestWorker("traitsview lead")
            self.gathers = True

    def _take(self, company):
        was, self.company = self.company, company
        if self.leading:
            self._check_lead()
        if self.following:
            if self.leader is None:
                self.following = False
                self._say_who_left(was)
            else:
                self._apply()

    def _check_lead(self):
        company = self.company
        if company.leader == company.me:
            self._led_as = company.me
        elif company.leader and self._led_as not in (0, company.leader):
            self.leading = False
            self._say(f"{self.leader} leads now")
        else:  # the host has not heard yet, or contact was lost and is back: one is somebody else then
            if not company.leader:
                self._led_as = 0
            self._tell()

    def _say_who_left(self, was):
        leader = was.person(was.leader)
        if self.company.leader:
            self._say("you lead now")
        elif leader is not None:
            left = self.company.person(leader.number) is None
            self._say(f"{leader} {'has left' if left else 'leads no more'}; you look on your own")

    def _say(self, sentence):
        self.sentence = self.viewer.status.notice = sentence

    def _get_leader(self):
        company = self.company
        return None if company.leader in (0, company.me) else company.person(company.leader)

    @cached_property
    def _get_mark(self):
        sight = self.company.sight
        return sight.cursor if self.following and sight is not None and self.leader is not None else None

    # ---- leading -----------------------------------------------------------------

    @observe("viewer.[viewport, plane, reduction, cursor], viewer.appearance.look", post_init=True)
    def _tell(self, event=None):
        if not self.leading or not self.company.me:
            return
        viewer = self.viewer
        done = viewer.pixels.listener(_weakly(WeakMethod(self._take_answer)))
        begin = self._led_as != self.company.me
        self._teller.submit(partial(told, viewer.source.link, self._sight.told(), begin, done))

    def _take_answer(self, answer):
        if isinstance(answer, TraitsviewError):
            self.leading = False
            self.viewer.status.complain(answer)
        elif answer:
            self._led_as = self.company.me

    # ---- following ----------------------------------------------------------------

    def _apply(self):
        """Show what the leader shows."""
        self._applying = True
        try:
            if not self._sight.show(self.company):
                self._say(f"the colours of {self.leader} are too many to be told")
        finally:
            self._applying = False

    @observe("viewer.[viewport, plane, reduction], viewer.appearance.look", post_init=True)
    def _note_own_way(self, event):
        if self._applying or self.viewer is None or self.viewer.source is None:
            return
        if self.following:
            resized = event.name == "viewport" and event.old is not None and event.old.shape != event.new.shape
            if resized or self._sight.extent != self.viewer.info.extent:
                self._apply()
            else:
                self.following = False
                self._say("you look on your own")
        elif self.sentence:
            if self.viewer.status.notice == self.sentence:
                self.viewer.status.notice = ""
            self.sentence = ""


def _weakly(method):
    """Return a function that calls the method of a weak reference while its object lives."""

    def call(value):
        alive = method()
        if alive is not None:
            alive(value)

    return call
