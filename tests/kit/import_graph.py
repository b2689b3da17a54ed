"""The graph of imports between files of the project.  It is read from their text; nothing is run."""

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

# Names of modules, ours and those of the tests' kit, in the text of a program that a test runs.
_OURS = re.compile(r"\btraitsview(?:\.\w+)*")
_SHARED = re.compile(r"\bkit\.(\w+)")


def imports(path: Path, package: Path = PACKAGE) -> Iterator[tuple[str, int]]:
    """Yield the absolute name and the line of each module that a module in the folder `package` imports when it runs.

    Imports within functions count.  Imports for types only do not count.
    """
    for module, names, line in _statements(path, package):
        if module == "traitsview" and names:
            yield from ((f"traitsview.{name}", line) for name in names)
        else:
            yield module, line


def in_circles(package: Path = PACKAGE) -> dict[Path, set[Path]]:
    """Return the modules of circles of imports, and modules between two circles, each with the modules it imports.

    Imports within functions and imports for types only count: a person who reads one of these modules must read all.
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
    """Return the files in a package that a module imports, also within functions and for types only."""
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
    """Return the files with tests that use changed files, and the number of imports between them.

    The number is 0 for a changed file with tests.  A file that is no module counts as used by a test if its name, or
    the name of its top folder, stands in a text of the test.
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
    # A test also runs programs, which use modules of ours and of the kit.
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
    """Yield the names of modules of the kit that a test, or another module of the kit, imports."""
    for module, names, _ in _statements(path, PACKAGE):
        if module == "kit" or (path.parent == TESTS / "kit" and not module):
            yield from names
        elif path.parent == TESTS / "kit":
            yield module


@cache
def _quoted(path: Path) -> frozenset[str]:
    """Return the string constants in a file, and the parts of those that are paths."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return frozenset(part for text in texts for part in (text, *text.split("/")))


@cache
def _files_of(name: str) -> frozenset[Path]:
    """Return the files that the import of a name of ours runs: its module, and the packages around it."""
    head, *parts = name.split(".")
    if head != "traitsview":
        return frozenset()
    found, folder = {PACKAGE / "__init__.py"}, PACKAGE
    for part in parts:
        found |= {path for path in (folder / f"{part}.py", folder / part / "__init__.py") if path.exists()}
        folder /= part
    return frozenset(found)


def _named_modules(path: Path) -> set[Path]:
    """Return the files that a module imports by `import_module`, with names that stand in a table."""
    text = path.read_text(encoding="utf-8")
    if "import_module(" not in text:
        return set()
    package = ".".join(("traitsview", *path.relative_to(PACKAGE).parent.parts))
    nodes = ast.walk(ast.parse(text))
    names = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {each for name in names if name.replace(".", "").isidentifier() for each in _files_of(f"{package}.{name}")}


def _statements(path: Path, package: Path, for_types: bool = False) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield the module, the imported names and the line of each import; with those for types only if `for_types`."""
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
