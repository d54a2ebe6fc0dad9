"""The HTTP API in the Pact Broker's dialect: one module for each family of resources."""

from flask import Blueprint

from tallystick_broker.api import (
    branches,
    contracts,
    deployments,
    diagnostic,
    environments,
    index,
    participants,
    publishing,
    results,
    tags,
    versions,
)

FAMILIES = (
    branches,
    contracts,
    deployments,
    diagnostic,
    environments,
    index,
    participants,
    publishing,
    results,
    tags,
    versions,
)


def blueprints() -> list[Blueprint]:
    """Return the blueprint of every family."""
    return [family.routes for family in FAMILIES]
