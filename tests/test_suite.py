"""The tests themselves: none of them depends on how quick a machine is."""

from __future__ import annotations

from hypothesis import HealthCheck, settings


def property_tests(items):
    return [item for item in items if hasattr(getattr(item, "function", None), "_hypothesis_internal_use_settings")]


def test_no_property_test_is_judged_by_its_time(request):
    for item in property_tests(request.session.items):
        used = item.function._hypothesis_internal_use_settings
        assert used.deadline is None, item.nodeid
        assert used.print_blob, item.nodeid
        assert HealthCheck.too_slow in used.suppress_health_check, item.nodeid
    assert settings.default.deadline is None
