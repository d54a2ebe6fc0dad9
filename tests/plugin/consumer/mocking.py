"""Mocks that a test uses without pytest's plugin."""

from pathlib import Path
from typing import Any

import requests

from tallystick import Mock

ROOT = Path(__file__).parent


def mock_of(specification: int = 4) -> Mock:
    """Return a mock of `inventory` that records in this Pact specification."""
    return Mock("checkout", "inventory", specification=specification, root=ROOT)


def interaction_of(mock: Mock) -> dict[str, Any]:
    """Return the only interaction that was declared, as it would be recorded."""
    (document,) = mock.documents()
    (interaction,) = document.get("interactions") or document["messages"]
    return dict(interaction)


def post(mock: Mock, **sent: Any) -> int:
    """Send a request to the mock's `/x`, as the requests library does it; returns the status."""
    return requests.post(f"{mock.url}/x", timeout=5, **sent).status_code
