"""What a test, a fixture or a hook can learn of the run that it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tallystick.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest


class ContractsSession:
    """What is known of this run, in this process and so far; the fixture `contracts_session` gives it."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._settings = Settings.of(config)

    @property
    def name(self) -> str | None:
        """The name of this service."""
        return self._settings.name

    @property
    def version(self) -> str | None:
        """The version that would be published; raises `pytest.UsageError` when git's commit does not name it."""
        return self._settings.version()

    @property
    def branch(self) -> str | None:
        """The branch of this version."""
        return self._settings.branch()

    @property
    def recorded(self) -> Mapping[str, list[dict[str, Any]]]:
        """The contracts that each passed test declared, by its node id."""
        from tallystick.consumer.run import Run

        return {test: contracts for test, contracts in Run.of(self._config).passed.items() if contracts}

    @property
    def verified(self) -> list[dict[str, Any]]:
        """The contracts that were verified, as the report has them."""
        from tallystick.provider import hooks as provider

        return provider.report(self._config)
