"""What the tests of colormap files share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import load_colormaps
from traitsview.errors import ColormapError


@pytest.fixture
def read(tmp_path) -> Callable[..., Colormap]:
    """Return the one colormap of a file of that name with that text or those bytes."""

    def read(name: str, content: str | bytes, format: str | None = None, **options: str) -> Colormap:
        path = Path(tmp_path, name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (found,) = load_colormaps(path, format, **options)
        return found

    return read


@pytest.fixture
def complaint(read) -> Callable[..., str]:
    """Return the message of the error that such a file raises."""

    def complaint(*arguments: str | bytes, **options: str) -> str:
        with pytest.raises(ColormapError) as caught:
            read(*arguments, **options)
        return str(caught.value)

    return complaint
