"""A cluster of engines of ipyparallel, with a profile of its own, in processes that end with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from .patience import PATIENCE, wait_until

__all__ = ["EngineCluster"]


class EngineCluster:
    """A controller and its engines.

    Parameters
    ----------
    folder : Path
        An IPython folder, in which the profile is made.
    engines : int
    profile : str

    Attributes
    ----------
    client : ipyparallel.Client
        A client of the user's own.
    """

    def __init__(self, folder: Path, engines: int, profile: str = "default") -> None:
        self._folder = folder
        self._place = folder / f"profile_{profile}"
        self._place.mkdir(parents=True, exist_ok=True)
        self._engines: list[subprocess.Popen[bytes]] = []
        self.start(engines)

    def start(self, engines: int) -> None:
        """Start the controller, the engines, and a client."""
        from ipyparallel import Client

        # An engine counts as there after its second heartbeat; one that a test stops is not given up.
        heart = ("--HeartMonitor.period=200", "--HeartMonitor.max_heartmonitor_misses=100000")
        self._controller = self._run("controller", "--nodb", "--usethreads", *heart)
        self.file = self._place / "security" / "ipcontroller-client.json"
        wait_until(lambda: self.file.exists() and self.file.stat().st_size)
        self.client: Any = Client(str(self.file), timeout=PATIENCE)
        self.add(engines)

    def add(self, engines: int) -> None:
        """Start more engines; return when they are there."""
        wanted = len(self.client.ids) + engines
        self._engines += [self._run("engine") for _ in range(engines)]
        wait_until(lambda: len(self.client.ids) >= wanted)

    def define(self, engine: int, **values: Any) -> None:
        """Let an engine have variables; return when it has them."""
        self.client[engine].push(values, block=True)

    def forget(self, engine: int, name: str) -> None:
        """Let an engine have no variable of this name."""
        self.client[engine].execute(f"del {name}", block=True)

    def process_of(self, engine: int) -> int:
        """Return the number of the process of an engine."""
        return int(self.client[engine].apply_sync(os.getpid))

    def kill(self, engine: int) -> None:
        """Kill an engine; return when the cluster knows."""
        os.kill(self.process_of(engine), signal.SIGKILL)
        wait_until(lambda: engine not in self.client.ids)

    def stop(self) -> None:
        """End all processes."""
        self.client.close(linger=0)
        for engine in self._engines:
            engine.kill()  # one that is busy would not hear of anything else
        self._controller.terminate()
        for process in (*self._engines, self._controller):
            process.wait(PATIENCE)
        self._engines.clear()
        self.file.unlink(missing_ok=True)

    def _run(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"ipyparallel.{what}", f"--profile-dir={self._place}", "--log-level=40"]
        return subprocess.Popen(
            [*command, *options],
            env={**os.environ, "IPYTHONDIR": str(self._folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
