"""The HTTP API in the Pact Broker's dialect: one module for each family of resources."""

from flask import Blueprint

from tallystick_broker.api import (
    branches,
    deployments,
    diagnostic,
    environments,
    index,
    participants,
    tags,
    versions,
)

FAMILIES = (branches, deployments, diagnostic, environments, index, participants, tags, versions)


def blueprints() -> list[Blueprint]:
    """Return the blueprint of every family."""
    return [family.routes for family in FAMILIES]
