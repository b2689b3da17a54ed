"""The console of the kernel that the image is in, on this machine or on a host."""

from __future__ import annotations

import contextlib
import logging
import threading

from ...errors import SourceUnsupported, TraitsviewError, source_failure
from ...opening import reach_kernel
from ..qt.following import Following
from ..qt.gui_thread import GuiThread

__all__ = ["KernelConsole"]

logger = logging.getLogger(__name__)

_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class KernelConsole(Following):
    """Adds a tab with a console to a `ConsolePane`, if the image of its viewer is in a kernel.

    The kernel is reached in a thread, because that may take seconds.  What other front ends do in the kernel is seen in
    the console as well.  The kernel goes on when the console ends.

    Parameters
    ----------
    viewer : ImageViewer
    tabs : QTabWidget
    """

    def __init__(self, viewer, tabs):
        self._viewer = viewer
        self._tabs = tabs
        self._gui_thread = GuiThread()
        self._number = 0
        self._console = None
        self._leave = None
        self.at_end(self._detach)
        self.attach()

    def attach(self):
        """Reach the kernel of the present image, in the place of that of another one."""
        self._detach()
        source, number = self._viewer.source, self._number
        if source is None or not source.info.live:
            return

        def reach():
            try:
                reached = reach_kernel(source, lambda: self._number != number)
            except SourceUnsupported:  # the image is in no kernel
                return
            except BaseException as error:  # a host may do anything
                failure = error if isinstance(error, TraitsviewError) else source_failure(error)
                self._gui_thread.post(lambda: self._number == number and self._viewer.status.complain(failure))
                return
            if reached is not None:
                self._gui_thread.post(lambda: self._show(number, *reached))

        threading.Thread(target=reach, name="traitsview console", daemon=True).start()

    def _show(self, number, door, leave):
        """Show the console; in the GUI thread."""
        if number != self._number:
            leave()
            return
        from qtconsole.client import QtKernelClient

        from .console import console_of

        client = QtKernelClient()
        ports = {f"{channel}_port": port for channel, port in zip(_CHANNELS, door.ports, strict=True)}
        words = {"transport": door.transport, "ip": door.ip, "key": door.key, "signature_scheme": door.signature}
        client.load_connection_info(words | ports)
        client.start_channels()
        self._leave, self._console = leave, console_of(client)
        self._tabs.addTab(self._console, "Kernel")
        self._tabs.setCurrentWidget(self._console)

    def _detach(self):
        self._number += 1
        console, leave, self._console, self._leave = self._console, self._leave, None, None
        if console is None:
            return
        self._tabs.removeTab(self._tabs.indexOf(console))
        with contextlib.suppress(RuntimeError):  # Qt has ended
            client, console.kernel_client = console.kernel_client, None
            client.stop_channels()
            console.deleteLater()
        leave()
