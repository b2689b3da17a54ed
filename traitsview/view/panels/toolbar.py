"""The conveniences above the image: going places, colours, saving."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...color.limits import MENU as LIMITS
from ...color.limits import is_rule, parse_limits
from ...color.look import linear_scale
from ...color.scales import SCALES, parse_scale
from ...errors import TraitsviewError
from ...numerals import ALL, comma_remedy, numeral, numerals
from ...sources.image_source import REDUCTIONS, reduction_text
from ..colormaps.colormap_menu import ColormapMenu
from ..qt.following import Following
from ..qt.number_field import NumberField
from ..tools.commands import COMMANDS
from ..tools.contrast_tool import NOT_FOR_LABELS

MANUAL = "manual"

#: What the menu of limits does besides choosing a rule.
FROM_VIEW, FROM_BOX, OF_COLORMAP = "from this view", "from a box …", "of the colormap"

#: The scale that is linear whatever the colormap says.
PLAIN = "power:1"

#: Where the range of the colormap is kept in the menu.
RANGE = QtCore.Qt.UserRole + 1

#: What the channels of colours are called.
CHANNELS = ("red", "green", "blue")

#: What of a viewer its buttons and menus show.
FOLLOWED = ("places.history", "appearance.[colormap,scale,limits,inverted]", "reduction", "summary", "source")


LIMITS_TIPS = (
    "Hold the numbers as they are, on every plane and in every image",
    COMMANDS["limits_from_view"].full_tip,
    COMMANDS["limits_from_box"].full_tip,
)


class Toolbar(Following, QtGui.QToolBar):
    """Buttons and menus for one viewer.

    Parameters
    ----------
    viewer : ImageViewer
    navigation : NavigationTool
        Whose box mode a button switches.
    do : callable
        Does a `Command`.
    open_colormap : callable
        Called when the user wants to open a colormap file.
    """

    def __init__(self, viewer, navigation, do, open_colormap):
        super().__init__()
        self._viewer, self._navigation, self._do = viewer, navigation, do
        self._complaint = None  # what was said of limits that were typed
        self.colormaps = self.own(ColormapMenu(viewer, open_colormap))
        self.setIconSize(QtCore.QSize(18, 18))
        self.setToolButtonStyle(QtCore.Qt.ToolButtonTextOnly)
        self._add_places()
        self._add_colors()
        self._separate()
        reductions = [(reduction_text(name), name) for name in REDUCTIONS]
        self._reductions = self._menu("How many elements become one pixel", reductions, self._choose_reduction)
        _fit_current(self._reductions, "nearest")  # of a longer one the status line has all
        self._button("Save…", "save_picture")
        self.follow(viewer, self._refresh, *FOLLOWED)
        self.follow(navigation, self._refresh, "[boxing,box_for,coloring]")
        self._refresh()

    # ---- building --------------------------------------------------------

    def _add_places(self):
        self._back = self._button("‹", "back")
        self._forward = self._button("›", "forward")
        self._separate()
        self._button("Fit", "fit")
        self._button("1:1", "one_to_one")
        self._box = self._button("Box", "box")
        self._box.setCheckable(True)
        self._separate()

    def _add_colors(self):
        self.addWidget(self.colormaps)
        self._invert = self._button("Invert", "invert")
        self._invert.setCheckable(True)
        self._colors = self._button("Colours", "color_panel")
        self._colors.setCheckable(True)
        self._scales = self._menu("Scale", [(name, name) for name in SCALES], self._choose_scale)
        _fit_current(self._scales, max(SCALES, key=self._scales.fontMetrics().horizontalAdvance))
        for row, tip in enumerate(SCALES.values()):
            self._scales.setItemData(row, tip, QtCore.Qt.ToolTipRole)
        rules = [(word, rule) for rule, word in LIMITS.items()]
        parts = [(word, word) for word in (MANUAL, FROM_VIEW, FROM_BOX)]
        self._limits = self._menu("Limits", [*rules, *parts], self._choose_limits)
        self._limits.insertSeparator(len(rules))
        _fit_current(self._limits, max(LIMITS.values(), key=len))
        for row, tip in enumerate(LIMITS_TIPS, len(rules) + 1):
            self._limits.setItemData(row, tip, QtCore.Qt.ToolTipRole)
        self._low, self._high = (self._number(tip) for tip in ("The value of the first colour", "… of the last colour"))
        self._limiting = [(part, part.toolTip()) for part in (self._limits, self._low, self._high)]

    def _button(self, text, name):
        """Add a button that does the command of that name."""
        button, command = QtGui.QToolButton(), COMMANDS[name]
        button.setText(text)
        button.setToolTip(command.full_tip)
        button.setAutoRaise(True)
        button.setFocusPolicy(QtCore.Qt.NoFocus)
        button.clicked.connect(lambda checked=False: self._do(command))
        self.addWidget(button)
        return button

    def _separate(self):
        line = self.widgetForAction(self.addSeparator())
        line.setFixedWidth(line.sizeHint().width())  # else it grows where buttons have no room and are left out

    def _menu(self, tip, items, chosen):
        menu = _Menu()
        menu.setToolTip(tip)
        menu.setFocusPolicy(QtCore.Qt.NoFocus)
        menu.setSizePolicy(QtGui.QSizePolicy.Fixed, QtGui.QSizePolicy.Fixed)  # room to spare is for the colormap
        for text, value in items:
            menu.addItem(text, value)
        menu.activated.connect(lambda row: chosen(menu.itemData(row)))
        self.addWidget(menu)
        return menu

    def _number(self, tip):
        field = NumberField(self._give_up_numbers)
        field.setToolTip(f"{tip}; Enter applies both, Esc gives up")
        field.returnPressed.connect(self._apply_numbers)
        self.addWidget(field)
        return field

    # ---- what the user does ----------------------------------------------

    def _choose_reduction(self, name):
        self._viewer.reduction = name

    def _choose_scale(self, name):
        self._viewer.appearance.scale = name

    def _choose_limits(self, chosen):
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
        self._refresh()

    def _apply_numbers(self):
        if not (self._low.is_typed or self._high.is_typed):
            self._give_up_numbers()
            return
        words = [self._low.said, self._high.said]
        try:
            limits = parse_limits(words)
        except TraitsviewError as error:
            # Words that stand for limits are on the menu; a field takes numbers.
            error.remedy = comma_remedy(words) or "write a number, such as 0.5 or 1e-9"
            self._complaint = self._viewer.status.complain(str(error))
            return
        self._viewer.appearance.limits = limits
        self._give_up_numbers()

    def _give_up_numbers(self):
        """Show the limits as they are, and give the keyboard back to the image."""
        if self._complaint is not None:
            self._complaint.withdraw()
            self._complaint = None
        self.parentWidget().setFocus()
        self._refresh_numbers()

    # ---- following the viewer ----------------------------------------------

    def _refresh(self, event=None):
        viewer, look = self._viewer, self._viewer.appearance
        self._back.setEnabled(viewer.places.can_go_back)
        self._forward.setEnabled(viewer.places.can_go_forward)
        self._box.setChecked(self._navigation.boxing and self._navigation.box_for == "zoom")
        self._invert.setChecked(look.inverted)
        self._colors.setChecked(self._navigation.coloring)
        self._offer_range(viewer.shading.colormap.limits)
        self._offer_linear(linear_scale(viewer.shading.colormap))
        plain = look.scale == PLAIN and self._scales.findData(PLAIN) >= 0
        _select(self._scales, PLAIN if plain else parse_scale(look.scale)[0])
        _select(self._reductions, viewer.reduction)
        _select(self._limits, look.limits if is_rule(look.limits) else MANUAL)
        colored = viewer.source is None or viewer.info.channels == 1
        amounts = viewer.source is not None and viewer.info.has_amounts
        self.colormaps.setEnabled(colored)
        for part in (self._invert, self._scales):
            part.setEnabled(colored or amounts)
        for part, tip in self._limiting:
            part.setEnabled(viewer.colours.has_limits)
            part.setToolTip(tip + self._channel_tip() if viewer.colours.has_limits or not colored else NOT_FOR_LABELS)
        if not any(field.hasFocus() and field.is_typed for field in (self._low, self._high)):
            self._refresh_numbers()

    def _offer_linear(self, spec):
        """Say on the menu of scales what linear is with a colormap that has its way, and offer equal shares below."""
        menu, row = self._scales, self._scales.findData("linear")
        name, number = parse_scale(spec)
        text = name if number is None else f"{name} {numeral(number)}"
        if menu.itemText(row) == text:
            return
        menu.setItemText(row, text)
        tip = SCALES["linear"] if spec == "linear" else "as the file of the colormap has it"
        menu.setItemData(row, tip, QtCore.Qt.ToolTipRole)
        plain = menu.findData(PLAIN)
        if spec == "linear" and plain >= 0:
            menu.removeItem(plain)
        elif spec != "linear" and plain < 0:
            menu.insertItem(row + 1, "linear", PLAIN)
            menu.setItemData(row + 1, SCALES["linear"], QtCore.Qt.ToolTipRole)
        menu.view().setMinimumWidth(menu.view().sizeHintForColumn(0))

    def _offer_range(self, stated):
        """Have the range that a colormap is made for on the menu of limits, if there is one."""
        menu, row = self._limits, self._limits.findData(OF_COLORMAP)
        if row >= 0 and (stated is None or menu.itemData(row, RANGE) != list(stated)):
            menu.removeItem(row)
            row = -1
        if row < 0 and stated is not None:
            menu.addItem("the colormap's: {} … {}".format(*numerals(*stated)), OF_COLORMAP)
            menu.setItemData(menu.count() - 1, list(stated), RANGE)
            menu.setItemData(menu.count() - 1, "The values that the colormap's file is made for", QtCore.Qt.ToolTipRole)
            menu.view().setMinimumWidth(menu.view().sizeHintForColumn(0))

    def _channel_tip(self):
        """Return what there is to say of the limits of each colour."""
        channels = self._viewer.shading.channels
        if channels is None:
            return ""
        texts = [" … ".join(numerals(*limits)) for limits in channels.limits]
        return "\n" + "\n".join(f"{name}: {text}" for name, text in zip(CHANNELS, texts, strict=True))

    def _refresh_numbers(self):
        given = self._viewer.appearance.limits
        limits = self._viewer.shading.limits if isinstance(given, str) else given
        known = self._viewer.summary is not None
        texts = numerals(*limits) if known else ("", "")
        exact = [numeral(limit, ALL) for limit in limits] if known else texts
        for field, *words in zip((self._low, self._high), texts, exact, strict=True):
            field.show_number(*words)


class _Menu(QtGui.QComboBox):
    """A menu that shows by three dots that there is no room for all of the current entry: Qt cuts numbers short."""

    def paintEvent(self, event):  # noqa: N802
        option = QtGui.QStyleOptionComboBox()
        self.initStyleOption(option)
        painter, style = QtGui.QStylePainter(self), self.style()
        painter.drawComplexControl(style.ComplexControl.CC_ComboBox, option)
        part = style.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(style.ComplexControl.CC_ComboBox, option, part, self).width() - 2
        option.currentText = option.fontMetrics.elidedText(option.currentText, QtCore.Qt.ElideRight, room)
        painter.drawControl(style.ControlElement.CE_ComboBoxLabel, option)


def _fit_current(menu, longest):
    """Have a menu take no more room than the longest of what it shows when it is closed needs."""
    menu.view().setMinimumWidth(menu.view().sizeHintForColumn(0))
    metrics, hint = menu.fontMetrics(), menu.sizeHint().width()
    widest = max(metrics.horizontalAdvance(menu.itemText(row)) for row in range(menu.count()))
    menu.setFixedWidth(hint - widest + metrics.horizontalAdvance(longest))


def _select(menu, value):
    """Choose the row of a value; what is not on the menu comes at its end."""
    row = menu.findData(value)
    if row < 0:
        menu.addItem(str(value), value)
        row = menu.count() - 1
    menu.setCurrentIndex(row)
