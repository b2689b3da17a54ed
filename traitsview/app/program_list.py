"""The programs that run on a machine and their arrays, as a list that threads look up.  It knows no toolkit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from traits.api import Callable as CallableTrait
from traits.api import Dict, HasStrictTraits, Property, Set, Str, Tuple, observe

from ..errors import RequestError, TraitsviewError, quoted
from ..opening import list_sources
from ..sources.address import Address, parse_address
from ..sources.image_words import dtype_text
from ..sources.services.namespace import Variable

__all__ = ["Program", "ProgramList", "program_address"]

#: Whose arrays can be listed only by code that runs there, and what that is called.
_LOOKED_INTO = {"kernel": "this kernel", "engines": "these engines"}

_KINDS = {"live": "calculation", "kernel": "kernel of Jupyter", "engines": "engines of ipyparallel"}

#: The scheme that lists what runs on a machine, without any code in the programs.
_LISTS = "programs"


@dataclass(frozen=True, slots=True)
class Program:
    """A running program as the list shows it.

    Attributes
    ----------
    address : str
        ``"live:density"``, ``"kernel:4f2a"``, ``"login3:engines:mpi"``.
    name, detail : str
    arrays : tuple of Variable or None
        None while they are not listed.
    state : str
        Why there are no arrays to see, as a sentence; empty if there are.
    """

    address: str
    name: str
    detail: str = ""
    arrays: tuple[Variable, ...] | None = None
    state: str = ""

    @property
    def place(self) -> str:
        """Where code of ours would run for it: ``"this kernel"``; empty if none does."""
        return _LOOKED_INTO.get(parse_address(self.address).scheme, "")

    @property
    def facts(self) -> str:
        """What kind of program it is, and its detail."""
        kind = _KINDS.get(parse_address(self.address).scheme, "")
        return ", ".join(filter(None, (kind, self.detail)))


class ProgramList(HasStrictTraits):
    """What runs on a machine.  Every look is taken in a thread of its own, so that whoever shows the list never waits.

    Parameters
    ----------
    post : callable
        Has a function called in the thread to which the list belongs.
    """

    #: The machine as ssh takes it, or ``tls://HOST:PORT``; empty for this one.
    host = Str()

    #: What the user looks for: words, all of which are in the name, address, shape, type or detail.
    filter = Str()

    #: What runs there.
    programs = Tuple()

    #: Those, and of each those arrays, that have the words of `filter`.
    shown = Property(Tuple, observe="programs, filter")

    #: What is being done, or what failed, as a sentence; empty if there is nothing to say.
    state = Str()

    #: Looks: given an address, returns Variables.  Is called in threads.
    lister = CallableTrait(list_sources)

    _post = CallableTrait()

    #: The addresses that are looked at.
    _pending = Set(Str)

    #: Those that were asked for again meanwhile: what is found may be older than the question.
    _again = Set(Str)

    #: What was looked into by the user's wish, by address, and the arrays that it had.
    _looked = Dict(Str, Tuple)

    def __init__(self, post: Callable[[Callable[[], None]], None], **traits: object) -> None:
        super().__init__(_post=post, **traits)

    def refresh(self) -> None:
        """Look again what runs; no code runs in any program but those that the user has looked into."""
        host = self.host
        try:
            address = program_address(host, _LISTS)
        except RequestError as error:
            self.programs, self.state = (), str(error)
            return
        self.state = f"Looking on {host} …" if host else "Looking …"
        if address in self._pending:
            self._again.add(address)
        self._look(address, lambda found, failure: self._take(host, found, failure))

    def look_into(self, address: str) -> None:
        """List the arrays of a kernel or a cluster, for which code of ours runs in it."""
        if address not in self._pending:
            self._change(address, state="looking into it …")
        self._look(address, lambda found, failure: self._take_arrays(address, found, failure))

    def _look(self, address: str, take: Callable[[tuple[Variable, ...], str], None]) -> None:
        if address in self._pending:
            return
        self._pending.add(address)

        def look() -> None:
            found, failure = _listed(self.lister, address)
            self._post(lambda: arrive(found, failure))

        def arrive(found: tuple[Variable, ...], failure: str) -> None:
            self._pending.discard(address)
            if address not in self._again:
                take(found, failure)
                return
            self._again.discard(address)
            self._look(address, take)

        threading.Thread(target=look, name="traitsview programs", daemon=True).start()

    def _take(self, host: str, found: tuple[Variable, ...], failure: str) -> None:
        if host != self.host:
            return  # the user has turned to another machine
        before = {program.address: program for program in self.programs}
        programs = _programs(found)
        self.programs = tuple(
            replace(each, arrays=self._looked[each.address], state=before.get(each.address, each).state)
            if each.address in self._looked
            else each
            for each in programs
        )
        nothing = f"Nothing runs {f'on {host}' if host else 'on this machine'} that can be looked at."
        self.state = failure or ("" if programs else nothing)
        for each in programs:
            if each.address in self._looked:
                self.look_into(each.address)

    def _take_arrays(self, address: str, found: tuple[Variable, ...], failure: str) -> None:
        self._looked.pop(address, None)
        if failure:
            self._change(address, arrays=None, state=failure)
            return
        arrays = self._looked[address] = tuple(each for each in found if each.shape)
        details = {each.detail for each in found}
        known = {"detail": details.pop()} if len(details) == 1 else {}
        self._change(address, arrays=arrays, state="" if arrays else "it has no arrays", **known)

    def _change(self, address: str, **facts: object) -> None:
        self.programs = tuple(
            replace(each, **facts) if each.address == address else each  # type: ignore[arg-type]
            for each in self.programs
        )

    @observe("host", post_init=True)
    def _turn(self, event: object) -> None:
        self.programs = ()
        self.refresh()

    def _get_shown(self) -> tuple[Program, ...]:
        words = self.filter.casefold().split()
        return tuple(kept for program in self.programs if (kept := _filtered(program, words)) is not None)


def program_address(host: str, scheme: str) -> str:
    """Return the address of all programs of a machine.

    Raises
    ------
    RequestError
        If `host` is no name of a machine.
    """
    text = str(Address("", host=host, scheme=scheme))
    if parse_address(text).host != host:
        raise RequestError(f"not a machine: {quoted(host)}", "", "write a name as ssh takes it")
    return text


def shape_text(variable: Variable) -> str:
    """Return the shape as people write it: ``"3 × 40"``."""
    return " × ".join(map(str, variable.shape))


def _listed(lister: Callable[[str], tuple[Variable, ...]], address: str) -> tuple[tuple[Variable, ...], str]:
    """Return what is at an address, and why nothing is."""
    try:
        return tuple(lister(address)), ""
    except TraitsviewError as error:
        return (), str(error)
    except Exception as error:  # a library of another program's protocol can raise anything
        return (), f"cannot list {quoted(address)}: {type(error).__name__}: {error}"


def _programs(found: tuple[Variable, ...]) -> tuple[Program, ...]:
    """Return the programs that a list is of: arrays of one address belong together."""
    programs: dict[str, Program] = {}
    for each in found:
        address = parse_address(each.address)
        program = str(replace(address, inside=""))
        known = programs.get(program)
        if known is None:
            name = address.path or each.name
            arrays = (each,) if each.shape else None
            state = "" if each.shape or address.scheme in _LOOKED_INTO else "no arrays of it are known yet"
            programs[program] = Program(program, name, each.detail.partition(", of ")[0], arrays, state)
        elif each.shape:
            programs[program] = replace(known, arrays=(*(known.arrays or ()), each), state="")
    return tuple(programs.values())


def _filtered(program: Program, words: list[str]) -> Program | None:
    """Return a program with those arrays that have all words; all of them if its own name has; None for none."""
    if _has(words, program.name, program.address, program.facts):
        return program
    arrays = tuple(
        each
        for each in program.arrays or ()
        if _has(words, each.name, each.address, shape_text(each), dtype_text(each.dtype), program.facts)
    )
    return replace(program, arrays=arrays) if arrays else None


def _has(words: list[str], *texts: str) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in words)
