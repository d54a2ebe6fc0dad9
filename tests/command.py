"""The command line as tests run it: in this process, without the settings of whoever runs the tests."""

import os
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from tallystick_cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def tallystick(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `tallystick` with these arguments; a broker that fails is not asked again."""
    for name in [name for name in os.environ if name.startswith("PACT_BROKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PACT_BROKER_HTTP_RETRIES", "0")

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return run
