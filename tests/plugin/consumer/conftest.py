"""What the tests of the plugin's consumer side share."""

import pytest

from plugin import builds
from plugin.consumer.consumer_suite import CONFTEST, Suite
from scripted_server import closed_url, server

__all__ = ["closed_url", "server", "suite"]


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A consumer's suite without any test so far, outside of any build system."""
    builds.forget(monkeypatch)
    pytester.makeconftest(CONFTEST)
    made = Suite(pytester)
    made.configure("")
    return made
