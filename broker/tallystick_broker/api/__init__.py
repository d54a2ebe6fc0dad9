"""The HTTP API in the Pact Broker's dialect: one module for each family of resources."""

from flask import Blueprint

from tallystick_broker.api import (
    badges,
    branches,
    can_i_deploy,
    contract_lists,
    contracts,
    dashboard,
    deployments,
    diagnostic,
    differences,
    documentation,
    environments,
    index,
    integrations,
    labels,
    matrix,
    metrics,
    openapi,
    overrides,
    participants,
    provider_states,
    publishing,
    relationships,
    results,
    selected,
    tags,
    triggered_webhooks,
    version_lists,
    versions,
    webhook_tests,
    webhooks,
)

FAMILIES = (
    badges,
    branches,
    can_i_deploy,
    contract_lists,
    contracts,
    dashboard,
    deployments,
    diagnostic,
    differences,
    documentation,
    environments,
    index,
    integrations,
    labels,
    matrix,
    metrics,
    openapi,
    overrides,
    participants,
    provider_states,
    publishing,
    relationships,
    results,
    selected,
    tags,
    triggered_webhooks,
    version_lists,
    versions,
    webhook_tests,
    webhooks,
)


def blueprints() -> list[Blueprint]:
    """Return the blueprint of every family."""
    return [family.routes for family in FAMILIES]
