"""Shapes of estates: how many services there are, how often they change, and how they hang together."""

from dataclasses import dataclass
from datetime import UTC, datetime

ENVIRONMENTS = (("test", False), ("staging", False), ("production", True))
"""The environments that builds go through in turn, and whether each is for production."""


@dataclass(frozen=True)
class Shape:
    """Parameters of an estate; the same shape always has the same history.

    In a `mesh` every build of a service publishes all its contracts, most of them unchanged, from the main branch
    or from a feature branch whose changes are merged later. A provider's build verifies what its consumers' main
    branches and live versions expect, and a changed contract is verified by the provider's head and live versions
    at once. Builds of main are deployed from test to production as far as their contracts are verified; some
    services run as several instances, and some are released with several supported versions.

    The other kinds are extremes: a `hub` with very many consumers beside a `fan` with very many providers, one
    `hot` contract, and a provider whose `failing` verification is the first of many.
    """

    name: str
    kind: str = "mesh"
    services: int = 20
    providers_per_service: float = 2.5
    bff_providers: int = 20
    """Providers of one more service, the `bff`; 0 for none."""

    versions: int = 2_000
    verifications: int = 5_000
    """How many are aimed at; a few per cent more or fewer come out."""

    changed_main: float = 0.03
    """How likely a build of main changes a given contract, and a build of a feature below."""

    changed_feature: float = 0.10
    feature_share: float = 0.3
    builds_per_feature: int = 5
    needs_provider_change: float = 0.15
    """The share of changes that fail until the provider has changed as well."""

    flake: float = 0.003
    verify_feature_contracts: bool = False
    """Whether a provider's build verifies the contracts of open features too."""

    deploy_rates: tuple[float, ...] = (0.9, 0.6, 0.35)
    multi_instance_share: float = 0.1
    released_share: float = 0.05
    supported_releases: int = 4
    interactions: int = 10
    days: int = 730
    consumers: int = 500
    """Consumers of the hub, or of the failing provider."""

    fan_providers: int = 100
    hot_verifications: int = 15_000
    seed: int = 1
    end: datetime = datetime(2026, 11, 23, tzinfo=UTC)


SHAPES = {
    shape.name: shape
    for shape in (
        Shape(
            "tiny", services=6, bff_providers=4, versions=120, verifications=300, days=60, released_share=0.2
        ),
        Shape("small"),
        Shape(
            "medium",
            services=60,
            versions=20_000,
            verifications=100_000,
            providers_per_service=3.0,
            verify_feature_contracts=True,
        ),
        Shape(
            "large",
            services=60,
            versions=190_000,
            verifications=1_000_000,
            providers_per_service=3.0,
            changed_main=0.02,
            changed_feature=0.05,
            verify_feature_contracts=True,
        ),
        Shape("wide", services=300, versions=12_000, verifications=40_000, providers_per_service=3.0),
        Shape("hub", kind="hub"),
        Shape("hot", kind="hot", days=365),
        Shape("trunc", kind="failing", consumers=130, days=30),
    )
}
"""The shapes that benchmarks know by name."""
