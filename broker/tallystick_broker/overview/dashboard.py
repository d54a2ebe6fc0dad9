"""What people watch: of each pair the newest contracts, overall, of each branch and of each tag, and how they stand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select, union
from sqlalchemy.orm import Session, aliased

from tallystick_broker.contracts import Pair
from tallystick_broker.db import among
from tallystick_broker.models import (
    Branch,
    BranchHead,
    BranchVersion,
    Publication,
    Result,
    Tag,
    TriggeredWebhook,
    Version,
    Webhook,
)
from tallystick_broker.publications import Found, describe

SEVERITY = ("retrying", "failure", "not_run", "success")
"""What deliveries of several webhooks amount to: the first of these that one of them has."""


@dataclass(frozen=True)
class Verifier:
    """The provider version of a result, the branches that it is the head of, and its tags.

    Each tag comes with whether no newer version has it.
    """

    number: str
    heads: tuple[str, ...]
    tags: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Line:
    """A contract on the dashboard; `tags` are those of which it is the pair's newest contract."""

    found: Found
    heads: tuple[str, ...]
    tags: tuple[str, ...]
    result: Result | None
    verifier: Verifier | None
    webhooks: str
    triggered_at: datetime | None

    @property
    def verification(self) -> str:
        """What became of the contract, in the Pact Broker's words."""
        if self.result is None:
            return "never"
        if self.result.success:
            return "success"
        return "failed_pending" if self.result.pending else "failed"


def select_lines(pair: Pair | None = None) -> Select[Publication, Result]:
    """Return the query for the newest contracts, of this pair if one is given, each with its content's newest result.

    What happened last comes first.
    """
    newest = _newest(pair).subquery()
    of_content = aliased(Result)
    latest = select(func.max(of_content.id)).where(of_content.content_id == Publication.content_id)
    moment = case(
        (Result.created_at > Publication.created_at, Result.created_at), else_=Publication.created_at
    )
    return (
        select(Publication, Result)
        .join(
            newest,
            and_(
                newest.c.version_id == Publication.consumer_version_id,
                newest.c.provider_id == Publication.provider_id,
            ),
        )
        .outerjoin(Result, Result.id == latest.correlate(Publication).scalar_subquery())
        .where(Publication.in_effect)
        .order_by(moment.desc(), Publication.id.desc())
    )


def read_lines(session: Session, rows: Sequence[Row[Publication, Result]]) -> list[Line]:
    """Return the lines of these rows; the number of statements does not depend on how many there are."""
    publications = [publication for publication, _ in rows]
    found = describe(session, publications)
    verifiers = {result.provider_version_id for _, result in rows if result is not None}
    heads = _read_heads(session, {each.consumer_version_id for each in publications} | verifiers)
    tags = _read_tags(session, publications)
    known = _read_verifiers(session, verifiers, heads)
    webhooks = _read_webhooks(session, [each.pair for each in found])
    return [
        Line(
            each,
            heads.get(each.publication.consumer_version_id, ()),
            tags.get(each.publication.id, ()),
            result,
            None if result is None else known[result.provider_version_id],
            *webhooks[each.pair.consumer.id, each.pair.provider.id],
        )
        for each, (_, result) in zip(found, rows, strict=True)
    ]


def _newest(pair: Pair | None) -> Any:
    columns = Publication.consumer_id, Publication.provider_id
    newest = func.max(Publication.consumer_version_id).label("version_id")
    of_pair = [] if pair is None else [columns[0] == pair.consumer.id, columns[1] == pair.provider.id]
    overall = select(*columns, newest).group_by(*columns)
    of_tag = overall.join(Tag, Tag.version_id == Publication.consumer_version_id).group_by(Tag.name)
    of_branch = select(*columns, Publication.consumer_version_id.label("version_id")).join(
        BranchHead, BranchHead.version_id == Publication.consumer_version_id
    )
    return union(*(each.where(Publication.in_effect, *of_pair) for each in (overall, of_tag, of_branch)))


