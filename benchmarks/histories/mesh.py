"""The history of a mesh: services that build, verify each other and are deployed, each at a pace of its own."""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from histories.clock import Clock
from histories.naming import name_version
from histories.records import (
    Content,
    Deployment,
    Publication,
    Record,
    Release,
    SupportEnd,
    Verification,
    Version,
)
from histories.shapes import ENVIRONMENTS, Shape


@dataclass(frozen=True)
class Contract:
    """A content, and the provider's build from which on it is honoured."""

    id: str
    honoured_from: int


@dataclass(frozen=True)
class Build:
    """A version of a service, with its contracts by provider."""

    number: str
    place: int
    contracts: dict[str, Contract]


@dataclass(eq=False)
class Feature:
    """An open branch, with its contracts by provider."""

    name: str
    builds_left: int
    contracts: dict[str, Contract]


@dataclass(eq=False)
class Service:
    """A service as it stands at one moment."""

    name: str
    providers: list[str] = field(default_factory=list)
    consumers: list[str] = field(default_factory=list)
    instances: tuple[str, ...] = ("",)
    is_released: bool = False
    builds: int = 0
    features_begun: int = 0
    contracts: dict[str, Contract] = field(default_factory=dict)
    head: Build | None = None
    features: list[Feature] = field(default_factory=list)
    running: dict[str, dict[str, Build]] = field(default_factory=lambda: defaultdict(dict))
    supported: list[Build] = field(default_factory=list)

    def live(self, environment: str) -> list[Build]:
        """Return the builds that are live in an environment, the newest first."""
        found = {each.number: each for each in self.running[environment].values()}
        if environment == "production":
            found |= {each.number: each for each in self.supported}
        return sorted(found.values(), key=lambda build: -build.place)


class Mesh:
    """A mesh on its way through time."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._rng = random.Random(f"{shape.name}:{shape.seed}")  # noqa: S311 (chance, not secrecy)
        self.services = make_services(shape, self._rng)
        self._weights = [1.0 / (rank + 1) ** 0.5 for rank in range(len(self.services))]
        self._rng.shuffle(self._weights)
        self._clock = Clock(shape, shape.versions)
        self._contents = 0
        self._budget = 0.0

    def run(self) -> Iterator[Record]:
        """Yield all that happens; every service builds once before chance decides whose turn it is."""
        order = list(self.services.values())
        for step in range(self.shape.versions):
            service = order[step] if step < len(order) else self._rng.choices(order, self._weights)[0]
            yield from self._build(service, step)

    def _build(self, service: Service, step: int) -> Iterator[Record]:
        at = self._clock.start(step)
        feature = self._choose_feature(service)
        place, service.builds = service.builds, service.builds + 1
        current = feature.contracts if feature else service.contracts
        changed = self._change(service, current, is_feature=feature is not None)
        build = Build(name_version(self.shape, service.name, place), place, dict(current))
        for provider, contract in changed:
            yield Content(contract.id, service.name, provider, self.shape.interactions, at)
        yield Version(service.name, build.number, feature.name if feature else "main", at)
        for provider in service.providers:
            yield Publication(service.name, build.number, provider, current[provider].id, at)
        if feature:
            _advance(service, feature)
        else:
            service.head = build
        ratio = self.shape.verifications / self.shape.versions
        self._budget = min(self._budget + ratio, 6 * ratio + 20)
        yield from self._verify_changed(changed)
        yield from self._verify_consumers(service, build)
        if not feature:
            yield from self._deploy(service, build)

    def _choose_feature(self, service: Service) -> Feature | None:
        """Return the open feature that is being built, or None for main; sometimes it is a new one."""
        rng, shape = self._rng, self.shape
        if not service.head or rng.random() >= shape.feature_share:
            return None
        if not service.features or rng.random() < 1 / shape.builds_per_feature:
            service.features_begun += 1
            name = f"feat/{service.name}-{service.features_begun}"
            builds = rng.randint(1, 2 * shape.builds_per_feature - 1)
            service.features.append(Feature(name, builds, dict(service.contracts)))
        return rng.choice(service.features)

    def _change(
        self, service: Service, current: dict[str, Contract], *, is_feature: bool
    ) -> list[tuple[str, Contract]]:
        """Change some of the contracts, and return the new ones with their providers."""
        rng, shape = self._rng, self.shape
        likelihood = shape.changed_feature if is_feature else shape.changed_main
        changed = []
        for provider in service.providers:
            if provider in current and rng.random() >= likelihood:
                continue
            self._contents += 1
            honoured_from = 0
            if provider in current and rng.random() < shape.needs_provider_change:
                honoured_from = self.services[provider].builds + rng.randint(1, 10)
            current[provider] = Contract(f"{shape.name}-{self._contents:06d}", honoured_from)
            changed.append((provider, current[provider]))
        return changed

    def _verify_changed(self, changed: Iterable[tuple[str, Contract]]) -> Iterator[Record]:
        """Have each new contract verified by the provider's head and by what it has in production."""
        self._clock.pass_time(30)
        for provider, contract in changed:
            service = self.services[provider]
            builds = [service.head] if service.head else []
            for build in {each.number: each for each in builds + service.live("production")[:2]}.values():
                self._budget -= 1
                yield self._verify(contract, service, build)

    def _verify_consumers(self, service: Service, build: Build) -> Iterator[Record]:
        """Have a build verify what its consumers expect, the most important first, as far as there is time."""
        self._clock.pass_time(30)
        ranked: list[tuple[int, Contract]] = []
        for name in service.consumers:
            seen: set[str] = set()
            for rank, contract in self._expected(self.services[name], service.name):
                if contract.id not in seen:
                    seen.add(contract.id)
                    ranked.append((rank, contract))
        ranked.sort(key=lambda found: found[0])
        for _, contract in ranked[: max(0, math.floor(self._budget))]:
            self._budget -= 1
            yield self._verify(contract, service, build)

    def _expected(self, consumer: Service, provider: str) -> Iterator[tuple[int, Contract]]:
        """Yield what a consumer expects of a provider, with a rank that is low for what matters most."""
        builds = [(0, build) for build in consumer.live("production")]
        builds += [(1, consumer.head)] if consumer.head else []
        earlier = [name for name, production in ENVIRONMENTS if not production]
        builds += [(2, build) for name in earlier for build in consumer.live(name)]
        yield from ((rank, build.contracts[provider]) for rank, build in builds)
        if self.shape.verify_feature_contracts:
            open_features = (each.contracts for each in consumer.features if provider in each.contracts)
            yield from ((3, contracts[provider]) for contracts in open_features)

    def _verify(self, contract: Contract, provider: Service, build: Build) -> Verification:
        success = build.place >= contract.honoured_from and self._rng.random() >= self.shape.flake
        return Verification(contract.id, provider.name, build.number, success, self._clock.now())

    def _deploy(self, service: Service, build: Build) -> Iterator[Record]:
        """Take a build from one environment to the next, for as long as it fits and chance will have it."""
        self._clock.pass_time(60)
        for (environment, _), rate in zip(ENVIRONMENTS, self.shape.deploy_rates, strict=True):
            is_first = not service.live(environment)
            if not is_first and (
                self._rng.random() >= rate or not self._is_compatible(service, build, environment)
            ):
                return
            if environment == "production" and service.is_released:
                yield from self._release(service, build, environment)
            else:
                yield from self._roll_out(service, build, environment, is_first=is_first)

    def _release(self, service: Service, build: Build, environment: str) -> Iterator[Record]:
        at = self._clock.now()
        service.supported.append(build)
        yield Release(service.name, build.number, environment, at)
        if len(service.supported) > self.shape.supported_releases:
            yield SupportEnd(service.name, service.supported.pop(0).number, environment, at)

    def _roll_out(
        self, service: Service, build: Build, environment: str, *, is_first: bool
    ) -> Iterator[Record]:
        instances = service.instances if environment == "production" else ("",)
        if len(instances) > 1 and not is_first and self._rng.random() < 0.4:
            instances = (self._rng.choice(instances),)
        for instance in instances:
            service.running[environment][instance] = build
            yield Deployment(service.name, build.number, environment, instance, self._clock.now())

    def _is_compatible(self, service: Service, build: Build, environment: str) -> bool:
        provided = (
            live.place >= build.contracts[provider].honoured_from
            for provider in service.providers
            for live in self.services[provider].live(environment)
        )
        consumed = (
            build.place >= live.contracts[service.name].honoured_from
            for consumer in service.consumers
            for live in self.services[consumer].live(environment)
        )
        return all(provided) and all(consumed)


