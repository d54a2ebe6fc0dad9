"""Selectors resolved: from the words of a question to the versions that they mean."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

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
    return dict(session.execute(wanted).tuples())


def check(session: Session, question: Question, known: dict[str, int]) -> None:
    """Raise Invalid with every selector that names something unknown."""
    errors = [
        f"Pacticipant {each.participant} not found"
        for each in question.selectors
        if each.participant not in known
    ]
    places = [question.target.environment, *(each.environment for each in question.selectors)]
    environments = {place for place in places if place}
    if environments:
        wanted = select(Environment.name).where(Environment.name.in_(environments))
        missing = environments - set(session.scalars(wanted))
        errors += [f"Environment with name '{name}' does not exist" for name in sorted(missing)]
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
        selector = Selector(
            name, like.version, like.tag, like.branch, like.main_branch, like.latest, like.environment
        )
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
    if selector.version is not None:
        wanted = select(Version.id).where(Version.number == selector.version)
        return wanted.where(Version.participant_id.in_(participants))
    if selector.environment is not None:
        wanted = select(LiveVersion.version_id).join(
            Environment, Environment.id == LiveVersion.environment_id
        )
        return wanted.where(
            Environment.name == selector.environment, LiveVersion.participant_id.in_(participants)
        )
    if selector.tag is not None:
        return _tagged(selector.tag, participants, latest=selector.latest)
    if selector.branch is not None or selector.main_branch:
        return _on_branch(selector, participants)
    newest = select(func.max(Version.id)).where(Version.participant_id.in_(participants))
    return newest.group_by(Version.participant_id)


def _tagged(tag: str, participants: list[int], *, latest: bool) -> Select[int]:
    condition = Tag.name == tag, Tag.participant_id.in_(participants)
    if latest:
        return select(func.max(Tag.version_id)).where(*condition).group_by(Tag.participant_id)
    return select(Tag.version_id).where(*condition)


def _on_branch(selector: Selector, participants: list[int]) -> Select[int]:
    member = BranchHead if selector.latest else BranchVersion
    wanted = select(member.version_id).join(Branch, Branch.id == member.branch_id)
    wanted = wanted.where(Branch.participant_id.in_(participants))
    if selector.branch is not None:
        return wanted.where(Branch.name == selector.branch)
    return wanted.join(Participant, Participant.id == Branch.participant_id).where(
        Branch.name == Participant.main_branch
    )
