"""The commands of a viewer's window, in one table, and what the mouse does over the image.

Keys, tool tips, the menus of the application, the list of keys in the window and the one in the documentation are made
from this table.  A new command is one row of `COMMANDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

__all__ = ["CANCEL", "COMMANDS", "GESTURES", "Command", "Gesture", "command_for", "key_rows", "key_text", "menu_groups"]

#: The gesture that has the effect of a command.
SHIFT_DRAG = "Shift and drag"

#: Keys that people know by a sign.
SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}

#: Keys that count as another one: on many keyboards + is = with Shift.
SAME_KEYS = {"=": "+", " ": "Space"}


@dataclass(frozen=True)
class Command:
    """What a user can have done by a key, a button or a menu.

    Attributes
    ----------
    name : str
        By which the program knows it.
    tip : str
        What it does, as a tool tip says it.  Neighbours in the table with the same tip share a row in a list of keys.
    does : callable
        Is called with the `ViewerPanel`.
    keys : tuple of str
        Keys over the image, such as ``"F"`` or ``"Ctrl+Shift+C"``; tool tips name the first one.
    gesture : str
        What the mouse does to the same effect.
    menu : str
        Menu, group and entry in the application, such as ``"View/zoom/&Fit"``; empty if it is in no menu.
    menu_key : str
        A key that only the menu has.
    enabled : str
        A trait of the viewer, or of a part of it, that is true, or an object, while the menu offers it.  The menu
        observes it, so that it is no property of a plain class.
    """

    name: str
    tip: str
    does: Callable[[Any], object]
    keys: tuple[str, ...] = ()
    gesture: str = ""
    menu: str = ""
    menu_key: str = ""
    enabled: str = "source"

    @property
    def full_tip(self) -> str:
        """The tip with the key, and the gesture, that do the same: ``"Show the whole image  (F)"``."""
        ways = [key_text(key) for key in self.keys[:1]] + [self.gesture] * bool(self.gesture)
        return f"{self.tip}  ({', or '.join(ways)})" if ways else self.tip

    @property
    def shortcut(self) -> str:
        """The key that the menu has: its own, or the first one over the image that is pressed with Ctrl or Alt."""
        return self.menu_key or next((key for key in self.keys if key.startswith(("Ctrl+", "Alt+"))), "")


@dataclass(frozen=True)
class Gesture:
    """What the mouse, or fingers, do over the image, and what comes of it."""

    hand: str
    tip: str


def _zoom(factor: float) -> Callable[[Any], object]:
    return lambda panel: panel.navigation.zoom_by(factor)


def _pan(right: float, up: float) -> Callable[[Any], object]:
    return lambda panel: panel.navigation.pan_by(right, up)


def _toggle(thing: Any, trait: str) -> None:
    setattr(thing, trait, not getattr(thing, trait))


_ZOOM = "Zoom by 2 about the cursor"
_PAN = "Pan by an eighth of the window"
_PAN_PAGE = "Pan by a whole window"

_ROWS = (
    Command(
        "fit", "Show the whole image", lambda panel: panel.viewer.fit(),
        keys=("F", "Home"), menu="View/zoom/&Fit", menu_key="Ctrl+0",
    ),
    Command(
        "one_to_one", "One element per screen pixel", lambda panel: panel.viewer.one_to_one(panel.viewer.cursor),
        keys=("1",), menu="View/zoom/&1:1", menu_key="Ctrl+1",
    ),
    Command("zoom_in", _ZOOM, _zoom(2), keys=("+",), menu="View/zoom/Zoom &in", menu_key="Ctrl++"),
    Command("zoom_out", _ZOOM, _zoom(1 / 2), keys=("-",), menu="View/zoom/Zoom &out", menu_key="Ctrl+-"),
    Command("pan_left", _PAN, _pan(-1 / 8, 0), keys=("Left",)),
    Command("pan_right", _PAN, _pan(1 / 8, 0), keys=("Right",)),
    Command("pan_up", _PAN, _pan(0, 1 / 8), keys=("Up",)),
    Command("pan_down", _PAN, _pan(0, -1 / 8), keys=("Down",)),
    Command("page_up", _PAN_PAGE, _pan(0, 1), keys=("Page Up",)),
    Command("page_down", _PAN_PAGE, _pan(0, -1), keys=("Page Down",)),
    Command(
        "back", "Back to the place before", lambda panel: panel.viewer.back(),
        keys=("Alt+Left", "[", "Backspace"), menu="View/places/&Back", enabled="places.can_go_back",
    ),
    Command(
        "forward", "Forward again", lambda panel: panel.viewer.forward(),
        keys=("Alt+Right", "]"), menu="View/places/For&ward", enabled="places.can_go_forward",
    ),
    Command(
        "box", "Zoom to a box: drag it", lambda panel: panel.navigation.draw_box("zoom"),
        keys=("B",), gesture=SHIFT_DRAG,
    ),
    Command("cancel", "Cancel the box, or the drag", lambda panel: panel.navigation.cancel_box(), keys=("Esc",)),
    Command(
        "choose_colormap", "The list of colormaps", lambda panel: panel.choose_colormap(),
        keys=("M",), menu="View/colors/&Colormap…",
    ),
    Command(
        "invert", "Reverse the colormap", lambda panel: _toggle(panel.viewer.appearance, "inverted"),
        keys=("I",),
    ),
    Command(
        "color_panel", "Histogram, limits, contrast and bias beside the image",
        lambda panel: _toggle(panel.navigation, "coloring"),
        keys=("C",), menu="View/colors/&Panel of colours",
    ),
    Command(
        "limits_from_view", "Limits from the values that are visible now; they stay when you move",
        lambda panel: panel.viewer.shading.labels or panel.viewer.limits_from(),
        keys=("V",), enabled="colours.has_limits",
    ),
    Command(
        "limits_from_box", "Limits from the values in a box: drag it",
        lambda panel: panel.viewer.shading.labels or panel.navigation.draw_box("limits"),
        keys=("R",), enabled="colours.has_limits",
    ),
    Command(
        "trace", "Plot the value under the cursor over time, or close the plot",
        lambda panel: panel.shared_room.trace(),
        keys=("T",), menu="View/curves/Value over &time", enabled="live.live",
    ),
    Command(
        "trace_box", "Plot mean, least and greatest value of a box over time: drag it",
        lambda panel: panel.viewer.live.live and panel.navigation.draw_box("trace"),
        keys=("Ctrl+T",), menu="View/curves/Values of a bo&x over time", enabled="live.live",
    ),
    Command(
        "log_values", "Curves: logarithm of the values, or the values", lambda panel: panel.viewer.chart.toggle_log(),
        keys=("Y",), menu="View/curves/Lo&garithm of values", enabled="chart.active",
    ),
    Command(
        "pause", "Hold the frame of a live image, or go on", lambda panel: panel.viewer.live.toggle(),
        keys=("Space",), menu="View/frames/Pa&use", enabled="live.live",
    ),
    Command(
        "frame_back", "One frame back", lambda panel: panel.viewer.live.step(-1),
        keys=(",",), menu="View/frames/Frame bac&k", enabled="live.live",
    ),
    Command(
        "frame_on", "One frame on", lambda panel: panel.viewer.live.step(1),
        keys=(".",), menu="View/frames/Frame o&n", enabled="live.live",
    ),
    Command(
        "follow_frames", "Return to the newest frame, and follow", lambda panel: panel.viewer.live.resume(),
        keys=("L",), menu="View/frames/Li&ve again", enabled="live.paused",
    ),
    Command(
        "copy_look", "Copy colormap, scale, limits, contrast and bias", lambda panel: panel.copy_look(),
        keys=("Ctrl+Shift+C",), menu="Edit/look/Copy &look",
    ),
    Command(
        "paste_look", "Take the look that was copied, in any window", lambda panel: panel.paste_look(),
        keys=("Ctrl+Shift+V",), menu="Edit/look/Paste l&ook",
    ),
    Command(
        "fits_pixels", "Positions also as FITS and DS9 count pixels",
        lambda panel: _toggle(panel.viewer, "fits_pixels"),
        keys=("P",), menu="View/pixels/Pixe&ls as in FITS",
    ),
    Command(
        "retry", "Try to reach the source at once", lambda panel: panel.viewer.retry(),
        menu="View/contact/&Retry now", menu_key="Ctrl+R", enabled="status.can_retry",
    ),
    Command(
        "save_picture", "Save a picture of the image with its axes and its colour bar",
        lambda panel: panel.save_picture(),
        menu="File/save/&Save picture…", menu_key="Ctrl+S",
    ),
    Command(
        "console", "A console of Python with the names viewer, source and np",
        lambda panel: panel.shared_room.toggle_console(),
        keys=("F12",), menu="View/panels/Consol&e",
    ),
    Command(
        "lead_others", "Lead: those who follow see what you see; once more: lead no more",
        lambda panel: panel.together.toggle_lead(),
        keys=("Ctrl+Shift+L",), menu="View/together/Lea&d the others",
    ),
    Command(
        "follow_leader", "Follow who leads, until you move; once more: follow no more",
        lambda panel: panel.together.toggle_follow(),
        keys=("Ctrl+Shift+J",), menu="View/together/&Join who leads",
    ),
    Command(
        "record", "Record the frames that are shown, or stop recording", lambda panel: panel.record(),
        menu="File/save/&Record frames…", enabled="live.live",
    ),
    Command("show_keys", "This list in the window; Esc closes it", lambda panel: panel.show_keys(), keys=("?",)),
)  # fmt: skip

#: Every command, by its name, in the order of menus and of lists of keys.
COMMANDS = {command.name: command for command in _ROWS}

#: The command that tools give up what they are doing for.
CANCEL = COMMANDS["cancel"]

#: What the mouse does over the image.
GESTURES = (
    Gesture("Drag", "Pan, by whole screen pixels"),
    Gesture("Wheel", "Zoom about the cursor; a trackpad zooms as far as your fingers move"),
    Gesture("Two fingers", "Zoom, on a trackpad and on a touch screen"),
    Gesture(SHIFT_DRAG, "Zoom to a box"),
    Gesture("Right button and drag", "Down: more contrast; right: more bias"),
    Gesture("Double right click", "Contrast 1, bias 0.5"),
)

_BY_KEY = {key: command for command in _ROWS for key in command.keys}


def command_for(event: Any) -> Command | None:
    """Return the command of a key event of Enable, or None.  Shift counts only together with Ctrl."""
    key = SAME_KEYS.get(event.character, event.character)
    key = key.upper() if len(key) == 1 else key
    alt = "Alt+" * bool(event.alt_down)
    if event.control_down:
        return _BY_KEY.get(f"Ctrl+{alt}{'Shift+' * bool(event.shift_down)}{key}")
    return _BY_KEY.get(alt + key)


def key_text(key: str) -> str:
    """Return a key as people know it: ``"Alt+←"`` for ``"Alt+Left"``."""
    *held, last = key.split("+") if len(key) > 1 else [key]
    return "+".join((*held, SIGNS.get(last, last)))


def key_rows() -> list[tuple[tuple[str, ...], str]]:
    """Return the rows of a list of keys: pairs of keys, as people know them, and what they do."""
    with_keys = (command for command in COMMANDS.values() if command.keys)
    return [
        (tuple(key_text(key) for command in same for key in command.keys), tip)
        for tip, same in groupby(with_keys, lambda command: command.tip)
    ]


def menu_groups(menu: str) -> Iterable[tuple[str, list[tuple[str, Command]]]]:
    """Return the groups of a menu of the application: each one's name, and pairs of an entry's text and its command."""
    groups: dict[str, list[tuple[str, Command]]] = {}
    for command in COMMANDS.values():
        if command.menu.startswith(f"{menu}/"):
            _, group, text = command.menu.split("/")
            groups.setdefault(group, []).append((text, command))
    return groups.items()
