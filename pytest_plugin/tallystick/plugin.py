"""The plugin of a suite that has contracts: both sides, and what they share from the first test to the summary."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest

from tallystick import hookspecs
from tallystick.settings import Settings

NAME, CONSUMER, PROVIDER = "tallystick-hooks", "tallystick-consumer", "tallystick-provider"
TRACE = 5
"""The core's finest level, as pact-python counts it."""

_COLLECTED = pytest.StashKey[list[tuple[str, bool]]]()


def bring_in(config: pytest.Config, collected: list[tuple[str, bool]]) -> None:
    """Bring in the two sides, unless they are there; raises `pytest.UsageError` for a setting that can't be used.

    `collected` is what was and what will be collected, and whether without an error; a running test knows of none.
    """
    manager = config.pluginmanager
    if manager.has_plugin(NAME):
        return
    from tallystick.consumer import hooks as consumer
    from tallystick.provider import hooks as provider

    manager.add_hookspecs(hookspecs)
    config.stash[_COLLECTED] = collected
    manager.register(sys.modules[__name__], NAME)
    manager.register(consumer, CONSUMER)
    manager.register(provider, PROVIDER)
    consumer.collected(config, getattr(manager.get_plugin("session"), "items", ()), ())


def pytest_configure(config: pytest.Config) -> None:
    """Refuse settings that can't be used, and see to those that concern neither side alone."""
    Settings.of(config)
    level = config.getoption("--contracts-log-level")
    if level:
        # The core reads it once, when it is loaded.
        logging.getLogger("pact.ffi").setLevel(TRACE if level == "trace" else level.upper())
    if config.getoption("--contracts-missing-states"):
        # What runs no test is for one process, so pytest-xdist is not to start others.
        vars(config.option).update(numprocesses=0, dist="no", tx=[])


def pytest_sessionstart(session: pytest.Session) -> None:
    """Refuse a run that is asked for what it could not do, before any test has run."""
    if not hasattr(session.config, "workerinput"):
        Settings.of(session.config).require_usable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tell the consumer side which tests there are, before any is deselected, and before xdist marks groups in ids."""
    from tallystick.consumer import hooks as consumer

    notes = config.stash[_COLLECTED]
    consumer.collected(config, items, notes)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the contracts are shared, so that all processes verify the same ones."""
    from tallystick.provider import hooks as provider

    provider.share(node)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report, when both sides have come to their end."""
    if not hasattr(session.config, "workerinput"):
        from tallystick import report

        report.finish(session)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was recorded, verified and published in one section, when there is anything to say."""
    from tallystick import report

    report.show(terminalreporter, config)
