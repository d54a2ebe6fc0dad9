"""Selectors resolved: from where consumers' versions are to the contracts that they have published."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

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
        return _select_defaults(session, provider)
    found: list[Entry] = []
    for selector, fallback in request.selectors:
        here = _fetch(session, _state(provider, selector), selector)
        if not here and fallback is not None:
            here = _fetch(session, _state(provider, fallback), fallback)
        found += here
    return found


def select_work_in_progress(session: Session, provider: Participant, since: date) -> list[Entry]:
    """Return an entry for each head of a branch or a tag whose contract was published after the date began."""
    recent = Publication.created_at > datetime.combine(since, time(), UTC)
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
    found = _fetch(session, _state(provider, branches).where(recent), branches)
    return found + _fetch(session, tagged.where(recent), tags)


def _select_defaults(session: Session, provider: Participant) -> list[Entry]:
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
    main, latest, tag = Selector(main_branch=True), Selector(latest=True), Selector(tag="", latest=True)
    by_tag = _published(provider, newest_tagged, Participant.main_branch).where(~on_main)
    found = _fetch(session, _state(provider, main), main)
    found += _fetch(session, by_tag, tag)
    found += _fetch(session, _state(provider, latest).where(~on_main, ~tagged_main), latest)
    for live in (Selector(deployed=True), Selector(released=True)):
        found += _fetch(session, _state(provider, live), live)
    return found


def _fetch(session: Session, statement: Statement, selector: Selector) -> list[Entry]:
    if selector.consumer is not None:
        statement = statement.where(Participant.name == selector.consumer)
    return [
        Entry(
            consumer,
            number,
            version_id,
            content_id,
            fingerprint,
            (Reason(selector, number, version_id, place or "", bool(production)),),
        )
        for consumer, version_id, number, content_id, fingerprint, place, production in session.execute(
            statement
        )
    ]


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
    return wanted - set(session.scalars(select(Environment.name).where(Environment.name.in_(wanted))))
