"""What the tests of the plugin's provider side share."""

from collections.abc import Iterator

import pytest

import live
from plugin import builds
from plugin.provider.provider_suite import CONFTEST, TEMPLATE, Suite
from scripted_server import closed_url, server

__all__ = ["closed_url", "server", "suite"]


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A provider's suite with a test of its contracts, but no contract; outside of any build system."""
    builds.forget(monkeypatch)
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
