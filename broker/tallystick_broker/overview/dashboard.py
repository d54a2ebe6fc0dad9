"""What people watch: of each pair the newest contracts, overall and of each tag, and how they stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, select, union
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
    Version,
)
from tallystick_broker.publications import Found, describe


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
    return [
        Line(
            each,
            heads.get(each.publication.consumer_version_id, ()),
            tags.get(each.publication.id, ()),
            result,
            None if result is None else known[result.provider_version_id],
        )
        for each, (_, result) in zip(found, rows, strict=True)
    ]


def _newest(pair: Pair | None) -> Any:
    columns = Publication.consumer_id, Publication.provider_id
    newest = func.max(Publication.consumer_version_id).label("version_id")
    of_pair = [] if pair is None else [columns[0] == pair.consumer.id, columns[1] == pair.provider.id]
    overall = select(*columns, newest).group_by(*columns)
    of_tag = overall.join(Tag, Tag.version_id == Publication.consumer_version_id).group_by(Tag.name)
    return union(*(each.where(Publication.in_effect, *of_pair) for each in (overall, of_tag)))


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


def _grouped(rows: Iterable[Row[int, str]]) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for key, name in rows:
        found[key] = (*found.get(key, ()), name)
    return found
