"""Selectors resolved: from the words of a question to the versions that they mean."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, SelectBase, bindparam, exists, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import table_of
from tallystick_broker.errors import Invalid
from tallystick_broker.gate.facts import Resolved
from tallystick_broker.gate.question import Question, Selector
from tallystick_broker.models import (
    Branch,
    BranchHead,
    BranchVersion,
    Environment,
    Integration,
    LiveVersion,
    Participant,
    Publication,
    Tag,
    Version,
)

NAMED = table_of("named", place=int, participant=str, number=str)
"""What selectors name: the place of the selector, its participant, and its version, if it names one."""

any_version, any_publication = aliased(Version), aliased(Publication)
ON_BRANCH = exists().where(BranchVersion.version_id == Version.id)
IS_EMPTY = ~exists().where(any_publication.consumer_version_id == Version.id)
CONSUMES = exists().where(Integration.consumer_id == Version.participant_id)
NEWEST = (
    select(func.max(any_version.id))
    .where(any_version.participant_id == Participant.id)
    .correlate(Participant)  # which is two levels up where it is used below
    .scalar_subquery()
)
IS_BRANCHLESS = NEWEST.is_not(None) & ~exists().where(BranchVersion.version_id == NEWEST)


class UnknownNames(Invalid):
    """A question names participants, or an environment, that do not exist."""

    def __init__(self, participants: Sequence[str], environment: str | None) -> None:
        errors = [f"Pacticipant {name} not found" for name in participants]
        if environment is not None:
            errors.append(f"Environment with name '{environment}' does not exist")
        super().__init__(errors)
        self.participants = participants
        self.environment = environment


@dataclass(frozen=True)
class Selection:
    """What a question names: its versions, where they go, and what is to be ignored, if that exists."""

    specified: tuple[Resolved, ...]
    environment_id: int | None
    ignored: tuple[Selector, ...]
    unknown_ignored: tuple[Selector, ...]


def resolve(session: Session, question: Question) -> Selection:
    """Return what the question names, in one statement; raise UnknownNames when some of it does not exist."""
    meant, ignore = question.meant, question.ignore
    named = [*meant, *ignore]
    groups = _group(meant)
    parameters = {
        "named": [[place, each.participant, each.version] for place, each in enumerate(named)],
        "environment": question.target.environment,
    }
    found: dict[int, list[Any]] = defaultdict(list)
    others = [_select_group(-1 - place, group) for place, group in enumerate(groups)]
    for row in session.connection().execute(union_all(BY_NAME, *others) if others else BY_NAME, parameters):
        found[row.place].append(row)
    first = [found[place][0] for place in range(len(named))]
    _check(question, first)
    return Selection(
        tuple(_resolve_all(meant, first, groups, found)),
        first[0].environment_id,
        *_split_ignored(ignore, first[len(meant) :]),
    )


def select_version_ids(selector: Selector, participants: SelectBase) -> Select[int]:
    """Return the ids of these participants' versions that meet every criterion (a rule of the Pact Broker)."""
    criteria = list(_criteria(selector, participants))
    everything = select(any_version.id).where(any_version.participant_id.in_(participants))
    narrowest, *others = criteria or [everything]
    if not others and not selector.latest:
        return narrowest
    wanted = select(any_version.id).where(any_version.id.in_(narrowest))
    for each in others:
        wanted = wanted.where(any_version.id.in_(each))
    if not selector.latest:
        return wanted
    return (
        select(func.max(any_version.id))
        .where(any_version.id.in_(wanted))
        .group_by(any_version.participant_id)
    )


Group = tuple[Selector, list[str]]
"""A selector without its participant, and the participants that it is meant of."""


def _group(selectors: Iterable[Selector]) -> list[Group]:
    """Return the selectors that take more than a look at a name and a number, those that are alike together."""
    groups: dict[Selector, list[str]] = defaultdict(list)
    for each in selectors:
        if each not in (Selector(each.participant), Selector(each.participant, each.version)):
            groups[replace(each, participant="")].append(each.participant)
    return list(groups.items())


def _select_group(place: int, group: Group) -> Select[*tuple[Any, ...]]:
    selector, names = group
    participants = select(Participant.id).where(Participant.name.in_(names))
    return select(
        literal(place),
        Version.participant_id,
        null(),
        Version.id,
        Version.number,
        ON_BRANCH,
        IS_EMPTY & CONSUMES,
        null(),
    ).where(Version.id.in_(select_version_ids(selector, participants)))


