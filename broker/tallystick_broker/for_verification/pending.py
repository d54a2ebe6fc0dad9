"""Pending: whether a contract was ever honoured where it counts, so that its failure may break a build."""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallystick_broker.db import among, fetch_each
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

T = TypeVar("T")
Condition = ColumnElement[bool]
Moment = ScalarSelect[datetime]
"""When something began, NULL when it did not."""


def mark_pending(
    session: Session, provider: Participant, request: Request, entries: list[Entry]
) -> list[Entry]:
    """Return the entries marked as pending unless the provider honoured their content before.

    It counts for the branch when a version on it did, or a version on another branch before this one began; for a
    tag in the same way. Without both it counts whoever did.
    """
    if request.branch:
        conditions = {
            request.branch: _on_branch(provider, request.branch, _creation(provider, request.branch))
        }
    elif request.tags:
        conditions = {tag: _with_tag(provider, tag) for tag in request.tags}
    else:
        conditions = {"": true()}
    contents = {entry.content_id for entry in entries}
    honoured = _fetch(session, {name: _honoured(contents, each) for name, each in conditions.items()})
    return [_mark(entry, honoured) for entry in entries]


def keep_work_in_progress(
    session: Session, provider: Participant, request: Request, entries: list[Entry]
) -> list[Entry]:
    """Return those entries that the provider did not honour yet when they were selected explicitly.

    Being honoured as work in progress does not count, so an entry stays until it is selected otherwise.
    """
    contents = {entry.content_id for entry in entries}
    if request.branch:
        by_branch = _on_branch(provider, request.branch, _first_version(provider, request.branch))
        wanted = {request.branch: _honoured(contents, ~Result.wip & by_branch)}
    else:
        wanted = {tag: _proven_with_tag(provider, tag, contents) for tag in request.tags}
    proven = _fetch(session, wanted)
    marked = [_mark(entry, proven) for entry in entries]
    return [replace(entry, pending=True, wip=True) for entry in marked if entry.unhonoured_for]


def _mark(entry: Entry, honoured: dict[str, set[int]]) -> Entry:
    known = tuple(name for name, contents in honoured.items() if entry.content_id in contents)
    unknown = tuple(name for name in honoured if name not in known)
    return replace(entry, pending=bool(unknown), honoured_for=known, unhonoured_for=unknown)


def _fetch(session: Session, wanted: dict[str, Select[int]]) -> dict[str, set[int]]:
    """Return the contents that each of these statements finds, by its name."""
    rows = fetch_each(session, list(wanted.values()))
    return {name: {key for (key,) in found} for name, found in zip(wanted, rows, strict=True)}


def _on_branch(provider: Participant, name: str, began: Moment) -> Condition:
    """Return the condition that a result is by a version on the branch, or on another one before it began."""
    on_any = exists().where(BranchVersion.version_id == Result.provider_version_id)
    return on_any.where(BranchVersion.branch_id == _branch(Branch.id, provider, name)) | (
        on_any & _is_before(Result.created_at, began)
    )


def _with_tag(provider: Participant, name: str) -> Condition:
    """Return the condition that a result is by a version with the tag, or with another one before its first use."""
    tagged = exists().where(Tag.version_id == Result.provider_version_id)
    return tagged.where(Tag.name == name) | (
        tagged & _is_before(Result.created_at, _first_use(provider, name))
    )


def _proven_with_tag(provider: Participant, name: str, contents: set[int]) -> Select[int]:
    before = _is_before(FirstSuccess.executed_at, _first_use(provider, name))
    return select(FirstSuccess.content_id).where(
        among(FirstSuccess.content_id, contents),
        ~FirstSuccess.wip,
        (FirstSuccess.provider_tag == name) | before,
    )


def _honoured(contents: set[int], condition: Condition) -> Select[int]:
    result = exists().where(Result.content_id == Content.id, Result.success, condition)
    return select(Content.id).where(among(Content.id, contents), result)


def _is_before(moment: InstrumentedAttribute[datetime], began: Moment) -> Condition:
    """Return the condition that the moment is before that when something began; it is before what never did."""
    return began.is_(None) | (moment < began)


def _creation(provider: Participant, branch: str) -> Moment:
    return _branch(Branch.created_at, provider, branch)


def _first_version(provider: Participant, branch: str) -> Moment:
    first = select(func.min(Version.created_at)).join(BranchVersion, BranchVersion.version_id == Version.id)
    return first.where(BranchVersion.branch_id == _branch(Branch.id, provider, branch)).scalar_subquery()


def _first_use(provider: Participant, tag: str) -> Moment:
    first = select(func.min(Tag.created_at)).filter_by(participant_id=provider.id, name=tag)
    return first.scalar_subquery()


def _branch(column: InstrumentedAttribute[T], provider: Participant, name: str) -> ScalarSelect[T]:
    return select(column).where(Branch.participant_id == provider.id, Branch.name == name).scalar_subquery()
