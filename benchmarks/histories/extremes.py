"""Histories of extremes: very many consumers, very many providers, or very many results of one contract."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from histories.clock import Clock
from histories.naming import name_version
from histories.records import Content, Deployment, Publication, Record, Verification, Version
from histories.shapes import ENVIRONMENTS, Shape

HUB_BUILDS, CONSUMER_BUILDS, FAN_BUILDS, PROVIDER_BUILDS = 100, 8, 50, 10


class Chronicle:
    """What happens one thing after another, without a model behind it."""

    def __init__(self, shape: Shape, steps: int) -> None:
        self._shape, self._clock = shape, Clock(shape, steps)
        self._builds, self._contents, self._step = Counter[str](), 0, 0

    def at(self) -> datetime:
        """Return the moment at which the present step begins."""
        return self._clock.start(self._step)

    def build(self, name: str, branch: str = "main") -> Version:
        """Return the next version of a service, with which a step ends."""
        version = Version(name, name_version(self._shape, name, self._builds[name]), branch, self.at())
        self._builds[name] += 1
        self._step += 1
        return version

    def expect(self, consumer: str, provider: str) -> Content:
        """Return a new content."""
        self._contents += 1
        name = f"{self._shape.name}-{self._contents:06d}"
        return Content(name, consumer, provider, self._shape.interactions, self.at())

    def publish(self, version: Version, provider: str, content: str) -> Publication:
        """Return that a version publishes a content."""
        return Publication(version.participant, version.number, provider, content, self._clock.now())

    def verify(self, content: str, version: Version, success: bool = True) -> Verification:
        """Return that a version verifies a content."""
        return Verification(content, version.participant, version.number, success, self._clock.now())

    def deploy(self, version: Version, environment: str) -> Deployment:
        """Return that a version is deployed."""
        return Deployment(version.participant, version.number, environment, "", self._clock.now())


def hub_services(shape: Shape) -> list[str]:
    """Return the services around the hub and the fan."""
    return ["hub", *_consumers(shape), "fan", *_providers(shape)]


def tell_hub(shape: Shape) -> Iterator[Record]:
    """Yield how `hub` comes to have very many live consumers, and `fan` very many live providers."""
    rng = random.Random(f"{shape.name}:{shape.seed}")  # noqa: S311 (chance, not secrecy)
    order = _order_builds(shape, rng)
    chronicle = Chronicle(shape, len(order))
    contents: dict[tuple[str, str], str] = {}
    heads: dict[str, Version] = {}
    for name in order:
        providers = _providers(shape) if name == "fan" else ["hub"] if name.startswith("consumer") else []
        new = [each for each in providers if (name, each) not in contents or rng.random() < 0.1]
        for provider in new:
            content = chronicle.expect(name, provider)
            contents[name, provider] = content.id
            yield content
        version = chronicle.build(name)
        yield version
        yield from (chronicle.publish(version, each, contents[name, each]) for each in providers)
        yield from (chronicle.verify(contents[name, each], heads[each]) for each in new if each in heads)
        provided = (content for (_, provider), content in contents.items() if provider == name)
        yield from (chronicle.verify(each, version, rng.random() >= 0.002) for each in provided)
        heads[name] = version
        yield from (chronicle.deploy(version, environment) for environment, _ in ENVIRONMENTS)


def tell_hot(shape: Shape) -> Iterator[Record]:
    """Yield how very many provider versions verify one content, which many consumer versions publish."""
    rng = random.Random(f"{shape.name}:{shape.seed}")  # noqa: S311 (chance, not secrecy)
    chronicle = Chronicle(shape, shape.hot_verifications + max(1, shape.hot_verifications // 5))
    content = chronicle.expect("hot-consumer", "hot-provider")
    yield content
    for turn in range(shape.hot_verifications):
        if turn % 5 == 0:
            version = chronicle.build("hot-consumer", "main" if turn % 20 else f"feat/c-{turn // 20}")
            yield version
            yield chronicle.publish(version, "hot-provider", content.id)
            if turn % 100 == 5:
                yield from (chronicle.deploy(version, environment) for environment, _ in ENVIRONMENTS)
        version = chronicle.build("hot-provider", "main" if turn % 3 else f"feat/p-{turn // 12}")
        yield version
        yield chronicle.verify(content.id, version, rng.random() >= 0.01)
        if turn % 100 == 1:
            yield from (chronicle.deploy(version, environment) for environment, _ in ENVIRONMENTS)


def failing_services(shape: Shape) -> list[str]:
    """Return the failing provider and its consumers."""
    return ["Hub", *(f"Consumer{index:03d}" for index in range(1, shape.consumers + 1))]


def tell_failing(shape: Shape) -> Iterator[Record]:
    """Yield how the only version of `Hub` fails the first of its consumers by name, all of which are live."""
    _, *consumers = failing_services(shape)
    chronicle = Chronicle(shape, len(consumers) + 1)
    hub = chronicle.build("Hub")
    yield hub
    for name in consumers:
        content = chronicle.expect(name, "Hub")
        yield content
        version = chronicle.build(name)
        yield version
        yield chronicle.publish(version, "Hub", content.id)
        yield chronicle.verify(content.id, hub, name != consumers[0])
        yield chronicle.deploy(version, "production")


def _order_builds(shape: Shape, rng: random.Random) -> list[str]:
    """Return whose turn it is to build; the providers come first, so that there is something to consume."""
    paces = [("hub", HUB_BUILDS)]
    consumers = [(name, CONSUMER_BUILDS) for name in _consumers(shape)]
    providers = [(name, PROVIDER_BUILDS) for name in _providers(shape)]
    paces += [*consumers, *providers, ("fan", FAN_BUILDS)]
    moments = sorted(
        ((turn + rng.random()) / builds, name) for name, builds in paces for turn in range(builds)
    )
    return ["hub", *_providers(shape), *(name for _, name in moments)]


def _consumers(shape: Shape) -> list[str]:
    return [f"consumer-{index:03d}" for index in range(shape.consumers)]


def _providers(shape: Shape) -> list[str]:
    return [f"provider-{index:03d}" for index in range(shape.fan_providers)]
