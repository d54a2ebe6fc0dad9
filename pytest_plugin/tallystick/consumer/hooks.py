"""The consumer side's pytest hooks, which only delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tallystick.consumer import mocks
from tallystick.consumer.collection import Collection
from tallystick.consumer.run import RECORDED, Run
from tallystick.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Generator

__tracebackhide__ = True

_NAME = pytest.StashKey[str]()
_RECORDED = pytest.StashKey[dict[str, Any] | None]()
_COLLECTION = "tallystick_collection"


def pytest_configure(config: pytest.Config) -> None:
    """Let the state of the run hear of each finished test."""
    config.pluginmanager.register(Run.of(config), "tallystick-consumer-run")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take note of the tests that exist, before any is deselected and before xdist marks groups in their ids."""
    for item in items:
        item.stash[_NAME] = item.nodeid
    Run.of(config).collection.add(item.nodeid for item in items)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Take note of which files were collected whole."""
    report = yield
    Run.of(collector.config).collection.note(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed by itself but did not keep to what it declared."""
    item.stash[_RECORDED] = None
    result = yield
    broken = mocks.broken_contracts(item)
    if broken:
        pytest.fail(broken, pytrace=False)
    name = item.stash.get(_NAME, item.nodeid)
    item.stash[_RECORDED] = {"test": name, "contracts": mocks.recorded_documents(item)}
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put what a passed test recorded on its last report, and what may explain a failure beside the failure."""
    report = yield
    if report.when == "call":
        _explain(report, item)
        # A unittest.TestCase fails without an exception that the call itself would have seen.
        if not report.passed or hasattr(report, "wasxfail"):
            item.stash[_RECORDED] = None
    recorded = item.stash.get(_RECORDED, None)
    if report.when == "teardown" and recorded:
        setattr(report, RECORDED, recorded)
    return report


def _explain(report: pytest.TestReport, item: pytest.Item) -> None:
    causes = mocks.possible_causes(item) if report.failed else ""
    if causes and causes not in report.longreprtext:
        report.sections.append(("contract mismatches", causes))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Learn from a worker of pytest-xdist which tests exist."""
    if _COLLECTION in getattr(node, "workeroutput", {}):
        Run.of(node.config).collection = Collection.from_json(node.workeroutput[_COLLECTION])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write and publish what was recorded, once, in the controller; a worker only tells which tests exist."""
    run = Run.of(session.config)
    if not run.recorded:
        return
    run.collection.narrow(session.config)
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output[_COLLECTION] = run.collection.to_json()
        return
    from tallystick.consumer.ending import end

    ended = end(run, Settings.of(session.config), passed=exitstatus == pytest.ExitCode.OK)
    run.lines = ended.lines
    if not ended.done and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def summary(config: pytest.Config) -> list[str]:
    """The lines about recorded contracts for the end of the run."""
    return Run.of(config).lines
