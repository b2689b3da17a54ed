"""Following other objects, and ending all of it together."""

from __future__ import annotations

from contextlib import ExitStack

__all__ = ["Following"]


class Following:
    """Mixed into classes whose objects follow a viewer, or own parts that do.

    A widget of Qt goes on following a viewer after its window is closed, because the viewer lives on.  Its `end` stops
    that.  What was begun last ends first, and an error in one ending does not keep the others from being done.

    ::

        class Panel(Following, QtGui.QWidget):
            def __init__(self, viewer):
                super().__init__()
                self.bar = self.own(Bar(viewer))
                self.follow(viewer, self._refresh, "shading", "summary")
    """

    _endings = None

    def follow(self, subject, react, *names):
        """Call ``react(event)`` when a trait of `subject` changes, until `end`.

        Parameters
        ----------
        subject : HasTraits
        react : callable
        *names : str
            Each is a trait, or an expression of ``observe``, such as ``"appearance.[colormap,scale]"``.
        """
        for name in names:
            subject.observe(react, name)
            self.at_end(subject.observe, react, name, remove=True)

    def own(self, part):
        """Return `part`, whose `end` is called by this one's."""
        self.at_end(part.end)
        return part

    def at_end(self, function, *arguments, **named):
        """Have `function` called with these arguments by `end`."""
        if self._endings is None:
            self._endings = ExitStack()
        self._endings.callback(function, *arguments, **named)

    def end(self):
        """Stop following, and end what is owned.  To end again does nothing."""
        if self._endings is not None:
            self._endings.close()
