"""An appearance as text, so that it can go to another viewer, another program and another day.

It carries the name of the colormap and the colormap itself: where the name means nothing, or something else, it looks
the same nevertheless.
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

#: The key that says what it is, and the version of what we write.
MARK, VERSION = "traitsview appearance", 1

#: Characters of a text, at most.
LONGEST = 16 << 20

#: What an appearance has beside its colormap.
_TRAITS = tuple(name for name in CHOICES if name != "colormap")

_NOT_ONE = "copy one with Ctrl+Shift+C in a window of traitsview"


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


def appearance_to_text(appearance):
    """Return an appearance as JSON."""
    return json.dumps(appearance_to_dict(appearance), allow_nan=False)


def appearance_from_text(text):
    """Return what `appearance_from_dict` does of a text.

    Raises
    ------
    RequestError
        If it is anything but what `appearance_to_text` writes.
    """
    try:
        if len(text) > LONGEST:
            raise ValueError(f"it has more than {LONGEST} characters")
        said = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        shown = " ".join(text[:60].split())
        why = f"it is {quoted(shown)}" if shown else "it is empty"
        raise RequestError("not an appearance", why, _NOT_ONE) from error
    return appearance_from_dict(said)


def appearance_from_dict(said):
    """Return an `Appearance`, and what the user should know of it: a tuple of sentences, mostly none.

    Raises
    ------
    RequestError
        If it is anything but what `appearance_to_dict` returns.
    """
    if not isinstance(said, dict) or MARK not in said:
        raise RequestError("not an appearance", "it is something else", _NOT_ONE)
    if said[MARK] != VERSION or isinstance(said[MARK], bool):
        why = f"it is of version {quoted(said[MARK])}, and this traitsview reads {VERSION}"
        raise RequestError("cannot read the appearance", why, "use the same version of traitsview")
    unknown = [key for key in said if key not in {MARK, "colormap", "table", *_TRAITS}]
    if unknown:
        raise RequestError("cannot read the appearance", f"it has the unknown part {quoted(unknown[0])}", _NOT_ONE)
    chosen, notes = _colormap_of(said.get("colormap"), said.get("table"))
    found = Appearance()
    try:
        found.colormap = chosen
        for name in _TRAITS:
            if name in said:
                value = said[name]
                setattr(found, name, tuple(value) if isinstance(value, list) else value)
    except (TraitError, TypeError, ValueError) as error:
        raise RequestError("cannot read the appearance", " ".join(str(error).split()), _NOT_ONE) from error
    return found, notes


def _colormap_of(name, table):
    """Return the colormap that is meant, by its name where that means the same here, and what there is to say."""
    if not isinstance(name, str):
        raise RequestError("cannot read the appearance", f"{quoted(repr(name))} is no colormap", _NOT_ONE)
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
    """Whether a colormap is there wherever traitsview is."""
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
