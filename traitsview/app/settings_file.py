"""The file of the user's choices.  No content of it stops the application, which never writes half a file."""

from __future__ import annotations

import io
import logging
from pathlib import Path

from apptools.preferences.api import Preferences, ScopedPreferences
from configobj import ConfigObj

from ..whole_files import replacing

__all__ = ["settings_in"]

logger = logging.getLogger(__name__)


def settings_in(path):
    """Return preferences that are read from the file at `path`, and written to it."""
    return ScopedPreferences(
        application_preferences_filename=path,
        scopes=[_FilePreferences(name="application", filename=path), Preferences(name="default")],
    )


class _FilePreferences(Preferences):
    """Preferences in a file.  A broken file is put aside; a file that cannot be written does not change."""

    def load(self, file_or_filename=None):
        """Load the file; if it makes no sense, load nothing and keep the file as ``.bad``."""
        path = Path(file_or_filename or self.filename)
        try:
            super().load(str(path))
        except OSError as error:
            logger.warning("beginning without settings: cannot read %s: %s", path, error.strerror)
        except Exception as error:  # a parser can raise anything
            aside = path.with_name(path.name + ".bad")
            try:
                path.replace(aside)
                kept = f"it is kept as {aside}"
            except OSError:
                kept = "it stays as it is"
            logger.warning("beginning without settings: %s makes no sense (%s); %s", path, error, kept)
            self.clear()

    def save(self, file_or_filename=None):
        """Write the file, whole or not at all."""
        path = Path(file_or_filename or self.filename)
        try:
            config = ConfigObj(str(path), encoding="utf-8")
        except Exception:  # another program broke it meanwhile
            config = ConfigObj(encoding="utf-8")
        self._add_node_to_dictionary(self, config)
        text = io.BytesIO()
        config.write(text)
        try:
            with replacing(path) as stream:
                stream.write(text.getvalue())
        except OSError as error:
            logger.warning("the settings are not kept: cannot write %s: %s", path, error.strerror)
