"""Selectors resolved: from the words of a question to the versions that they mean."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tallystick_broker.db import among
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.question import Question, Resolved, Selector
from tallystick_broker.models import (
    Branch,
    BranchHead,
    BranchVersion,
    Environment,
    LiveVersion,
    Participant,
    Tag,
    Version,
)

Found = dict[int, list[tuple[int, str]]]
"""Version ids and numbers by participant id."""


def participant_ids(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Return the ids of those of these participants that exist."""
    wanted = select(Participant.name, Participant.id).where(Participant.name.in_(set(names)))
    return dict(session.execute(wanted).all())


def check(session: Session, question: Question, known: dict[str, int]) -> None:
    """Raise Invalid with every participant, and the target environment, that is unknown."""
    errors = [
        f"Pacticipant {each.participant} not found"
        for each in question.selectors
        if each.participant not in known
    ]
    place = question.target.environment
    if place and session.scalar(select(Environment.id).filter_by(name=place)) is None:
        errors.append(f"Environment with name '{place}' does not exist")
    if errors:
        raise Invalid(errors)


def resolve(session: Session, selector: Selector, participant_id: int) -> list[Resolved]:
    """Return the versions that the selector means, or one marker: for all versions, or for none."""
    return resolve_alike(session, selector, {selector.participant: participant_id})


def resolve_alike(
    session: Session, like: Selector, participants: dict[str, int], *, inferred: bool = False
) -> list[Resolved]:
    """Return what a selector like this one means for each of these participants; one statement for all of them."""
    if like == Selector(like.participant):
        return [Resolved(name, key, Selector(name), inferred=inferred) for name, key in participants.items()]
    found = _versions(session, _version_ids(like, list(participants.values())))
    resolved = []
    for name, key in participants.items():
        selector = replace(like, participant=name)
        versions = [Resolved(name, key, selector, *each, inferred=inferred) for each in found.get(key, [])]
        resolved += versions or [Resolved(name, key, selector, missing=True, inferred=inferred)]
    return resolved


def _versions(session: Session, version_ids: Select[int]) -> Found:
    found: Found = defaultdict(list)
    wanted = select(Version.participant_id, Version.id, Version.number).where(Version.id.in_(version_ids))
    for participant_id, version_id, number in session.execute(wanted.order_by(Version.id)):
        found[participant_id].append((version_id, number))
    return found


def _version_ids(selector: Selector, participants: list[int]) -> Select[int]:
    """Return the ids of the versions that meet every criterion (a rule of the Pact Broker)."""
    criteria = list(_criteria(selector, participants))
    narrowest, *others = criteria or [select(Version.id).where(among(Version.participant_id, participants))]
    if not others and not selector.latest:
        return narrowest
    wanted = select(Version.id).where(Version.id.in_(narrowest))
    for each in others:
        wanted = wanted.where(Version.id.in_(each))
    if not selector.latest:
        return wanted
    return select(func.max(Version.id)).where(Version.id.in_(wanted)).group_by(Version.participant_id)


def _criteria(selector: Selector, participants: list[int]) -> Iterator[Select[int]]:
    if selector.version is not None:
        yield select(Version.id).where(
            Version.number == selector.version, among(Version.participant_id, participants)
        )
    if selector.environment is not None:
        live = select(LiveVersion.version_id).join(Environment, Environment.id == LiveVersion.environment_id)
        yield live.where(
            Environment.name == selector.environment, among(LiveVersion.participant_id, participants)
        )
    if selector.tag is not None:
        yield select(Tag.version_id).where(Tag.name == selector.tag, among(Tag.participant_id, participants))
    if selector.branch is not None or selector.main_branch:
        yield _on_branch(selector, participants)


def _on_branch(selector: Selector, participants: list[int]) -> Select[int]:
    member = BranchHead if selector.latest else BranchVersion
    wanted = select(member.version_id).join(Branch, Branch.id == member.branch_id)
    wanted = wanted.where(among(Branch.participant_id, participants))
    if selector.branch is not None:
        wanted = wanted.where(Branch.name == selector.branch)
    if not selector.main_branch:
        return wanted
    return wanted.join(Participant, Participant.id == Branch.participant_id).where(
        Branch.name == Participant.main_branch
    )