def _read_heads(session: Session, version_ids: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the branches that each version is the head of, the one that it joined last at the end."""
    joined = and_(
        BranchVersion.branch_id == BranchHead.branch_id, BranchVersion.version_id == BranchHead.version_id
    )
    wanted = (
        select(BranchHead.version_id, Branch.name)
        .join(Branch, Branch.id == BranchHead.branch_id)
        .join(BranchVersion, joined)
        .where(among(BranchHead.version_id, version_ids))
        .order_by(BranchVersion.created_at, Branch.id)
    )
    return _grouped(session.execute(wanted))


def _read_tags(session: Session, publications: Iterable[Publication]) -> Mapping[int, tuple[str, ...]]:
    newer, other = aliased(Publication), aliased(Tag)
    superseded = (
        select(newer.id)
        .join(other, other.version_id == newer.consumer_version_id)
        .where(
            newer.in_effect,
            newer.consumer_id == Publication.consumer_id,
            newer.provider_id == Publication.provider_id,
            newer.consumer_version_id > Publication.consumer_version_id,
            other.name == Tag.name,
        )
    )
    wanted = (
        select(Publication.id, Tag.name)
        .join(Tag, Tag.version_id == Publication.consumer_version_id)
        .where(among(Publication.id, [each.id for each in publications]), ~superseded.exists())
        .order_by(Tag.created_at, Tag.name)
    )
    return _grouped(session.execute(wanted))


def _read_verifiers(
    session: Session, version_ids: Iterable[int], heads: Mapping[int, tuple[str, ...]]
) -> dict[int, Verifier]:
    newer = aliased(Tag)
    superseded = select(newer.name).where(
        newer.participant_id == Tag.participant_id, newer.name == Tag.name, newer.version_id > Tag.version_id
    )
    tagged = select(Tag.version_id, Tag.name, ~superseded.exists()).where(among(Tag.version_id, version_ids))
    tags: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for key, name, latest in session.execute(tagged.order_by(Tag.created_at, Tag.name)):
        tags[key].append((name, latest))
    numbered = select(Version.id, Version.number).where(among(Version.id, version_ids))
    return {
        key: Verifier(number, heads.get(key, ()), tuple(tags[key]))
        for key, number in session.execute(numbered)
    }


def _read_webhooks(
    session: Session, pairs: Sequence[Pair]
) -> dict[tuple[int, int], tuple[str, datetime | None]]:
    """Return how the newest deliveries of each pair's webhooks went, and when the last of them was triggered."""
    of_pairs = {(each.consumer.id, each.provider.id) for each in pairs}
    own = select(Webhook.consumer_id, Webhook.provider_id).where(*_among(Webhook, of_pairs))
    subscribed = set(session.execute(own))
    idle = {key: "not_run" if key in subscribed else "none" for key in of_pairs}
    newest = (
        select(func.max(TriggeredWebhook.id))
        .where(TriggeredWebhook.webhook_id.is_not(None), *_among(TriggeredWebhook, of_pairs))
        .group_by(TriggeredWebhook.consumer_id, TriggeredWebhook.provider_id, TriggeredWebhook.webhook_id)
    )
    deliveries: dict[tuple[int, int], list[TriggeredWebhook]] = defaultdict(list)
    for each in session.scalars(select(TriggeredWebhook).where(TriggeredWebhook.id.in_(newest))):
        deliveries[each.consumer_id, each.provider_id].append(each)
    worst = {
        key: min((each.status for each in found), key=SEVERITY.index) for key, found in deliveries.items()
    }
    last = {key: max(each.created_at for each in found) for key, found in deliveries.items()}
    return {key: (worst.get(key, idle[key]), last.get(key)) for key in of_pairs}


def _among(
    model: type[Webhook | TriggeredWebhook], pairs: Collection[tuple[int, int]]
) -> tuple[ColumnElement[bool], ...]:
    consumers, providers = [consumer for consumer, _ in pairs], [provider for _, provider in pairs]
    return among(model.consumer_id, consumers), among(model.provider_id, providers)


def _grouped(rows: Iterable[Row[int, str]]) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for key, name in rows:
        found[key] = (*found.get(key, ()), name)
    return found
