"""The options and settings that a user can give; the references explain each."""

from __future__ import annotations

import logging
from typing import Any

import pytest

FLAG: dict[str, Any] = {"action": "store_true"}
MANY: dict[str, Any] = {"action": "append", "default": []}
TRACE = 5
"""The core's finest level, as pact-python counts it."""

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


def add(parser: pytest.Parser) -> None:
    """Declare the options and settings."""
    group = parser.getgroup("contracts", "consumer-driven contracts (tallystick)")
    for name, more, what in OPTIONS:
        # pytest goes through all options that there are to see whether a name of its own making is free.
        named = {"dest": f"contracts_{name.replace('-', '_')}", **more}
        group.addoption(f"--contracts-{name}", help=what, **named)
    for name, more, what in SETTINGS:
        parser.addini(f"contracts_{name}", what, **more)


def are_used(config: pytest.Config) -> bool:
    """Return whether any of them is given."""
    given = {name: value for name, value in vars(config.option).items() if name.startswith("contracts_")}
    if any(value is not None and value is not False and value != [] for value in given.values()):
        return True
    return any(
        config.getini(f"contracts_{name}") not in ("", [], more.get("default")) for name, more, _ in SETTINGS
    )


def set_log_level(config: pytest.Config) -> None:
    """Have the Pact core log as much as was asked for; it reads the level once, when it is loaded."""
    level = config.getoption("--contracts-log-level")
    if level:
        logging.getLogger("pact.ffi").setLevel(TRACE if level == "trace" else level.upper())
