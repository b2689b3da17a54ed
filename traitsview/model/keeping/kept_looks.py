"""How each image looked when it was last closed, so that it looks the same when it is opened again."""

from __future__ import annotations

import atexit
import logging
import os
from dataclasses import replace
from functools import cache

from ...errors import RequestError
from ...sources.address import parse_address
from ...user_folders import config_folder
from ..appearance import CHOICES
from .appearance_text import appearance_from_dict, appearance_to_dict
from .choices_file import ChoicesFile

__all__ = ["KeptLooks", "LookKeeper", "image_key", "kept_looks"]

logger = logging.getLogger(__name__)

#: Images whose looks are kept.  The image that was closed longest ago is forgotten first.
KEPT_IMAGES = 100

#: The key of the file under which the looks are.
_IMAGES = "images"


class KeptLooks:
    """The looks of images, by their names, in a file.

    Parameters
    ----------
    file : ChoicesFile
    """

    def __init__(self, file):
        self.file = file

    def restore(self, key):
        """Return the `Appearance` that is kept under a key and a tuple of sentences about it; None if there is none."""
        images = self.file.read().get(_IMAGES)
        said = images.get(key) if isinstance(images, dict) else None
        if said is None:
            return None
        try:
            return appearance_from_dict(said)
        except RequestError as error:
            logger.warning("passing over the look of %s: %s", key, error)
            return None

    def keep(self, key, appearance):
        """Keep the appearance of an image under its key."""
        said = appearance_to_dict(appearance, whole=False)

        def put(held):
            images = held.get(_IMAGES)
            images = {name: look for name, look in images.items() if name != key} if isinstance(images, dict) else {}
            held[_IMAGES] = dict([*images.items(), (key, said)][-KEPT_IMAGES:])

        self.file.change(put)


class LookKeeper:
    """Gives a viewer the kept look of its image, and keeps the look again if the user has changed it.

    Parameters
    ----------
    viewer : ImageViewer
    name : str
        Of the image, as the user spells it; empty if nothing is to be kept.
    """

    def __init__(self, viewer, name):
        self._viewer, self._name = viewer, name
        self._key = ""
        self._begun = None

    def look_up(self):
        """Return the `Appearance` that is kept, and sentences about it; None if there is none.

        Any thread may call this: it asks the disk.
        """
        self._key = image_key(self._name) if self._name else ""
        return kept_looks().restore(self._key) if self._key else None

    def begin(self):
        """Note how the image looks before the user does anything."""
        self._begun = self._chosen()

    def keep(self):
        """Keep how it looks, unless that is how it began: options for once are not for ever."""
        if self._key and self._begun is not None and self._chosen() != self._begun:
            kept_looks().keep(self._key, self._viewer.appearance)
            self.begin()

    def _chosen(self):
        """Return what is chosen, a colormap by its name: that its file has changed is no choice of the user."""
        return self._viewer.appearance.trait_get(*CHOICES)


@cache
def kept_looks():
    """Return the `KeptLooks` of the user."""
    looks = KeptLooks(ChoicesFile(config_folder() / "looks.json"))
    atexit.register(looks.file.wait_written, 2.0)
    return looks


def image_key(text):
    """Return the key under which the look of the image is kept that `text` names; empty if it names no image.

    The key of a file on this machine is its absolute path, so that it does not depend on the current folder.
    """
    try:
        address = parse_address(text)
    except RequestError:
        return ""
    if address.host or address.scheme != "file":
        return str(address)
    path = os.path.realpath(os.path.expanduser(address.path))
    return str(replace(address, path=path))
