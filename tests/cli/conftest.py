"""What the tests of the command line share."""

from collections.abc import Iterator

import pytest

import scripted_server
from scripted_server import ScriptedServer


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A web server that answers as the test says."""
    with scripted_server.run() as server:
        yield server
