"""The entry point that pytest loads: options, settings, and the two sides that do the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tallystick import running

if TYPE_CHECKING:
    from tallystick.view import ContractsSession


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what a user can set; `docs/reference/pytest-consumer.md` and `pytest-provider.md` explain each."""
    from tallystick.provider import options

    group = parser.getgroup("contracts", "consumer-driven contracts (tallystick)")
    group.addoption("--contracts-dir", metavar="DIR", help="folder of contract files")
    group.addoption("--contracts-broker", metavar="URL", help="the broker to fetch from and publish to")
    group.addoption(
        "--contracts-publish", action="store_true", help="publish contracts and verification results"
    )
    group.addoption(
        "--contracts-version", metavar="V", help="version of this service (default: CI variables, git)"
    )
    group.addoption(
        "--contracts-branch", metavar="B", help="branch of this version (default: CI variables, git)"
    )
    group.addoption("--contracts-build-url", metavar="U", help="page of this build (default: CI variables)")
    group.addoption(
        "--contracts-tag", metavar="T", action="append", default=[], help="tag of this version (repeatable)"
    )
    group.addoption(
        "--contracts-check",
        action="store_true",
        help="fail if a recorded contract would change; write nothing",
    )
    group.addoption(
        "--contracts-prune", action="store_true", help="drop recorded interactions without a test in this run"
    )
    group.addoption("--contracts-report", metavar="FILE", help="write what was recorded and verified as JSON")
    parser.addini("contracts_name", "name of this service in its contracts")
    parser.addini("contracts_dir", "folder of contract files, from the root folder", default="contracts")
    parser.addini("contracts_broker", "URL of the broker (or PACT_BROKER_BASE_URL)")
    parser.addini("contracts_spec", "Pact specification of recorded contracts: 2, 3 or 4", default="4")
    options.add(parser, group)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hooks that a suite may implement; the reference explains each."""
    from tallystick import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Refuse an option that has led pytest to the wrong project, before that fails in an obscure way."""
    from tallystick.settings import check_arguments

    check_arguments(args, early_config.invocation_params.dir)


def pytest_cmdline_main(config: pytest.Config) -> None:
    """Have one process do what runs no test, before pytest-xdist starts others."""
    if config.getoption("--contracts-missing-states"):
        vars(config.option).update(numprocesses=0, dist="no", tx=[])


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings, which refuses wrong ones at once, and bring in the two sides."""
    from tallystick.consumer import hooks as consumer
    from tallystick.provider import hooks as provider
    from tallystick.settings import Settings

    Settings.of(config)
    running.begin_run()
    config.add_cleanup(running.end_run)
    config.pluginmanager.register(consumer, "tallystick-consumer")
    config.pluginmanager.register(provider, "tallystick-provider")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Refuse a run that is asked for what it could not do, before any test has run."""
    from tallystick.settings import Settings

    settings = Settings.of(session.config)
    if not hasattr(session.config, "workerinput"):
        settings.require_usable()


@pytest.fixture(scope="session")
def contracts_session(pytestconfig: pytest.Config) -> ContractsSession:
    """What is known of this run: name, version and branch of the service, and what was recorded and verified."""
    from tallystick.view import ContractsSession

    return ContractsSession(pytestconfig)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Take note of the test that runs now, for mocks without a fixture."""
    running.set_running(item)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report, when both sides have come to their end."""
    from tallystick.settings import Settings

    settings = Settings.of(session.config)
    if settings.report and not hasattr(session.config, "workerinput"):
        from tallystick.report import write

        try:
            write(settings.report, session)
        except OSError as error:
            pytest.exit(
                f"--contracts-report cannot be written: {error}", returncode=pytest.ExitCode.TESTS_FAILED
            )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was recorded, verified and published in one section, when there is anything to say."""
    from tallystick.consumer import hooks as consumer
    from tallystick.provider import hooks as provider

    lines = [*consumer.summary(config), *provider.summary(config)]
    if not lines and config.getoption("--contracts-publish"):
        lines = ["not published  no test recorded or verified anything"]
    if lines:
        terminalreporter.write_sep("=", "tallystick")
        for line in lines:
            terminalreporter.write_line(line)
