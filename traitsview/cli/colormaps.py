"""List, show, check and convert colormaps."""

from __future__ import annotations

from difflib import get_close_matches

from ..errors import RequestError, quoted
from .answer import answer

__all__ = ["ACTIONS", "take_action"]

#: Each action: the module that has its ``add_arguments(parser)`` and ``run(arguments)``, and what it does.
ACTIONS = {
    "list": ("colormaps_list", "list the names of all colormaps, or the files that could not be read"),
    "show": ("colormaps_show", "draw colormaps into a .png file, or in the terminal"),
    "check": ("colormaps_check", "read colormap files and say what is wrong with them"),
    "convert": ("colormaps_convert", "write a colormap to a file of another format"),
}

_HELP = """\
usage: traitsview colormaps ACTION …

Lists, shows, checks and converts colormaps.

actions
{actions}

Files in {folder} are found by name at once;
so are those in the folders that $TRAITSVIEW_COLORMAP_PATH names.

examples
  traitsview colormaps list diverging
  traitsview colormaps show crameri:vik mine.cpt -o maps.png
  traitsview colormaps check *.cpt
  traitsview colormaps convert viridis viridis.cpt
  traitsview colormaps show --help
"""


def take_action(words: list[str]) -> str | None:
    """Take the action out of the words of the command line; None if help was asked for, which is then printed."""
    first = next((word for word in words if word != "--debug"), "")
    if first in ("-h", "--help", "help"):
        from ..color.shelves.folder_paths import user_folder

        listed = "\n".join(f"  {name:<8} {does}" for name, (_, does) in ACTIONS.items())
        answer(_HELP.format(actions=listed, folder=user_folder()), end="")
        return None
    if first in ACTIONS:
        words.remove(first)
        return first
    known = ", ".join(ACTIONS)
    if not first:
        raise RequestError("nothing to do with colormaps", "no action was given", f"give one of {known}")
    near = get_close_matches(first, ACTIONS, 1, 0.5)
    remedy = f"did you mean '{near[0]}'?" if near else f"give one of {known}"
    raise RequestError(f"no action {quoted(first)} on colormaps", "", remedy)
