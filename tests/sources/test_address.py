"""Addresses are taken apart as ssh and scp users expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traitsview.errors import RequestError
from traitsview.sources.address import Address, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("m13.fits", Address("m13.fits")),
        ("m13.fits::1", Address("m13.fits", "1")),
        ("run.h5::/fields/density", Address("run.h5", "/fields/density")),
        ("/a b/c:d.npy", Address("/a b/c:d.npy")),
        ("./a:b.npy", Address("./a:b.npy")),
        ("login3:run.npy", Address("run.npy", host="login3")),
        ("me@login3.site.org:/x/run.h5::/a", Address("/x/run.h5", "/a", "me@login3.site.org")),
        ("[::1]:/x.npy", Address("/x.npy", host="[::1]")),
        ("me@[fe80::1%eth0]:x.npy", Address("x.npy", host="me@[fe80::1%eth0]")),
        ("tls://login3:4433/x/run.h5::/a", Address("/x/run.h5", "/a", "tls://login3:4433")),
        ("tls://[fe80::1%eth0]:4433/live:x", Address("x", host="tls://[fe80::1%eth0]:4433", scheme="live")),
        ("live:density", Address("density", scheme="live")),
        ("live:", Address("", scheme="live")),
        ("a.fits::?blank=0", Address("a.fits", readings=(("blank", "0"),))),
        (
            "login3:a.fits::SCI,2?kind=rgb&blank=-1e3",
            Address("a.fits", "SCI,2", "login3", readings=(("kind", "rgb"), ("blank", "-1e3"))),
        ),
        ("tls://h:1/a.fits::1?origin=upper", Address("/a.fits", "1", "tls://h:1", readings=(("origin", "upper"),))),
        ("run.h5::/why?", Address("run.h5", "/why?")),
        ("run.h5::/a?b&c", Address("run.h5", "/a?b&c")),
        ("run.h5::/a?b?blank=1", Address("run.h5", "/a?b", readings=(("blank", "1"),))),
        ("what?blank=0.npy", Address("what?blank=0.npy")),
        ("login3:live:density", Address("density", host="login3", scheme="live")),
        ("yt:out?field=density&axis=z", Address("out?field=density&axis=z", scheme="yt")),
        ("live", Address("live")),
        ("live::1", Address("live", "1")),
    ],
)
def test_address_has_host_path_and_image(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "m13.fits",
        "m13.fits::1",
        "me@host:/a/b.h5::/c/d",
        "live:x",
        "host:live:x",
        "tls://h:1/a/b::1",
        "tls://h:1/live:density",
        "a.fits::?blank=0",
        "h:a::b?kind=rgb&blank=0",
    ],
)
def test_address_is_spelled_as_it_was_read(text):
    assert str(parse_address(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "a\0b",
        "::1",
        "-oProxyCommand=x:file",
        "a b:file",
        "a;b:file",
        "host\n:file",
        "@host:file",
        "me@:file",
        "me:password@host:file",
        ":x",
        "tls://",
        "tls:///x",
        "tls://host/x",
        "tls://host:/x",
        "tls://host:1",
        "tls://host:65536/x",
        "tls://me@host:1/x",
        "tls://-host:1/x",
        "tls://host:-1/x",
        "a.fits::?colour=red",
        "a.fits::1?blank=0&x=1",
    ],
)
def test_text_that_is_no_address_is_refused(text):
    with pytest.raises(RequestError):
        parse_address(text)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_a_request_error(text):
    try:
        address = parse_address(text)
    except RequestError:
        return
    assert not address.host.startswith("-")
    assert parse_address(str(address)) == address
