"""What the tests of colours share."""

from __future__ import annotations

from hypothesis import settings

# An example takes as long as a busy machine needs: the first one compiles.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
