from __future__ import annotations

import numpy as np
import pytest
from astropy.visualization import AsinhStretch, LinearStretch, LogStretch, SqrtStretch

from traitsview.color.scales import SCALES, scale_named
from traitsview.errors import RequestError

THEIRS = {
    "linear": LinearStretch(),
    "sqrt": SqrtStretch(),
    "log": LogStretch(1000),
    "asinh": AsinhStretch(0.1),
}

each_scale = pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)


@each_scale
def test_scales_are_those_of_astropy(scale):
    t = np.linspace(0, 1, 1001)
    np.testing.assert_allclose(scale.forward(t), THEIRS[scale.name](t), atol=1e-12)


@each_scale
def test_scales_rise_from_0_to_1(scale):
    s = scale.forward(np.linspace(0, 1, 1001))
    assert s[0] == 0
    assert s[-1] == pytest.approx(1, abs=1e-15)
    assert (np.diff(s) > 0).all()


@each_scale
def test_the_inverse_comes_back(scale):
    t = np.linspace(0, 1, 1001)
    np.testing.assert_allclose(scale.inverse(scale.forward(t)), t, atol=1e-12)
    np.testing.assert_allclose(scale.forward(scale.inverse(t)), t, atol=1e-12)


@each_scale
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_the_dtype_is_kept(scale, dtype):
    t = np.linspace(0, 1, 5, dtype=dtype)
    assert scale.forward(t).dtype == dtype
    assert scale.inverse(t).dtype == dtype


@pytest.mark.parametrize("name", ["", "lin", "LOG", None, [], "a" * 1000])
def test_an_unknown_scale_is_answered_with_those_there_are(name):
    with pytest.raises(RequestError, match="linear, sqrt, log, asinh"):
        scale_named(name)
