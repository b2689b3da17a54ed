"""The modules that render arrays, as one text that another program can execute.

A notebook's kernel or an engine has NumPy, and not this package.  So it is sent the modules that our own sources use,
as they are: there is no second copy of the arithmetic.  The text makes them a package with a name of its own, which
tells its content, so that it disturbs neither this package in that program nor another version of the text.

The text runs in Python 3.9 and newer, with NumPy 1.23 and newer.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import zlib
from functools import cache
from importlib import import_module
from importlib.util import find_spec, resolve_name
from pathlib import Path

__all__ = ["far_name", "far_text"]

#: The modules that the other program uses: one answers questions, the other one takes them from a socket.
_ENTRIES = ("sources.services.far_arrays", "sources.services.far_thread")

#: Modules that are sent in the place of others: a program that is looked into compiles nothing and has no new threads.
_INSTEAD = {
    "compilation": "sources.services.no_compilation",
    "sources.reducing.workers": "sources.services.own_thread",
}

#: What the other program executes.  Modules come in an order in which each finds those that it imports.
_LOADER = """\
def _load(name, packed):
    import base64, json, sys, types, zlib
    if name in sys.modules:
        return
    made = []
    try:
        for path, text in json.loads(zlib.decompress(base64.b85decode(packed)).decode()):
            full = name + "." * bool(path) + path
            module = types.ModuleType(full)
            module.__package__ = full if text is None else full.rpartition(".")[0]
            if text is None:
                module.__path__ = []
            sys.modules[full] = module
            made.append(full)
            exec(compile(text or "", "<traitsview " + path + ">", "exec"), module.__dict__)
            above, _, last = full.rpartition(".")
            if above in sys.modules:
                setattr(sys.modules[above], last, module)
    except BaseException:
        for full in made:
            del sys.modules[full]
        raise
_load({name!r}, {packed!r})
del _load
"""


@cache
def far_name() -> str:
    """Return the name of the package in the other program.  ``NAME.sources.services.far_arrays`` answers questions."""
    digest = hashlib.sha256(json.dumps(_modules()).encode()).hexdigest()
    return f"_traitsview_{digest[:16]}"


@cache
def far_text() -> str:
    """Return the program text that makes the package, unless it is there; about 50 kB.  It leaves no other name."""
    packed = base64.b85encode(zlib.compress(json.dumps(_modules()).encode(), 9)).decode()
    return _LOADER.replace("{name!r}", repr(far_name())).replace("{packed!r}", repr(packed))


@cache
def _modules() -> list[tuple[str, str | None]]:
    """Return (name within the package, text) of each module, those first that others import; packages have no text."""
    found: dict[str, str | None] = {"": None}
    for entry in _ENTRIES:
        _gather(entry, found, ())
    return list(found.items())


def _gather(path: str, found: dict[str, str | None], above: tuple[str, ...]) -> None:
    if path in found or path in above:
        return
    parent = path.rpartition(".")[0]
    _gather(parent, found, above)
    spec = find_spec(f"{_root()}.{_INSTEAD.get(path, path)}")
    assert spec is not None
    assert spec.origin is not None
    if spec.submodule_search_locations is not None:
        found[path] = None
        return
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    tree = _ForOldPython().visit(tree)
    for needed in _imported(tree, f"{_root()}.{parent}".rstrip(".")):
        _gather(needed, found, (*above, path))
    found[path] = ast.unparse(ast.fix_missing_locations(tree))


def _root() -> str:
    return __name__.partition(".")[0]


def _imported(tree: ast.Module, package: str) -> list[str]:
    """Return the modules of ours that a module imports when it is executed."""
    needed: list[str] = []
    for node in tree.body:  # imports within functions are of what the bundle does without
        if isinstance(node, ast.ImportFrom) and node.level:
            base = resolve_name("." * node.level + (node.module or ""), package)
            below = [f"{base}.{alias.name}" for alias in node.names if _is_module(f"{base}.{alias.name}")]
            needed += [name.partition(".")[2] for name in below or [base]]
    return needed


def _is_module(name: str) -> bool:
    package = import_module(name.rpartition(".")[0])
    return hasattr(package, "__path__") and find_spec(name) is not None


class _ForOldPython(ast.NodeTransformer):
    """Leaves out what Python 3.9 does not know, and what only people read."""

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = [each for each in node.body if not _is_for_checkers(each)]
        for each in node.body:
            if isinstance(each, ast.Assign) and _is_union(each.value):
                each.value = ast.Name("object", ast.Load())  # the name of a type, for annotations
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_docstring(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._without_docstring(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if node.module == "typing":
            node.names = [alias for alias in node.names if alias.name != "Self"]  # it occurs in annotations alone
        return node if node.names else None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        left_out = {"dataclass": {"slots", "weakref_slot"}, "zip": {"strict"}}.get(getattr(node.func, "id", ""), set())
        node.keywords = [each for each in node.keywords if each.arg not in left_out]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.slice, ast.Tuple) and any(isinstance(each, ast.Starred) for each in node.slice.elts):
            # ``data[(*plane, row)]`` would be written without its parentheses, as Python 3.11 allows.
            node.slice = ast.Call(ast.Name("tuple", ast.Load()), [node.slice], [])
        return node

    def _without_docstring(self, node: ast.Module | ast.ClassDef | ast.FunctionDef) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        self.generic_visit(node)
        return node


def _is_for_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


def _is_union(node: ast.AST) -> bool:
    """Whether an expression is a type like ``tuple[str, float | int]``."""
    if isinstance(node, ast.Subscript):
        return any(isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr) for part in ast.walk(node.slice))
    return False
