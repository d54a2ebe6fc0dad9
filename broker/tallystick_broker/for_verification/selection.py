"""Selectors resolved: from where consumers' versions are to the contracts that they have published."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, select
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
NOWHERE = literal(False)


def select_contracts(session: Session, provider: Participant, request: Request) -> list[Entry]:
    """Return an entry for each contract that a selector of the request finds; nothing is gathered yet."""
    if not request.selectors:
        return list(chain(*_fetch(session, _defaults(provider))))
    pairs = request.selectors
    both = [each for pair in pairs for each in pair if each is not None]
    found = iter(_fetch(session, [(each, _state(provider, each)) for each in both]))
    selected: list[Entry] = []
    for _, fallback in pairs:
        here, instead = next(found), next(found) if fallback else []
        selected += here or instead
    return selected


def select_work_in_progress(session: Session, provider: Participant, since: datetime) -> list[Entry]:
    """Return an entry for each head of a branch or a tag whose contract was published after this moment."""
    recent = Publication.created_at > since
    branches, tags = Selector(any_branch=True), Selector(tag="", latest=True)
    newer = aliased(Tag)
    is_newest = ~exists().where(
        newer.participant_id == Tag.participant_id, newer.name == Tag.name, newer.version_id > Tag.version_id
    )
    # Begun at the publications, of which few are recent, rather than at the tags, of which there are many.
    tagged = (
        _published(provider, Publication.consumer_version_id, Tag.name)
        .join(Tag, Tag.version_id == Publication.consumer_version_id)
        .where(is_newest)
    )
    wanted = [(branches, _state(provider, branches).where(recent)), (tags, tagged.where(recent))]
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
    by_tag = _published(provider, newest_tagged, Participant.main_branch).where(~on_main)
    main, latest = Selector(main_branch=True), Selector(latest=True)
    live = Selector(deployed=True), Selector(released=True)
    return [
        (main, _state(provider, main)),
        (Selector(tag="", latest=True), by_tag),
        (latest, _state(provider, latest).where(~on_main, ~tagged_main)),
        *((each, _state(provider, each)) for each in live),
    ]


def _fetch(session: Session, wanted: Sequence[tuple[Selector, Statement]]) -> list[list[Entry]]:
    """Return what each of these statements finds for its selector."""
    rows = fetch_each(session, [_of_consumer(statement, selector) for selector, statement in wanted])
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


def _of_consumer(statement: Statement, selector: Selector) -> Statement:
    return statement if selector.consumer is None else statement.where(Participant.name == selector.consumer)


def _state(provider: Participant, selector: Selector) -> Statement:
    """Return the statement that finds the selector's contracts; it begins at the provider's integrations."""
    if selector.deployed or selector.released or selector.environment is not None:
        return _live(provider, selector)
    if selector.tag is not None and not selector.latest:
        wanted = _published(provider, Publication.consumer_version_id, Tag.name)
        wanted = wanted.join(Tag, Tag.version_id == Publication.consumer_version_id)
        return wanted.where(Tag.name == selector.tag)
    if selector.tag is not None:
        return _published(provider, _newest_tagged(Tag.name == selector.tag), literal(selector.tag))
    if selector.main_branch or selector.any_branch or selector.branch is not None:
        return _heads(provider, selector)
    other = aliased(Publication)
    newest = select(func.max(other.consumer_version_id)).where(
        other.in_effect,
        other.provider_id == Integration.provider_id,
        other.consumer_id == Integration.consumer_id,
    )
    return _published(provider, newest.correlate(Integration).scalar_subquery(), literal(""))


def _published(provider: Participant, version_id: Any, place: Any, production: Any = NOWHERE) -> Statement:
    """Return the statement that finds what each consumer's version with this id has published for the provider."""
    return (
        select(
            Participant.name,
            Version.id,
            Version.number,
            Content.id,
            Content.fingerprint,
            place,
            production,
        )
        .select_from(Integration)
        .join(Participant, Participant.id == Integration.consumer_id)
        .join(
            Publication,
            (Publication.consumer_id == Integration.consumer_id)
            & (Publication.provider_id == Integration.provider_id)
            & (Publication.consumer_version_id == version_id),
        )
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(Content, Content.id == Publication.content_id)
        .where(Integration.provider_id == provider.id, Publication.in_effect)
    )


def _newest_tagged(condition: ColumnElement[bool]) -> Any:
    newest = select(func.max(Tag.version_id)).where(Tag.participant_id == Participant.id, condition)
    return newest.correlate(Participant).scalar_subquery()


def _heads(provider: Participant, selector: Selector) -> Statement:
    wanted = (
        _published(provider, Publication.consumer_version_id, Branch.name)
        .join(BranchHead, BranchHead.version_id == Publication.consumer_version_id)
        .join(Branch, Branch.id == BranchHead.branch_id)
    )
    if selector.main_branch:
        return wanted.where(Branch.name == Participant.main_branch)
    return wanted if selector.any_branch else wanted.where(Branch.name == selector.branch)


def _live(provider: Participant, selector: Selector) -> Statement:
    wanted = (
        _published(provider, Publication.consumer_version_id, Environment.name, Environment.production)
        .join(LiveVersion, LiveVersion.version_id == Publication.consumer_version_id)
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
