"""Envisage: the plugin, the task and its panes."""

import os
from contextlib import suppress
from importlib import import_module

from ..display import has_display

if not has_display(os.environ):
    with suppress(ModuleNotFoundError):  # ``python -m traitsview.app`` says which package is missing
        import_module("..view", __package__)  # without it, the import of Pyface would end the process: see there
