"""The entry point that pytest loads in every suite, and all that a suite without contracts pays for.

pytest takes its time for each option, hook and module, so there are no more of them than tell that a suite has
contracts. Then `tallystick.plugin` is brought in, which has all the rest.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from tallystick.provider.contract import Contract
    from tallystick.view import ContractsSession

FLAG: dict[str, Any] = {"action": "store_true"}
MANY: dict[str, Any] = {"action": "append", "default": []}
LEVELS = ("trace", "debug", "info", "warning", "error")

OPTIONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("dir", {"metavar": "DIR"}, "folder of contract files"),
    ("broker", {"metavar": "URL"}, "the broker to fetch from and publish to"),
    ("publish", FLAG, "publish contracts and verification results"),
    ("version", {"metavar": "V"}, "version of this service (default: CI variables, git)"),
    ("branch", {"metavar": "B"}, "branch of this version (default: CI variables, git)"),
    ("build-url", {"metavar": "U"}, "page of this build (default: CI variables)"),
    ("tag", {"metavar": "T", **MANY}, "tag of this version (repeatable)"),
    ("report", {"metavar": "FILE"}, "write what was recorded and verified as JSON"),
    (
        "log-level",
        {"metavar": "LEVEL", "choices": LEVELS},
        f"how much the Pact core logs: {', '.join(LEVELS)} (default: info)",
    ),
    ("check", FLAG, "fail if a recorded contract would change; write nothing"),
    ("prune", FLAG, "drop recorded interactions that no test of this run owns"),
    ("from", {"metavar": "SOURCE"}, "verify contracts from a file, folder, URL or 'broker'"),
    ("only", {"metavar": "REGEX"}, "verify only interactions whose description matches"),
    ("state", {"metavar": "REGEX"}, "verify only interactions with a state that matches"),
    ("consumer", {"metavar": "NAME", **MANY}, "verify only contracts of this consumer (repeatable)"),
    (
        "select",
        {"metavar": "SELECTOR", **MANY},
        "consumer versions to verify: main, deployed, matching-branch, JSON (repeatable)",
    ),
    (
        "pending",
        {"dest": "contracts_pending", "action": "store_const", "const": True},
        "ask the broker which contracts are pending (default: when the branch is known)",
    ),
    (
        "no-pending",
        {"dest": "contracts_pending", "action": "store_const", "const": False},
        "let every contract that is not honoured fail the run",
    ),
    (
        "wip-since",
        {"metavar": "DATE"},
        "verify work in progress since this day (default: 30 days, when the branch is known)",
    ),
    ("offline", FLAG, "verify the contracts that the last run had from the broker"),
    ("missing-states", FLAG, "print a function for each state and message that has none, and run no test"),
)
SETTINGS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("name", {}, "name of this service in its contracts"),
    ("dir", {"default": "contracts"}, "folder of contract files, from the root folder"),
    ("broker", {}, "URL of the broker (or PACT_BROKER_BASE_URL)"),
    ("spec", {"default": "4"}, "Pact specification of recorded contracts: 2, 3 or 4"),
    ("select", {"type": "linelist"}, "consumer versions to verify: main, deployed, matching-branch, JSON"),
    ("empty", {"default": "fail"}, "what a test without contracts does: fail or skip"),
)
HOOKS = tuple(f"pytest_contracts_{name}" for name in ("recorded", "request", "result", "version"))
"""The hooks that a suite may implement, which pytest learns of with the rest."""

CONFIGS: list[pytest.Config] = []
"""One for each run of pytest that is going on in this process; a run inside a test is the last."""

_COLLECTED = pytest.StashKey[list[tuple[str, bool]]]()
"""What was collected, and whether without an error."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what a user can set; the references explain each."""
    group = parser.getgroup("contracts", "consumer-driven contracts (tallystick)")
    for name, more, what in OPTIONS:
        # pytest goes through all options that there are to see whether a name of its own making is free.
        named = {"dest": f"contracts_{name.replace('-', '_')}", **more}
        group.addoption(f"--contracts-{name}", help=what, **named)
    for name, more, what in SETTINGS:
        parser.addini(f"contracts_{name}", what, **more)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Refuse an option that has led pytest to the wrong project, before that fails in an obscure way."""
    if any(argument.startswith("--contracts-") for argument in args):
        from tallystick.settings import check_arguments

        check_arguments(args, early_config.invocation_params.dir)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Bring in the rest when this suite has settings for it, which refuses wrong ones at once, before xdist begins."""
    CONFIGS.append(config)
    config.add_cleanup(lambda: CONFIGS.remove(config))
    config.stash[_COLLECTED] = []
    # A controller of pytest-xdist can't see what the tests of its workers will use.
    if _has_settings(config) or config.getoption("dist", "no") != "no" or _is_asked_for(config):
        _bring_in(config)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Take note of what was collected, and bring in the rest when that uses it."""
    report = yield
    collector.config.stash[_COLLECTED].append((report.nodeid, report.passed))
    if _is_asked_for(collector.config):
        _bring_in(collector.config)
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each interaction out of a test that uses `contract`."""
    if "_contract_case" in metafunc.fixturenames:
        _bring_in(metafunc.config)
        from tallystick.provider import hooks as provider

        provider.generate_tests(metafunc)


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

    _bring_in(pytestconfig)
    return ContractsSession(pytestconfig)


def _has_settings(config: pytest.Config) -> bool:
    given = {name: value for name, value in vars(config.option).items() if name.startswith("contracts_")}
    if any(value is not None and value is not False and value != [] for value in given.values()):
        return True
    if os.environ.get("PACT_BROKER_BASE_URL"):
        return True
    return any(
        config.getini(f"contracts_{name}") not in ("", [], more.get("default")) for name, more, _ in SETTINGS
    )


def _is_asked_for(config: pytest.Config) -> bool:
    """Return whether the suite says `import tallystick`, or implements one of the hooks."""
    return "tallystick" in sys.modules or any(hasattr(config.pluginmanager.hook, name) for name in HOOKS)


def _bring_in(config: pytest.Config) -> None:
    from tallystick import plugin

    plugin.bring_in(config, config.stash[_COLLECTED])
