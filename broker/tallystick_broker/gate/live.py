"""The facts that a verdict depends on, fetched in a number of statements that does not depend on the history."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.gate import selection
from tallystick_broker.gate.question import Facts, Question, Ref, Requirement, Resolved, Result, Row, Selector
from tallystick_broker.gate.verdict import Verdict, judge
from tallystick_broker.models import Content, Integration, LatestResult, Participant, Publication, Version
from tallystick_broker.models import Result as StoredResult

Results = dict[int, list[tuple[Ref, Result]]]
"""By content: the provider versions that have a result for it, and the result."""


def ask(session: Session, question: Question) -> Verdict:
    """Return the verdict on the question; raise Invalid when it names something unknown."""
    return judge(facts(session, question))


def facts(session: Session, question: Question) -> Facts:
    """Return all that the verdict depends on; raise Invalid when the question names something unknown."""
    named = [each.participant for each in (*question.selectors, *question.ignore)]
    known = selection.participant_ids(session, named)
    selection.check(session, question, known)
    ignored, unknown_ignored = _ignored(session, question.ignore, known)
    specified = [
        found
        for each in question.selectors
        for found in selection.resolve(session, each, known[each.participant])
    ]
    required, related = _integrations(session, question, specified)
    inferred: list[Resolved] = []
    if question.target and related:
        inferred = selection.resolve_alike(session, question.target.of(""), related, inferred=True)
    selected = tuple(_mark(each, ignored) for each in (*specified, *inferred))
    rows = _rows(session, question, selected)
    return Facts(question, selected, ignored, unknown_ignored, _listed(rows, question, ignored), required)


def _ignored(
    session: Session, selectors: Iterable[Selector], known: dict[str, int]
) -> tuple[tuple[Selector, ...], tuple[Selector, ...]]:
    found: list[Selector] = []
    unknown: list[Selector] = []
    for each in selectors:
        exists = each.participant in known and not any(
            version.missing for version in selection.resolve(session, each, known[each.participant])
        )
        (found if exists else unknown).append(each)
    return tuple(found), tuple(unknown)


def _mark(resolved: Resolved, ignored: tuple[Selector, ...]) -> Resolved:
    return replace(
        resolved, ignored=any(_matches(each, resolved.participant, resolved.number) for each in ignored)
    )


def _matches(ignored: Selector, name: str, number: str | None) -> bool:
    return ignored.participant == name and (ignored.version is None or ignored.version == number)


def _integrations(
    session: Session, question: Question, specified: list[Resolved]
) -> tuple[tuple[Requirement, ...], dict[str, int]]:
    """Return the pairs that need a row, and the participants that the target is asked about."""
    consumer, provider = aliased(Participant), aliased(Participant)
    wanted = (
        select(consumer.name, provider.name, provider.id)
        .select_from(Publication)
        .join(consumer, consumer.id == Publication.consumer_id)
        .join(provider, provider.id == Publication.provider_id)
        .where(Publication.in_effect, _published_by(specified))
        .distinct()
    )
    ids = {each.participant_id for each in specified}
    alone = bool(question.target) or len(question.selectors) == 1
    if not alone:
        wanted = wanted.where(Publication.provider_id.in_(ids))
    needed = sorted(session.execute(wanted).tuples())
    required = tuple(Requirement(name, other) for name, other, _ in needed)
    if not question.target:
        return required, {}
    related = {name: key for _, name, key in needed} | _consumers(session, ids)
    return required, {name: key for name, key in sorted(related.items()) if key not in ids}


def _consumers(session: Session, provider_ids: set[int]) -> dict[str, int]:
    wanted = select(Participant.name, Participant.id).join(
        Integration, Integration.consumer_id == Participant.id
    )
    return dict(session.execute(wanted.where(Integration.provider_id.in_(provider_ids))).tuples())


def _published_by(selected: Iterable[Resolved]) -> ColumnElement[bool]:
    versions = {each.version_id for each in selected if each.version_id is not None}
    wholly = {each.participant_id for each in selected if each.selector.by_name_only}
    condition = Publication.consumer_version_id.in_(versions)
    return or_(condition, Publication.consumer_id.in_(wholly)) if wholly else condition


def _verified_by(selected: Iterable[Resolved]) -> ColumnElement[bool]:
    versions = {each.version_id for each in selected if each.version_id is not None}
    wholly = {each.participant_id for each in selected if each.selector.by_name_only}
    condition = StoredResult.provider_version_id.in_(versions)
    return or_(condition, StoredResult.provider_id.in_(wholly)) if wholly else condition


def _rows(session: Session, question: Question, selected: tuple[Resolved, ...]) -> list[Row]:
    history = question.latestby is None
    if len(question.selectors) == 1 and not question.target:
        return _rows_of_one(session, selected, history=history)
    participants = {each.participant_id for each in selected}
    specified = {each.participant_id for each in selected if not each.inferred}
    contracts = _contracts(
        session,
        _published_by(selected) & Publication.provider_id.in_(participants),
        or_(Publication.consumer_id.in_(specified), Publication.provider_id.in_(specified)),
        history=history,
    )
    results = _results(session, contracts, _verified_by(selected), history=history)
    live = _live(selected)
    return [row for contract in contracts for row in _held_against(contract, results, live)]


def _rows_of_one(session: Session, selected: tuple[Resolved, ...], *, history: bool) -> list[Row]:
    consumed = _contracts(session, _published_by(selected), history=history)
    everything = _results(session, consumed, None, history=history)
    rows = [row for contract in consumed for row in _held_against(contract, everything, {})]
    verified = select(StoredResult.content_id).where(_verified_by(selected))
    provided = _contracts(session, Publication.content_id.in_(verified), history=history)
    results = _results(session, provided, _verified_by(selected), history=history)
    rows += [row for contract in provided for row in _held_against(contract, results, {}) if row.result]
    return list(dict.fromkeys(rows))


def _contracts(session: Session, *conditions: ColumnElement[bool], history: bool) -> list[Row]:
    """Return a row without a provider version for each publication; all revisions when the history is wanted."""
    consumer, provider = aliased(Participant), aliased(Participant)
    wanted = (
        select(
            consumer.name,
            Version.number,
            Version.id,
            provider.name,
            Content.id,
            Content.fingerprint,
            Publication.id,
            Publication.revision,
            Publication.created_at,
        )
        .select_from(Publication)
        .join(Version, Version.id == Publication.consumer_version_id)
        .join(consumer, consumer.id == Publication.consumer_id)
        .join(provider, provider.id == Publication.provider_id)
        .join(Content, Content.id == Publication.content_id)
        .where(*conditions)
    )
    if not history:
        wanted = wanted.where(Publication.in_effect)
    found = session.execute(wanted).tuples()
    return [Row(Ref(name, number, key), Ref(other), *rest) for name, number, key, other, *rest in _any(found)]


def _results(
    session: Session, contracts: list[Row], condition: ColumnElement[bool] | None, *, history: bool
) -> Results:
    wanted = (
        select(
            StoredResult.content_id,
            Participant.name,
            Version.number,
            Version.id,
            StoredResult.id,
            StoredResult.success,
            StoredResult.executed_at,
        )
        .join(Version, Version.id == StoredResult.provider_version_id)
        .join(Participant, Participant.id == StoredResult.provider_id)
        .where(StoredResult.content_id.in_({row.content_id for row in contracts}))
    )
    if condition is not None:
        wanted = wanted.where(condition)
    if not history:
        wanted = wanted.join(LatestResult, LatestResult.result_id == StoredResult.id)
    results: Results = defaultdict(list)
    for content_id, name, number, version_id, *result in _any(session.execute(wanted).tuples()):
        results[content_id].append((Ref(name, number, version_id), Result(*result)))
    return results


def _any(found: Any) -> Any:
    """Return what it is given: the type of an unpacked rest of columns can't be told."""
    return found


