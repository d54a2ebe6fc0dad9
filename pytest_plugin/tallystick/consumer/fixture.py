"""`consumes`: the fixture that gives a test its mock of a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tallystick.consumer.mocks import mocks_of
from tallystick.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tallystick.consumer.mock import Mock


def consumes(provider: str, *, consumer: str | None = None) -> object:
    """Return a fixture, a fresh mock of this provider for each test; assign it to the name that tests ask for.

    The consumer is the ini setting `contracts_name` unless it is given here; a test that uses the fixture
    fails when neither names it.
    """

    @pytest.fixture
    def mock(request: pytest.FixtureRequest) -> Iterator[Mock]:
        from tallystick.consumer.mock import Mock

        settings = Settings.of(request.config)
        name = consumer or settings.name
        if not name:
            pytest.fail(_NAMELESS.format(provider), pytrace=False)
        made = Mock(name, provider, specification=settings.spec, root=settings.root)
        mocks_of(request.node).append(made)
        yield made
        mocks_of(request.node).remove(made)
        made.close()

    return mock


_NAMELESS = (
    "this service has no name to record a contract under: set contracts_name in pytest's configuration, "
    "or say tallystick.consumes({!r}, consumer='…')"
)
