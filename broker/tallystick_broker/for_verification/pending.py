"""Pending: whether a contract was ever honoured where it counts, so that its failure may break a build."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import Session

from tallystick_broker.db import among
from tallystick_broker.for_verification.entries import Entry
from tallystick_broker.for_verification.request import Request
from tallystick_broker.models import (
    Branch,
    BranchVersion,
    Content,
    FirstSuccess,
    Participant,
    Result,
    Tag,
    Version,
)

Condition = ColumnElement[bool]


def mark_pending(
    session: Session, provider: Participant, request: Request, entries: list[Entry]
) -> list[Entry]:
    """Return the entries marked as pending unless the provider honoured their content before.

    It counts for the branch when a version on it did, or a version on another branch before this one began; for a
    tag in the same way. Without both it counts whoever did.
    """
    contents = {entry.content_id for entry in entries}
    if request.branch:
        by_name = {request.branch: _honoured_on_branch(session, provider, request.branch, contents)}
    elif request.tags:
        by_name = {tag: _honoured_with_tag(session, provider, tag, contents) for tag in request.tags}
    else:
        by_name = {"": _honoured(session, contents, true())}
    return [_mark(entry, by_name) for entry in entries]


def keep_work_in_progress(
    session: Session, provider: Participant, request: Request, entries: list[Entry]
) -> list[Entry]:
    """Return those entries that the provider did not honour yet when they were selected explicitly.

    Being honoured as work in progress does not count, so an entry stays until it is selected otherwise.
    """
    contents = {entry.content_id for entry in entries}
    if request.branch:
        by_name = {request.branch: _proven_on_branch(session, provider, request.branch, contents)}
    else:
        by_name = {tag: _proven_with_tag(session, provider, tag, contents) for tag in request.tags}
    marked = [_mark(entry, by_name) for entry in entries]
    return [replace(entry, pending=True, wip=True) for entry in marked if entry.unhonoured_for]


def _mark(entry: Entry, honoured: dict[str, set[int]]) -> Entry:
    known = tuple(name for name, contents in honoured.items() if entry.content_id in contents)
    unknown = tuple(name for name in honoured if name not in known)
    return replace(entry, pending=bool(unknown), honoured_for=known, unhonoured_for=unknown)


def _honoured_on_branch(session: Session, provider: Participant, name: str, contents: set[int]) -> set[int]:
    found = session.scalars(select(Branch).filter_by(participant_id=provider.id, name=name)).one_or_none()
    return _honoured(session, contents, _on_branch(found, found.created_at if found else None))


def _honoured_with_tag(session: Session, provider: Participant, name: str, contents: set[int]) -> set[int]:
    first = _first_use(session, provider, name)
    tagged = exists().where(Tag.version_id == Result.provider_version_id)
    before = tagged if first is None else tagged & (Result.created_at < first)
    return _honoured(session, contents, tagged.where(Tag.name == name) | before)


def _proven_on_branch(session: Session, provider: Participant, name: str, contents: set[int]) -> set[int]:
    found = session.scalars(select(Branch).filter_by(participant_id=provider.id, name=name)).one_or_none()
    first = None
    if found is not None:
        began = select(func.min(Version.created_at)).join(
            BranchVersion, BranchVersion.version_id == Version.id
        )
        first = session.scalar(began.where(BranchVersion.branch_id == found.id))
    return _honoured(session, contents, ~Result.wip & _on_branch(found, first))


def _proven_with_tag(session: Session, provider: Participant, name: str, contents: set[int]) -> set[int]:
    first = _first_use(session, provider, name)
    before = true() if first is None else FirstSuccess.executed_at < first
    wanted = select(FirstSuccess.content_id).where(
        among(FirstSuccess.content_id, contents),
        ~FirstSuccess.wip,
        (FirstSuccess.provider_tag == name) | before,
    )
    return set(session.scalars(wanted))


def _on_branch(branch: Branch | None, before: datetime | None) -> Condition:
    """Return the condition that a result is by a version on the branch, or on another one before that moment."""
    on_any = exists().where(BranchVersion.version_id == Result.provider_version_id)
    if branch is None:
        return on_any
    earlier = on_any & (Result.created_at < before) if before is not None else on_any
    return on_any.where(BranchVersion.branch_id == branch.id) | earlier


def _first_use(session: Session, provider: Participant, tag: str) -> datetime | None:
    first = select(func.min(Tag.created_at)).filter_by(participant_id=provider.id, name=tag)
    return session.scalar(first)


def _honoured(session: Session, contents: set[int], condition: Condition) -> set[int]:
    result = exists().where(Result.content_id == Content.id, Result.success, condition)
    return set(session.scalars(select(Content.id).where(among(Content.id, contents), result)))
