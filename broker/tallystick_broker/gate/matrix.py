"""The matrix: contracts held against the provider versions that matter, reduced and put in order. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tallystick_broker.gate.facts import Override, Ref, Resolved, Result, Row
from tallystick_broker.gate.question import LatestBy, Question, Selector

Results = Mapping[int, Sequence[tuple[Ref, Result]]]
"""By content: the provider versions that have a result for it, and the result."""


def choose_others(
    question: Question, specified: Sequence[Resolved], others: Iterable[Resolved], contracts: Iterable[Row]
) -> list[Resolved]:
    """Return which of the versions that the target has count beside those that were asked about.

    A participant that was asked about stands for itself there. Its versions there count all the same when it
    consumes itself, because the new one will run beside them; and those that stay are there for what goes together
    with it.
    """
    asked = {each.participant for each in specified}
    versions = {each.version_id for each in specified}
    selves = {row.consumer.name for row in contracts if row.consumer.name == row.provider.name}
    in_environment = question.target.environment is not None
    return [
        each
        for each in others
        if each.participant not in asked
        or (
            in_environment
            and each.version_id not in versions
            and (each.participant in selves or (len(asked) > 1 and not each.leaves))
        )
    ]


Faced = tuple[Row, Sequence[Resolved]]
"""A contract as a row without a provider version, and the versions of its provider that it meets."""


def face(contracts: Iterable[Row], selected: Sequence[Resolved]) -> list[Faced]:
    """Return the contracts whose providers are selected, with the versions that they meet there.

    A version that leaves meets only versions of its own participant, beside which it runs for a while.
    """
    versions: dict[str, list[Resolved]] = defaultdict(list)
    for each in selected:
        versions[each.participant].append(each)
    leaving = {each.version_id for each in selected if each.leaves}
    faced: list[Faced] = []
    for row in contracts:
        is_own = row.consumer.name == row.provider.name
        if row.provider.name in versions and (is_own or row.consumer.id not in leaving):
            met = [each for each in versions[row.provider.name] if is_own or not each.leaves]
            faced.append((row, met))
    return faced


def hold(faced: Iterable[Faced], results: Results, question: Question) -> list[Row]:
    """Return a row for each contract and result, and one for each version that needs a result but has none.

    A contract without any result is one row without a provider version, as the Pact Broker has it, unless several
    versions need one.
    """
    return [
        row
        for contract, versions in faced
        for row in _hold(contract, versions, results.get(contract.content_id, ()), question)
    ]


def _hold(
    contract: Row, versions: Iterable[Resolved], found: Sequence[tuple[Ref, Result]], question: Question
) -> list[Row]:
    met = {
        Ref(each.participant, each.number, each.version_id): question.needs(each.selector)
        for each in versions
        if each.version_id is not None
    }
    needed = [ref for ref, is_needed in met.items() if is_needed]
    if not found and len(needed) < 2:
        return [replace(contract, expected=next(iter(met)))] if len(met) == 1 else [contract]
    verified = {ref for ref, _ in found}
    rows = [replace(contract, provider=ref, result=result) for ref, result in found]
    return rows + [replace(contract, provider=ref) for ref in needed if ref not in verified]


def hold_each(faced: Iterable[Faced], results: Results) -> list[Row]:
    """Return a row for each contract and version that it meets, and one without a version where there is none."""
    rows = []
    for contract, versions in faced:
        found = {ref.id: result for ref, result in results.get(contract.content_id, ())}
        for each in versions:
            provider = Ref(each.participant, each.number, each.version_id)
            rows.append(replace(contract, provider=provider, result=found.get(each.version_id)))
    return rows


def keep_asked(rows: Iterable[Row], selected: Iterable[Resolved]) -> list[Row]:
    """Return the rows that have a version that was asked about, not two that are both there already."""
    asked = [each for each in selected if not each.inferred]
    names = {each.participant for each in asked}
    wholly = {each.participant for each in asked if each.selector.by_name_only}
    versions = {each.version_id for each in asked if each.version_id is not None}
    return [
        row
        for row in rows
        if not versions.isdisjoint((row.consumer.id, row.provider.id))
        or not wholly.isdisjoint((row.consumer.name, row.provider.name))
        or (row.provider.id is None and row.provider.name in names)
    ]


def arrange(rows: Iterable[Row], question: Question, ignored: Sequence[Selector]) -> tuple[Row, ...]:
    """Return the rows that are judged, in the order that they are listed in: ignored ones last.

    Outcomes that were not asked for are left out only when there is no target: what is compared with a target
    is judged whole, and `list_rows` leaves them out.
    """
    reduced = _reduce(sorted(rows, key=_newest_first), question.grouping)
    if not question.target:
        reduced = [row for row in reduced if _is_wanted(row, question)]
    marked = [replace(row, ignored=True) if _is_ignored(row, ignored, question) else row for row in reduced]
    return tuple(sorted(marked, key=lambda row: (row.ignored, row.consumer.name)))


def list_rows(rows: Sequence[Row], question: Question) -> list[Row]:
    """Return the rows to show: those with a wanted outcome, and what blocks when there are too many."""
    wanted = [row for row in rows if _is_wanted(row, question)]
    worst = set(sorted(range(len(wanted)), key=lambda place: _severity(wanted[place]))[: question.limit])
    return [row for place, row in enumerate(wanted) if place in worst]


def excuse(rows: Iterable[Row], overrides: Sequence[Override]) -> tuple[Row, ...]:
    """Return the rows, those that stand against deploying with the override that is about them, if there is one."""
    return tuple(_excuse(row, overrides) if overrides and not row.success else row for row in rows)


def _excuse(row: Row, overrides: Iterable[Override]) -> Row:
    return replace(row, override=next((each for each in overrides if each.covers(row)), None))


def matches(selector: Selector, ref: Ref) -> bool:
    """Return whether an ignore selector is about this version."""
    return selector.participant == ref.name and selector.version in (None, ref.number)


def _newest_first(row: Row) -> tuple[int, int, str, int, int]:
    result = row.result.number if row.result else 0
    return -(row.consumer.id or 0), -row.revision, row.provider.name, -(row.provider.id or 0), -result


def _reduce(rows: list[Row], grouping: LatestBy | None) -> list[Row]:
    """Return one row of each group, that of the newest provider version; ungrouped, all of them."""
    if grouping is None:
        return rows
    kept: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key: tuple[object, ...] = (row.consumer.name, row.provider.name)
        key += (row.consumer.id,) if grouping != "cp" else ()
        key += (row.provider.id,) if grouping == "cvpv" else ()
        present = kept.setdefault(key, row)
        if present.provider.id and (row.provider.id or 0) > present.provider.id:
            kept[key] = row
    return list(kept.values())


def _is_wanted(row: Row, question: Question) -> bool:
    return not question.results or row.success in question.results


def _is_ignored(row: Row, ignored: Iterable[Selector], question: Question) -> bool:
    """Return whether an ignore selector is about the row; a row without a provider version has one in an environment.

    Elsewhere it is about no version, as in the Pact Broker.
    """
    provider = row.verifier if question.target.environment else row.provider
    return any(matches(each, ref) for each in ignored for ref in (row.consumer, provider))


def _severity(row: Row) -> tuple[bool, int]:
    return row.ignored, {False: 0, None: 1, True: 2}[row.success]
