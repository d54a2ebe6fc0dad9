"""The consumer side's pytest hooks, which only delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tallystick.consumer.collection import Collection
from tallystick.consumer.marks import MARKS
from tallystick.consumer.run import Run
from tallystick.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLLECTION = "tallystick_collection"


def pytest_configure(config: pytest.Config) -> None:
    """Let the state of the run hear of each finished test, and pytest of the marks."""
    for line in MARKS:
        config.addinivalue_line("markers", line)
    config.pluginmanager.register(Run.of(config), "tallystick-consumer-run")


def collected(config: pytest.Config, items: Iterable[pytest.Item], notes: Iterable[tuple[str, bool]]) -> None:
    """Take note of the tests that exist, and of which files were collected whole."""
    collection = Run.of(config).collection
    collection.add(items)
    for node, passed in notes:
        collection.note(node, passed=passed)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Learn from a worker of pytest-xdist which tests exist."""
    if _COLLECTION in getattr(node, "workeroutput", {}):
        Run.of(node.config).collection = Collection.from_json(node.workeroutput[_COLLECTION])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write and publish what was recorded, once, in the controller; a worker only tells which tests exist."""
    run, settings = Run.of(session.config), Settings.of(session.config)
    if not run.recorded and not settings.prune and not (settings.publish and run.declared):
        return
    run.collection.narrow(session.config)
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output[_COLLECTION] = run.collection.to_json()
        return
    from tallystick.consumer.ending import end

    run.ended = end(run, settings, passed=exitstatus == pytest.ExitCode.OK)
    for each in run.ended.written:
        session.config.hook.pytest_contracts_recorded(
            config=session.config, path=each.path, document=each.document
        )
    if not run.ended.done and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def report(config: pytest.Config) -> list[dict[str, Any]]:
    """What the report says of recorded contracts."""
    from tallystick.consumer.ending import to_json

    ended = Run.of(config).ended
    return to_json(ended, Settings.of(config)) if ended else []


def summary(config: pytest.Config) -> list[str]:
    """The lines about recorded contracts for the end of the run."""
    ended = Run.of(config).ended
    return ended.lines if ended else []
