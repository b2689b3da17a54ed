"""Which images a file holds, and which of them is shown."""

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
        What is written after ``::`` for the image that is shown.
    names : tuple of str
        The same for every image of the file, in its order.
    titles : tuple of str
        What the file calls each of them, empty where it says nothing, such as EXTNAME in FITS.
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
