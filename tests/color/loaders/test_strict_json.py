from __future__ import annotations

from pathlib import Path

import pytest

from traitsview.color.loaders.colormap_file import ColormapFile
from traitsview.color.loaders.strict_json import Value, parsed
from traitsview.errors import ColormapError


def value(text: str) -> Value:
    return parsed(ColormapFile(Path("map.json"), text.encode()))


def test_values_are_what_they_were():
    found = value('\ufeff{"a": [1, 2.5, -1e3], "b": "text", "c": true, "d": 0, "e": null}')
    assert found.member("a").numbers(-1000, 3) == [1.0, 2.5, -1000.0]
    assert found.member("b").text() == "text"
    assert found.member("c").flag() is True
    assert found.member("d").flag() is False
    assert not found.has("e")
    assert [each.what for each in found.member("a").items()] == ["a[0]", "a[1]", "a[2]"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("[1, 2,]", [1, 2]),
        ('[{"a": [1,\n],\t},\n]\n', [{"a": [1]}]),
        ('["a,]", "b\\",}",]', ["a,]", 'b",}']),
    ],
)
def test_a_comma_behind_the_last_item_does_no_harm(text, meaning):
    assert value(text).data == meaning


@pytest.mark.parametrize(
    ("text", "line"), [("[1,\n,]", 2), ("[,]", 1), ("[1,,]", 1), ('{"a": 1,\n\n"b",}', 3), ('["a,]', 1)]
)
def test_other_commas_are_refused_where_they_stand(text, line):
    with pytest.raises(ColormapError, match=f"map.json:{line}: it is not JSON"):
        value(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,\n "b": 2,\n "a": 3}', "map.json: the key 'a' is there twice in one object; remove one"),
        ("[NaN]", "map.json: 'NaN' is no number that can be used; write a finite one"),
        ("[-Infinity]", "map.json: '-Infinity' is no number that can be used; write a finite one"),
        ("[1e999]", "map.json: '1e999' is no number that can be used; write a finite one"),
        ('{"a": [1,\n2', "map.json:2: it is not JSON: expecting ',' delimiter at column 2; is the file whole?"),
        ("{'a': 1}", "map.json:1: it is not JSON: expecting property name enclosed in double quotes at column 2"),
        ("[1] [2]", "map.json:1: it is not JSON: extra data at column 5; is the file whole?"),
        ("[" * 200_000, "map.json: it is nested too deeply; give a colormap file"),
        ('{"a":' * 200_000, "map.json: it is nested too deeply; give a colormap file"),
        ("[" + "9" * 100_000 + "]", "is no number that can be used"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text, message):
    with pytest.raises(ColormapError) as caught:
        value(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


def test_json_that_is_not_utf_8_is_refused():
    with pytest.raises(ColormapError, match=r"map\.json: it is not UTF-8, which JSON must be; write it in UTF-8"):
        parsed(ColormapFile(Path("map.json"), '{"name": "Färöer"}'.encode("latin-1")))


@pytest.mark.parametrize(
    ("text", "read", "message"),
    [
        ("[1]", Value.object, "it is an array; an object, "),
        ("{}", Value.items, "it is an object; an array, […], was expected"),
        ("[0, 2]", lambda v: v.numbers(0, 1), "[1] is 2; it must be in 0 … 1"),
        ("[true]", lambda v: v.numbers(0, 1), "[0] is true; a number was expected"),
        ('["1"]', lambda v: v.numbers(0, 1), "[0] is the text '1'; a number was expected"),
        ("[0, 1, 0]", lambda v: v.array(2), "it has 3 items; a colormap has at most 2"),
        ("null", Value.text, "it is null; a text, "),
        (r'"\ud800"', Value.text, r"it holds half a character; write both \u… of the pair"),
        ("2", Value.flag, "it is 2; true or false was expected"),
        ('{"colours": 1}', lambda v: v.keys(["colors"]), "it has the unknown key 'colours'; did you mean colors?"),
        ('{"a": null}', lambda v: v.member("a"), "it has no 'a'; add \"a\": …"),
    ],
)
def test_each_value_that_is_not_as_expected_is_named(text, read, message):
    with pytest.raises(ColormapError) as caught:
        read(value(text).within("colormap 'mine'"))
    assert str(caught.value).startswith(f"map.json: colormap 'mine': {message}")
