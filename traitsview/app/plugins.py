"""Finds the plugins that installed packages bring."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points

__all__ = ["GROUP", "installed_plugins"]

logger = logging.getLogger(__name__)

#: The group of entry points; each names a subclass of Envisage's Plugin.
GROUP = "traitsview.plugins"


def installed_plugins():
    """Return our plugin and one of each entry point.  A plugin that cannot be made is logged and left out."""
    from .viewer_plugin import ViewerPlugin

    ours = ViewerPlugin()  # in a source tree that is not installed it has no entry point
    plugins = {ours.id: ours}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            plugin = entry.load()()
            plugins.setdefault(plugin.id, plugin)
        except Exception:  # code from outside can raise anything
            logger.exception("leaving out the plugin %s (%s)", entry.name, entry.value)
    return list(plugins.values())
