"""A refusal in the status line that is withdrawn when its cause is gone."""

from __future__ import annotations

__all__ = ["Complaint"]


class Complaint:
    """Says in a viewer's status line why an input is refused.

    Parameters
    ----------
    viewer : ImageViewer
    """

    def __init__(self, viewer):
        self._viewer, self._said = viewer, ""

    def say(self, error):
        """Show an error until it is withdrawn, or something else is wrong."""
        self._viewer.fault = self._said = str(error)

    def withdraw(self):
        """Take back the error that was said here; another one stays."""
        if self._said and self._viewer.fault == self._said:
            self._viewer.fault = ""
        self._said = ""
