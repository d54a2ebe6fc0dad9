"""What one pytest session verifies, and what came of it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from tallystick.settings import Settings

if TYPE_CHECKING:
    from tallystick.provider.outcome import Outcome
    from tallystick.provider.publishing import Publication
    from tallystick.provider.selection import Case, Selection
    from tallystick.provider.tally import Tally

ATTRIBUTE = "tallystick_outcome"
"""The attribute of a test's report that carries its outcome; xdist sends it along."""

SHARED = "tallystick_contracts"
"""Where a worker finds the path of the contracts that all processes share."""

FINISHED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class Session:
    """A plugin object that collects the outcomes of all tests where they come together.

    With xdist that is the controller. It collects no tests, so it is a worker that finds out whether contracts
    are needed at all, and looks them up; the others and the controller have them from a file.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._settings = Settings.of(config)
        self._outcomes: dict[str, Outcome] = {}
        self._publications: list[Publication] = []
        self._shared: Path | None = None
        if self.is_worker:
            self._shared = Path(config.workerinput[SHARED])  # type: ignore[attr-defined]

    @property
    def is_worker(self) -> bool:
        """Whether this is one of several processes, which another one controls."""
        return hasattr(self._config, "workerinput")

    @property
    def in_use(self) -> bool:
        """Whether any collected test has asked for the contracts."""
        return "cases" in vars(self) or (self._shared is not None and self._shared.exists())

    def share(self) -> str:
        """The path of the file through which the workers share their contracts, in a folder of this run."""
        if self._shared is None:
            folder = TemporaryDirectory(prefix="tallystick-", ignore_cleanup_errors=True)
            self._config.add_cleanup(folder.cleanup)
            self._shared = Path(folder.name, "contracts")
        return str(self._shared)

    def require_contracts(self) -> None:
        """Raise `pytest.UsageError` when tests need contracts that cannot be read.

        A worker leaves that to the controller: pytest-xdist has no way to stop for what is wrong in a worker.
        """
        if not self.is_worker and self.in_use and self.selection.problem:
            raise pytest.UsageError(self.selection.problem)

    @cached_property
    def selection(self) -> Selection:
        """The contracts to verify, looked up once for all processes."""
        from tallystick.provider.selection import Selection
        from tallystick.provider.sharing import share
        from tallystick.provider.sources import select

        if self._shared is None:
            return select(self._settings)
        return Selection.from_json(share(self._shared, lambda: select(self._settings).to_json()))

    @cached_property
    def cases(self) -> list[Case]:
        """The cases of the tests that ask for `contract`."""
        from tallystick.provider.selection import cases

        return cases(self.selection, self._settings.only)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the outcome off a report; of a test that is run again, the last one counts."""
        members = vars(report).get(ATTRIBUTE)
        if members:
            from tallystick.provider.outcome import Outcome

            self._outcomes[report.nodeid] = Outcome.from_json(members)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Publish once for all processes; a publication that was asked for and failed fails the run."""
        if self.is_worker or not self._settings.publish or not self._outcomes:
            return
        if exitstatus in FINISHED:
            from tallystick.provider.publishing import publish

            self._publications = publish(self._settings, self._tallies())
        if any(publication.failed for publication in self._publications):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def describe(self) -> str | None:
        """One line on what there is to verify, when any test wants to."""
        return f"contracts: {self.selection.describe()}" if self.in_use and self.selection.contracts else None

    def summary(self) -> list[str]:
        """One line for each contract that was verified, and for each whose result was to be published."""
        if not self._outcomes:
            return []
        from tallystick.provider.summary import describe

        return describe(self._tallies(), self._publications)

    def _tallies(self) -> list[Tally]:
        from tallystick.provider.tally import count

        return count(self.selection, self._outcomes.values())
