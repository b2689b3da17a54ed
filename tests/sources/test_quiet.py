"""Astropy says nothing while files are read, in any number of threads, and says what it has to say afterwards."""

from __future__ import annotations

import warnings

import pytest

from traitsview.sources.quiet import quiet_astropy


def test_threads_that_read_at_the_same_time_leave_warnings_as_they_were():
    before = list(warnings.filters)
    one, other = quiet_astropy(), quiet_astropy()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)  # the one that began first ends first
    warnings.warn("the file may have been truncated", UserWarning, stacklevel=1)
    other.__exit__(None, None, None)
    assert list(warnings.filters) == before
    with pytest.warns(UserWarning, match="truncated"):
        warnings.warn("the file may have been truncated", UserWarning, stacklevel=1)
