from __future__ import annotations

from pathlib import Path

import pytest

from traitsview.color.loaders.colormap_file import ColormapFile
from traitsview.color.loaders.xml_tree import parsed, root_tag
from traitsview.errors import ColormapError

LAUGHS = "<!ENTITY a 'ha'>" + "".join(f"<!ENTITY b{i} '&a;&a;'>" for i in range(9))


def file(data: str | bytes) -> ColormapFile:
    return ColormapFile(Path("map.xml"), data.encode() if isinstance(data, str) else data)


def refusal(data: str | bytes) -> str:
    with pytest.raises(ColormapError) as caught:
        parsed(file(data))
    return str(caught.value)


def test_elements_know_their_lines_attributes_and_texts():
    root = parsed(file('\n<?xml version="1.0"?>\n<maps>\n <map name="a"> one <!-- no --> two </map>\n</maps>\n'))
    (child,) = root.children
    assert (root.tag, child.tag, child.attributes, child.text) == ("maps", "map", {"name": "a"}, "one  two")
    assert (root.line.number, child.line.number) == (3, 4)
    assert [each.tag for each in root.every("map")] == ["map"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_that_xml_declares_are_read(encoding):
    declared = encoding.removesuffix("-sig")
    root = parsed(file(f'<?xml version="1.0" encoding="{declared}"?><map name="Färöer"/>'.encode(encoding)))
    assert root.attributes["name"] == "Färöer"
    assert root_tag(file(f"<map{'x' * 50}/>".encode(encoding))) == "map" + "x" * 50


def test_a_bare_document_type_declares_nothing():
    assert parsed(file("<!DOCTYPE qgis_style>\n<qgis_style/>")).tag == "qgis_style"


QGIS = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"


@pytest.mark.parametrize("before", ["", "\n\n", "\ufeff", "<?xml version='1.0' encoding='utf-8'?>\n"])
@pytest.mark.parametrize("declaration", [QGIS, QGIS.replace("'", '"'), QGIS.replace(" PUBLIC", "\n  PUBLIC")])
def test_the_document_type_of_qgis_is_passed_over(before, declaration):
    root = parsed(file(f"{before}{declaration}\n<qgis a='&lt;x'/>"))
    assert (root.tag, root.attributes) == ("qgis", {"a": "<x"})
    assert root.line.number == 2 + (before + declaration).count("\n")
    assert root_tag(file(f"{before}{declaration}<qgis/>")) == "qgis"


@pytest.mark.parametrize("text", ["<qgis>&x;</qgis>", "<qgis a='&x;'/>", "<qgis a='b&x;c'>d</qgis>"])
def test_below_it_no_entity_is_passed_over(text):
    assert "undefined entity" in refusal(f"{QGIS}\n{text}")


@pytest.mark.parametrize(
    "declaration",
    [
        QGIS.replace("'SYSTEM'", "'SYSTEM' [<!ENTITY x 'y'>]"),
        QGIS.replace("'SYSTEM'", "'file:///etc/passwd'"),
        QGIS.replace("mrcc", "other"),
        QGIS + "<!DOCTYPE m [<!ENTITY x 'y'>]>",
    ],
)
def test_a_document_type_that_is_nearly_that_of_qgis_is_refused(declaration):
    assert "declares a document type" in refusal(f"{declaration}<qgis>&x;</qgis>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declaration",
    [
        f"<!DOCTYPE m [{LAUGHS}]>",
        "<!DOCTYPE m []>",
        "<!DOCTYPE m [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE m SYSTEM 'http://127.0.0.1/m.dtd'>",
        "<!DOCTYPE m PUBLIC 'a' 'http://127.0.0.1/m.dtd'>",
        "<!DOCTYPE m [<!ATTLIST m name CDATA 'x'>]>",
        "<!DOCTYPE m [<!ENTITY % p 'x'> %p;]>",
    ],
)
def test_declarations_are_refused_before_they_are_read(declaration, encoding):
    message = refusal(f"<?xml version='1.0' encoding='{encoding}'?>\n{declaration}<m>&b8;</m>".encode(encoding))
    assert message == "map.xml:2: it declares a document type; remove what is between <!DOCTYPE and >"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("<a>\n<b></a>", "map.xml:2: it is not well-formed XML: mismatched tag; is the file whole?"),
        ("<a>\n", "map.xml:2: it is not well-formed XML: no element found; is the file whole?"),
        ("<a>&b;</a>", "map.xml:1: it is not well-formed XML: undefined entity; is the file whole?"),
        ("<a x='1' x='2'/>", "map.xml:1: it is not well-formed XML: duplicate attribute; is the file whole?"),
        ("<?xml version='1.0' encoding='utf-7'?><a/>", "map.xml:1: its encoding is 'utf-7'; write it in UTF-8"),
        (b"<?xml version='1.0' encoding='utf-8'?><a>\xff</a>", "not well-formed (invalid token)"),
        ("<a>" * 50 + "</a>" * 50, "map.xml:1: its elements are nested more than 40 deep; give a colormap file"),
        (
            "<a " + " ".join(f"x{i}=''" for i in range(51)) + "/>",
            "map.xml:1: <a> has 51 attributes; give a colormap file",
        ),
        (f"<a>{'<b/>' * 60_001}</a>", "map.xml:1: it has more than 60000 elements; give a colormap file"),
    ],
)
def test_each_fault_is_named_with_its_line(data, message):
    assert message in refusal(data)


@pytest.mark.parametrize("data", ["", "no", "{}", "<", "<!DOCTYPE m []><m/>", "<?xml version='1.0'?>", "\x00", "< a/>"])
def test_what_is_not_xml_has_no_root(data):
    assert root_tag(file(data)) is None


def test_what_is_missing_or_strange_is_named():
    root = parsed(file('<a x="1" colr="2" y="1e400"><point/></a>'))
    with pytest.raises(ColormapError, match=r"map.xml:1: <a> has no 'name'; write name="):
        root.attribute("name")
    with pytest.raises(ColormapError, match=r"map.xml:1: unknown attribute 'colr'; did you mean color\?"):
        root.only_attributes(["x", "y", "color"])
    with pytest.raises(ColormapError, match=r"map.xml:1: unknown element 'point'; did you mean Point\?"):
        root.only_children(["Point"])
    with pytest.raises(ColormapError, match="y of <a> is 1e400; it must be in 0 … 1"):
        root.float("y", 0, 1)
    assert root.float("x", 0, 1) == 1
