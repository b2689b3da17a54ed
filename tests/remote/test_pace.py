"""The bandwidth and the round trip of a link are measured from the answers that come over it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from traitsview.remote.protocol.codec import Code
from traitsview.remote.viewer import pace
from traitsview.remote.viewer.pace import LARGEST_WINDOW_BYTES, SMALLEST_WINDOW_BYTES, Pace


def far(rate, round_trip=0.05):
    measured = Pace()
    measured.answered(round_trip)
    for _ in range(200):
        measured.brought(1 << 14, (1 << 14) / rate)
    return measured


def test_nothing_is_known_before_anything_came():
    assert Pace().delay(8 << 20) == 0.0
    measured = Pace()
    measured.answered(0.05)
    assert measured.bandwidth == pytest.approx(12.5e6)


@pytest.mark.parametrize("rate", [1e5, 1.25e6, 12.5e6, 125e6])
def test_the_bandwidth_is_that_of_the_bytes_and_the_delay_follows(rate):
    measured = far(rate)
    assert measured.bandwidth == pytest.approx(rate, rel=0.01)
    assert measured.delay(1 << 20) == pytest.approx(0.05 + (1 << 20) / rate, rel=0.01)
    assert measured.speeds.link == measured.bandwidth


@pytest.mark.fault("N4")
def test_a_link_that_becomes_slower_is_believed_within_a_second_of_its_time():
    measured = far(12.5e6)
    seconds = 0.0
    while measured.bandwidth > 2 * 125e3:
        measured.brought(1 << 14, (1 << 14) / 125e3)
        seconds += (1 << 14) / 125e3
        assert seconds < 4.0
    assert measured.window < 80_000


def test_the_window_is_what_fills_the_link_and_a_moment_more():
    assert far(1.25e6).window == pytest.approx(
        1.25e6 * (0.05 * pace._FULL_ROUND_TRIPS + pace._BEHIND_SECONDS), rel=0.02
    )
    assert pace._BEHIND_SECONDS <= 0.05
    assert pace._FULL_ROUND_TRIPS <= 1.25
    assert far(1e4).window == SMALLEST_WINDOW_BYTES
    assert far(1e10).window == LARGEST_WINDOW_BYTES


@pytest.mark.fault("N4")
def test_less_than_fills_the_link_sets_out_when_nothing_has_come_lately():
    assert far(12.5e6, 0.02).unproved == pytest.approx(12.5e6 * 0.01, rel=0.02)
    assert far(12.5e6, 0.15).unproved == pytest.approx(12.5e6 * 0.075, rel=0.02)
    assert far(1e4).unproved == SMALLEST_WINDOW_BYTES


def test_no_more_bytes_may_be_on_their_way_than_are_missing_and_than_fill_the_link():
    measured = far(12.5e6, 0.15)
    assert measured.room(0) == measured.unproved
    assert measured.room(1000) == measured.unproved + 1000
    assert measured.room(1 << 30) == measured.window


def test_batches_are_many_and_small_over_a_line_and_few_and_large_within_a_machine():
    quick = far(12.5e6, 0.15)
    assert 16 <= quick.window // quick.batch <= 64
    assert quick.batch == pytest.approx(quick.window / 64, rel=0.2)
    assert far(1.25e6).batch == far(1.25e6).window // 16
    assert far(1e4).batch == 1 << 13
    unknown = Pace()
    unknown.answered(0.15)
    assert unknown.batch == unknown.window // 16
    within = Pace(local=True)
    within.answered(1e-4)
    assert within.batch == within.window // 4


@pytest.mark.fault("N4")
def test_one_answer_that_comes_slowly_is_believed_at_once_and_forgotten_at_the_next():
    measured = far(12.5e6)
    measured.brought(1 << 16, (1 << 16) / 125e3)
    assert measured.bandwidth <= 2 * 125e3
    measured.brought(1 << 16, (1 << 16) / 12.5e6)
    assert measured.bandwidth > 2e6


def test_answers_that_come_at_once_share_the_link_and_their_time_counts_once():
    measured = Pace()
    # Three of 1 MB within 3 ms, over a line of 1 GB/s.
    for began, ended in ((0.001, 0.003), (0.0015, 0.0035), (0.001, 0.004)):
        measured.came(1_000_000, began, ended)
    assert measured.bandwidth == pytest.approx(1e9, rel=0.01)


def test_bytes_that_a_network_hands_over_at_once_say_nothing_of_its_rate():
    measured = Pace()
    measured.answered(0.05)
    for at in range(1000):
        measured.came(1000, at, at + 1e-5)
    assert measured.bandwidth == pytest.approx(pace._FAR_RATE)
    measured.came(1000, 1000.0, 1000.1)
    assert measured.bandwidth == pytest.approx(1e4)


def test_few_bytes_right_after_others_say_as_much_as_many():
    measured = Pace()
    for at in range(100):
        measured.came(1 << 13, at * 0.01, (at + 1) * 0.01, behind=True)
    assert measured.bandwidth == pytest.approx((1 << 13) / 0.01, rel=0.01)


def test_a_host_is_told_at_once_of_a_link_that_would_have_another_codec():
    measured = Pace()
    measured.answered(0.05)
    assert measured.speeds_to_tell().link == pace._FAR_RATE
    assert not measured.is_news
    measured.came(1 << 20, 0.0, (1 << 20) / 12e6)
    assert not measured.is_news
    measured.came(1 << 24, 1.0, 1.01)
    assert measured.is_news
    measured.speeds_to_tell()
    assert not measured.is_news


def test_how_much_quicker_than_any_codec_a_link_is_makes_no_news():
    measured = Pace()
    assert measured.speeds_to_tell().link == pace._NEAR_RATE
    measured.came(1 << 24, 0.0, 0.001)
    assert measured.bandwidth > 10 * pace._NEAR_RATE
    assert not measured.is_news


def test_the_round_trip_is_the_least_of_the_last_ones():
    measured = Pace()
    for seconds in (0.2, 0.05, 0.4, 0.3):
        measured.answered(seconds)
    assert 0.05 <= measured.round_trip < 0.06
    for _ in range(60):
        measured.answered(0.3)
    assert measured.round_trip == pytest.approx(0.3, rel=0.06)


def test_two_processes_of_one_machine_have_no_delay():
    measured = Pace()
    measured.answered(0.0002)
    for _ in range(20):
        measured.brought(1 << 20, 1e-3)
    assert measured.delay(8 << 20) == 0.0
    for _ in range(20):
        measured.brought(1 << 20, 1.0)
    assert measured.delay(8 << 20) > 5.0


def test_rates_of_decoding_are_measured_on_tiles_and_of_codecs():
    measured = Pace()
    before = measured.speeds.decoding
    measured.decoded(Code.RAW, 1 << 20, 1.0)
    measured.decoded(Code.ZSTD, 100, 1.0)
    assert measured.speeds.decoding == before
    for _ in range(50):
        measured.decoded(Code.ZSTD, 1 << 20, 1.0)
    assert measured.speeds.decoding[1] == pytest.approx(1 << 20, rel=0.1)
    assert measured.speeds.decoding[::2] == before[::2]


@pytest.mark.fault("N4")
def test_an_answer_behind_pixels_does_not_make_the_way_longer(monkeypatch):
    monkeypatch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: 0.0))  # it comes right behind them
    measured = Pace()
    measured.answered(0.05)
    for _ in range(100):
        measured.brought(1 << 14, 0.01)
        measured.answered(0.15)
    assert measured.round_trip == 0.05


def test_a_way_that_has_become_longer_is_believed_in():
    measured = Pace()
    for seconds in (0.05, *[0.15] * 100):
        measured.answered(seconds)
    assert measured.round_trip == 0.15


def test_within_a_machine_nothing_is_slow_however_busy_it_is():
    measured = Pace(local=True)
    measured.answered(0.5)
    measured.brought(1 << 20, 10.0)
    assert measured.delay(8 << 20) == 0.0
    assert measured.speeds.link >= 1e9
