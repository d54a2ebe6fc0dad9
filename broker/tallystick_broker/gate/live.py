"""The facts that a verdict depends on: what is selected, what is live where it goes, and what is known of both."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from tallystick_broker.db import among
from tallystick_broker.gate import records, selection
from tallystick_broker.gate.matrix import arrange, hold, keep_asked, matches
from tallystick_broker.gate.question import Facts, Question, Ref, Requirement, Resolved, Row, Selector
from tallystick_broker.gate.verdict import Verdict, judge
from tallystick_broker.models import Integration, Participant, Publication
from tallystick_broker.models import Result as StoredResult

Pair = tuple[int, str, int, str]
"""The ids and names of a consumer and a provider."""


def ask(session: Session, question: Question) -> Verdict:
    """Return the verdict on the question; raise Invalid when it names something unknown."""
    return judge(read_facts(session, question))


def read_facts(session: Session, question: Question) -> Facts:
    """Return all that the verdict depends on; raise Invalid when the question names something unknown."""
    named = [each.participant for each in (*question.selectors, *question.ignore)]
    known = selection.participant_ids(session, named)
    selection.check(session, question, known)
    ignored, unknown_ignored = _read_ignored(session, question.ignore, known)
    specified = [
        found
        for each in question.meant
        for found in selection.resolve(session, each, known[each.participant])
    ]
    pairs = _read_required(session, question, specified)
    inferred = _infer(session, question, specified, pairs)
    selected = tuple(_mark(each, ignored) for each in (*specified, *inferred))
    rows = arrange(_read_rows(session, question, selected), question, ignored)
    judged = [row for row in rows if not row.ignored]
    return Facts(
        question,
        selected,
        rows,
        tuple(Requirement(consumer, provider) for _, consumer, _, provider in pairs),
        ignored,
        unknown_ignored,
        records.read_evidence(
            session, {row.result.number for row in judged if row.result and not row.success}
        ),
        records.read_last(session, {row.content_id for row in judged if row.success is None}),
    )


def _read_ignored(
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
    ref = Ref(resolved.participant, resolved.number)
    return replace(resolved, ignored=any(matches(each, ref) for each in ignored))


def _read_required(session: Session, question: Question, specified: list[Resolved]) -> list[Pair]:
    """Return the pairs that need a row: what the versions that were asked about consume."""
    pairs = _read_pairs(session, Publication, Publication.in_effect, records.published_by(specified))
    if question.target or question.is_about_one:
        return pairs
    ids = {each.participant_id for each in specified}
    return [pair for pair in pairs if pair[2] in ids]


def _infer(
    session: Session, question: Question, specified: list[Resolved], required: list[Pair]
) -> list[Resolved]:
    """Return what the target means for those who provide to, or consume from, the versions asked about.

    A participant that was asked about stands for itself there, unless it consumes itself: then the new version
    will run beside the live ones.
    """
    if not question.target:
        return []
    ids = {each.participant_id for each in specified}
    pairs = [*required, *_read_pairs(session, Integration, among(Integration.provider_id, ids))]
    others = {
        name: key
        for consumer_id, consumer, provider_id, provider in pairs
        for key, name in ((consumer_id, consumer), (provider_id, provider))
        if key not in ids or (question.target.environment and consumer_id == provider_id)
    }
    if not others:
        return []
    like = question.target.of("")
    found = selection.resolve_alike(session, like, dict(sorted(others.items())), inferred=True)
    versions = {each.version_id for each in specified}
    return [
        each for each in found if each.participant_id not in ids or each.version_id not in {None, *versions}
    ]


def _read_pairs(session: Session, source: type[Publication | Integration], *conditions: Any) -> list[Pair]:
    consumer, provider = aliased(Participant), aliased(Participant)
    wanted = (
        select(consumer.id, consumer.name, provider.id, provider.name)
        .select_from(source)
        .join(consumer, consumer.id == source.consumer_id)
        .join(provider, provider.id == source.provider_id)
        .where(*conditions)
        .distinct()
    )
    return sorted(session.execute(wanted), key=lambda pair: (pair[1], pair[3]))


def _read_rows(session: Session, question: Question, selected: tuple[Resolved, ...]) -> list[Row]:
    history = question.grouping is None
    if question.is_about_one:
        return _read_rows_of_one(session, selected, history=history)
    specified = [each.participant_id for each in selected if not each.inferred]
    contracts = records.read_contracts(
        session,
        records.published_by(selected),
        among(Publication.provider_id, (each.participant_id for each in selected)),
        or_(among(Publication.consumer_id, specified), among(Publication.provider_id, specified)),
        history=history,
    )
    results = records.read_results(session, contracts, records.verified_by(selected), history=history)
    return keep_asked(hold(contracts, results, _find_needed(question, selected)), selected)


def _read_rows_of_one(session: Session, selected: tuple[Resolved, ...], *, history: bool) -> list[Row]:
    """Return every result of what is consumed, and all that was verified."""
    consumed = records.read_contracts(session, records.published_by(selected), history=history)
    rows = hold(consumed, records.read_results(session, consumed, history=history))
    verified = select(StoredResult.content_id).where(records.verified_by(selected))
    provided = records.read_contracts(session, Publication.content_id.in_(verified), history=history)
    results = records.read_results(session, provided, records.verified_by(selected), history=history)
    rows += [row for row in hold(provided, results) if row.result]
    return list(dict.fromkeys(rows))


def _find_needed(question: Question, selected: Iterable[Resolved]) -> dict[str, list[Ref]]:
    """Return the versions by participant that need a result: those in an environment, or going to one."""
    needed = defaultdict(list)
    for each in selected:
        by_environment = question.target.environment or each.selector.environment
        if by_environment and each.version_id is not None:
            needed[each.participant].append(Ref(each.participant, each.number, each.version_id))
    return needed
