"""A laboratory's notebook, an Envisage application, with the viewer beside a pane of its own.

The notebook knows nothing of viewing: it has a list of measurements and a pane that shows the list.  Its task
puts two panes of traitsview beside it, `ViewerPane` and `InfoPane`, and gives the viewer the image that was chosen.

    python examples/envisage_app.py
    python examples/envisage_app.py --screenshot notebook.png    (needs no display)
"""

import os
import sys
from argparse import ArgumentParser

import numpy as np

if "--screenshot" in sys.argv:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from envisage.api import CorePlugin, Plugin
from envisage.ui.tasks.api import TaskFactory, TasksApplication, TasksPlugin
from pyface.tasks.action.api import SGroup, SMenu, SMenuBar, TaskAction
from pyface.tasks.api import PaneItem, Task, TaskLayout, TaskWindowLayout, TraitsDockPane
from traits.api import Float, HasStrictTraits, Instance, Int, List, Str, observe
from traitsui.api import Label, TabularAdapter, TabularEditor, UItem, VGroup, View

from traitsview.api import ImageViewer, open_source
from traitsview.app.info_pane import INFO_PANE, InfoPane
from traitsview.app.viewer_pane import ViewerPane

# ---- the notebook: a model of measurements -----------------------------------


class Measurement(HasStrictTraits):
    """One image of a diffraction grating, and how it was taken."""

    name = Str()

    #: Distance of the slits, in µm.
    spacing = Float(40.0)

    #: Number of slits.
    slits = Int(3)

    note = Str()

    def image(self):
        """Return the counts of the camera, uint16, (1200, 1600)."""
        y, x = np.mgrid[-600:600, -800:800] / 200.0
        phase = np.pi * self.spacing * (x + 0.02 * y**2) / 20 + 1e-9
        fringes = (np.sin(self.slits * phase) / (self.slits * np.sin(phase))) ** 2
        expected = 20 + 4000 * fringes * np.sinc(x / 3) ** 2 * np.exp(-(y**2) / 3)
        return np.random.default_rng(self.slits).poisson(expected).astype(np.uint16)


class Notebook(HasStrictTraits):
    """The measurements, and the chosen one."""

    measurements = List(Instance(Measurement))

    chosen = Instance(Measurement)

    def _measurements_default(self):
        return [
            Measurement(name="Two slits", slits=2, spacing=30, note="Young's experiment."),
            Measurement(name="Three slits", slits=3, spacing=40, note="One small maximum between two large ones."),
            Measurement(name="Seven slits", slits=7, spacing=60, note="The maxima grow narrow."),
        ]

    def _chosen_default(self):
        return self.measurements[0]


# ---- the notebook's own pane -------------------------------------------------


class MeasurementAdapter(TabularAdapter):
    """The columns of the list."""

    columns = [("Measurement", "name"), ("Slits", "slits"), ("Spacing (µm)", "spacing")]  # noqa: RUF012


class NotebookPane(TraitsDockPane):
    """The list of measurements, and the note on the chosen one."""

    id = "notebook.list"
    name = "Notebook"

    model = Instance(Notebook)

    view = View(
        VGroup(
            UItem(
                "measurements",
                editor=TabularEditor(adapter=MeasurementAdapter(), selected="chosen", editable=False, auto_resize=True),
                width=290,
            ),
            Label("Note"),
            UItem("object.chosen.note", style="custom", height=-90),
            show_labels=False,
        )
    )


# ---- its task, which embeds the viewer -----------------------------------------


class NotebookTask(Task):
    """Looking at measurements."""

    id = "notebook.task"
    name = "Notebook"

    notebook = Instance(Notebook, ())

    viewer = Instance(ImageViewer, ())

    def create_central_pane(self):
        """Return the pane with the image."""
        return ViewerPane(viewer=self.viewer)

    def create_dock_panes(self):
        """Return the notebook's own pane, and the pane with facts about the image."""
        return [NotebookPane(model=self.notebook), InfoPane(viewer=self.viewer)]

    def initialized(self):
        """Begin with the first measurement."""
        self.viewer.appearance.trait_set(colormap="magma", scale="sqrt")
        self._show_chosen()

    def next_measurement(self):
        """Choose the next measurement of the list."""
        measurements = self.notebook.measurements
        at = measurements.index(self.notebook.chosen)
        self.notebook.chosen = measurements[(at + 1) % len(measurements)]

    @observe("notebook:chosen")
    def _show_chosen(self, event=None):
        chosen = self.notebook.chosen
        if chosen is not None:
            self.viewer.source = open_source(chosen.image(), name=chosen.name, unit="counts")

    def _default_layout_default(self):
        return TaskLayout(left=PaneItem("notebook.list"), right=PaneItem(INFO_PANE))

    def _menu_bar_default(self):
        following = TaskAction(name="&Next measurement", method="next_measurement", accelerator="Ctrl+N")
        return SMenuBar(
            SMenu(SGroup(following), SGroup(), id="File", name="&File"),
            SMenu(id="View", name="&View"),
        )


class NotebookPlugin(Plugin):
    """Brings the task into an application."""

    id = "notebook"
    name = "Notebook"

    tasks = List(contributes_to="envisage.ui.tasks.tasks")

    def _tasks_default(self):
        return [TaskFactory(id="notebook.task", name="Notebook", factory=NotebookTask)]


class NotebookApplication(TasksApplication):
    """The laboratory's application."""

    id = "notebook"
    name = "Laboratory"

    def _default_layout_default(self):
        return [TaskWindowLayout("notebook.task", size=(1500, 800))]


def main():
    """Run the application, or save a picture of its window."""
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--screenshot", metavar="OUT.png", help="save a picture of the window and exit")
    path = parser.parse_args().screenshot

    application = NotebookApplication(plugins=[CorePlugin(), TasksPlugin(), NotebookPlugin()])
    if path:
        application.observe(lambda event: picture_window(application, path), "application_initialized")
    application.run()


def picture_window(application, path):
    """Save a picture of the application's window once the image is complete, and end the application."""
    from traitsview.view.window import save_picture

    window = application.windows[0]
    try:
        save_picture(window.control, [window.active_task.viewer], path)
    finally:
        window.close()


if __name__ == "__main__":
    main()
