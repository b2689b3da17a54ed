"""Kernels of Jupyter in processes of their own, and a front end that runs cells in them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jupyter_client import BlockingKernelClient

from .patience import PATIENCE, wait_until

__all__ = ["Kernel"]


class Kernel:
    """A kernel, and a front end of it.

    Parameters
    ----------
    folder : Path
        For the connection file and the arrays of `set`; by default a temporary one.
    name : str
    environment : mapping
        Environment variables of the kernel.
    """

    def __init__(self, folder: Path | None = None, name: str = "test", **environment: str) -> None:
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="tv-")
        self.folder = folder or Path(self._temporary.name)
        self.file = self.folder / f"kernel-{name}.json"
        self._environment = {**os.environ, **environment}
        self._numbers = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.client: Any = None
        self.start()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        """Start the kernel; a connection file that is there is used again, as by a front end that restarts it."""
        command = [
            os.environ.get("TRAITSVIEW_KERNEL_PYTHON", sys.executable),
            "-m",
            "ipykernel_launcher",
            "-f",
            str(self.file),
        ]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: self.file.exists() and self.file.stat().st_size)
        self.client = BlockingKernelClient(connection_file=str(self.file))
        self.client.load_connection_file()
        self.client.start_channels(stdin=True, hb=False)
        self.client.wait_for_ready(PATIENCE)

    def run(self, code: str) -> dict[str, Any]:
        """Run a cell; return the content of its reply."""
        return self.wait(self.begin(code))

    def begin(self, code: str) -> str:
        """Begin with a cell; return the id of its request."""
        return self.client.execute(code, allow_stdin=True)

    def wait(self, request: str) -> dict[str, Any]:
        """Wait until a cell has ended; return the content of its reply."""
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == request:
                assert reply["content"]["status"] == "ok", reply["content"]
                return reply["content"]

    def value(self, expression: str) -> str:
        """Return the text of the value of an expression."""
        reply = self.client.execute("", user_expressions={"x": expression}, silent=True, reply=True, timeout=PATIENCE)
        return reply["content"]["user_expressions"]["x"]["data"]["text/plain"]

    def printed(self) -> dict[str, str]:
        """Return what was printed since the last call, by the id of the request into whose cell it went."""
        mark = self.begin("")  # what was printed before comes before its status
        self.wait(mark)
        texts: dict[str, str] = {}
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            parent, content = message["parent_header"].get("msg_id"), message["content"]
            if message["msg_type"] == "stream":
                texts[parent] = texts.get(parent, "") + content["text"]
            if parent == mark and content.get("execution_state") == "idle":
                return texts

    def interrupt(self) -> None:
        """Interrupt the cell that runs, as a front end does."""
        self._process.send_signal(signal.SIGINT)

    def set(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Let the kernel have these arrays."""
        for name, array in arrays.items():
            self._numbers += 1
            path = self.folder / f"{self._numbers}.npy"
            np.save(path, array)
            self.run(f"import numpy as np\n{name} = np.load({str(path)!r})")
            path.unlink()

    def stop(self) -> None:
        """Let the kernel stand still."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill the kernel."""
        self._process.kill()
        self._process.wait()
        self.client.stop_channels()

    def restart(self) -> None:
        """Kill the kernel and start another one in its place."""
        self.kill()
        self.start()

    def busy(self, code: str) -> _Busy:
        """Return a context manager: while it is open, the kernel is busy with a cell of this code in a loop."""
        return _Busy(self, code)

    def close(self) -> None:
        if self._process.poll() is None:
            self.kill()
        if self._temporary is not None:
            self._temporary.cleanup()


class _Busy:
    def __init__(self, kernel: Kernel, code: str) -> None:
        self._kernel, self._code = kernel, code
        self._stop = kernel.folder / f"stop-{time.monotonic_ns()}"

    def __enter__(self) -> str:
        begun = self._stop.with_suffix(".begun")
        code = f"import os\nopen({str(begun)!r}, 'w').close()\nwhile not os.path.exists({str(self._stop)!r}):\n"
        self.request = self._kernel.begin(code + "\n".join("    " + line for line in self._code.splitlines()))
        wait_until(begun.exists)
        return self.request

    def __exit__(self, *_: object) -> None:
        self._stop.touch()
        self._kernel.wait(self.request)
