"""Hooks around tests, which are in force once a test has a mock: a suite without any does not pay for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tallystick.consumer import marks, mocks
from tallystick.consumer.collection import name_of
from tallystick.consumer.run import RECORDED
from tallystick.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Generator

_RECORDED = pytest.StashKey[list[dict[str, Any]]]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let each test begin with mocks that know of nothing, and listen where they did."""
    marks.require_usable(item, Settings.of(item.config).spec)
    for mock in mocks.shared_mocks(item):
        mock.renew()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed by itself but did not keep to what it declared."""
    result = yield
    broken = mocks.broken_contracts(item)
    if broken:
        pytest.fail(broken, pytrace=False)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put what a passed test recorded on its last report, and what may explain a failure beside the failure."""
    report = yield
    if report.when == "call":
        # A unittest.TestCase fails without an exception that the call itself would have seen.
        passed = report.passed and not hasattr(report, "wasxfail") and not mocks.broken_contracts(item)
        item.stash[_RECORDED] = marks.marked(item, mocks.recorded_documents(item)) if passed else []
    if report.failed and report.when != "teardown":
        _explain(report, item)
    if report.when == "teardown" and _RECORDED in item.stash:
        setattr(report, RECORDED, {"test": name_of(item), "contracts": item.stash[_RECORDED]})
    return report


def _explain(report: pytest.TestReport, item: pytest.Item) -> None:
    causes = mocks.possible_causes(item)
    if causes and causes not in report.longreprtext:
        report.sections.append(("contract mismatches", causes))
