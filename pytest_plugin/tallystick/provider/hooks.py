"""The provider side's pytest hooks, which only delegate."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from tallystick.provider.marks import MARKS, read
from tallystick.provider.session import ATTRIBUTE, CASE, FUNCTIONS, SHARED, Session

if TYPE_CHECKING:
    from collections.abc import Generator

    from tallystick.provider.contract import Contract
    from tallystick.provider.selection import Case

SESSION = pytest.StashKey[Session]()
CONTRACT = pytest.StashKey["Contract"]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare to collect outcomes, and name the marks; refuse to publish without asking the broker."""
    if config.getoption("--contracts-offline") and config.getoption("--contracts-publish"):
        raise pytest.UsageError("--contracts-publish needs the broker: leave out --contracts-offline")
    for mark in MARKS:
        config.addinivalue_line("markers", mark)
    config.stash[SESSION] = Session(config)
    config.pluginmanager.register(config.stash[SESSION], "tallystick-provider-session")


def pytest_unconfigure() -> None:
    """Forget the functions for states and messages, which the next run in this process will declare again."""
    for kind in ("STATES", "MESSAGES"):
        module = sys.modules.get(f"tallystick.provider.{kind.lower()}")
        if module:
            getattr(module, kind).known.clear()


def share(node: Any) -> None:
    """Tell an xdist worker where the contracts are shared, so that all processes verify the same ones."""
    node.workerinput[SHARED] = node.config.stash[SESSION].share()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Stop before the first test when the contracts that the workers need cannot be read."""
    node.config.stash[SESSION].require_contracts()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Learn from a worker which functions there are for states and messages."""
    functions = getattr(node, "workeroutput", {}).get(FUNCTIONS, ())
    node.config.stash[SESSION].functions.update(map(tuple, functions))


def generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each interaction out of a test that uses `contract`."""
    cases = metafunc.config.stash[SESSION].cases(read(metafunc.definition))
    metafunc.parametrize(CASE, cases, ids=[case.id for case in cases], indirect=True)


def give(case: Case, request: pytest.FixtureRequest) -> Contract:
    """Return what the fixture `contract` is in this case; skips the test if there is none and that was asked for."""
    from tallystick.provider.contract import Contract

    if case.index < 0 and request.config.stash[SESSION].options.empty == "skip":
        pytest.skip(str(case.problem))
    made = request.node.stash[CONTRACT] = Contract(case, request)
    return made


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Stop before the first test when the contracts that it needs cannot be read; give each to its own test."""
    session = config.stash[SESSION]
    session.require_contracts()
    items[:] = [item for item in items if session.keeps(item)]


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say how much there is to verify, and where it is from."""
    return config.stash[SESSION].describe()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Print the missing functions instead of running tests, when that was asked for; they are a failure."""
    if not session.config.getoption("--contracts-missing-states"):
        return None
    missing = session.config.stash[SESSION].missing()
    terminal: Any = session.config.pluginmanager.getplugin("terminalreporter")
    terminal.ensure_newline()
    terminal.write_line("\n\n\n".join(missing) or "every state and message has its function")
    session.testsfailed += len(missing)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail a test that passes without having verified its contract."""
    yield
    used = item.stash.get(CONTRACT, None)
    if used:
        used.require_verdict()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the outcome of a verification to the report of its test."""
    report = yield
    used = item.stash.get(CONTRACT, None)
    if report.when == "call" and used:
        vars(report)[ATTRIBUTE] = used.report(passed=report.passed)
    return report


def report(config: pytest.Config) -> list[dict[str, Any]]:
    """What the report says of verified contracts."""
    return config.stash[SESSION].report()


def summary(config: pytest.Config) -> list[str]:
    """The lines about verified contracts for the end of the run."""
    return config.stash[SESSION].summary()
