"""The facts that a verdict depends on: what is selected, what is live where it goes, and what is known of both."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from tallystick_broker.errors import Invalid
from tallystick_broker.gate.circumstances import read_deliveries, read_overrides
from tallystick_broker.gate.facts import Facts, Ref, Requirement, Resolved, Row
from tallystick_broker.gate.matrix import (
    Faced,
    arrange,
    choose_others,
    excuse,
    face,
    hold,
    keep_asked,
    matches,
)
from tallystick_broker.gate.question import Question, Selector
from tallystick_broker.gate.records import Contract, read_others, read_provided, read_published, split
from tallystick_broker.gate.results import Known, explain, read_results
from tallystick_broker.gate.selection import Selection, resolve
from tallystick_broker.gate.verdict import Verdict, judge

MOST_ROWS = 100_000


def ask(session: Session, question: Question) -> Verdict:
    """Return the verdict on the question; raise UnknownNames when it names something unknown."""
    return judge(read_facts(session, question))


def read_facts(session: Session, question: Question) -> Facts:
    """Return all that the verdict depends on; raise UnknownNames when the question names something unknown."""
    selection = resolve(session, question)
    history = question.grouping is None
    published = read_published(session, selection.specified, history=history)
    others, expected = _read_target(session, question, selection, published)
    selected = tuple(_mark(each, selection.ignored) for each in (*selection.specified, *others))
    if question.is_about_one:
        held, known = _hold_one(session, question, published, selected)
    else:
        faced = face((each.row for each in (*published, *expected)), selected)
        held, known = hold_all(session, question, faced)
        held = keep_asked(held, selected)
    facts = Facts(
        question,
        selected,
        arrange(held, question, selection.ignored),
        _find_required(question, selection.specified, published),
        selection.ignored,
        selection.unknown_ignored,
        last=known.last,
    )
    return read_circumstances(session, facts, known, selection)


def read_circumstances(session: Session, facts: Facts, known: Known, selection: Selection) -> Facts:
    """Return the facts with what is known of the rows that stand against deploying."""
    standing = [row for row in facts.rows if not row.success and not row.ignored]
    place = facts.question.target.environment
    if place and standing and selection.has_overrides:
        overrides = read_overrides(session, place, {row.provider.name for row in standing})
        facts = replace(facts, rows=excuse(facts.rows, overrides))
        standing = [row for row in facts.rows if row.is_judged and not row.success]
    unknown = {row.publication_id for row in standing if row.result is None}
    failed = {row.result.number for row in standing if row.result}
    said = {number: said for number, said in known.test_results.items() if number in failed}
    return replace(
        facts,
        failures=explain(session, said),
        deliveries=read_deliveries(session, unknown) if unknown else {},
    )


def _read_target(
    session: Session, question: Question, selection: Selection, published: Sequence[Contract]
) -> tuple[list[Resolved], list[Contract]]:
    """Return what the target means for those around the versions that were asked about, and what they expect."""
    if not question.target:
        return [], []
    asked = {each.participant_id for each in selection.specified}
    providers = {each.provider_id: each.row.provider.name for each in published}
    others, expected = read_others(
        session, question.target, asked, providers, history=question.grouping is None
    )
    contracts = [each.row for each in (*published, *expected)]
    kept = choose_others(question, selection.specified, others, contracts)
    ids = {each.version_id for each in kept}
    return kept, [each for each in expected if each.row.consumer.id in ids]


def hold_all(session: Session, question: Question, faced: Sequence[Faced]) -> tuple[list[Row], Known]:
    """Return the contracts held against the versions that they meet."""
    pairs = [
        (row.content_id, each.version_id)
        for row, versions in faced
        for each in versions
        if each.version_id is not None
    ]
    contents = [
        row.content_id for row, versions in faced if any(each.selector.by_name_only for each in versions)
    ]
    rows = [row for row, _ in faced]
    known = read_results(session, rows, pairs, contents, history=question.grouping is None)
    return _hold(faced, known, question), known


def _hold_one(
    session: Session, question: Question, published: Iterable[Contract], selected: Sequence[Resolved]
) -> tuple[list[Row], Known]:
    """Return every result of what is consumed, and all that was verified."""
    history = question.grouping is None
    versions, wholly = split(selected)
    consumed = [each.row for each in published]
    provided = [each.row for each in read_provided(session, selected, history=history)]
    contents = [row.content_id for row in consumed]
    known = read_results(session, consumed, (), contents, history=history)
    pairs = [(row.content_id, key) for row in provided for key in versions]
    contents = [row.content_id for row in provided if wholly]
    verified = read_results(session, provided, pairs, contents, history=history)
    rows = _hold([(row, []) for row in consumed], known, question)
    rows += [row for row in _hold([(row, []) for row in provided], verified, question) if row.result]
    said = {**known.test_results, **verified.test_results}
    return list(dict.fromkeys(rows)), replace(known, test_results=said)


def _hold(faced: Sequence[Faced], known: Known, question: Question) -> list[Row]:
    """Return the rows of these contracts; raise Invalid when there are so many that no answer would come in time."""
    count = sum(len(known.results.get(row.content_id, ())) for row, _ in faced)
    if count > MOST_ROWS:
        raise Invalid(
            [
                f"This is about {count:,} pairs of versions, and at most {MOST_ROWS:,} can be judged at once: name a "
                "version, a branch, a tag or an environment"
            ]
        )
    return hold(faced, known.results, question)


def _find_required(
    question: Question, specified: Iterable[Resolved], published: Iterable[Contract]
) -> tuple[Requirement, ...]:
    """Return the pairs that need a row: what the versions that were asked about consume."""
    asked = {each.participant_id for each in specified}
    wanted = [
        each.row
        for each in published
        if question.target or question.is_about_one or each.provider_id in asked
    ]
    pairs = {(row.consumer.name, row.provider.name) for row in wanted}
    return tuple(Requirement(*pair) for pair in sorted(pairs))


def _mark(resolved: Resolved, ignored: tuple[Selector, ...]) -> Resolved:
    ref = Ref(resolved.participant, resolved.number)
    return replace(resolved, ignored=True) if any(matches(each, ref) for each in ignored) else resolved
