"""The arrays of a running program, and what is asked about them: the end that runs inside that program.

`answer` is called by whatever carries questions there; see `far_bundle`.  The other end is `far_image`.

The image of a value that a variable holds is referred to weakly, so that looking at an array never keeps it in memory
after the program has let go of it.  A value that belongs to nobody else, as that of ``rho * 2``, is kept until the next
one is computed, or until nobody looks at it any more.
"""

from __future__ import annotations

import ast
import functools
import itertools
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np

from ...errors import FrameGone, RequestError, SourceNotFound, SourceUnreadable, printable, quoted
from ...geometry import Viewport
from ..arrays.array_source import ArraySource
from ..picture import Picture
from ..questions.sample import Sample
from ..questions.summarize import Summarize
from .far_array import array_of, described, image_of, mark_of, references_to
from .far_part import rendered_part
from .far_words import array_words, failure_words, info_words, summary_words

__all__ = ["FarArrays"]

# Variables that are listed at most, and expressions that are kept at a time.
_LISTED = 1000
_LOOKED_AT = 64


class FarArrays:
    """Answers questions about the arrays of a namespace.  Any thread may call `answer`.

    Parameters
    ----------
    names : callable
        Returns the namespace: a mapping from names to values.
    """

    def __init__(self, names: Callable[[], Mapping[str, Any]]) -> None:
        self._names = names
        self._looks: OrderedDict[str, _Look] = OrderedDict()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def answer(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[np.ndarray]]:
        """Return the answer to a question: words for JSON, and C-contiguous arrays.  Errors become words, too."""
        try:
            ask = {"variables": self._variables, "look": self._look, "render": self._render}
            ask.update(sample=self._sample, summarize=self._summarize, forget=self._forget)
            do = ask.get(question["do"])
            if do is None:
                raise RequestError("cannot answer", f"no question is called {quoted(question['do'])}")
            words, arrays = do(question)
        except BaseException as error:  # a value of any library
            return {"error": failure_words(error), "arrays": []}, []
        arrays = [np.ascontiguousarray(array) for array in arrays]
        return {**words, "arrays": [array_words(array) for array in arrays]}, arrays

    def _variables(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[np.ndarray]]:
        found: list[list[Any]] = []
        for name, value in list(self._names().items()):
            about = None if name.startswith("_") else described(value)
            if about is not None and len(found) < _LISTED:
                found.append([name, list(about[0]), about[1]])
        return {"variables": found, "process": os.getpid()}, []

    def _look(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[np.ndarray]]:
        """Answer what an expression shows now, unless it is still what has the version ``seen``.

        An array of at most ``copy`` bytes comes with the answer.  It stays, with the one before it, if both have at
        most ``keep`` bytes together.
        """
        text = str(question["expression"])
        with self._lock:
            look = self._looks.get(text)
            if look is None:
                look = self._looks[text] = _Look(text, self._numbers)
                while len(self._looks) > _LOOKED_AT:
                    self._looks.popitem(last=False)
            self._looks.move_to_end(text)
        began = time.monotonic()
        value, version = look.now(self._names())
        words: dict[str, Any] = {"version": version}
        if version == question.get("seen"):
            return {**words, "seconds": time.monotonic() - began}, []
        _, info = image_of(value, text)
        words["info"] = info_words(info)
        words["nbytes"] = int(getattr(value, "nbytes", 0))
        look.keep(version, value, question.get("keep", 0))
        arrays = []
        if type(value) is np.ndarray and value.nbytes <= question.get("copy", 0):
            # In memory that nobody changes: one frame, whatever the program does meanwhile.
            arrays.append(np.array(value, order="C"))
        return {**words, "seconds": time.monotonic() - began}, arrays

    def _forget(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[np.ndarray]]:
        with self._lock:
            self._looks.pop(str(question["expression"]), None)
        return {}, []

    def _render(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[np.ndarray]]:
        words = question["viewport"]
        viewport = Viewport(*(tuple(words[name]) for name in ("resolution", "origin", "shape", "anchor")))
        image, plane, reduction = self._image(question), tuple(question["plane"]), str(question["reduction"])
        if "within" in question:
            return {}, rendered_part(image, question["within"], viewport, plane, reduction)
        return {}, [image.render(viewport, plane, reduction)]

    def _sample(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[np.ndarray]]:
        points = tuple((float(x), float(y)) for x, y in question["points"])
        (found,) = self._image(question).examine(Sample(points), Picture(tuple(question["plane"])))
        return {}, [found]

    def _summarize(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], list[np.ndarray]]:
        extent = question["extent"]
        asked = Summarize(None if extent is None else tuple(extent), bool(question["exact"]))
        (found,) = self._image(question).examine(asked, Picture(tuple(question["plane"])))
        words, samples = summary_words(found)
        return {"summary": words}, samples

    def _image(self, question: Mapping[str, Any]) -> ArraySource:
        text = str(question["expression"])
        with self._lock:
            look = self._looks.get(text)
        value = None if look is None else look.value(question["version"])
        if value is None:
            raise FrameGone(f"cannot show a frame of {quoted(text)}", "it is not there any more", "show a newer one")
        return image_of(value, text)[0]


