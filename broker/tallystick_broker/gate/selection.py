"""Selectors resolved: from the words of a question to the versions that they mean."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    Select,
    SelectBase,
    bindparam,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import table_of, there_is
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
    Override,
    Participant,
    Publication,
    Tag,
    Version,
    now,
)
from tallystick_broker.overrides import in_effect

NAMED = table_of("named", place=int, participant=str, number=str)
"""What selectors name: the place of the selector, its participant, and its version, if it names one."""

any_version, any_publication = aliased(Version), aliased(Publication)
ON_BRANCH = there_is(BranchVersion.version_id == Version.id)
IS_EMPTY = ~there_is(any_publication.consumer_version_id == Version.id)
CONSUMES = there_is(Integration.consumer_id == Version.participant_id)
NEWEST = (
    select(func.max(any_version.id))
    .where(any_version.participant_id == Participant.id)
    .correlate(Participant)  # which is two levels up where it is used below
    .scalar_subquery()
)
IS_BRANCHLESS = NEWEST.is_not(None) & ~there_is(BranchVersion.version_id == NEWEST)


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
    """What a question names: its versions, whether something is overridden where they go, and what is to be ignored."""

    specified: tuple[Resolved, ...]
    has_overrides: bool
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
        "at": now(),
    }
    found: dict[int, list[Any]] = defaultdict(list)
    others = [_select_group(-1 - place, group) for place, group in enumerate(groups)]
    wanted = union_all(BY_NAME, *others) if others else BY_NAME
    for row in session.connection().execute(wanted, parameters).all():
        found[row.place].append(row)
    first = [found[place][0] for place in range(len(named))]
    _check(question, first)
    return Selection(
        tuple(_resolve_all(meant, first, groups, found)),
        first[0].has_overrides,
        *_split_ignored(ignore, first[len(meant) :]),
    )


def select_version_ids(selector: Selector, participants: SelectBase) -> CTE:
    """Return the ids, each once, of these participants' versions that meet every criterion (a rule of the Pact Broker).

    They are found before anything else is, once, whatever PostgreSQL believes of the size of its tables.
    """
    narrowest, *others = [*_criteria(selector, participants)] or [_everything(selector, participants)]
    found = narrowest.subquery()
    met = [found.c.id.in_(other.with_only_columns(other.selected_columns.id)) for other in others]
    if selector.latest:
        wanted = select(func.max(found.c.id).label("id")).where(*met).group_by(found.c.participant_id)
    else:
        wanted = select(found.c.id).where(*met).distinct()
    return wanted.cte().prefix_with("MATERIALIZED", dialect="postgresql")


Criterion = Select[int, int]
"""The ids of the versions that meet it, and of their participants."""

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
    ids = select_version_ids(selector, select(Participant.id).where(Participant.name.in_(names)))
    return select(
        literal(place),
        Version.participant_id,
        null(),
        Version.id,
        Version.number,
        ON_BRANCH,
        IS_EMPTY & CONSUMES,
        *[null()] * 2,
    ).join(ids, ids.c.id == Version.id)


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
        there_is(
            Override.environment_id == Environment.id,
            Environment.name == bindparam("environment"),
            in_effect(bindparam("at")),
        ).label("has_overrides"),
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


def _criteria(selector: Selector, participants: SelectBase) -> Iterator[Criterion]:
    if selector.version is not None:
        yield _criterion(any_version, any_version.id, participants, any_version.number == selector.version)
    if selector.environment is not None:
        live = _criterion(LiveVersion, LiveVersion.version_id, participants)
        yield live.join(Environment, Environment.id == LiveVersion.environment_id).where(
            Environment.name == selector.environment
        )
    if selector.tag is not None:
        yield _criterion(Tag, Tag.version_id, participants, Tag.name == selector.tag)
    if selector.branch is not None or selector.main_branch:
        yield _on_branch(selector, participants)


def _everything(selector: Selector, participants: SelectBase) -> Criterion:
    if not selector.latest:
        return _criterion(any_version, any_version.id, participants)
    of_participant = select(NEWEST.label("id"), Participant.id.label("participant_id"))
    return of_participant.where(Participant.id.in_(participants), NEWEST.is_not(None))


def _on_branch(selector: Selector, participants: SelectBase) -> Criterion:
    member = BranchHead if selector.latest else BranchVersion
    wanted = _criterion(Branch, member.version_id, participants).join(member, member.branch_id == Branch.id)
    if selector.branch is not None:
        wanted = wanted.where(Branch.name == selector.branch)
    if not selector.main_branch:
        return wanted
    return wanted.join(Participant, Participant.id == Branch.participant_id).where(
        Branch.name == Participant.main_branch
    )


def _criterion(model: Any, id_: Any, participants: SelectBase, *conditions: ColumnElement[bool]) -> Criterion:
    wanted = select(id_.label("id"), model.participant_id.label("participant_id")).select_from(model)
    return wanted.where(model.participant_id.in_(participants), *conditions)
