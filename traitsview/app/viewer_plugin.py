"""Brings the viewer into an Envisage application."""

from __future__ import annotations

from envisage.api import ExtensionPoint, Plugin
from traits.api import Instance, List

from .source_offer import SourceOffer

__all__ = ["IMAGE_SOURCES", "VIEWER_TASK", "ViewerPlugin"]

#: The extension point that takes `SourceOffer` objects.
IMAGE_SOURCES = "traitsview.image_sources"

#: The id of the task.
VIEWER_TASK = "traitsview.viewer"


class ViewerPlugin(Plugin):
    """Contributes the task that shows an image, and the user's preferences.

    The toolkit and the viewer are imported when the first task is made.
    """

    id = "traitsview.viewer"
    name = "Image viewer"

    image_sources = ExtensionPoint(
        List(Instance(SourceOffer)), id=IMAGE_SOURCES, desc="What the File menu offers to look at."
    )

    tasks = List(contributes_to="envisage.ui.tasks.tasks")
    preferences = List(contributes_to="envisage.preferences")
    preferences_panes = List(contributes_to="envisage.ui.tasks.preferences_panes")

    def _tasks_default(self):
        from envisage.ui.tasks.api import TaskFactory

        return [TaskFactory(id=VIEWER_TASK, name="Image", factory=self._create_task)]

    def _preferences_default(self):
        return ["pkgfile://traitsview.app/preferences.ini"]

    def _preferences_panes_default(self):
        from .preferences_pane import ViewerPreferencesPane

        return [ViewerPreferencesPane]

    def _create_task(self, **traits):
        from .preferences import ViewerPreferences
        from .viewer_task import ViewerTask

        task = ViewerTask(offers=self.image_sources, **traits)
        ViewerPreferences(preferences=self.application.preferences).apply(task.viewer)
        return task
