"""Selectors resolved: from where consumers' versions are to the contracts that they have published."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, literal_column, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import fetch_each
from tallystick_broker.for_verification.entries import Entry, Reason
from tallystick_broker.for_verification.request import Request, Selector
from tallystick_broker.models import (
    Branch,
    BranchHead,
    Content,
    Environment,
    Integration,
    LiveVersion,
    Participant,
    Publication,
    Tag,
    Version,
)

Statement = Select[str, int, str, int, str, Any, Any]
"""Finds contracts: consumer, version, number, content, fingerprint, and the place with whether it is in production."""

Versions = Select[str, int, int, Any, Any]
"""Finds versions: consumer, provider, version, and the place with whether it is in production."""

NOWHERE = literal(False)


def select_contracts(session: Session, provider: Participant, request: Request) -> list[Entry]:
    """Return an entry for each contract that a selector of the request finds; nothing is gathered yet."""
    if not request.selectors:
        return list(chain(*_fetch(session, _defaults(provider))))
    pairs = request.selectors
    both = [each for pair in pairs for each in pair if each is not None]
    found = iter(_fetch(session, [(each, _published(_meant(provider, each))) for each in both]))
    selected: list[Entry] = []
    for _, fallback in pairs:
        here, instead = next(found), next(found) if fallback else []
        selected += here or instead
    return selected


def select_work_in_progress(session: Session, provider: Participant, since: datetime) -> list[Entry]:
    """Return an entry for each head of a branch or a tag whose contract was published after this moment."""
    newer = aliased(Tag)
    is_newest = ~exists().where(
        newer.participant_id == Tag.participant_id, newer.name == Tag.name, newer.version_id > Tag.version_id
    )
    branches = (
        _published_since(provider, since, Branch.name)
        .join(BranchHead, BranchHead.version_id == Publication.consumer_version_id)
        .join(Branch, Branch.id == BranchHead.branch_id)
    )
    tags = (
        _published_since(provider, since, Tag.name)
        .join(Tag, Tag.version_id == Publication.consumer_version_id)
        .where(is_newest)
    )
    wanted = [(Selector(any_branch=True), branches), (Selector(tag="", latest=True), tags)]
    return list(chain(*_fetch(session, wanted)))


def _defaults(provider: Participant) -> list[tuple[Selector, Statement]]:
    """Return what is meant without selectors: for each consumer its main branch, and all that is live.

    A consumer without a version on its main branch has its newest version tagged with the branch's name selected,
    or its newest version of all.
    """
    on_main = exists(Branch.id).where(
        Branch.participant_id == Participant.id,
        Branch.name == Participant.main_branch,
        BranchHead.branch_id == Branch.id,
    )
    tagged_main = exists(Tag.version_id).where(
        Tag.participant_id == Participant.id, Tag.name == Participant.main_branch
    )
    newest_tagged = _newest_tagged(Tag.name == Participant.main_branch)
    by_tag = _versions(provider, newest_tagged, Participant.main_branch).where(~on_main)
    main, latest = Selector(main_branch=True), Selector(latest=True)
    live = Selector(deployed=True), Selector(released=True)
    meant = [
        (main, _meant(provider, main)),
        (Selector(tag="", latest=True), by_tag),
        (latest, _meant(provider, latest).where(~on_main, ~tagged_main)),
        *((each, _meant(provider, each)) for each in live),
    ]
    return [(selector, _published(versions)) for selector, versions in meant]


def _fetch(session: Session, wanted: Sequence[tuple[Selector, Statement]]) -> list[list[Entry]]:
    """Return what each of these statements finds for its selector."""
    rows = fetch_each(session, [statement for _, statement in wanted])
    return [
        [_read(selector, *row) for row in found] for (selector, _), found in zip(wanted, rows, strict=True)
    ]


def _read(
    selector: Selector,
    consumer: str,
    version_id: int,
    number: str,
    content_id: int,
    fingerprint: str,
    place: str | None,
    production: bool,
) -> Entry:
    reason = Reason(selector, number, version_id, place or "", bool(production))
    return Entry(consumer, number, version_id, content_id, fingerprint, (reason,))


def _meant(provider: Participant, selector: Selector) -> Versions:
    """Return the query for the versions of the provider's consumers that the selector means."""
    wanted = _meant_of_all(provider, selector)
    return wanted if selector.consumer is None else wanted.where(Participant.name == selector.consumer)


