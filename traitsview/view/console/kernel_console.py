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
        self._reached = None
        self._source = None
        self._state = None
        self.at_end(self._detach)
        # A calculation that begins, or begins anew, may have a kernel.
        self.follow(viewer.live, self._look_again, "newest")
        self.attach()

    def attach(self):
        """Reach the kernel of the present image, in the place of that of another image or of an earlier kernel."""
        source = self._viewer.source
        if source is not self._source:
            self._detach()
            self._source = source
        self._number += 1
        number = self._number
        if source is None or not source.info.live:
            return
        self._state = source.frame.state
        present = None if self._reached is None else self._reached.there

        def reach():
            try:
                reached = reach_kernel(source, lambda: self._number != number, present)
            except SourceUnsupported:  # the image is in no kernel
                return
            except BaseException as error:  # a host may do anything
                failure = error if isinstance(error, TraitsviewError) else source_failure(error)
                self._gui_thread.post(lambda: self._number == number and self._viewer.status.complain(failure))
                return
            if reached is not None:
                self._gui_thread.post(lambda: self._show(number, reached))

        threading.Thread(target=reach, name="traitsview console", daemon=True).start()

    def _look_again(self, event):
        if event.new is not None and event.new.info.live and event.new.state != self._state:
            self.attach()

    def _show(self, number, reached):
        """Show the console; in the GUI thread."""
        if number != self._number:
            reached.leave()
            return
        from qtconsole.client import QtKernelClient

        from .console import console_of

        in_front = self._console is None or self._tabs.currentWidget() is self._console
        self._detach()
        client, door = QtKernelClient(), reached.here
        ports = {f"{channel}_port": port for channel, port in zip(_CHANNELS, door.ports, strict=True)}
        words = {"transport": door.transport, "ip": door.ip, "key": door.key, "signature_scheme": door.signature}
        client.load_connection_info(words | ports)
        client.start_channels()
        self._reached, self._console = reached, console_of(client)
        self._tabs.addTab(self._console, "Kernel")
        if in_front:
            self._tabs.setCurrentWidget(self._console)

    def _detach(self):
        self._number += 1
        console, reached, self._console, self._reached = self._console, self._reached, None, None
        if console is None:
            return
        self._tabs.removeTab(self._tabs.indexOf(console))
        with contextlib.suppress(RuntimeError):  # Qt has ended
            client, console.kernel_client = console.kernel_client, None
            client.stop_channels()
            console.deleteLater()
        reached.leave()
