"""Runs the tests that changed files can break, the nearest first, for at most SECONDS.

    python tools/check.py SECONDS [SINCE]

Changed files are those that differ from the commit SINCE.  By default this is the commit where the branch left
``main``; on ``main`` itself, changed files are those that are not committed.  A changed module can break each test that
imports it, directly or through other modules.  The fewer modules are in between, the nearer the test is.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from kit.import_graph import ROOT, distances, files_with_tests


def git(*words: str) -> str:
    """Return the output of a git command; empty if it fails."""
    return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True).stdout.strip()


def changed_since(since: str) -> list[Path]:
    """Return the files that differ from a commit, and those that git does not know yet."""
    names = git("diff", "--name-only", since).splitlines() + git("ls-files", "-o", "--exclude-standard").splitlines()
    return [ROOT / name for name in dict.fromkeys(names)]


def nearest_first(changed: list[Path]) -> list[Path]:
    """Return the files of tests that changed files can break; first those that are named after a changed file."""
    names = {path.stem.removeprefix("test_") for path in changed}
    found = distances(changed)
    return sorted(found, key=lambda test: (test.stem.removeprefix("test_") not in names, found[test], test))


def main() -> int:
    """Choose tests, print which and why, and run them."""
    seconds, *commit = sys.argv[1:]
    branch = git("rev-parse", "--abbrev-ref", "HEAD")
    since = commit[0] if commit else (branch != "main" and git("merge-base", "HEAD", "main")) or "HEAD"
    changed = changed_since(since)
    chosen = nearest_first(changed)
    print(f"since {git('log', '-1', '--format=%h (%s)', since)}, {len(changed)} files have changed:")
    print(*(f"    {path.relative_to(ROOT)}" for path in changed[:20]), *["    ..."] * (len(changed) > 20), sep="\n")
    print(f"{len(chosen)} of {len(files_with_tests())} files with tests can be broken by that, the nearest first:")
    print(*(f"    {path.relative_to(ROOT)}" for path in chosen[:20]), *["    ..."] * (len(chosen) > 20), sep="\n")
    if not chosen:
        return 0
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "load", "-m", "not slow"]
    code = subprocess.run([*pytest, f"--within={seconds}", *map(str, chosen)], cwd=ROOT, check=False).returncode
    return 0 if code == 5 else code  # 5: pytest ran no test, because all of them are slow


if __name__ == "__main__":
    sys.exit(main())
