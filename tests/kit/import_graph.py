"""Which files of the project use which, read from their text; nothing is run."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

__all__ = ["PACKAGE", "ROOT", "TESTS", "distances", "files_with_tests", "imports", "in_circles", "uses"]

#: The repository.
ROOT = Path(__file__).parents[2]

PACKAGE, TESTS = ROOT / "traitsview", ROOT / "tests"

# In the text of a program that a test runs: modules of ours, and of the package that tests share.
_OURS = re.compile(r"\btraitsview(?:\.\w+)*")
_SHARED = re.compile(r"\bkit\.(\w+)")


def imports(path: Path, package: Path = PACKAGE) -> Iterator[tuple[str, int]]:
    """Yield what a module in the folder `package` imports when it runs, as absolute names of modules, and the lines.

    Imports within functions count, those for types only do not.
    """
    for module, names, line in _statements(path, package):
        if module == "traitsview" and names:
            yield from ((f"traitsview.{name}", line) for name in names)
        else:
            yield module, line


def in_circles(package: Path = PACKAGE) -> dict[Path, set[Path]]:
    """Return the modules that import each other in a circle, or lie between two circles, each with what it imports.

    Imports within functions count, and those for types only: whoever reads one of these modules has to read all.
    """
    left = {path: _modules_imported(path, package) for path in package.rglob("*.py")}
    while True:
        imported = set().union(*left.values())
        kept = {
            path: others & left.keys() for path, others in left.items() if path in imported and others & left.keys()
        }
        if kept == left:
            return left
        left = kept


def _modules_imported(path: Path, package: Path) -> set[Path]:
    """Return the files of the modules in a package that a module imports, wherever and for whatever it does so."""
    found = set()
    for module, names, _ in _statements(path, package, for_types=True):
        for name in [f"{module}.{each}" for each in names] or [module]:
            found |= _file_of(name, package) or _file_of(module, package)
    return found - {path}


def _file_of(name: str, package: Path) -> set[Path]:
    """Return the file of a module in a package by its whole name, if there is one."""
    head, *parts = name.split(".")
    place = package.joinpath(*parts)
    files = (place.with_suffix(".py"), place / "__init__.py") if head == package.name and parts else ()
    return {path for path in files if path.exists()}


def files_with_tests() -> list[Path]:
    """Return the files with tests."""
    return sorted(TESTS.rglob("test_*.py"))


def distances(changed: Iterable[Path]) -> dict[Path, int]:
    """Return the files with tests that use any of some files, and over how many imports: 0 if they changed themselves.

    What is no module is used by the tests in whose texts it is named, or the folder at the top that it is in.
    """
    used_by: dict[Path, set[Path]] = defaultdict(set)
    for path in _files():
        for other in uses(path):
            used_by[other].add(path)
    for path in changed:
        if path.suffix != ".py" or (PACKAGE not in path.parents and TESTS not in path.parents):
            names = {path.name, path.relative_to(ROOT).parts[0]}
            used_by[path] |= {test for test in _files() if TESTS in test.parents and names & _quoted(test)}
    found, edge, distance = dict.fromkeys(changed, 0), set(changed), 0
    while edge:
        distance += 1
        edge = {user for path in edge for user in used_by[path]} - found.keys()
        found |= dict.fromkeys(edge, distance)
    return {path: found[path] for path in files_with_tests() if path in found}


@cache
def uses(path: Path) -> set[Path]:
    """Return the files of the project that a module or a test uses directly."""
    found: set[Path] = set()
    for module, names, _ in _statements(path, PACKAGE):
        for name in (module, *(f"{module}.{each}" for each in names)):
            found |= _files_of(name)
    if PACKAGE in path.parents:
        return found | _named_modules(path)
    # A test also runs programs, with modules of ours, and with what tests share.
    text = path.read_text(encoding="utf-8")
    for name in set(_OURS.findall(text)):
        found |= _files_of(name)
    names = {*_SHARED.findall(text), *_shared_names(path)}
    found |= {file for name in names if (file := TESTS / "kit" / f"{name}.py").exists()}
    found |= {folder / "conftest.py" for folder in path.parents if TESTS in (folder, *folder.parents)}
    return {each for each in found if each.exists()} - {path}


@cache
def _files() -> tuple[Path, ...]:
    return tuple(sorted((*PACKAGE.rglob("*.py"), *TESTS.rglob("*.py"))))


def _shared_names(path: Path) -> Iterator[str]:
    """Yield the names that a test, or a module of what tests share, takes from the package of that."""
    for module, names, _ in _statements(path, PACKAGE):
        if module == "kit" or (path.parent == TESTS / "kit" and not module):
            yield from names
        elif path.parent == TESTS / "kit":
            yield module


@cache
def _quoted(path: Path) -> frozenset[str]:
    """Return the texts in a file, and the parts of those that are paths."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return frozenset(part for text in texts for part in (text, *text.split("/")))


@cache
def _files_of(name: str) -> frozenset[Path]:
    """Return the files that are imported with a name of ours: those of the packages that it is in, too."""
    head, *parts = name.split(".")
    if head != "traitsview":
        return frozenset()
    found, folder = {PACKAGE / "__init__.py"}, PACKAGE
    for part in parts:
        found |= {path for path in (folder / f"{part}.py", folder / part / "__init__.py") if path.exists()}
        folder /= part
    return frozenset(found)


def _named_modules(path: Path) -> set[Path]:
    """Return the files of what a module imports by a name in a table."""
    text = path.read_text(encoding="utf-8")
    if "import_module(" not in text:
        return set()
    package = ".".join(("traitsview", *path.relative_to(PACKAGE).parent.parts))
    nodes = ast.walk(ast.parse(text))
    names = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {each for name in names if name.replace(".", "").isidentifier() for each in _files_of(f"{package}.{name}")}


def _statements(path: Path, package: Path, for_types: bool = False) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield each import, also `for_types` only or not: the module, the names of what is taken from it, and the line."""
    parts = (package.name, *path.relative_to(package).parent.parts) if package in path.parents else ()

    def walk(node: ast.AST) -> Iterator[tuple[str, tuple[str, ...], int]]:
        skips = _is_typing_only(node) and not for_types
        for child in node.orelse if skips else ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from ((alias.name, (), child.lineno) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                start = ".".join(parts[: len(parts) + 1 - child.level]) if child.level else ""
                module = ".".join(part for part in (start, child.module) if part)
                yield module, tuple(alias.name for alias in child.names), child.lineno
            else:
                yield from walk(child)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")))


def _is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
