"""The provider side's pytest hooks, which only delegate."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from tallystick.provider.session import ATTRIBUTE, SHARED, Session

if TYPE_CHECKING:
    from collections.abc import Generator

    from tallystick.provider.contract import Contract

SESSION = pytest.StashKey[Session]()
CONTRACT = pytest.StashKey["Contract"]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare to collect outcomes."""
    config.stash[SESSION] = Session(config)
    config.pluginmanager.register(config.stash[SESSION], "tallystick-provider-session")


def pytest_unconfigure() -> None:
    """Forget the functions for states and messages, which the next run in this process will declare again."""
    for kind in ("STATES", "MESSAGES"):
        module = sys.modules.get(f"tallystick.provider.{kind.lower()}")
        if module:
            getattr(module, kind).known.clear()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the contracts are shared, so that all processes verify the same ones."""
    node.workerinput[SHARED] = node.config.stash[SESSION].share()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Stop before the first test when the contracts that the workers need cannot be read."""
    node.config.stash[SESSION].require_contracts()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each interaction out of a test that uses `contract`."""
    if "_contract_case" in metafunc.fixturenames:
        cases = metafunc.config.stash[SESSION].cases
        metafunc.parametrize("_contract_case", cases, ids=[case.id for case in cases], indirect=True)


@pytest.fixture
def _contract_case(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def contract(_contract_case: Any, request: pytest.FixtureRequest) -> Contract:
    """One interaction that a consumer expects of this service; the test must call `contract.verify(app)`."""
    from tallystick.provider.contract import Contract

    made = request.node.stash[CONTRACT] = Contract(_contract_case, request)
    return made


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    """Stop before the first test when the contracts that it needs cannot be read."""
    config.stash[SESSION].require_contracts()


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say how much there is to verify, and where it is from."""
    line = config.stash[SESSION].describe()
    return [line] if line else []


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


def summary(config: pytest.Config) -> list[str]:
    """The lines about verified contracts for the end of the run."""
    return config.stash[SESSION].summary()
