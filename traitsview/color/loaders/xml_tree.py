"""XML files as trees of elements that know their lines, read so that no file can do harm.

Declarations are refused: entities, and document types with declarations, inside the file or elsewhere.  A bare
``<!DOCTYPE qgis_style>`` declares nothing and is allowed.  QGIS begins its styles of layers with one fixed declaration,
which is removed before the parser sees it.  Nothing is ever fetched, and a reference to an entity is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from ...errors import ColormapError, counted, quoted
from .colormap_file import ColormapFile, Line, closest

__all__ = ["Element", "parsed", "root_tag"]

#: Elements may be nested this deep.
DEEPEST = 40
MOST_ELEMENTS = 60_000
MOST_ATTRIBUTES = 50

#: Encodings that the parser reads by itself.
ENCODINGS = ("utf-8", "utf-16", "iso-8859-1", "us-ascii", "ascii", "latin-1", "latin1", "windows-1252")


@dataclass
class Element:
    """An element of an XML file.

    Attributes
    ----------
    line : Line
        The line where it begins.
    tag : str
    attributes : dict
    children : list of Element
    text : str
        The text inside, without the texts of its children.
    """

    line: Line = field(repr=False)
    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list, repr=False)
    text: str = ""

    def fail(self, why: str, remedy: str = "") -> NoReturn:
        """Raise a `ColormapError` about this element: ``map.xml:12: why; remedy``."""
        self.line.fail(why, remedy)

    def attribute(self, name: str) -> str:
        """Return an attribute that must be there."""
        if name not in self.attributes:
            self.fail(f"<{self.tag}> has no {quoted(name)}", f'write {name}="…"')
        return self.attributes[name]

    def float(self, name: str, low: float, high: float) -> float:
        """Return an attribute that must be a number in ``low … high``."""
        return self.line.float(self.attribute(name).strip(), low, high, f"{name} of <{self.tag}>")

    def only_attributes(self, known: Sequence[str]) -> None:
        """Fail if there is an attribute that is not one of `known`."""
        self.only("attribute", self.attributes, known)

    def only_children(self, known: Sequence[str]) -> None:
        """Fail if there is a child that is not one of `known`."""
        for child in self.children:
            child.only("element", [child.tag], known)

    def only(self, what: str, found: Sequence[str] | dict[str, str], known: Sequence[str]) -> None:
        """Fail if a name in `found` is not in `known`; `what` is their kind in the message: ``"attribute"``."""
        for name in found:
            if name not in known:
                near = closest(name, known)
                self.fail(
                    f"unknown {what} {quoted(name)}",
                    f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}",
                )

    def every(self, tag: str) -> Iterator[Element]:
        """Yield the elements of that tag, at any depth, in the order of the file."""
        return (element for element in self.everything() if element.tag == tag)

    def everything(self) -> Iterator[Element]:
        """Yield the element and all elements below it, in the order of the file."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))

    @property
    def local(self) -> str:
        """Its tag without the prefix of a namespace."""
        return self.tag.rpartition(":")[2]


def parsed(file: ColormapFile, ending: bytes = b"") -> Element:
    """Return the root element of an XML file.

    Parameters
    ----------
    file : ColormapFile
    ending : bytes
        Added to the file: an end tag that a program is known to leave out.

    Raises
    ------
    ColormapError
        If it is not well-formed, declares types or entities, or is too deep or too large.
    """
    return _Reader(file).read(file.text_data + ending)


def root_tag(file: ColormapFile) -> str | None:
    """Return the tag of the root if the file looks like XML, else None.  Reads only up to the root."""
    if file.data[:256].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] != b"<":
        return None
    reader = _Reader(file, peek=True)
    try:
        return reader.read(file.data[:100_000]).tag
    except ColormapError:
        return None


#: The declaration with which QGIS begins styles of layers.  A parser that saw it would skip references to entities
#: without an error.
_QGIS_TYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?"
    rb"<!DOCTYPE\s+qgis\s+PUBLIC\s+(['\"])http://mrcc\.com/qgis\.dtd\1\s+(['\"])SYSTEM\2\s*>"
)


class _Found(Exception):
    """Ends the parser once the root was found."""


class _Reader:
    """One pass over one file."""

    def __init__(self, file: ColormapFile, peek: bool = False) -> None:
        self._file = file
        self._peek = peek
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._root: Element | None = None
        self._count = 0
        self._blank_lines = 0

    def read(self, data: bytes) -> Element:
        if found := _QGIS_TYPE.match(data):
            begin = found[0].index(b"<!DOCTYPE")
            data = data[:begin] + re.sub(rb"[^\r\n]", b" ", data[begin : found.end()]) + data[found.end() :]
        start = len(data) - len(data.lstrip(b" \t\r\n"))
        self._blank_lines = data[:start].count(b"\n")
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = self._type
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        try:
            parser.Parse(data[start:], True)
        except _Found:
            pass
        except ColormapError:  # ours is a ValueError, too, and must not be reworded
            raise
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code) or "unknown fault"
            self._line(error.lineno).fail(f"it is not well-formed XML: {why}", "is the file whole?")
        except (LookupError, ValueError) as error:
            raise ColormapError(self._file.name, "it is not well-formed XML", "write it in UTF-8") from error
        assert self._root is not None
        return self._root

    def _line(self, number: int) -> Line:
        return Line(self._file, number + self._blank_lines, "")

    def _here(self) -> Line:
        return self._line(self._parser.CurrentLineNumber)

    def _declare(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            self._here().fail(f"its encoding is {quoted(encoding)}", "write it in UTF-8")

    def _type(self, name: str, system: str | None, public: str | None, inside: bool) -> None:
        if system or public or inside:
            self._here().fail("it declares a document type", "remove what is between <!DOCTYPE and >")

    def _entity(self, *_: object) -> None:
        self._here().fail("it declares an entity", "write what it stands for instead")

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        element = Element(self._here(), tag, attributes)
        if self._root is None:
            self._root = element
            if self._peek:
                raise _Found
        if len(self._open) >= DEEPEST:
            element.fail(f"its elements are nested more than {DEEPEST} deep", "give a colormap file")
        if len(attributes) > MOST_ATTRIBUTES:
            element.fail(f"<{tag[:40]}> has {counted(len(attributes), 'attribute')}", "give a colormap file")
        if self._count > MOST_ELEMENTS:
            element.fail(f"it has more than {MOST_ELEMENTS} elements", "give a colormap file")
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def _end(self, tag: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def _say(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)
