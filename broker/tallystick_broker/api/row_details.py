"""What the matrix shows of a version: its branches, its tags, and the environments that it is live in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CompoundSelect, exists, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from tallystick_broker.api.environments import represent as represent_environment
from tallystick_broker.api.hal import Json, link, url
from tallystick_broker.db import among
from tallystick_broker.gate.facts import Ref
from tallystick_broker.models import Branch, BranchHead, BranchVersion, Environment, LiveVersion, Tag

ENVIRONMENT, BRANCH, TAG = range(3)
newer_tag = aliased(Tag)

Details = Mapping[int, Json]
"""What is shown of each version, by its id."""


def read_details(session: Session, refs: Iterable[Ref]) -> Details:
    """Return what is shown of each of these versions; one statement for all of them."""
    shown = {ref.id: ref for ref in refs if ref.id is not None}
    marks: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in session.connection().execute(MARKS, {"versions": list(shown)}).all():
        marks[row.kind, row.version_id].append(row)
    places = {row.uuid: row for key in shown for row in marks[ENVIRONMENT, key]}
    environments = {uuid: _represent_environment(row) for uuid, row in places.items()}
    return {
        key: _represent(
            ref,
            [_represent_branch(ref, row) for row in sorted(marks[BRANCH, key], key=_by_time)],
            [_represent_tag(ref, row) for row in sorted(marks[TAG, key], key=_by_time)],
            # A version is in an environment once, however many of its instances are.
            [environments[uuid] for uuid in dict.fromkeys(row.uuid for row in marks[ENVIRONMENT, key])],
        )
        for key, ref in shown.items()
    }


def _represent(ref: Ref, branches: list[Json], tags: list[Json], environments: list[Json]) -> Json:
    return {
        "number": ref.number,
        "branch": branches[-1]["name"] if branches else None,
        "branches": branches,
        "branchVersions": branches,
        "environments": environments,
        "tags": tags,
        "_links": {"self": link(url("pacticipants", ref.name, "versions", ref.number))},
    }


def _represent_branch(ref: Ref, row: Any) -> Json:
    address = url("pacticipants", ref.name, "branches", row.name, "versions", ref.number)
    self = link(address, title="Branch version", name=row.name)
    return {"name": row.name, "latest": row.flag, "_links": {"self": self}}


def _represent_tag(ref: Ref, row: Any) -> Json:
    self = link(url("pacticipants", ref.name, "versions", ref.number, "tags", row.name))
    return {"name": row.name, "latest": row.flag, "_links": {"self": self}}


def _represent_environment(row: Any) -> Json:
    return represent_environment(
        Environment(
            uuid=row.uuid,
            name=row.name,
            display_name=row.display_name,
            production=row.flag,
            contacts=row.contacts,
            created_at=row.at,
            updated_at=row.updated_at,
        )
    )


def _by_time(row: Any) -> tuple[Any, ...]:
    return row.at, row.place, row.name


MARKS: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        literal(ENVIRONMENT).label("kind"),
        LiveVersion.version_id,
        LiveVersion.id.label("place"),
        Environment.name,
        Environment.production.label("flag"),
        Environment.created_at.label("at"),
        Environment.uuid,
        Environment.display_name,
        Environment.contacts,
        Environment.updated_at,
    )
    .join(Environment, Environment.id == LiveVersion.environment_id)
    .where(among(LiveVersion.version_id, "versions")),
    select(
        literal(BRANCH),
        BranchVersion.version_id,
        Branch.id,
        Branch.name,
        BranchHead.branch_id.is_not(None),
        BranchVersion.created_at,
        *[null()] * 4,
    )
    .join(Branch, Branch.id == BranchVersion.branch_id)
    .outerjoin(
        BranchHead,
        (BranchHead.branch_id == Branch.id) & (BranchHead.version_id == BranchVersion.version_id),
    )
    .where(among(BranchVersion.version_id, "versions")),
    select(
        literal(TAG),
        Tag.version_id,
        literal(0),
        Tag.name,
        ~exists()
        .where(newer_tag.participant_id == Tag.participant_id, newer_tag.name == Tag.name)
        .where(newer_tag.version_id > Tag.version_id),
        Tag.created_at,
        *[null()] * 4,
    ).where(among(Tag.version_id, "versions")),
).order_by("kind", "place")
"""Environments, branches and tags of versions, in one statement because each costs about a millisecond."""
