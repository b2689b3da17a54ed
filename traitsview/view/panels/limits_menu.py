"""The limits of the colours in the toolbar: a menu of rules, and two numbers."""

from __future__ import annotations

from pyface.qt import QtCore

from ...color.limits import MENU, is_rule, parse_limits
from ...errors import TraitsviewError
from ...model.status import Complaint
from ...numerals import ALL, comma_remedy, numeral, numerals
from ..qt.choice_menu import ChoiceMenu
from ..qt.number_field import NumberField
from ..tools.commands import COMMANDS
from ..tools.contrast_tool import NOT_FOR_LABELS
from .applicable import has_colormap

__all__ = ["LimitFields", "LimitsMenu", "limits_tip"]

#: Entries of the menu that are no rule.
MANUAL = "manual"
FROM_VIEW = "from this view"
FROM_BOX = "from a box …"
OF_COLORMAP = "of the colormap"

#: The entries below the rules, and what each does.
OTHER_ENTRIES = {
    MANUAL: "Hold the numbers as they are, on every plane and in every image",
    FROM_VIEW: COMMANDS["limits_from_view"].full_tip,
    FROM_BOX: COMMANDS["limits_from_box"].full_tip,
}

#: Where the range of the colormap is kept in the menu.
RANGE = QtCore.Qt.UserRole + 1

#: What the channels of an image in colour are called.
CHANNELS = ("red", "green", "blue")


class LimitsMenu(ChoiceMenu):
    """Chooses where the limits come from.

    Parameters
    ----------
    viewer : ImageViewer
    navigation : NavigationTool
        Draws the box from whose values limits are taken.
    """

    def __init__(self, viewer, navigation):
        rules = [(word, rule) for rule, word in MENU.items()]
        super().__init__("Limits", [*rules, *((word, word) for word in OTHER_ENTRIES)], self._choose)
        self._viewer, self._navigation = viewer, navigation
        self.insertSeparator(len(rules))
        self.fit(max(MENU.values(), key=len))
        for row, tip in enumerate(OTHER_ENTRIES.values(), len(rules) + 1):
            self.set_tip(row, tip)

    def refresh(self):
        """Show what the viewer's limits come from."""
        limits = self._viewer.appearance.limits
        self._offer_range(self._viewer.shading.colormap.limits)
        self.select(limits if is_rule(limits) else MANUAL)
        self.setEnabled(self._viewer.colours.has_limits)
        self.setToolTip(limits_tip("Limits", self._viewer))

    def _choose(self, chosen):
        viewer = self._viewer
        if chosen == FROM_VIEW:
            viewer.limits_from()
        elif chosen == FROM_BOX:
            self._navigation.draw_box("limits")
        elif chosen == MANUAL:
            viewer.hold_limits()
        elif chosen == OF_COLORMAP:
            viewer.appearance.limits = viewer.shading.colormap.limits
        else:
            viewer.appearance.limits = chosen
            viewer.measure()
        self.refresh()

    def _offer_range(self, stated):
        """Have the range for which a colormap is made on the menu, if it states one."""
        row = self.findData(OF_COLORMAP)
        if row >= 0 and (stated is None or self.itemData(row, RANGE) != list(stated)):
            self.removeItem(row)
            row = -1
        if row < 0 and stated is not None:
            self.addItem("the colormap's: {} … {}".format(*numerals(*stated)), OF_COLORMAP)
            row = self.count() - 1
            self.setItemData(row, list(stated), RANGE)
            self.set_tip(row, "The values that the colormap's file is made for")
            self.fit_entries()


class LimitFields:
    """The two numbers beside the menu: Enter applies both, Escape gives up.

    Parameters
    ----------
    viewer : ImageViewer
    done : callable
        Is called when numbers were applied or given up: the keyboard is wanted elsewhere.

    Attributes
    ----------
    low, high : NumberField
    """

    def __init__(self, viewer, done):
        self._viewer, self._done = viewer, done
        self._complaint = Complaint(viewer.status)
        self._tips = {}
        self.low = self._field("The value of the first colour")
        self.high = self._field("… of the last colour")

    def refresh(self):
        """Show the limits that the viewer has, unless other ones are being typed."""
        for field, tip in self._tips.items():
            field.setEnabled(self._viewer.colours.has_limits)
            field.setToolTip(limits_tip(tip, self._viewer))
        if not any(field.hasFocus() and field.is_typed for field in self._tips):
            self._show_limits()

    def _field(self, tip):
        field = NumberField(self._give_up)
        field.returnPressed.connect(self._apply)
        self._tips[field] = f"{tip}; Enter applies both, Esc gives up"
        return field

    def _apply(self):
        if not any(field.is_typed for field in self._tips):
            self._give_up()
            return
        words = [self.low.said, self.high.said]
        try:
            limits = parse_limits(words)
        except TraitsviewError as error:
            # Words that stand for limits are on the menu; a field takes numbers.
            error.remedy = comma_remedy(words) or "write a number, such as 0.5 or 1e-9"
            self._complaint.say(error)
            return
        self._viewer.appearance.limits = limits
        self._give_up()

    def _give_up(self):
        """Show the limits as they are, and give the keyboard back."""
        self._complaint.withdraw()
        self._done()
        self._show_limits()

    def _show_limits(self):
        given = self._viewer.appearance.limits
        limits = self._viewer.shading.limits if isinstance(given, str) else given
        known = self._viewer.summary is not None
        texts = numerals(*limits) if known else ("", "")
        exact = [numeral(limit, ALL) for limit in limits] if known else texts
        for field, *words in zip((self.low, self.high), texts, exact, strict=True):
            field.show_number(*words)


def limits_tip(tip, viewer):
    """Return a tool tip of a control of limits: with those of each channel, or why there are none."""
    if not viewer.colours.has_limits and has_colormap(viewer):
        return NOT_FOR_LABELS
    channels = viewer.shading.channels
    if channels is None:
        return tip
    texts = [" … ".join(numerals(*limits)) for limits in channels.limits]
    return "\n".join([tip, *(f"{name}: {text}" for name, text in zip(CHANNELS, texts, strict=True))])
