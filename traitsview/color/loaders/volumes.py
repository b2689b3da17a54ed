"""The opacity in files of programs for volumes, which is not the alpha of an image."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["VOLUMES_ONLY", "leave_out_opacity"]

#: The warning about opacity if the file does not say that it is for surfaces.
VOLUMES_ONLY = "Its opacity is for volumes, not for surfaces and images: it was left out."


def leave_out_opacity(opacities: Iterable[float], warnings: list[str]) -> None:
    """Add to `warnings` that opacities, 0 … 1, are left out, unless all are 1."""
    if any(opacity < 1 for opacity in opacities):
        warnings.append(VOLUMES_ONLY)
