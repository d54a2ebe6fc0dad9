"""What the user can set about verification, and what was set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tallystick.provider.narrowing import EVERYTHING, Narrowing, check_pattern

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Options:
    """The settings of one run; None where the default depends on what is known of this version."""

    narrowing: Narrowing = EVERYTHING
    select: tuple[str, ...] = ()
    pending: bool | None = None
    wip_since: str | None = None
    offline: bool = False
    missing_states: bool = False
    empty: str = "fail"

    @classmethod
    def of(cls, config: pytest.Config) -> Options:
        """The options of `config`; raises `pytest.UsageError` for a value that cannot be used."""
        option, empty = config.getoption, config.getini("contracts_empty")
        if empty not in {"fail", "skip"}:
            raise pytest.UsageError(f"contracts_empty = {empty!r}: say fail or skip")
        return cls(
            narrowing=Narrowing(
                tuple(option("--contracts-consumer") or ()),
                option("--contracts-only"),
                option("--contracts-state"),
            ),
            select=tuple(option("--contracts-select") or config.getini("contracts_select")),
            pending=option("contracts_pending"),
            wip_since=option("--contracts-wip-since"),
            offline=bool(option("--contracts-offline")),
            missing_states=bool(option("--contracts-missing-states")),
            empty=empty,
        )


def add(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    """Declare the options and settings; `docs/reference/pytest-provider.md` explains each."""
    group.addoption(
        "--contracts-from", metavar="SOURCE", help="verify contracts from a file, folder, URL or 'broker'"
    )
    for name, what in (("only", "whose description matches"), ("state", "with a state that matches")):
        group.addoption(
            f"--contracts-{name}",
            metavar="REGEX",
            type=_usage(partial(check_pattern, f"--contracts-{name}")),
            help=f"verify only interactions {what}",
        )
    group.addoption(
        "--contracts-consumer",
        metavar="NAME",
        action="append",
        default=[],
        help="verify only contracts of this consumer (repeatable)",
    )
    group.addoption(
        "--contracts-select",
        metavar="SELECTOR",
        action="append",
        default=[],
        help="consumer versions to verify: main, deployed, matching-branch, JSON (repeatable)",
    )
    for name, value in (("pending", True), ("no-pending", False)):
        group.addoption(
            f"--contracts-{name}",
            dest="contracts_pending",
            action="store_const",
            const=value,
            help="ask the broker which contracts are pending (default: when the branch is known)"
            if value
            else "let every contract that is not honoured fail the run",
        )
    group.addoption(
        "--contracts-wip-since",
        metavar="DATE",
        type=_usage(_date),
        help="verify work in progress since this day (default: 30 days, when the branch is known)",
    )
    group.addoption(
        "--contracts-offline",
        action="store_true",
        help="verify the contracts that the last run had from the broker",
    )
    group.addoption(
        "--contracts-missing-states",
        action="store_true",
        help="print a function for each state and message that has none, and run no test",
    )
    parser.addini(
        "contracts_select",
        "consumer versions to verify: main, deployed, matching-branch, JSON",
        type="linelist",
    )
    parser.addini("contracts_empty", "what a test without contracts does: fail or skip", default="fail")


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(f"--contracts-wip-since {text!r} is not a day such as 2026-11-24") from error


def _usage(check: Callable[[str], str | None]) -> Callable[[str], str | None]:
    def checked(text: str) -> str | None:
        try:
            return check(text)
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error

    return checked
