"""The HTTP API in the Pact Broker's dialect: one module for each family of resources."""

from flask import Blueprint

from tallystick_broker.api import (
    branches,
    can_i_deploy,
    contract_lists,
    contracts,
    deployments,
    diagnostic,
    differences,
    environments,
    index,
    labels,
    matrix,
    participants,
    provider_states,
    publishing,
    results,
    selected,
    tags,
    version_lists,
    versions,
)

FAMILIES = (
    branches,
    can_i_deploy,
    contract_lists,
    contracts,
    deployments,
    diagnostic,
    differences,
    environments,
    index,
    labels,
    matrix,
    participants,
    provider_states,
    publishing,
    results,
    selected,
    tags,
    version_lists,
    versions,
)


def blueprints() -> list[Blueprint]:
    """Return the blueprint of every family."""
    return [family.routes for family in FAMILIES]
