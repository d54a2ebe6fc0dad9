"""Keeps what this build's own environment says out of the suites that tests run."""

import os

import pytest

from tallystick_client import build

OTHERS = {"BUILD_URL", "CI_JOB_URL", "CI_PIPELINE_URL", "CI", "BUILD_NUMBER"}
TAKEN_FROM_BUILDS = {*build.COMMITS, *build.BRANCHES, *OTHERS}


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the environment one outside of any build system, without a broker."""
    foreign = [name for name in os.environ if name.startswith(("PACT_BROKER_", "PYTEST_"))]
    for name in [*foreign, *TAKEN_FROM_BUILDS]:
        monkeypatch.delenv(name, raising=False)
