"""The base of tools that have the commands of keys done."""

from __future__ import annotations

from enable.base_tool import BaseTool
from traits.api import Event, Instance

from .commands import Command, command_for

__all__ = ["CommandTool"]


class CommandTool(BaseTool):
    """A tool whose keys are commands while it is in its normal state."""

    #: The key of this command was pressed.
    commanded = Event(Instance(Command))

    def normal_key_pressed(self, event):
        """Have the command of the key done."""
        command = command_for(event)
        if command is not None:
            self.commanded = command
            event.handled = True
