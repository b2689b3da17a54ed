"""A source that fails for a reason of its own: it is said as long as it is so, and no longer."""

from __future__ import annotations

import logging

import pytest
from kit import FOLDER
from kit.patience import PATIENCE
from kit.slow_sources import MoodySource, ramp

from traitsview.opening import connect
from traitsview.remote.routes.own_process import OwnProcess
from traitsview.view.window import process_events_until


@pytest.fixture
def mood(tmp_path):
    """A path; while there is a file, the source fails."""
    return tmp_path / "mood"


@pytest.fixture(params=["in this process", "in a host"])
def moody(request, mood, open_window, monkeypatch):
    """A window on a source that fails while `mood` is there."""
    if request.param == "in this process":
        yield open_window(MoodySource(ramp(1200, 1600), mood))
        return
    monkeypatch.setenv("PYTHONPATH", str(FOLDER))
    host = OwnProcess(str(mood), "kit.slow_sources:open_moody")
    yield open_window(connect(host), owned=True)
    host.close()


def is_said(hand, words):
    """Wait until the window says what is wrong; return whether it does."""
    return process_events_until(lambda: words in hand.panel.status_bar._shown.text(), PATIENCE)


def test_the_status_line_says_that_a_source_cannot_render_until_it_can(moody, mood):
    moody.wait_exact()
    mood.write_text("render_tiles")
    for go in (
        lambda viewer: viewer.one_to_one(),
        lambda viewer: viewer.pan(900, 700),
        lambda viewer: viewer.zoom(4),
        lambda viewer: viewer.pan(-3000, -3000),
    ):
        go(moody.viewer)
        assert is_said(moody, "the source failed: ValueError: render_tiles of 3 is odd")
        process_events_until(lambda: True, 1)
        assert moody.viewer.status.fault
        assert not moody.viewer.contact.lost
    mood.unlink()
    moody.viewer.pan(5, 5)
    moody.wait_exact()
    assert moody.viewer.shown.endswith("exact")


def test_the_status_line_says_that_a_source_cannot_summarize_until_it_can(moody, mood):
    moody.wait_exact()
    mood.write_text("summarize")
    for _ in range(2):
        moody.viewer.measure()
        assert is_said(moody, "the source failed: ValueError: summarize")
    mood.unlink()
    moody.viewer.measure()
    moody.wait_exact()
    assert not moody.viewer.status.fault
    mood.write_text("summarize")
    moody.viewer.limits_from()
    assert is_said(moody, "the source failed: ValueError: summarize")


def test_a_value_that_cannot_be_read_is_said_in_its_place(moody, mood):
    moody.wait_exact()
    mood.write_text("sample")
    moody.move(moody.center)
    assert process_events_until(lambda: "ValueError: sample" in moody.viewer.readout_line, PATIENCE)
    mood.unlink()
    moody.viewer.pan(1, 0)
    assert process_events_until(lambda: moody.viewer.readout.value, PATIENCE)
    assert "ValueError" not in moody.viewer.readout_line


def test_the_reason_of_a_failing_source_is_logged_once_with_all_details(open_window, mood, caplog):
    mood.write_text("render_tiles")
    hand = open_window(MoodySource(ramp(1200, 1600), mood))
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert is_said(hand, "the source failed")
            hand.viewer.pan(900, 0)
    assert "Traceback" in caplog.text
    assert caplog.text.count("in _fail") == 1
    assert hand.viewer.status.program_error == ""


@pytest.mark.parametrize("kind", ["Panic", "Wordless"])
def test_any_error_of_a_source_is_shown_and_can_pass(moody, mood, kind):
    def said(method):
        return f"the source failed: {kind}" + (f": {method} of 3 is odd" if kind == "Panic" else "")

    moody.wait_exact()
    mood.write_text(f"render_tiles {kind}")
    moody.viewer.one_to_one()
    assert is_said(moody, said("render_tiles"))
    mood.write_text(f"summarize {kind}")
    moody.viewer.measure()
    assert is_said(moody, said("summarize"))
    mood.unlink()
    moody.viewer.measure()
    moody.wait_exact()
    mood.write_text(f"sample {kind}")
    moody.move(moody.center)
    assert process_events_until(lambda: said("sample") in moody.viewer.readout_line, PATIENCE)
    mood.write_text(f"summarize {kind}")
    moody.viewer.limits_from()
    assert is_said(moody, said("summarize"))