def _live(selected: Iterable[Resolved]) -> dict[str, list[Ref]]:
    """Return the live versions by participant, for those that were selected by what is live."""
    live = defaultdict(list)
    for each in selected:
        if each.selector.environment and each.version_id is not None:
            live[each.participant].append(Ref(each.participant, each.number, each.version_id))
    return live


def _held_against(contract: Row, results: Results, live: dict[str, list[Ref]]) -> list[Row]:
    """Return a row for each result, and one for each live provider version without any.

    A contract that nobody selected has verified is one row without a provider version, as the Pact Broker has it.
    """
    found = results.get(contract.content_id, [])
    if not found:
        return [contract]
    rows = [replace(contract, provider=provider, result=result) for provider, result in found]
    verified = {provider for provider, _ in found}
    absent = [ref for ref in live.get(contract.provider.name, []) if ref not in verified]
    return rows + [replace(contract, provider=ref) for ref in absent]


def _listed(rows: list[Row], question: Question, ignored: tuple[Selector, ...]) -> tuple[Row, ...]:
    rows = _reduced(sorted(rows, key=_newest_first), question)
    if question.results:
        rows = [row for row in rows if (row.result.success if row.result else None) in question.results]
    marked = [replace(row, ignored=_is_ignored(row, ignored)) for row in rows]
    marked.sort(key=lambda row: (row.ignored, row.consumer.name))
    return tuple(marked)


def _newest_first(row: Row) -> tuple[int, int, str, int, int]:
    result = row.result.number if row.result else 0
    return -(row.consumer.id or 0), -row.revision, row.provider.name, -(row.provider.id or 0), -result


def _reduced(rows: list[Row], question: Question) -> list[Row]:
    """Return the rows that the grouping asked for leaves; what is live is never grouped away."""
    by_environment = question.target.environment or any(each.environment for each in question.selectors)
    if question.latestby is None:
        return rows
    grouping = "cvpv" if by_environment else question.latestby
    kept: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key: tuple[object, ...] = (row.consumer.name, row.provider.name)
        key += (row.consumer.id,) if grouping != "cp" else ()
        key += (row.provider.id,) if grouping == "cvpv" else ()
        present = kept.setdefault(key, row)
        if present.provider.id and (row.provider.id or 0) > present.provider.id:
            kept[key] = row
    return list(kept.values())


def _is_ignored(row: Row, ignored: tuple[Selector, ...]) -> bool:
    return any(
        _matches(each, ref.name, ref.number) for each in ignored for ref in (row.consumer, row.provider)
    )
