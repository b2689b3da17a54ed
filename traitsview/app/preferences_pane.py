"""The viewer's page in an application's preferences dialog."""

from __future__ import annotations

from envisage.ui.tasks.api import PreferencesPane
from traitsui.api import EnumEditor, Item, Label, VGroup, View

from ..color.catalogue import MENU
from ..color.limits import MENU as LIMITS
from .preferences import ViewerPreferences

__all__ = ["ViewerPreferencesPane"]


def _in_order(names):
    """Return an editor that offers the items of `names`, a dict from values to words, in this order."""
    return EnumEditor(values={value: f"{at:02}:{word}" for at, (value, word) in enumerate(names.items())})


class ViewerPreferencesPane(PreferencesPane):
    """Lets the user choose the look and size of new windows."""

    id = "traitsview.preferences"
    model_factory = ViewerPreferences
    category = "Images"

    view = View(
        VGroup(
            Item("colormap", editor=_in_order({name: name for name in MENU})),
            Item("scale"),
            Item("limits", editor=_in_order(LIMITS)),
            Item("fits_pixels", label="Pixels as in FITS"),
            Item("width", label="Window width"),
            Item("height", label="Window height"),
            Label("New windows begin like this."),
        )
    )
