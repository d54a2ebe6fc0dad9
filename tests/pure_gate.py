"""The gate's pure functions put together, with an estate in the place of the database."""

from datetime import UTC, datetime

from definition import Asked, Side
from estates import NAMES, NUMBERS, PLACE, Contract, Estate, Version
from rollouts import Rollout
from tallystick_broker.gate.facts import Facts, Override, Ref, Requirement, Resolved, Result, Row
from tallystick_broker.gate.matrix import (
    Faced,
    arrange,
    choose_others,
    excuse,
    face,
    hold,
    hold_each,
    keep_asked,
)
from tallystick_broker.gate.plan import Plan, make_plan
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.verdict import Verdict, judge

IDS = {
    (name, number): 1 + place * len(NUMBERS) + index
    for place, name in enumerate(NAMES)
    for index, number in enumerate(NUMBERS)
}
AT = datetime(2026, 1, 1, tzinfo=UTC)
TARGET = Target(environment=PLACE)


def ask(estate: Estate, asked: Asked) -> Verdict:
    """Return the verdict of the pure functions."""
    question = make_question(asked)
    specified = [_resolve(version, Selector(*version)) for version in sorted(asked.versions)]
    published = [_contract(estate, each) for each in estate.contracts if each[0] in asked.versions]
    others = _find_others(estate, asked)
    expected = [
        _contract(estate, each)
        for each in estate.contracts
        if _ref(each[0]).id in {other.version_id for other in others}
        and each[1] in {name for name, _ in asked.versions}
    ]
    kept = choose_others(question, specified, others, [*published, *expected])
    selected = (*specified, *kept)
    ids = {each.version_id for each in kept}
    faced = face([*published, *(row for row in expected if row.consumer.id in ids)], selected)
    results = _find_results(estate, faced)
    rows = arrange(keep_asked(hold(faced, results, question), selected), question, question.ignore)
    overrides = [_override(*pair) for pair in asked.overridden]
    pairs = {(row.consumer.name, row.provider.name) for row in published}
    return judge(
        Facts(
            question,
            selected,
            excuse(rows, overrides),
            tuple(Requirement(*pair) for pair in sorted(pairs)),
            question.ignore,
        )
    )


def plan(rollout: Rollout) -> Plan:
    """Return the plan of the pure functions."""
    estate, asked = rollout.estate, rollout.ask(rollout.candidates)
    question = make_question(asked)
    specified = [_resolve(version, Selector(*version)) for version in sorted(asked.versions)]
    live = [
        _resolve(
            version,
            TARGET.of(version[0]),
            leaves=version[0] in rollout.candidates and version not in estate.supported(),
        )
        for version in sorted(estate.live())
    ]
    there = {each.participant for each in live}
    absent = [
        Resolved(name, NAMES.index(name), TARGET.of(name), missing=True, inferred=True)
        for name in NAMES
        if name not in there
    ]
    selected = (*specified, *live, *absent)
    faced: list[Faced] = [
        (_contract(estate, each), [other for other in selected if other.participant == each[1]])
        for each in estate.contracts
        if each[0] in asked.versions | estate.live()
    ]
    rows = arrange(hold_each(faced, _find_results(estate, faced)), question, question.ignore)
    overrides = [_override(*pair) for pair in asked.overridden]
    return make_plan(Facts(question, selected, excuse(rows, overrides), ignored=question.ignore))


def make_question(asked: Asked) -> Question:
    """Return the question as the gate takes it."""
    selectors = tuple(Selector(*version) for version in sorted(asked.versions))
    ignored = (Selector(*asked.ignored),) if asked.ignored else ()
    return Question(selectors, TARGET, ignored, require_contracts=asked.requires_contracts)


def _ref(version: Version) -> Ref:
    return Ref(*version, IDS[version])


def _resolve(version: Version, selector: Selector, *, leaves: bool = False) -> Resolved:
    name, number = version
    inferred = selector.environment is not None
    return Resolved(name, NAMES.index(name), selector, IDS[version], number, inferred=inferred, leaves=leaves)


def _contract(estate: Estate, contract: Contract) -> Row:
    consumer, provider = contract
    content = sorted({estate.name(each) for each in estate.contracts}).index(estate.name(contract))
    publication = list(estate.contracts).index(contract)
    return Row(_ref(consumer), Ref(provider), content, "", publication, 1, AT)


def _find_others(estate: Estate, asked: Asked) -> list[Resolved]:
    """Return the live versions of all that consume from, or provide to, what is asked about; or that there are none."""
    names = {name for name, _ in asked.versions}
    providers = {provider for consumer, provider in estate.contracts if consumer in asked.versions}
    consumers = {consumer[0] for consumer, provider in estate.contracts if provider in names}
    live = sorted(version for version in estate.live() if version[0] in providers | consumers)
    found = [
        _resolve(
            version,
            TARGET.of(version[0]),
            leaves=version[0] in names and version not in estate.supported(),
        )
        for version in live
    ]
    absent = providers - {name for name, _ in live} - names
    missing = [
        Resolved(name, NAMES.index(name), TARGET.of(name), missing=True, inferred=True)
        for name in sorted(absent)
    ]
    return found + missing


def _find_results(estate: Estate, faced: list[Faced]) -> dict[int, list[tuple[Ref, Result]]]:
    """Return the last result of each contract and version that meet."""
    found: dict[int, dict[Ref, Result]] = {}
    for row, versions in faced:
        for each in versions:
            outcome = None
            if each.number is not None:
                outcome = estate.outcome(
                    (each.participant, each.number), (row.consumer.name, str(row.consumer.number))
                )
            if outcome is not None:
                ref = Ref(each.participant, each.number, each.version_id)
                found.setdefault(row.content_id, {})[ref] = Result(1, outcome, AT)
    return {content: list(results.items()) for content, results in found.items()}


def _override(consumer: Side, provider: Side) -> Override:
    return Override("", Ref(*consumer), Ref(*provider), "ada", "hotfix", AT)
