"""The screens that show a viewer: one window or several, of which one leads."""

from __future__ import annotations

from traits.api import Bool, HasStrictTraits, Property, Tuple

__all__ = ["Screen", "Screens"]


class Screen:
    """A key for one place where a viewer is shown, such as a window.  It holds nothing of that place."""


class Screens(HasStrictTraits):
    """Knows the screens that show one viewer.

    The screen that was used last leads: the viewport has its size.  The others show the same pixels stretched.
    """

    #: The screens that show the viewer; the last one leads.
    shown_on = Tuple()

    #: Those of them that nobody can see, such as minimised windows.
    hidden = Tuple()

    #: Whether somebody can see the viewer, or no window shows it: then a program looks at it.
    seen = Property(Bool, observe="shown_on, hidden")

    def enter(self, screen):
        """Show the viewer on a screen, which leads from now on."""
        self.shown_on = (*(other for other in self.shown_on if other is not screen), screen)

    def leave(self, screen):
        """Show the viewer on a screen no more."""
        self.shown_on = tuple(other for other in self.shown_on if other is not screen)
        self.hide(screen, False)

    def hide(self, screen, hidden=True):
        """Note whether a screen cannot be seen."""
        others = tuple(other for other in self.hidden if other is not screen)
        self.hidden = (*others, screen) if hidden else others

    def leads(self, screen):
        """Return whether the viewport has the size of a screen, rather than of another one."""
        return not self.shown_on or self.shown_on[-1] is screen

    def _get_seen(self):
        return not self.shown_on or any(screen not in self.hidden for screen in self.shown_on)
