"""What the gate's answers cost through HTTP, however long the history: `python benchmarks/gate.py --database-url …`.

A database is one that `fill.py --preset large --preset hub` filled. Several are asked in turn, so that whatever else
the machine does slows all of them alike, and each is compared with the first. Without any, a small one is filled.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

import click
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from histories.shapes import SHAPES
from histories.telling import tell
from serving import Asker, filled, serve
from tallystick_broker import db
from tallystick_broker.models import (
    Branch,
    BranchVersion,
    DeployedVersion,
    Environment,
    Integration,
    Participant,
    Publication,
    ReleasedVersion,
    Result,
    Version,
)

PLACE = "production"
WARM_UP, ROUNDS = 60, 60


@dataclass(frozen=True)
class Case:
    """A question to the gate, and how many contracts are successful, failed and unknown by the history."""

    name: str
    path: str
    expected: tuple[int, int, int]


@click.command()
@click.option("--database-url", "urls", multiple=True, help="Repeatable, the smallest first.")
@click.option("--rounds", default=ROUNDS, show_default=True)
def main(urls: Sequence[str], rounds: int) -> None:
    """Print the median and the 95th percentile of each answer, and how it compares with the first database."""
    with ExitStack() as stack:
        shapes = SHAPES["small"], SHAPES["hub"]
        urls = urls or [stack.enter_context(filled(tell(*shapes)))]
        cases = [_read_cases(url) for url in urls]
        askers = [stack.enter_context(serve(url)) for url in urls]
        for same in zip(*cases, strict=True):
            _measure(same, askers, urls, rounds)


def _measure(cases: Sequence[Case], askers: Sequence[Asker], urls: Sequence[str], rounds: int) -> None:
    """Ask the same question of each database in turn, check each answer, and print what they took."""
    for case, asker in zip(cases, askers, strict=True):
        for _ in range(WARM_UP):
            _, body = asker.ask(case.path)
        found = tuple(body["summary"][name] for name in ("success", "failed", "unknown"))
        if found != case.expected:
            raise click.ClickException(f"{case.path} answered {found}, the history says {case.expected}")
    before = [asker.spend() for asker in askers]
    times = [
        [asker.ask(case.path)[0] for case, asker in zip(cases, askers, strict=True)] for _ in range(rounds)
    ]
    spent = [(asker.spend() - start) / rounds for asker, start in zip(askers, before, strict=True)]
    click.echo(cases[0].name)
    for place, (case, url) in enumerate(zip(cases, urls, strict=True)):
        took = [each[place] for each in times]
        ratio = median(each[place] / each[0] for each in times)
        click.echo(
            f"  p50 {median(took):7.1f} ms   p95 {quantiles(took, n=20)[-1]:7.1f} ms   x {ratio:4.2f}   "
            f"CPU {spent[place]:6.1f} ms   {sum(case.expected):4} contracts   {_name(url)}"
        )


def _read_cases(url: str) -> list[Case]:
    engine = db.connect(url)
    with Session(engine) as session:
        results = session.scalar(select(func.count()).select_from(Result))
        click.echo(f"{results:>9,} results in {_name(url)}")
        cases = [_make_case(session, *each) for each in _choose_services(session)]
    engine.dispose()
    return cases


def _make_case(session: Session, title: str, name: str) -> Case:
    head = _find_head(session, name)
    query = {"q[][pacticipant]": name, "q[][version]": head.number, "latestby": "cvpv", "environment": PLACE}
    return Case(title, f"/matrix?{urlencode(query)}", _judge(session, head))


def _choose_services(session: Session) -> Iterator[tuple[str, str]]:
    """Yield the services to ask about: the middle one by its neighbours, and those with most on either side."""
    pairs = session.execute(select(Integration.consumer_id, Integration.provider_id)).all()
    consumers = Counter(provider for _, provider in pairs)
    providers = Counter(consumer for consumer, _ in pairs)
    ranked = sorted(
        consumers.keys() & providers.keys(), key=lambda key: (consumers[key] + providers[key], key)
    )
    for title, key in (
        ("an average service", ranked[len(ranked) // 2]),
        ("the provider with most consumers", consumers.most_common(1)[0][0]),
        ("the consumer with most providers", providers.most_common(1)[0][0]),
    ):
        yield title, session.get_one(Participant, key).name


def _find_head(session: Session, name: str) -> Version:
    """Return the newest version on the main branch."""
    on_main = (
        select(func.max(BranchVersion.version_id))
        .join(Branch, Branch.id == BranchVersion.branch_id)
        .join(Participant, Participant.id == Branch.participant_id)
        .where(Participant.name == name, Branch.name == Participant.main_branch)
    )
    return session.get_one(Version, session.scalars(on_main).one())


def _judge(session: Session, head: Version) -> tuple[int, int, int]:
    """Return how many contracts are successful, failed and unknown, from the history alone and one by one."""
    live = list(_find_live(session))
    found = Counter(
        _find_outcome(session, content_id, provider_id)
        for content_id, provider_id in (*_consume(session, head, live), *_provide(session, head, live))
    )
    return found[True], found[False], found[None]


def _find_live(session: Session) -> Iterator[tuple[int, int]]:
    """Yield the participant and the id of each version that is deployed, or released and supported."""
    for model, end in (
        (DeployedVersion, DeployedVersion.undeployed_at),
        (ReleasedVersion, ReleasedVersion.support_ended_at),
    ):
        place = select(Environment.id).filter_by(name=PLACE).scalar_subquery()
        wanted = select(model.participant_id, model.version_id).where(end.is_(None))
        yield from session.execute(wanted.where(model.environment_id == place).distinct())


def _consume(session: Session, head: Version, live: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    wanted = select(Publication.content_id, Publication.provider_id)
    for content_id, provider in session.execute(wanted.filter_by(consumer_version_id=head.id)):
        yield from ((content_id, version) for participant, version in live if participant == provider)


def _provide(session: Session, head: Version, live: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    wanted = select(Publication.content_id).filter_by(provider_id=head.participant_id)
    for _, version in live:
        for content_id in session.scalars(wanted.filter_by(consumer_version_id=version)):
            yield content_id, head.id


def _name(url: str) -> str:
    parts = make_url(url)
    return f"{parts.get_backend_name()} {Path(str(parts.database)).name}"


def _find_outcome(session: Session, content_id: int, version_id: int) -> bool | None:
    wanted = select(Result.success).filter_by(content_id=content_id, provider_version_id=version_id)
    return session.scalars(wanted.order_by(Result.id.desc()).limit(1)).one_or_none()


if __name__ == "__main__":
    main()
