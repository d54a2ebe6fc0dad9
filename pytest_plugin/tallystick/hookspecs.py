"""The hooks that a suite or another plugin may implement."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick.provider.altering import Draft
    from tallystick.provider.contract import Contract
    from tallystick.provider.outcome import Outcome


def pytest_contracts_request(contract: Contract, request: Draft) -> None:
    """Called with each request before it reaches the app; what is changed about it is shown in the report."""


def pytest_contracts_result(contract: Contract, result: Outcome) -> None:
    """Called with what came of each verification, in the process that ran it."""
