"""Keeps what this build's own environment says out of the suites that tests run."""

import os

import pytest

from tallystick_client import build

TAKEN_FROM_BUILDS = {name for system in build.SYSTEMS for name in system.variables} | {"CI", "BUILD_NUMBER"}


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the environment one outside of any build system, without a broker."""
    foreign = [name for name in os.environ if name.startswith(("PACT_BROKER_", "PYTEST_"))]
    for name in [*foreign, *TAKEN_FROM_BUILDS]:
        monkeypatch.delenv(name, raising=False)
