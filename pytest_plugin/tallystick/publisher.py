"""The broker as a run publishes to it: one that takes nothing must not hold up the end of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick_client import Broker

if TYPE_CHECKING:
    from tallystick.settings import Settings

RETRIES = 2
"""How often a request is repeated: three tries take less than ten seconds."""

PATIENCE = 8.0
"""Seconds that the broker may stay silent; it is not asked again after that."""


def publisher(settings: Settings) -> Broker:
    """The broker that the user named, with the environment's credentials."""
    return Broker.from_environment(settings.broker_url, timeout=PATIENCE, retries=RETRIES)
