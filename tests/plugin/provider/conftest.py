"""What the tests of the plugin's provider side share."""

import os
from collections.abc import Iterator

import pytest

import live
from plugin.provider.provider_suite import CONFTEST, TEMPLATE, Suite
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
    """A provider's suite with a test of its contracts, but no contract; outside of any build system."""
    foreign = [name for name in os.environ if name.startswith(("PACT_BROKER_", "PYTEST_"))]
    for name in [*foreign, *TAKEN_FROM_BUILDS]:
        monkeypatch.delenv(name, raising=False)
    pytester.makeconftest(CONFTEST)
    made = Suite(pytester)
    made.configure("")
    made.write("test_contracts.py", TEMPLATE)
    return made


@pytest.fixture(scope="session")
def live_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running broker on SQLite; which database it has is nothing to its clients."""
    folder = tmp_path_factory.mktemp("broker")
    with live.broker(f"sqlite:///{folder / 'broker.db'}", folder) as base_url:
        yield base_url