class _Look:
    """An expression that somebody looks at: its value, and whether that is another one now."""

    def __init__(self, text: str, numbers: itertools.count[int]) -> None:
        self.text = text
        self._tree = _parsed(text)
        self._code = compile(self._tree, "<traitsview>", "eval")
        # An expression that computes something is evaluated again when what it is computed from has changed.
        self._sources = [] if _is_access(self._tree.body) else list(_accesses(self._tree.body))
        self._numbers = numbers
        self._lock = threading.Lock()
        self._mark: Hashable = None
        self._version = 0
        self._value: Callable[[], Any] = _nothing
        self._reference: Callable[[], Any] = _nothing
        self._kept: dict[int, np.ndarray] = {}  # values that stay, by their versions
        self._own = False  # whether the value is made anew each time, so that nobody else has it

    def now(self, names: Mapping[str, Any]) -> tuple[Any, int]:
        """Return the value of the expression and its version, which is another one if the value has changed."""
        with self._lock:
            value = self._value() if self._sources else self._taken(names)
            if self._sources:
                mark: Hashable = tuple(mark_of(self._evaluated(code, names)) for code in self._sources)
            elif self._own and not isinstance(value, np.ndarray):
                # An object that is made anew each time, as by h5py, has a name or nothing that tells it from the last.
                mark = (type(value), value.shape, str(getattr(value, "name", "")))
            else:
                mark = mark_of(value)
            if mark != self._mark or value is None:
                if self._sources:
                    value = array_of(self._evaluated(self._code, names), self.text)
                    self._reference = functools.partial(_itself, value)
                self._mark, self._version, self._value = mark, next(self._numbers), self._reference
            return value, self._version

    def _taken(self, names: Mapping[str, Any]) -> Any:
        """Return the value of an expression that computes nothing, and find out how to refer to it."""
        value = array_of(self._evaluated(self._code, names), self.text)
        if not self._own:
            references = references_to(value)
            del value  # now it is gone if nobody else has it
            for reference in references:
                value = reference()
                if value is not None:
                    self._reference = reference
                    return value
            self._own = True
            value = array_of(self._evaluated(self._code, names), self.text)
        self._reference = functools.partial(_itself, value)
        return value

    def value(self, version: int) -> Any:
        """Return the value that has a version, or None if it is gone."""
        with self._lock:
            return self._value() if version == self._version else self._kept.get(version)

    def keep(self, version: int, value: Any, limit: int) -> None:
        """Let a value stay, and the one before it, if they have at most `limit` bytes together.

        Of an array that was changed in place, the version before is gone.
        """
        with self._lock:
            before = list(self._kept.items())[-1:]
            self._kept = {}
            if type(value) is np.ndarray and value.nbytes <= limit:
                fits = [(number, each) for number, each in before if each.nbytes + value.nbytes <= limit]
                self._kept = {number: each for number, each in fits if not np.may_share_memory(each, value)}
                self._kept[version] = value

    def _evaluated(self, code: Any, names: Mapping[str, Any]) -> Any:
        try:
            return eval(code, {**names})  # the user's own expression, in the user's own program
        except NameError as error:
            missing = getattr(error, "name", None) or str(error).split("'")[1:2] or [self.text]
            missing = missing if isinstance(missing, str) else missing[0]
            raise SourceNotFound(f"cannot show {quoted(self.text)}", f"{quoted(missing)} is not there") from error
        except BaseException as error:  # SystemExit, too, ends no program in this thread
            why = f"{type(error).__name__}: {printable(' '.join(str(error).split()))[:300]}"
            raise SourceUnreadable(f"cannot show {quoted(self.text)}", f"it raises {why}") from error


def _parsed(text: str) -> ast.Expression:
    try:
        return ast.parse(text.strip(), "<traitsview>", "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = getattr(error, "msg", None) or str(error)
        raise RequestError(f"cannot show {quoted(text)}", f"it is no expression of Python: {why}") from error


def _is_access(node: ast.AST) -> bool:
    """Whether an expression only reaches for what is there: ``rho``, ``run.fields['rho']``, ``rho[3, :, ::2]``."""
    if isinstance(node, ast.Name):
        return True
    if isinstance(node, ast.Attribute):
        return _is_access(node.value)
    return isinstance(node, ast.Subscript) and _is_access(node.value) and _is_fixed(node.slice)


def _is_fixed(node: ast.AST) -> bool:
    allowed = (ast.Constant, ast.Slice, ast.Tuple, ast.UnaryOp, ast.USub, ast.UAdd, ast.Load, ast.Name)
    return all(isinstance(part, (*allowed, getattr(ast, "Index", ast.Constant))) for part in ast.walk(node))


def _accesses(node: Any) -> list[Any]:
    """Return, compiled, the largest parts of an expression that only reach for what is there."""
    if _is_access(node):
        return [compile(ast.fix_missing_locations(ast.Expression(node)), "<traitsview>", "eval")]
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        bound = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
        bound |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
        free = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - bound
        return [compile(name, "<traitsview>", "eval") for name in sorted(free)]
    return [code for child in ast.iter_child_nodes(node) for code in _accesses(child)]


def _itself(value: Any) -> Any:
    return value


def _nothing() -> None:
    return None
