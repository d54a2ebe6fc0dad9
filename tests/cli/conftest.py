"""What the tests of the command line share."""

from collections.abc import Iterator

import pytest

from command import Run, tallystick
from scripted_server import closed_url, server
from tallystick_client import Broker

__all__ = ["broker", "closed_url", "server", "tallystick"]


@pytest.fixture
def broker(live_broker: str, tallystick: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A running broker, which the command line takes from its variable."""
    del tallystick  # which must clear the variables first
    monkeypatch.setenv("PACT_BROKER_BASE_URL", live_broker)
    with Broker(live_broker) as broker:
        yield broker
