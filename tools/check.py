"""Runs the tests that what has changed can break, the nearest first, for as long as a check may take.

    python tools/check.py SECONDS [SINCE]

What has changed is what differs from SINCE, a commit; by default from where this branch left ``main``, and on ``main``
itself what is not committed.  A test can be broken by what it imports, directly or by way of other modules; the fewer
there are in between, the nearer it is.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from kit.import_graph import ROOT, distances, files_with_tests


def git(*words: str) -> str:
    """Return what git says, or nothing where it fails."""
    return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True).stdout.strip()


def changed_since(since: str) -> list[Path]:
    """Return the files that differ from a commit, and those that git does not know yet."""
    names = git("diff", "--name-only", since).splitlines() + git("ls-files", "-o", "--exclude-standard").splitlines()
    return [ROOT / name for name in dict.fromkeys(names)]


def nearest_first(changed: list[Path]) -> list[Path]:
    """Return the files with tests that these can break; first those named after what has changed."""
    names = {path.stem.removeprefix("test_") for path in changed}
    found = distances(changed)
    return sorted(found, key=lambda test: (test.stem.removeprefix("test_") not in names, found[test], test))


def main() -> int:
    """Choose, say what was chosen and why, and run it."""
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
    return 0 if code == 5 else code  # 5: all of them are slow


if __name__ == "__main__":
    sys.exit(main())
