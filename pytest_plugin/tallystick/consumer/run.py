"""What one run knows about its contracts, from the first collected test to the last line of the summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tallystick.consumer.collection import Collection


@dataclass(eq=False)  # pluggy keeps plugins in sets
class Run:
    """The state of the consumer side in one process; pytest tells it of each finished test."""

    collection: Collection = field(default_factory=Collection)
    passed: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    _failed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, config: pytest.Config) -> Run:
        """The state of this process."""
        return config.stash.setdefault(_RUN, cls())

    @property
    def recorded(self) -> bool:
        """Whether a passing test declared anything."""
        return any(self.passed.values())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what the test recorded, in the controller from all workers; of several passes the last counts."""
        recorded = getattr(report, RECORDED, None)
        if report.when == "setup":
            self._failed.discard(report.nodeid)
        elif report.failed:
            # It may be of a subtest only, after which pytest still has the whole test pass at first.
            self._failed.add(report.nodeid)
        elif recorded and report.nodeid not in self._failed:
            self.passed[recorded["test"]] = recorded["contracts"]


RECORDED = "tallystick_recorded"
"""The attribute of a test's last report that holds its name and its contracts, when it passed."""

_RUN = pytest.StashKey[Run]()
