"""An appearance as text, so that it can go to another viewer, another program and another day.

The text has the name of the colormap and the colormap itself.  So an image looks the same also where that name is
unknown or belongs to another colormap.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from traits.api import TraitError

from ...color.catalogue import catalogue
from ...color.colormap import Colormap
from ...color.colormap_dict import colormap_from_dict, colormap_to_dict
from ...errors import ColormapError, RequestError, quoted
from ..appearance import CHOICES, Appearance

__all__ = ["appearance_from_dict", "appearance_from_text", "appearance_to_dict", "appearance_to_text"]

#: The key that says that a dict is an appearance; its value is the version.
MARK = "traitsview appearance"

#: The version that we write.
VERSION = 1

#: Characters that a text has at most.
TEXT_LENGTH = 16 << 20

#: What an appearance has beside its colormap.
_TRAITS = tuple(name for name in CHOICES if name != "colormap")

_REMEDY = "copy one with Ctrl+Shift+C in a window of traitsview"


def appearance_to_dict(appearance, whole=True):
    """Return what JSON can hold of an appearance.

    Parameters
    ----------
    appearance : Appearance
    whole : bool
        Whether to describe also colormaps that come with traitsview's libraries.
    """
    chosen = appearance.colormap
    said = {MARK: VERSION, "colormap": chosen if isinstance(chosen, str) else chosen.name}
    said.update((name, _plain(getattr(appearance, name))) for name in _TRAITS)
    if whole or not _comes_along(chosen):
        said["table"] = colormap_to_dict(appearance.look.colormap)
    return said


def appearance_to_text(appearance, whole=True):
    """Return an appearance as JSON; `whole` as for `appearance_to_dict`."""
    return json.dumps(appearance_to_dict(appearance, whole), allow_nan=False)


def appearance_from_text(text):
    """Return the `Appearance` that a text describes, and sentences about it: see `appearance_from_dict`.

    Raises
    ------
    RequestError
        If `appearance_to_text` did not write the text.
    """
    try:
        if len(text) > TEXT_LENGTH:
            raise ValueError(f"it has more than {TEXT_LENGTH} characters")
        said = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        shown = " ".join(text[:60].split())
        why = f"it is {quoted(shown)}" if shown else "it is empty"
        raise RequestError("not an appearance", why, _REMEDY) from error
    return appearance_from_dict(said)


def appearance_from_dict(said):
    """Return the `Appearance` that a dict describes, and a tuple of sentences that the user should read; mostly none.

    Raises
    ------
    RequestError
        If `appearance_to_dict` did not return the dict.
    """
    if not isinstance(said, dict) or MARK not in said:
        raise RequestError("not an appearance", "it is something else", _REMEDY)
    if said[MARK] != VERSION or isinstance(said[MARK], bool):
        why = f"it is of version {quoted(said[MARK])}, and this traitsview reads {VERSION}"
        raise RequestError("cannot read the appearance", why, "use the same version of traitsview")
    unknown = [key for key in said if key not in {MARK, "colormap", "table", *_TRAITS}]
    if unknown:
        raise RequestError("cannot read the appearance", f"it has the unknown part {quoted(unknown[0])}", _REMEDY)
    chosen, notes = _colormap_of(said.get("colormap"), said.get("table"))
    found = Appearance()
    try:
        found.colormap = chosen
        for name in _TRAITS:
            if name in said:
                value = said[name]
                setattr(found, name, tuple(value) if isinstance(value, list) else value)
    except (TraitError, TypeError, ValueError) as error:
        raise RequestError("cannot read the appearance", " ".join(str(error).split()), _REMEDY) from error
    return found, notes


def _colormap_of(name, table):
    """Return a colormap, and sentences about it.

    It is returned by its name where that name has the same colours here, and otherwise as a `Colormap`.
    """
    if not isinstance(name, str):
        raise RequestError("cannot read the appearance", f"{quoted(repr(name))} is no colormap", _REMEDY)
    if table is None:
        try:
            catalogue().held(name)
        except ColormapError as error:
            raise RequestError("cannot read the appearance", str(error)) from error
        return name, ()
    try:
        brought = colormap_from_dict(table)
    except ColormapError as error:
        raise RequestError("cannot read the appearance", error.why, error.remedy) from error
    # Not by `held`: it would read all of the user's files to find a name.
    if catalogue().entry(name) is None:
        if name.startswith("session:"):  # it never was there for longer
            return brought, ()
        return brought, (f"the colormap {quoted(name)} is not here any more: its colours were brought along",)
    try:
        if _same(catalogue().held(name), brought):
            return name, ()
    except ColormapError as error:
        return brought, (f"{error}; its colours were brought along",)
    return replace(brought, name=f"{brought.name} (as it was)"), (
        f"the colormap {quoted(name)} is another one here: its colours were brought along",
    )


def _same(one, other):
    """Whether two colormaps look the same."""
    if (one.discrete, one.under, one.over, one.bad) != (other.discrete, other.under, other.over, other.bad):
        return False
    size = one.discrete or 1021
    return bool(np.abs(one.lut(size) - other.lut(size)).max() < 1 / 510)


def _comes_along(chosen):
    """Whether every installation of traitsview has the colormap of that name."""
    entry = None if isinstance(chosen, Colormap) else catalogue().entry(chosen)
    return entry is not None and entry.origin == "cmap"


def _plain(value):
    return list(value) if isinstance(value, tuple) else value


def _refuse_constant(word):
    raise ValueError(f"{word} is no number")


def _once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found
