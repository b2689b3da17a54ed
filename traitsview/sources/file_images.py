"""The images of a file, and the one that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import quoted

__all__ = ["FileImages"]

#: Images that a line of text lists.
_LISTED_IMAGES = 8


@dataclass(frozen=True, slots=True)
class FileImages:
    """The images of a file, and which of them is shown.

    Attributes
    ----------
    shown : str
        The text after ``::`` in the address of the image that is shown.
    names : tuple of str
        The same for every image of the file, in its order.
    titles : tuple of str
        The name of each image in the file, for example EXTNAME in FITS; empty where it has none.
    """

    shown: str
    names: tuple[str, ...]
    titles: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The image and the others for people: ``1 'SCI', of 2 images: 1 'SCI', 2 'ERR'``; empty where it is alone."""
        if len(self.names) < 2:
            return ""
        titles = dict(zip(self.names, self.titles, strict=False))
        texts = {name: f"{name} {quoted(titles[name], 24)}" if titles.get(name) else name for name in self.names}
        more = f" and {len(texts) - _LISTED_IMAGES} more" if len(texts) > _LISTED_IMAGES else ""
        listed = ", ".join(list(texts.values())[:_LISTED_IMAGES])
        return f"{texts.get(self.shown, self.shown)}, of {len(texts)} images: {listed}{more}"
