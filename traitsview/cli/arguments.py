"""Command lines are read by argparse; errors are lines of our own form."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from ..errors import RequestError, quoted
from .answer import answer

__all__ = ["CommandParser"]

#: Options that take numbers, which may be negative, and how many numbers each takes at most.
_MOST_NUMBERS = {"--extent": 4, "--limits": 6, "--blank": 1}


class _NoOption(str):
    """A word that is no option, even if it begins with a hyphen."""

    __slots__ = ()


class CommandParser(argparse.ArgumentParser):
    """Reads the words of one command; a wrong word raises `RequestError`."""

    def __init__(self, *, prog: str, description: str | None) -> None:
        text, _, examples = (description or "").strip().partition("\n\n")
        super().__init__(
            prog=prog,
            description=text,
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Raise `RequestError` with argparse's words and a suggestion."""
        unknown = re.fullmatch(r"unrecognized arguments: (\S+).*", message, re.DOTALL)
        if unknown:
            raise self._unknown(unknown.group(1))
        missing = re.fullmatch(r"the following arguments are required: (.+)", message)
        if missing:
            raise RequestError(f"{self.prog} needs {missing.group(1)}", "", self._see)
        argument = re.fullmatch(r"argument (\S+): (.+)", message, re.DOTALL)
        if argument:
            raise self._wrong(argument.group(1).split("/")[-1], argument.group(2))
        raise RequestError(f"cannot read the command line of {self.prog}", message, self._see)

    def _print_message(self, message: str, file: Any = None) -> None:
        answer(message, end="")

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the values of the arguments.  Options may stand anywhere among the other words, up to ``--``."""
        at = words.index("--") if "--" in words else len(words)
        return self.parse_intermixed_args([*_joined(words[:at]), *map(_NoOption, words[at + 1 :])])

    def _parse_optional(self, arg_string: str) -> Any:
        # argparse forgets '--' where options and other words may be mixed.
        return None if isinstance(arg_string, _NoOption) else super()._parse_optional(arg_string)

    @property
    def _see(self) -> str:
        return f"see '{self.prog} --help'"

    def _unknown(self, word: str) -> RequestError:
        word = word.split("=")[0]
        near = get_close_matches(word, [option for option in self._option_string_actions if option != "-h"], 1, 0.5)
        if not word.startswith("-"):
            return RequestError(f"too many words for {self.prog}", f"{quoted(word)} has no place", self._see)
        remedy = f"did you mean '{near[0]}'?" if near else self._see
        return RequestError(f"unknown option {quoted(word)} of {self.prog}", "", remedy)

    def _wrong(self, option: str, reason: str) -> RequestError:
        choice = re.fullmatch(r"invalid choice: '(.*)' \(choose from (.+)\)", reason)
        if not choice:
            return RequestError(f"cannot use {option} like that", reason, self._see)
        choices = [word.strip(" '") for word in choice.group(2).split(",")]
        near = get_close_matches(choice.group(1), choices, 1, 0.5)
        remedy = f"did you mean '{near[0]}'?" if near else f"one of {', '.join(choices)}"
        return RequestError(f"unknown word {quoted(choice.group(1))} for {option}", "", remedy)


def _joined(words: Sequence[str]) -> list[str]:
    """Return `words` in which the numbers after an option of numbers are joined to one word.

    argparse takes ``-1e3`` for an option, and a source after ``--limits minmax`` for a second limit.
    """
    found: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        found.append(word)
        numbers = []
        while rest and len(numbers) < _MOST_NUMBERS.get(word, 0) and _is_number(rest[0]):
            numbers.append(rest.pop(0))
        if numbers:
            # A word with a space in it is never taken for an option.
            found.append(" ".join(numbers) + " ")
    return found


def _is_number(word: str) -> bool:
    """Whether a word is a number, or meant as one: the error about a comma comes when the number is read."""
    try:
        float(word.removesuffix("%").replace(",", ""))
    except ValueError:
        return False
    return True
