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
                _checked(partial(check_pattern, "--contracts-only"), option("--contracts-only")),
                _checked(partial(check_pattern, "--contracts-state"), option("--contracts-state")),
            ),
            select=tuple(option("--contracts-select") or config.getini("contracts_select")),
            pending=option("contracts_pending"),
            wip_since=_checked(_date, option("--contracts-wip-since")),
            offline=bool(option("--contracts-offline")),
            missing_states=bool(option("--contracts-missing-states")),
            empty=empty,
        )


def _checked(check: Callable[[str], str | None], text: str | None) -> str | None:
    try:
        return None if text is None else check(text)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(f"--contracts-wip-since {text!r} is not a day such as 2026-11-24") from error
