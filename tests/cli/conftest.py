"""What the tests of the command line share."""

import os
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

import scripted_server
from scripted_server import ScriptedServer
from tallystick_cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A web server that answers as the test says."""
    with scripted_server.run() as server:
        yield server


@pytest.fixture
def tallystick(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `tallystick` with these arguments, without the settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("PACT_BROKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PACT_BROKER_HTTP_RETRIES", "0")

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return run
