"""The entry point that pytest loads, which is all that a suite without contracts pays for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tallystick import hookspecs, options

if TYPE_CHECKING:
    from collections.abc import Generator

    from tallystick.provider.contract import Contract
    from tallystick.view import ContractsSession

CONSUMER, PROVIDER = "tallystick-consumer", "tallystick-provider"
ASKED_FOR_BY = ("tallystick.consumer.fixture", "tallystick.consumer.alone")
"""The modules that a suite has imported when it declares a mock."""

SESSIONS: list[pytest.Session] = []
"""One for each run of pytest that is going on in this process; a run inside a test is the last."""

_COLLECTED = pytest.StashKey[list[tuple[str, bool]]]()
"""What was collected, and whether without an error."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what a user can set."""
    options.add(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hooks that a suite may implement; the reference explains each."""
    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Refuse an option that has led pytest to the wrong project, before that fails in an obscure way."""
    if any(argument.startswith("--contracts-") for argument in args):
        from tallystick.settings import check_arguments

        check_arguments(args, early_config.invocation_params.dir)


def pytest_cmdline_main(config: pytest.Config) -> None:
    """Have one process do what runs no test, before pytest-xdist starts others."""
    if config.getoption("--contracts-missing-states"):
        vars(config.option).update(numprocesses=0, dist="no", tx=[])


def pytest_configure(config: pytest.Config) -> None:
    """Bring in the two sides when this suite has settings for them, which refuses wrong ones at once."""
    config.stash[_COLLECTED] = []
    if options.are_used(config) or os.environ.get("PACT_BROKER_BASE_URL") or _has_mocks():
        bring_in(config)


def bring_in(config: pytest.Config) -> None:
    """Bring in the two sides, unless they are there; raises `pytest.UsageError` for a setting that can't be used."""
    if is_in_use(config):
        return
    from tallystick.consumer import hooks as consumer
    from tallystick.provider import hooks as provider
    from tallystick.settings import Settings

    Settings.of(config)
    options.set_log_level(config)
    config.pluginmanager.register(consumer, CONSUMER)
    config.pluginmanager.register(provider, PROVIDER)


def is_in_use(config: pytest.Config) -> bool:
    """Return whether the two sides are there."""
    return config.pluginmanager.has_plugin(CONSUMER)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Refuse a run that is asked for what it could not do, before any test has run."""
    SESSIONS.append(session)
    session.config.add_cleanup(lambda: SESSIONS.remove(session))
    if is_in_use(session.config) and not hasattr(session.config, "workerinput"):
        from tallystick.settings import Settings

        Settings.of(session.config).require_usable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each interaction out of a test that uses `contract`."""
    if "_contract_case" in metafunc.fixturenames:
        bring_in(metafunc.config)
        from tallystick.provider import hooks as provider

        provider.generate_tests(metafunc)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Take note of what was collected, for a side that is brought in later."""
    report = yield
    collector.config.stash[_COLLECTED].append((report.nodeid, report.passed))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tell the consumer side which tests there are, before any is deselected, and before xdist marks groups in ids."""
    if _has_mocks():
        bring_in(config)
    if is_in_use(config):
        from tallystick.consumer import hooks as consumer

        notes = config.stash[_COLLECTED]
        consumer.collected(config, items, notes)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the contracts are shared, so that all processes verify the same ones."""
    bring_in(node.config)
    from tallystick.provider import hooks as provider

    provider.share(node)


@pytest.fixture
def _contract_case(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def contract(_contract_case: Any, request: pytest.FixtureRequest) -> Contract:
    """One interaction that a consumer expects of this service; the test must call `contract.verify(app)`."""
    from tallystick.provider import hooks as provider

    return provider.give(_contract_case, request)


@pytest.fixture(scope="session")
def contracts_session(pytestconfig: pytest.Config) -> ContractsSession:
    """What is known of this run: name, version and branch of the service, and what was recorded and verified."""
    from tallystick.view import ContractsSession

    bring_in(pytestconfig)
    return ContractsSession(pytestconfig)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report, when both sides have come to their end."""
    if is_in_use(session.config) and not hasattr(session.config, "workerinput"):
        from tallystick import report

        report.finish(session)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was recorded, verified and published in one section, when there is anything to say."""
    if is_in_use(config):
        from tallystick import report

        report.show(terminalreporter, config)


def _has_mocks() -> bool:
    return any(module in sys.modules for module in ASKED_FOR_BY)
