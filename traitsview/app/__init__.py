"""Envisage: the plugin, the task and its panes."""

import os
from contextlib import suppress
from importlib import import_module

from ..display import has_display

if not has_display(os.environ):
    with suppress(ModuleNotFoundError):  # ``python -m traitsview.app`` says what is missing
        import_module("..view", __package__)  # Pyface's import would end the process, see there
