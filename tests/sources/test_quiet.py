"""Warnings of libraries are silenced in one thread, and in no other."""

from __future__ import annotations

import threading
import warnings

import pytest
from kit.patience import PATIENCE

from traitsview.sources.quiet import quiet_astropy, quiet_warnings


@pytest.fixture
def other():
    """Have another thread enter a block; yield a function that makes it leave."""
    entered, leave = threading.Event(), threading.Event()

    def be_quiet():
        with quiet_warnings():
            entered.set()
            assert leave.wait(PATIENCE)

    thread = threading.Thread(target=be_quiet)
    thread.start()
    assert entered.wait(PATIENCE)

    def end():
        leave.set()
        thread.join()

    yield end
    end()


@pytest.mark.parametrize("quiet", [quiet_warnings, quiet_astropy])
def test_warnings_are_silenced_within_the_block_only(quiet):
    with quiet():
        with quiet():
            warnings.warn("of a library", stacklevel=1)
        warnings.warn("of a library", stacklevel=1)
    with pytest.raises(UserWarning):
        warnings.warn("of a library", stacklevel=1)


def test_thread_that_leaves_first_does_not_end_the_silence_of_another(other):
    with quiet_warnings():
        other()
        warnings.warn("of a library", stacklevel=1)
    with pytest.raises(UserWarning):
        warnings.warn("of a library", stacklevel=1)


def test_thread_that_leaves_last_leaves_warnings_on(other):
    with quiet_warnings():
        pass
    with pytest.raises(UserWarning):
        warnings.warn("while another one is quiet", stacklevel=1)
    other()
    with pytest.raises(UserWarning):
        warnings.warn("of a library", stacklevel=1)


def test_filters_set_between_two_blocks_do_not_end_the_silence():
    with quiet_warnings():
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet_warnings():
            warnings.warn("of a library", stacklevel=1)
    assert sum("InQuietThreads" in repr(each) for each in warnings.filters) == 1
