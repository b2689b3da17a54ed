"""The kernel in this process, whose names are those of a window."""

from __future__ import annotations

import atexit
import os
from contextlib import contextmanager
from importlib import import_module

import numpy as np

__all__ = ["OwnKernel", "require_qtconsole"]

#: What the console says first.
GREETING = (
    "viewer, source and np are there.  A cell runs in the thread of the window: a long one holds the window up, and a\n"
    "cell with 'await' is not answered.\n"
)


#: While qtconsole is imported: QtPy would take any Qt that it finds, and the debugger would warn of what it lacks.
_ENVIRONMENT = {"QT_API": "pyside6", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


@contextmanager
def _environment():
    """Have `_ENVIRONMENT` within the block."""
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def require_qtconsole():
    """Import what consoles are made of; raises `ModuleNotFoundError` where it is not installed."""
    with _environment():
        for module in ("ipykernel.inprocess", "qtconsole.rich_jupyter_widget"):
            import_module(module)


class OwnKernel:
    """IPython in this process.  There is one, because IPython's shell is one; all consoles of viewers share it.

    It belongs to the GUI thread.
    """

    _only = None

    def __init__(self):
        from qtconsole.inprocess import QtInProcessKernelManager

        self.manager = QtInProcessKernelManager()
        with _environment():
            self.manager.start_kernel()
        self.shell.banner1, self.shell.enable_tip = GREETING, False
        self.shell.push({"np": np}, interactive=False)

    @classmethod
    def get(cls):
        """Return the kernel; it is made at the first call."""
        if cls._only is None:
            cls._only = cls()
        return cls._only

    @classmethod
    def end(cls):
        """End the kernel, if there is one."""
        kernel, cls._only = cls._only, None
        if kernel is not None:
            shell, inner = kernel.shell, kernel.manager.kernel
            atexit.unregister(shell.atexit_operations)
            shell.atexit_operations()
            inner.iopub_thread.stop()
            kernel.manager.shutdown_kernel()
            for only in (shell, inner):
                only.clear_instance()

    @property
    def shell(self):
        """The `InteractiveShell`."""
        return self.manager.kernel.shell

    def show(self, viewer):
        """Let ``viewer`` and ``source`` be those of a window."""
        self.shell.push({"viewer": viewer, "source": viewer.source}, interactive=False)

    def forget(self, viewer):
        """Drop the names of a window that closes, unless they are those of another one."""
        names = self.shell.user_ns
        if names.get("viewer") is viewer:
            self.shell.drop_by_id({"viewer": viewer, "source": names.get("source")})

    def client(self):
        """Return a client of the kernel, whose channels run."""
        client = self.manager.client()
        client.start_channels()
        return client
