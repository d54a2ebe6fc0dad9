"""What the tests with real clients share."""

import pytest

import programs
from programs import Run


@pytest.fixture
def official(live_broker: str) -> Run:
    """Run the official client, `pact broker …`, against the running broker."""
    return programs.runner("pact", "broker", base_url=live_broker)


@pytest.fixture
def tallystick(live_broker: str) -> Run:
    """Run `tallystick …` against the running broker."""
    return programs.runner("tallystick", base_url=live_broker)
