"""What one pytest session verifies, and what came of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from tallystick.provider.options import Options
from tallystick.settings import Settings

if TYPE_CHECKING:
    from tallystick.provider.marks import Marked
    from tallystick.provider.narrowing import Narrowing
    from tallystick.provider.outcome import Outcome
    from tallystick.provider.publishing import Publication
    from tallystick.provider.selection import Case, Selection
    from tallystick.provider.tally import Tally

ATTRIBUTE = "tallystick_outcome"
"""The attribute of a test's report that carries its outcome; xdist sends it along."""

SHARED = "tallystick_contracts"
"""Where a worker finds the path of the contracts that all processes share."""

FUNCTIONS = "tallystick_functions"
"""Where the controller finds which functions a worker has for states and messages."""

CASE = "_contract_case"
"""The parameter that makes one test for each case."""

FINISHED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class Session:
    """A plugin object that collects the outcomes of all tests where they come together.

    With xdist that is the controller. It collects no tests, so it is a worker that finds out whether contracts
    are needed at all, and looks them up; the others and the controller have them from a file.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.options: Options = Options.of(config)
        self.functions: set[tuple[str, str, str]] = set()
        self._config = config
        self._settings = Settings.of(config)
        self._selections: dict[str, Selection] = {}
        self._claims: list[tuple[str, Narrowing]] = []
        self._outcomes: dict[str, Outcome] = {}
        self._publications: list[Publication] = []
        self._shared: Path | None = None
        if self.is_worker:
            self._shared = Path(config.workerinput[SHARED])  # type: ignore[attr-defined]

    @property
    def is_worker(self) -> bool:
        """Whether this is one of several processes, which another one controls."""
        return hasattr(self._config, "workerinput")

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
        for selection in self.selections().values():
            if selection.problem and not self.is_worker:
                raise pytest.UsageError(selection.problem)

    def selections(self) -> dict[str, Selection]:
        """What the tests that were collected so far verify, by source; empty when none asks for contracts."""
        if self._shared is not None and not self.is_worker and self._shared.exists():
            from tallystick.provider.selection import Selection
            from tallystick.provider.sharing import read_all

            for source, text in read_all(self._shared).items():
                self._selections.setdefault(source, Selection.from_json(text))
        return self._selections

    def cases(self, marked: Marked) -> list[Case]:
        """The cases of a test that asks for `contract`; looks its contracts up once for all processes."""
        from tallystick.provider.selection import cases

        if marked.source not in self._selections:
            self._selections[marked.source] = self._select(marked.source)
        if marked.only:
            self._claims.append((marked.source, marked.only))
        return cases(self._selections[marked.source], self.options.narrowing, marked)

    def keeps(self, item: pytest.Item) -> bool:
        """Whether this test has something to do that is not the business of one which is marked for it."""
        callspec = getattr(item, "callspec", None)
        case: Case | None = callspec.params.get(CASE) if callspec else None
        if case is None:
            return True
        from tallystick.provider.marks import ONLY

        claimed = item.get_closest_marker(ONLY) is None and any(
            source == case.source and only.fits(case.contract.consumer, case.interaction)
            for source, only in self._claims
        )
        return not (case.spare or claimed)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the outcome off a report; of a test that is run again, the last one counts."""
        members = vars(report).get(ATTRIBUTE)
        if members:
            from tallystick.provider.outcome import Outcome

            self._outcomes[report.nodeid] = Outcome.from_json(members)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Publish once for all processes; a publication that was asked for and failed fails the run."""
        if self.is_worker:
            output: dict[str, Any] = self._config.workeroutput  # type: ignore[attr-defined]
            output[FUNCTIONS] = sorted(self._declared())
            return
        if not self._settings.publish or not self._outcomes:
            return
        if exitstatus in FINISHED:
            from tallystick.provider.publishing import publish

            self._publications = publish(self._settings, self._tallies())
        if any(publication.failed for publication in self._publications):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def describe(self) -> list[str]:
        """A line for each source on what there is to verify, when any test wants to."""
        found = [selection for selection in self.selections().values() if selection.contracts]
        return [f"contracts: {self._name_version()}{selection.describe()}" for selection in found]

    def missing(self) -> list[str]:
        """A function to paste for each state and message of the contracts that has none."""
        from tallystick.provider.inventory import missing

        return missing(self.selections().values(), self.options.narrowing)

    def summary(self) -> list[str]:
        """A line for each contract that was verified, for each result, and for each unused function."""
        if not self._outcomes:
            return []
        from tallystick.provider.inventory import unused
        from tallystick.provider.summary import describe

        functions = sorted(self.functions | self._declared())
        return [
            *describe(self._tallies(), self._publications),
            *unused(functions, self.selections().values(), self._settings.show),
        ]

    def _select(self, marked: str) -> Selection:
        from tallystick.provider.selection import Selection
        from tallystick.provider.sharing import share

        if self._shared is None:
            return self._look_up(marked)
        return Selection.from_json(share(self._shared, marked, lambda: self._look_up(marked).to_json()))

    def _look_up(self, marked: str) -> Selection:
        from tallystick.provider import keeping
        from tallystick.provider.sources import is_remote, select

        if not is_remote(self._settings, marked):
            return select(self._settings, self.options, marked)
        key = keeping.name_key(self._settings, self.options, marked)
        if self.options.offline:
            return keeping.recall(self._config, key, str(self._settings.name))
        found = select(self._settings, self.options, marked)
        keeping.keep(self._config, key, found)
        return found

    def _declared(self) -> set[tuple[str, str, str]]:
        if not self._selections:
            return set()
        from tallystick.provider.inventory import declared

        return declared()

    def _name_version(self) -> str:
        """This version, when its results are to be published under it."""
        if not self._settings.publish:
            return ""
        branch = self._settings.branch()
        place = f" (branch {branch})" if branch else ""
        return f"{self._settings.name} {self._settings.version()}{place}, "

    def report(self) -> list[dict[str, Any]]:
        """What the report says of each contract that was verified."""
        if not self._outcomes:
            return []
        from tallystick.provider.summary import to_json

        return to_json(self._tallies(), self._publications)

    def _tallies(self) -> list[Tally]:
        from tallystick.provider.tally import count

        return [
            tally
            for source, selection in sorted(self.selections().items())
            for tally in count(selection, [each for each in self._outcomes.values() if each.source == source])
        ]