def _meant_of_all(provider: Participant, selector: Selector) -> Versions:
    if selector.deployed or selector.released or selector.environment is not None:
        return _live(provider, selector)
    if selector.tag is not None and not selector.latest:
        tagged = _versions(provider, Tag.version_id, Tag.name)
        return tagged.join(Tag, Tag.participant_id == Participant.id).where(Tag.name == selector.tag)
    if selector.tag is not None:
        return _versions(provider, _newest_tagged(Tag.name == selector.tag), literal(selector.tag))
    if selector.main_branch or selector.any_branch or selector.branch is not None:
        return _heads(provider, selector)
    newest = select(func.max(Publication.consumer_version_id)).where(
        Publication.in_effect,
        Publication.provider_id == Integration.provider_id,
        Publication.consumer_id == Integration.consumer_id,
    )
    return _versions(provider, newest.correlate(Integration).scalar_subquery(), literal(""))


def _versions(provider: Participant, version_id: Any, place: Any, production: Any = NOWHERE) -> Versions:
    """Return the query for the version with this id of each of the provider's consumers, and where it is."""
    return (
        select(
            Participant.name.label("consumer"),
            Integration.provider_id.label("provider_id"),
            version_id.label("version_id"),
            place.label("place"),
            production.label("production"),
        )
        .select_from(Integration)
        .join(Participant, Participant.id == Integration.consumer_id)
        .where(Integration.provider_id == provider.id)
    )


def _published(versions: Versions) -> Statement:
    """Return the statement that finds what these versions have published for the provider.

    The versions are found first, behind a fence (OFFSET 0): neither database may begin with all that was ever
    published for the provider, as SQLite would.
    """
    meant = versions.offset(literal_column("0")).subquery()
    return (
        select(
            meant.c.consumer,
            Version.id,
            Version.number,
            Content.id,
            Content.fingerprint,
            meant.c.place,
            meant.c.production,
        )
        .select_from(meant)
        .join(
            Publication,
            (Publication.consumer_version_id == meant.c.version_id)
            & (Publication.provider_id == meant.c.provider_id),
        )
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(Content, Content.id == Publication.content_id)
        .where(Publication.in_effect)
    )


def _published_since(provider: Participant, since: datetime, place: Any) -> Statement:
    """Return the statement that finds what was published for the provider after this moment, which is little."""
    return (
        select(Participant.name, Version.id, Version.number, Content.id, Content.fingerprint, place, NOWHERE)
        .select_from(Publication)
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(Participant, Participant.id == Publication.consumer_id)
        .join(Content, Content.id == Publication.content_id)
        .where(Publication.provider_id == provider.id, Publication.in_effect, Publication.created_at > since)
    )


def _newest_tagged(condition: ColumnElement[bool]) -> Any:
    newest = select(func.max(Tag.version_id)).where(Tag.participant_id == Participant.id, condition)
    return newest.correlate(Participant).scalar_subquery()


def _heads(provider: Participant, selector: Selector) -> Versions:
    wanted = (
        _versions(provider, BranchHead.version_id, Branch.name)
        .join(Branch, Branch.participant_id == Participant.id)
        .join(BranchHead, BranchHead.branch_id == Branch.id)
    )
    if selector.main_branch:
        return wanted.where(Branch.name == Participant.main_branch)
    return wanted if selector.any_branch else wanted.where(Branch.name == selector.branch)


def _live(provider: Participant, selector: Selector) -> Versions:
    wanted = (
        _versions(provider, LiveVersion.version_id, Environment.name, Environment.production)
        .join(LiveVersion, LiveVersion.participant_id == Participant.id)
        .join(Environment, Environment.id == LiveVersion.environment_id)
    )
    if selector.environment is not None:
        wanted = wanted.where(Environment.name == selector.environment)
    if selector.deployed:
        wanted = wanted.where(LiveVersion.deployed_version_id.is_not(None))
    if selector.released:
        wanted = wanted.where(LiveVersion.released_version_id.is_not(None))
    return wanted


def missing_environments(session: Session, names: Iterable[str]) -> set[str]:
    """Return those of these names that no environment has."""
    wanted = set(names)
    if not wanted:
        return wanted
    return wanted - set(session.scalars(select(Environment.name).where(Environment.name.in_(wanted))))
