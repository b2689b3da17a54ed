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
from collections.abc import Iterator
from typing import Any

from ..errors import RequestError

__all__ = ["KernelBeside", "kernel_of_program"]

# Seconds that the kernel has to begin, and to end; it cannot end while a cell runs, and the calculation does not wait.
_PATIENCE = 30.0
_END_PATIENCE = 2.0

_WHAT = "cannot start a kernel"

_QUIET = "PYDEVD_DISABLE_FILE_VALIDATION"


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
    RequestError
        If ipykernel is not installed, if there is a kernel in this program already, or if it cannot begin.
    """

    def __init__(self, names: dict[str, Any] | None = None) -> None:
        try:
            from ipykernel.kernelapp import IPKernelApp
        except ImportError as error:
            why = "the package 'ipykernel' is not installed"
            raise RequestError(_WHAT, why, "install it with: pip install ipykernel") from error
        if IPKernelApp.initialized():
            raise RequestError(_WHAT, "there is one in this program", "look into that one")
        self._pid = os.getpid()
        self.connection_file = ""
        self._main = sys.modules["__main__"]
        self._names = vars(self._main) if names is None else names
        self._begun = threading.Event()
        self._error: BaseException | None = None
        self._loop: Any = None
        self._thread = threading.Thread(target=self._run, name="traitsview kernel", daemon=True)
        self._thread.start()
        if not self._begun.wait(_PATIENCE) or self._error is not None:
            raise RequestError(_WHAT, str(self._error or "it does not begin")) from self._error
        atexit.register(self.close)

    def close(self) -> None:
        """End the kernel and remove its connection file; a second call does nothing, nor does one in a forked child."""
        atexit.unregister(self.close)
        if os.getpid() != self._pid:
            return
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.add_callback(loop.stop)
            if threading.current_thread() is not self._thread:
                self._thread.join(_END_PATIENCE)
        with contextlib.suppress(OSError):
            os.remove(self.connection_file)

    def _run(self) -> None:
        kept = sys.displayhook, sys.excepthook, sys.stdout, sys.stderr
        try:
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            app = _app()
            with _quiet_debugger():
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
            # ipykernel leaves tasks behind in both loops, which would print into the calculation's output.
            app.iopub_thread.io_loop.asyncio_loop.set_exception_handler(lambda loop, context: None)
            app.close()
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            app.clear_instance()
            app.shell.clear_instance()
        except BaseException as error:  # it is told by the thread that waits, or nobody waits any more
            self._error = error
        finally:
            self._begun.set()


@contextlib.contextmanager
def _quiet_debugger() -> Iterator[None]:
    """Within the block the debugger that ipykernel imports does not warn of what it lacks."""
    before = os.environ.get(_QUIET)
    os.environ[_QUIET] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_QUIET]
        else:
            os.environ[_QUIET] = before


_starting = threading.Lock()


def kernel_of_program(names: dict[str, Any] | None = None) -> str:
    """Return the connection file of the kernel in this program; start one beside it if there is none.

    In a notebook it is the kernel of the notebook.  A kernel that is started ends with the program.

    Parameters
    ----------
    names : dict, optional
        The names that a kernel sees which is started now.

    Raises
    ------
    RequestError
        As `KernelBeside`.
    """
    with _starting:
        application = getattr(sys.modules.get("ipykernel.kernelapp"), "IPKernelApp", None)
        if application is not None and application.initialized():
            return str(application.instance().abs_connection_file)
        return KernelBeside(names).connection_file


def _app() -> Any:
    """Return the application of a kernel that leaves signals and the terminal to the program around it."""
    from ipykernel.ipkernel import IPythonKernel
    from ipykernel.kernelapp import IPKernelApp

    pid = os.getpid()

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

        def cleanup_connection_file(self) -> None:
            """Remove the file, unless this is the end of a forked child, to which it does not belong."""
            if os.getpid() == pid:
                super().cleanup_connection_file()  # type: ignore[no-untyped-call]

        def close(self) -> None:
            """End the threads, unless this is the end of a forked child, which has none of them."""
            if os.getpid() == pid:
                super().close()  # type: ignore[no-untyped-call]

    options = {"kernel_class": Kernel, "outstream_class": None, "log_level": "CRITICAL"}
    return App.instance(displayhook_class="ipykernel.displayhook.ZMQDisplayHook", **options)
