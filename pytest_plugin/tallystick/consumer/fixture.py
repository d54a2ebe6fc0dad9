"""`consumes`: the fixture that gives a test its mock of a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from tallystick.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tallystick.consumer.mock import Mock

Scope = Literal["session", "package", "module", "class", "function"]


def consumes(
    provider: str, *, consumer: str | None = None, specification: int | None = None, scope: Scope = "function"
) -> Any:
    """Return a fixture, a mock of this provider for each test; assign it to the name that tests ask for.

    The consumer is the ini setting `contracts_name` unless it is given here; a test that uses the fixture
    fails when neither names it. The Pact specification, 2, 3 or 4, is that of `contracts_spec`. A fixture of a
    wider scope keeps its address for all its tests, and forgets at the beginning of each what it was told.
    """

    @pytest.fixture(scope=scope)
    def mock(request: pytest.FixtureRequest) -> Iterator[Mock]:
        from tallystick.consumer.enlisting import enlisted

        made = mock_for(request.config, provider, consumer, specification)
        with enlisted(made, request.node):
            yield made

    return mock


def mock_for(config: pytest.Config, provider: str, consumer: str | None, specification: int | None) -> Mock:
    """Return a mock of this provider as this run is configured; fails the test when the consumer has no name."""
    from tallystick.consumer.mock import Mock

    settings = Settings.of(config)
    name = consumer or settings.name
    if not name:
        pytest.fail(_NAMELESS.format(provider), pytrace=False)
    return Mock(name, provider, specification=specification or settings.spec, root=settings.root)


_NAMELESS = (
    "this service has no name to record a contract under: set contracts_name in pytest's configuration, "
    "or say tallystick.consumes({!r}, consumer='…')"
)