def make_services(shape: Shape, rng: random.Random) -> dict[str, Service]:
    """Return the services by name, with who consumes whom: a few of them are popular."""
    names = [f"service-{index:03d}" for index in range(shape.services)]
    services = {name: Service(name) for name in names}
    popularity = {name: 1.0 / (rank + 1) ** 0.8 for rank, name in enumerate(rng.sample(names, len(names)))}
    for name in names:
        wanted = min(len(names) - 1, max(0, round(rng.gauss(shape.providers_per_service, 1.2))))
        others = [other for other in names if other != name]
        providers = services[name].providers
        while len(providers) < wanted:
            choice = rng.choices(others, [popularity[other] for other in others])[0]
            providers += [choice] if choice not in providers else []
    if shape.bff_providers:
        providers = sorted(rng.sample(names, min(shape.bff_providers, len(names))))
        services["bff"] = Service("bff", providers)
    for name, service in services.items():
        for provider in service.providers:
            services[provider].consumers.append(name)
    _give_habits(shape, rng, services, names)
    return services


def _give_habits(shape: Shape, rng: random.Random, services: dict[str, Service], names: list[str]) -> None:
    """Have some services run as several instances, and others be released instead of deployed."""
    special = rng.sample(names, len(names))
    several = math.ceil(shape.multi_instance_share * len(names))
    released = math.ceil(shape.released_share * len(names))
    for name in special[:several]:
        services[name].instances = ("eu", "us")
    for name in special[several : several + released]:
        services[name].is_released = True


def _advance(service: Service, feature: Feature) -> None:
    """Count a build of a feature; after its last one the next build of main has its contracts."""
    feature.builds_left -= 1
    if feature.builds_left <= 0:
        service.features.remove(feature)
        service.contracts.update(feature.contracts)
