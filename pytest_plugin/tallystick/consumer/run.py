"""What one run knows about its contracts, from the first collected test to the last line of the summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tallystick.consumer.collection import Collection

if TYPE_CHECKING:
    from tallystick.consumer.ending import Ended


@dataclass(eq=False)  # pluggy keeps plugins in sets
class Run:
    """The state of the consumer side in one process; pytest tells it of each finished test.

    `declared` says whether any test had a mock, even one that failed.
    """

    collection: Collection = field(default_factory=Collection)
    ended: Ended | None = None
    declared: bool = False
    _recorded: dict[str, dict[str, Any]] = field(default_factory=dict)
    _not_passed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, config: pytest.Config) -> Run:
        """The state of this process."""
        return config.stash.setdefault(_RUN, cls())

    @property
    def passed(self) -> dict[str, list[dict[str, Any]]]:
        """The contracts that each passed test declared, by its node id."""
        return {
            recorded["test"] or self.collection.name_of(test): recorded["contracts"]
            for test, recorded in self._recorded.items()
        }

    @property
    def recorded(self) -> bool:
        """Whether a passing test declared anything."""
        return any(recorded["contracts"] for recorded in self._recorded.values())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what the test recorded, in the controller from all workers; of a test that runs again the last counts.

        A report may be of a subtest only, after which pytest still has the whole test pass at first.
        """
        self.declared |= hasattr(report, RECORDED)
        if report.when == "setup":
            self._not_passed.discard(report.nodeid)
        if report.outcome != "passed" or hasattr(report, "wasxfail"):
            self._not_passed.add(report.nodeid)
            self._recorded.pop(report.nodeid, None)
        elif report.when == "teardown" and report.nodeid not in self._not_passed:
            self._recorded[report.nodeid] = getattr(report, RECORDED, NOTHING)


RECORDED = "tallystick_recorded"
"""The attribute of a test's last report that holds its name and, when it passed, its contracts."""

NOTHING: dict[str, Any] = {"test": "", "contracts": []}

_RUN = pytest.StashKey[Run]()
