"""An IPython kernel in a thread of a calculation, so that a console can look at the names of the calculation.

The calculation keeps its main thread, its ``sys.stdout`` and its signals: Ctrl-C interrupts it as ever.  An interrupt
that a client of the kernel sends is left out, because a kernel passes it on to the main thread.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import sys
import threading
from typing import Any

__all__ = ["KernelBeside"]

# Seconds that the kernel has to begin and to end.
_PATIENCE = 30.0


class KernelBeside:
    """A kernel in a thread of this process.

    Its names are those of the calculation: what one binds, the other sees.  A program has one kernel at most, because
    IPython allows no second one.

    Parameters
    ----------
    names : dict, optional
        The names that the kernel sees, by default those of the main module.

    Attributes
    ----------
    connection_file : str
        The path by which front ends find the kernel: ``jupyter console --existing PATH``, ``kernel:PATH?NAME``.

    Raises
    ------
    RuntimeError
        If ipykernel is not installed, if there is a kernel in this program already, or if it cannot begin.
    """

    def __init__(self, names: dict[str, Any] | None = None) -> None:
        try:
            from ipykernel.kernelapp import IPKernelApp
        except ImportError as error:
            what = "cannot start a kernel: the package 'ipykernel' is not installed"
            raise RuntimeError(f"{what}; install it with: pip install ipykernel") from error
        if IPKernelApp.initialized():
            raise RuntimeError("cannot start a kernel: there is one in this program; look into that one")
        self.connection_file = ""
        self._main = sys.modules["__main__"]
        self._names = vars(self._main) if names is None else names
        self._begun = threading.Event()
        self._error: BaseException | None = None
        self._loop: Any = None
        self._thread = threading.Thread(target=self._run, name="traitsview kernel", daemon=True)
        self._thread.start()
        if not self._begun.wait(_PATIENCE) or self._error is not None:
            raise RuntimeError(f"cannot start a kernel: {self._error or 'it does not begin'}") from self._error
        atexit.register(self.close)

    def close(self) -> None:
        """End the kernel and remove its connection file; a second call does nothing."""
        atexit.unregister(self.close)
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.add_callback(loop.stop)
            self._thread.join(_PATIENCE)
        with contextlib.suppress(OSError):
            os.remove(self.connection_file)

    def _run(self) -> None:
        kept = sys.displayhook, sys.excepthook, sys.stdout, sys.stderr
        try:
            asyncio.set_event_loop(asyncio.new_event_loop())
            app = _app()
            app.initialize([])
            # IPython has taken these for the kernel alone; they are the calculation's.
            sys.displayhook, sys.excepthook, sys.stdout, sys.stderr = kept
            sys.modules["__main__"] = self._main
            app.kernel.user_module, app.kernel.user_ns = self._main, self._names
            app.shell.set_completer_frame()
            self.connection_file = app.abs_connection_file
            app.kernel.start()
            self._loop = app.kernel.io_loop
            self._loop.add_callback(self._begun.set)
            self._loop.start()
            app.close()
            app.clear_instance()
            app.shell.clear_instance()
        except BaseException as error:  # it is told by the thread that waits, or nobody waits any more
            self._error = error
        finally:
            self._begun.set()


def _app() -> Any:
    """Return the application of a kernel that leaves signals and the terminal to the program around it."""
    from ipykernel.ipkernel import IPythonKernel
    from ipykernel.kernelapp import IPKernelApp

    class Kernel(IPythonKernel):
        def _send_interrupt_children(self) -> None:
            """Interrupt nobody: the main thread is the calculation's."""

    class App(IPKernelApp):
        def init_signal(self) -> None:
            """Leave the signals alone, which only the main thread could set."""

        def init_poller(self) -> None:
            """Do not end with the process that has started this one."""

        def log_connection_info(self) -> None:
            """Print nothing into the calculation's output."""

    options = {"kernel_class": Kernel, "outstream_class": None, "log_level": "CRITICAL"}
    return App.instance(displayhook_class="ipykernel.displayhook.ZMQDisplayHook", **options)
