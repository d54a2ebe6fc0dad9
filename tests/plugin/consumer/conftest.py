"""What the tests of the plugin's consumer side share."""

import os

import pytest

from plugin.consumer.consumer_suite import CONFTEST, Suite
from scripted_server import closed_url, server
from tallystick_client import build

__all__ = ["closed_url", "server", "suite"]

TAKEN_FROM_BUILDS = {
    *build.COMMITS,
    *build.BRANCHES,
    "BUILD_URL",
    "CI_JOB_URL",
    "CI_PIPELINE_URL",
    "CI",
    "BUILD_NUMBER",
}


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A consumer's suite without any test so far, outside of any build system."""
    foreign = [name for name in os.environ if name.startswith(("PACT_BROKER_", "PYTEST_"))]
    for name in [*foreign, *TAKEN_FROM_BUILDS]:
        monkeypatch.delenv(name, raising=False)
    pytester.makeconftest(CONFTEST)
    made = Suite(pytester)
    made.configure("")
    return made
