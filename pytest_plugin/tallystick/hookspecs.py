"""The hooks that a suite or another plugin may implement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tallystick.provider.altering import Draft
    from tallystick.provider.contract import Contract
    from tallystick.provider.outcome import Outcome


@pytest.hookspec(firstresult=True)
def pytest_contracts_version(config: pytest.Config) -> str | None:
    """Return the version under which to publish, or None to leave that to the build system and git."""


def pytest_contracts_recorded(config: pytest.Config, path: Path, document: dict[str, Any]) -> None:
    """Called once for each contract that was recorded, when its file is written; with xdist in the controller."""


def pytest_contracts_request(contract: Contract, request: Draft) -> None:
    """Called with each request before it reaches the app; what is changed about it is shown in the report."""


def pytest_contracts_result(contract: Contract, result: Outcome) -> None:
    """Called with what came of each verification, in the process that ran it."""
