"""The viewer as an application of its own, extended by plugins."""

from __future__ import annotations

import os

from envisage.api import CorePlugin
from envisage.ui.tasks.api import TasksApplication, TasksPlugin
from envisage.ui.tasks.tasks_application import TasksApplicationState
from pyface.qt import QtGui
from pyface.tasks.api import TaskWindowLayout
from traits.api import Instance, Str, observe

from ..user_folders import config_folder
from ..view.window import interruptible
from .plugins import installed_plugins
from .preferences import ViewerPreferences
from .settings_file import settings_in
from .viewer_plugin import VIEWER_TASK

__all__ = ["ViewerApplication", "run"]


class ViewerApplication(TasksApplication):
    """An application of Envisage with its core and tasks, our plugin, and plugins of other packages."""

    id = "traitsview"
    name = "traitsview"

    #: The SOURCE to begin with, or empty.
    source_text = Str()

    #: The choices of the user, such as the size of the window.
    viewer_preferences = Instance(ViewerPreferences)

    def __init__(self, plugins=None, **traits):
        if plugins is None:
            plugins = installed_plugins()
        super().__init__(plugins=[CorePlugin(), TasksPlugin(), *plugins], **traits)

    def _create_windows(self):
        super()._create_windows()
        if self.source_text:
            self.windows[0].active_task.open(self.source_text)

    def _default_layout_default(self):
        wanted = self.viewer_preferences
        return [TaskWindowLayout(VIEWER_TASK, size=(wanted.width, wanted.height))]

    def _viewer_preferences_default(self):
        return ViewerPreferences(preferences=self.preferences)

    def _preferences_default(self):
        return settings_in(os.path.join(self.home, "preferences.ini"))

    def _home_default(self):
        return str(config_folder())

    @observe("window_closing")
    def _keep_window_size(self, event):
        width, height = event.new.window.size
        self.viewer_preferences.trait_set(width=width, height=height)

    # Envisage would keep the layout of windows as a pickle.  A pickle can run any code when it is loaded, so none is
    # kept or loaded.

    def _load_state(self):
        self._state = TasksApplicationState()

    def _save_state(self):
        pass


def run(source_text):
    """Run the application until its last window is closed.  Ctrl-C in the terminal closes all of them."""
    application = ViewerApplication(source_text=source_text)
    assert application.gui is not None  # asking for it makes it, and Qt's application
    with interruptible(QtGui.QApplication.instance()):
        application.run()