BY_NAME = (
    select(
        NAMED.c.place,
        Participant.id.label("participant_id"),
        select(Environment.id)
        .where(Environment.name == bindparam("environment"))
        .scalar_subquery()
        .label("environment_id"),
        Version.id.label("version_id"),
        Version.number,
        ON_BRANCH.label("on_branch"),
        (IS_EMPTY & CONSUMES).label("is_contentless"),
        IS_BRANCHLESS.label("is_branchless"),
    )
    .select_from(NAMED)
    .outerjoin(Participant, Participant.name == NAMED.c.participant)
    .outerjoin(Version, (Version.participant_id == Participant.id) & (Version.number == NAMED.c.number))
)


def _check(question: Question, first: Sequence[Row[Any]]) -> None:
    unknown = [
        each.participant
        for each, row in zip(question.meant, first, strict=False)
        if row.participant_id is None
    ]
    place = question.target.environment
    missing = place if place is not None and first[0].environment_id is None else None
    if unknown or missing is not None:
        raise UnknownNames(unknown, missing)


def _resolve_all(
    meant: Sequence[Selector], first: Sequence[Any], groups: Sequence[Group], found: dict[int, list[Any]]
) -> Iterator[Resolved]:
    """Yield each version of each selector, or one marker: for all versions, or for none."""
    places = {selector: -1 - place for place, (selector, _) in enumerate(groups)}
    by_group = {place: _by_participant(found[place]) for place in places.values()}
    for selector, own in zip(meant, first, strict=False):
        key = own.participant_id
        if selector.by_name_only:
            yield Resolved(selector.participant, key, selector)
            continue
        place = places.get(replace(selector, participant=""))
        rows = [own] if place is None else by_group[place].get(key, [])
        versions = [row for row in rows if row.version_id is not None]
        if not versions:
            by_branch = selector.branch is not None or selector.main_branch
            branchless = by_branch and bool(own.is_branchless)
            yield Resolved(selector.participant, key, selector, missing=True, is_branchless=branchless)
        for row in versions:
            yield Resolved(
                selector.participant,
                key,
                selector,
                row.version_id,
                row.number,
                on_branch=row.on_branch,
                is_contentless=row.is_contentless,
            )


def _by_participant(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.version_id):
        found[row.participant_id].append(row)
    return found


def _split_ignored(
    ignore: Sequence[Selector], rows: Sequence[Any]
) -> tuple[tuple[Selector, ...], tuple[Selector, ...]]:
    """Return what to ignore: what exists, and what does not."""
    exists_ = [
        row.version_id is not None if each.version else row.participant_id is not None
        for each, row in zip(ignore, rows, strict=True)
    ]
    pairs = list(zip(ignore, exists_, strict=True))
    return tuple(each for each, known in pairs if known), tuple(each for each, known in pairs if not known)


def _criteria(selector: Selector, participants: SelectBase) -> Iterator[Select[int]]:
    if selector.version is not None:
        yield select(any_version.id).where(
            any_version.number == selector.version, any_version.participant_id.in_(participants)
        )
    if selector.environment is not None:
        live = select(LiveVersion.version_id).join(Environment, Environment.id == LiveVersion.environment_id)
        yield live.where(
            Environment.name == selector.environment, LiveVersion.participant_id.in_(participants)
        )
    if selector.tag is not None:
        yield select(Tag.version_id).where(Tag.name == selector.tag, Tag.participant_id.in_(participants))
    if selector.branch is not None or selector.main_branch:
        yield _on_branch(selector, participants)


def _on_branch(selector: Selector, participants: SelectBase) -> Select[int]:
    member = BranchHead if selector.latest else BranchVersion
    wanted = select(member.version_id).join(Branch, Branch.id == member.branch_id)
    wanted = wanted.where(Branch.participant_id.in_(participants))
    if selector.branch is not None:
        wanted = wanted.where(Branch.name == selector.branch)
    if not selector.main_branch:
        return wanted
    return wanted.join(Participant, Participant.id == Branch.participant_id).where(
        Branch.name == Participant.main_branch
    )
