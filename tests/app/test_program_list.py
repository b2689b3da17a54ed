"""The list of running programs: what it shows of them, and when code runs in them.  Without a window."""

from __future__ import annotations

import queue
import threading

import pytest
from kit.patience import PATIENCE

from traitsview.app.program_list import ProgramList
from traitsview.errors import SourceUnreadable
from traitsview.sources.services.namespace import Variable

RUNNING = (
    Variable("density", "live:run::density", (60, 80), "<f8", "step 812, process 42, of run"),
    Variable("profile", "live:run::profile", (9,), "<f4", "step 812, process 42, of run"),
    Variable("young", "live:young", detail="process 43"),
    Variable("4f2a", "kernel:4f2a", detail="since 2026-01-01 10:00"),
    Variable("mpi", "engines:mpi"),
)
RHO = Variable("rho", "kernel:4f2a?rho", (3, 4), "<f4", "heat.ipynb, process 7")


class Machine:
    """Machines as a lister shows them, and the list of one of them."""

    def __init__(self):
        self.asked, self.answers, self.posted = [], {"programs:": RUNNING}, queue.Queue()
        self.gates = {}
        self.list = ProgramList(self.posted.put, lister=self.look)

    def look(self, address):
        self.asked.append(address)
        if address in self.gates:
            assert self.gates[address].wait(PATIENCE)
        answer = self.answers[address]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def arrive(self, count=1):
        """Take what the next looks have found."""
        for _ in range(count):
            self.posted.get(timeout=PATIENCE)()

    def refresh(self):
        self.list.refresh()
        self.arrive()

    def program(self, address):
        (found,) = (each for each in self.list.programs if each.address == address)
        return found


@pytest.fixture
def machine():
    return Machine()


def test_arrays_of_one_calculation_belong_together_and_nothing_else_is_looked_into(machine):
    machine.refresh()
    assert [each.address for each in machine.list.programs] == ["live:run", "live:young", "kernel:4f2a", "engines:mpi"]
    run = machine.program("live:run")
    assert (run.facts, [each.name for each in run.arrays]) == (
        "calculation, step 812, process 42",
        ["density", "profile"],
    )
    assert machine.program("live:young").state == "no arrays of it are known yet"
    assert [each.place for each in machine.list.programs] == ["", "", "this kernel", "these engines"]
    assert machine.asked == ["programs:"]


def test_a_kernel_is_looked_into_when_the_user_wants_it_and_then_with_every_refresh(machine):
    machine.answers["kernel:4f2a"] = (RHO,)
    machine.refresh()
    machine.list.look_into("kernel:4f2a")
    assert machine.program("kernel:4f2a").state == "looking into it …"
    machine.arrive()
    kernel = machine.program("kernel:4f2a")
    assert (kernel.arrays, kernel.state, kernel.detail) == ((RHO,), "", "heat.ipynb, process 7")
    machine.refresh()
    assert machine.program("kernel:4f2a").arrays == (RHO,)
    machine.arrive()
    assert machine.asked == ["programs:", "kernel:4f2a"] * 2


def test_a_kernel_without_arrays_says_so(machine):
    machine.answers["kernel:4f2a"] = ()
    machine.refresh()
    machine.list.look_into("kernel:4f2a")
    machine.arrive()
    assert machine.program("kernel:4f2a").state == "it has no arrays"


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (
            SourceUnreadable("cannot look into kernel '4f2a'", "it is busy"),
            "cannot look into kernel '4f2a': it is busy",
        ),
        (ValueError("odd"), "cannot list 'kernel:4f2a': ValueError: odd"),
    ],
)
def test_a_kernel_that_does_not_answer_is_a_row_that_says_so_and_is_not_looked_into_again(machine, failure, said):
    machine.answers["kernel:4f2a"] = failure
    machine.refresh()
    machine.list.look_into("kernel:4f2a")
    machine.arrive()
    assert (machine.program("kernel:4f2a").arrays, machine.program("kernel:4f2a").state) == (None, said)
    machine.refresh()
    assert machine.program("kernel:4f2a").state == ""
    assert machine.asked.count("kernel:4f2a") == 1


def test_one_look_is_taken_at_a_time_and_another_one_after_it_if_that_was_asked_for(machine):
    machine.gates["programs:"] = threading.Event()
    machine.list.refresh()
    machine.list.refresh()
    assert (machine.list.state, machine.asked) == ("Looking …", ["programs:"])
    machine.gates["programs:"].set()
    machine.arrive()  # it may be older than the second question
    assert machine.list.state == "Looking …"
    machine.arrive()
    assert (machine.list.state, machine.asked) == ("", ["programs:", "programs:"])


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("", {"live:run": 2, "live:young": 0, "kernel:4f2a": 0, "engines:mpi": 0}),
        ("PROF", {"live:run": 1}),
        ("60 float64", {"live:run": 1}),
        ("run", {"live:run": 2}),
        ("calculation 812", {"live:run": 2}),
        ("jupyter", {"kernel:4f2a": 0}),
        ("nothing", {}),
    ],
)
def test_all_words_of_the_filter_are_looked_for(machine, words, left):
    machine.refresh()
    machine.list.filter = words
    assert {each.address: len(each.arrays or ()) for each in machine.list.shown} == left


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("login3", "login3:programs:"),
        ("me@[::1]", "me@[::1]:programs:"),
        ("tls://lab:4443", "tls://lab:4443/programs:"),
    ],
)
def test_another_machine_is_looked_at(machine, host, address):
    machine.answers[address] = ()
    machine.list.host = host
    assert machine.list.state == f"Looking on {host} …"
    machine.arrive()
    assert machine.asked == [address]
    assert machine.list.state == f"Nothing runs on {host} that can be looked at."


@pytest.mark.parametrize(
    "host", ["-oProxyCommand=x", "a b", "a/b", "me:secret@lab", "tls://lab", "kernel", "a::b", "./a"]
)
def test_what_is_no_machine_is_said_and_nobody_is_asked(machine, host):
    machine.list.host = host
    assert machine.list.state.startswith(("not a", "no source"))
    assert "secret" not in machine.list.state
    assert machine.asked == []


def test_what_a_machine_has_is_not_shown_as_that_of_another_one(machine):
    machine.gates["programs:"] = threading.Event()
    machine.answers["login3:programs:"] = ()
    machine.list.refresh()
    machine.list.host = "login3"
    machine.arrive()
    machine.gates["programs:"].set()
    machine.arrive()
    assert machine.list.programs == ()
