"""The HTTP API in the Pact Broker's dialect: one module for each family of resources."""

from flask import Blueprint

from tallystick_broker.api import (
    branches,
    can_i_deploy,
    contracts,
    deployments,
    diagnostic,
    environments,
    index,
    matrix,
    participants,
    publishing,
    results,
    selected,
    tags,
    versions,
)

FAMILIES = (
    branches,
    can_i_deploy,
    contracts,
    deployments,
    diagnostic,
    environments,
    index,
    matrix,
    participants,
    publishing,
    results,
    selected,
    tags,
    versions,
)


def blueprints() -> list[Blueprint]:
    """Return the blueprint of every family."""
    return [family.routes for family in FAMILIES]
