"""What the plan of a rollout costs through HTTP, by how many services take part: `python benchmarks/plan.py`."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median, quantiles

import click

from histories.extremes import Chronicle
from histories.records import Environment, Participant, Record, Version
from histories.shapes import Shape
from serving import filled, serve

SIZES = (125, 500)
PROVIDERS = 4
"""Providers of each service."""

PLACE = "production"
PATH = f"/plan?environment={PLACE}"
CHANGED, BREAKS_LIVE, NEEDS_CHANGE, FAILED = 0.3, 0.05, 0.3, 0.005
"""How likely a candidate has a new contract, breaks a live one, cannot do without its provider's, and fails it."""

WARM_UP, ROUNDS = 2, 20


@click.command()
@click.option("--rounds", default=ROUNDS, show_default=True)
def main(rounds: int) -> None:
    """Ask for the plan of all heads of main, in turn of a small and of a large estate, and print what it took."""
    with ExitStack() as stack:
        askers = [stack.enter_context(serve(stack.enter_context(filled(tell(size))))) for size in SIZES]
        plans = [asker.ask(PATH)[1] for asker in askers for _ in range(WARM_UP)][::WARM_UP]
        rows = [[asker.ask(PATH)[0] for asker in askers] for _ in range(rounds)]
    for index, (size, plan) in enumerate(zip(SIZES, plans, strict=True)):
        took = [row[index] for row in rows]
        ratio = median(row[index] / row[0] for row in rows)
        summary = plan["summary"]
        click.echo(
            f"{size:>5} candidates, {PROVIDERS * size:>5,} integrations: {summary['planned']} in "
            f"{summary['waves']} waves, {summary['blocked']} blocked; p50 {median(took):.0f} ms, "
            f"p95 {quantiles(took, n=20)[-1]:.0f} ms, {ratio:.2f} x"
        )


def tell(size: int) -> Iterator[Record]:
    """Yield a history of so many services, each with a live version and a newer one on main."""
    rng = random.Random(size)  # noqa: S311 (chance, not secrecy)
    chronicle = Chronicle(Shape("plan", services=size, days=7), 2 * size)
    names = [f"service-{index:03d}" for index in range(size)]
    yield Environment(PLACE, production=True, at=chronicle.at())
    yield from (Participant(name, chronicle.at()) for name in names)
    live, heads = ({name: chronicle.build(name) for name in names} for _ in range(2))
    yield from (*live.values(), *heads.values())
    for consumer in names:
        for provider in rng.sample([name for name in names if name != consumer], PROVIDERS):
            yield from _consume(
                chronicle, rng, (live[consumer], heads[consumer]), (live[provider], heads[provider])
            )
    yield from (chronicle.deploy(version, PLACE) for version in live.values())


def _consume(
    chronicle: Chronicle,
    rng: random.Random,
    consumers: tuple[Version, Version],
    providers: tuple[Version, Version],
) -> Iterator[Record]:
    """Yield what the live and the new version of a consumer expect, and whether those of a provider do it."""
    (old, new), (before, after) = consumers, providers
    first = chronicle.expect(old.participant, before.participant)
    yield first
    yield chronicle.publish(old, before.participant, first.id)
    yield chronicle.verify(first.id, before)
    yield chronicle.verify(first.id, after, rng.random() >= BREAKS_LIVE)
    if rng.random() < CHANGED:
        second = chronicle.expect(old.participant, before.participant)
        yield second
        yield chronicle.publish(new, before.participant, second.id)
        yield chronicle.verify(second.id, before, rng.random() >= NEEDS_CHANGE)
        yield chronicle.verify(second.id, after, rng.random() >= FAILED)
    else:
        yield chronicle.publish(new, before.participant, first.id)


if __name__ == "__main__":
    main()
