"""The plan: in which order candidates can go, one safe step at a time. Pure, and polynomial.

`docs/explanation/safe-to-deploy.md` has the definitions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tallystick_broker.gate.facts import Facts, Ref, Resolved, Row
from tallystick_broker.gate.reasons import Code, Reason, Type, once, order
from tallystick_broker.gate.telling import tell_failed, tell_left_out, tell_missing, tell_unknown, warn
from tallystick_broker.gate.wording import name

Needs = Mapping[str, Collection[str]]
"""By candidate: the candidates that must go before it, or with it. A candidate is known by its participant."""


@dataclass(frozen=True)
class Need:
    """That a candidate can't go before another one has, and why."""

    candidate: Ref
    needed: Ref
    reason: Reason


@dataclass(frozen=True)
class Step:
    """Candidates that go at once, almost always a single one.

    `after` are the needs of other steps, all of which have gone before; `ring` are the needs that forbid every
    order among several.
    """

    candidates: tuple[Ref, ...]
    after: tuple[Need, ...] = ()
    ring: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Blocked:
    """A candidate that can't go, and what stands against it, the worst first."""

    candidate: Ref
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Plan:
    """Waves of steps in order, what is blocked, what is there already, and what did not count or is doubtful."""

    waves: tuple[tuple[Step, ...], ...]
    blocked: tuple[Blocked, ...]
    live: tuple[Ref, ...]
    notices: tuple[Reason, ...] = ()


@dataclass
class _Doubts:
    """What is not safe about a candidate: beside what stays, and beside each other candidate's old and new state."""

    fixed: list[Row] = field(default_factory=list)
    old: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    new: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))


def make_plan(facts: Facts) -> Plan:
    """Return the plan for the versions that were asked about; the facts hold all of them against what is live.

    Of each contract there is a row for every version of its provider, old and new.
    """
    asked = [each for each in facts.selected if not each.inferred]
    there = [_ref(each) for each in asked if each.version_id in facts.live]
    candidates = {
        each.participant: _ref(each)
        for each in asked
        if each.version_id is not None and each.version_id not in facts.live
    }
    doubts = _collect(facts, candidates)
    reasons = _block(facts, candidates, doubts)
    needs = {key: doubts[key].old.keys() for key in candidates if key not in reasons}
    waves = tuple(
        tuple(_make_step(group, facts, candidates, doubts) for group in wave) for wave in _order(needs)
    )
    missing = [
        Blocked(Ref(each.participant, each.selector.version), (tell_missing(each),))
        for each in asked
        if each.missing
    ]
    blocked = [Blocked(candidates[key], tuple(order(reasons[key]))) for key in candidates if key in reasons]
    going = set(candidates.values())
    touched = [row for row in facts.rows if row.consumer in going or row.verifier in going]
    notices = once([*warn(facts), *tell_left_out(touched)])
    return Plan(waves, tuple(missing + blocked), tuple(there), notices)


def _ref(resolved: Resolved) -> Ref:
    return Ref(resolved.participant, resolved.number, resolved.version_id)


def _collect(facts: Facts, candidates: Mapping[str, Ref]) -> dict[str, _Doubts]:
    """Return what is not safe about each candidate."""
    staying = facts.live - {each.version_id for each in facts.selected if each.leaves}
    doubts = {key: _Doubts() for key in candidates}
    for mine, other, row in _find_doubtful(facts, candidates):
        found = doubts[mine.name]
        if other.name == mine.name or other.name not in candidates:
            found.fixed.append(row)
        elif candidates[other.name] == other:
            found.new[other.name].append(row)
        else:
            found.old[other.name].append(row)
            if other.id in staying:
                found.new[other.name].append(row)
    return doubts


def _find_doubtful(facts: Facts, candidates: Mapping[str, Ref]) -> Iterator[tuple[Ref, Ref, Row]]:
    """Yield what stands against a candidate, with the candidate and the other side.

    That nothing of its own is live stands against none, because it provides for itself.
    """
    for row in facts.rows:
        is_bare_own = row.provider.id is None and row.provider.name == row.consumer.name
        if row.is_judged and not row.success and not is_bare_own:
            sides = ((row.consumer, row.provider), (row.provider, row.consumer))
            yield from (
                (mine, other, row)
                for mine, other in sides
                if mine.id is not None and candidates.get(mine.name) == mine
            )


def _block(
    facts: Facts, candidates: Mapping[str, Ref], doubts: Mapping[str, _Doubts]
) -> dict[str, list[Reason]]:
    """Return why candidates are blocked, by candidate."""
    reasons: dict[str, list[Reason]] = {}
    for key, found in doubts.items():
        hopeless = [other for other in found.old if other in found.new]
        rows = [*found.fixed, *(row for other in hopeless for row in (*found.old[other], *found.new[other]))]
        if rows:
            reasons[key] = [_tell(row, facts) for row in dict.fromkeys(rows)]
    _block_needy(candidates, doubts, reasons)
    _block_torn(candidates, doubts, reasons)
    left = [key for key in candidates if key not in reasons]
    for key in left:
        rivals = [other for other in doubts[key].new if other in left]
        if rivals:
            reasons[key] = [
                _tell_rivalry(candidates[key], candidates[other], _tell(doubts[key].new[other][0], facts))
                for other in rivals
            ]
    _block_needy(candidates, doubts, reasons)
    return reasons


def _block_needy(
    candidates: Mapping[str, Ref], doubts: Mapping[str, _Doubts], reasons: dict[str, list[Reason]]
) -> None:
    """Block what needs something that is blocked, directly or round about."""
    needy = defaultdict(list)
    for key, found in doubts.items():
        for other in found.old:
            needy[other].append(key)
    waiting = list(reasons)
    for other in waiting:  # which grows
        for key in needy[other]:
            if key not in reasons:
                reasons[key] = [_tell_need(candidates[key], candidates[other])]
                waiting.append(key)


def _block_torn(
    candidates: Mapping[str, Ref], doubts: Mapping[str, _Doubts], reasons: dict[str, list[Reason]]
) -> None:
    """Block what needs two candidates that exclude each other, or one that excludes itself."""
    needs = {key: found.old.keys() for key, found in doubts.items() if key not in reasons}
    for key in needs:
        needed = _reach(needs, key)
        torn = next(((one, two) for one in needed for two in doubts[one].new if two in needed), None)
        if torn:
            one, two = (candidates[each] for each in torn)
            reasons[key] = [_tell_torn(candidates[key], one, two)]


def _reach(needs: Needs, start: str) -> set[str]:
    """Return what a candidate needs, directly and round about, and itself."""
    reached, waiting = {start}, [start]
    for key in waiting:  # which grows
        new = set(needs[key]) - reached
        reached |= new
        waiting += new
    return reached


def _order(needs: Needs) -> list[list[list[str]]]:
    """Return waves of groups of candidates: a group needs each other, and goes when all that it needs has gone."""
    reached = {key: _reach(needs, key) for key in needs}
    group = {key: frozenset(other for other in reached[key] if key in reached[other]) for key in needs}
    place: dict[frozenset[str], int] = {}
    # What is needed reaches less than what needs it, so it comes first.
    for key in sorted(needs, key=lambda key: len(reached[key])):
        before = [place[group[other]] for other in reached[key] if group[other] != group[key]]
        place[group[key]] = max(before, default=-1) + 1
    waves: list[list[list[str]]] = [[] for _ in range(max(place.values(), default=-1) + 1)]
    for members, wave in sorted(place.items(), key=lambda item: min(item[0])):
        waves[wave].append(sorted(members))
    return waves


def _make_step(
    group: Sequence[str], facts: Facts, candidates: Mapping[str, Ref], doubts: Mapping[str, _Doubts]
) -> Step:
    def explain(key: str, other: str) -> Need:
        return Need(candidates[key], candidates[other], _tell(doubts[key].old[other][0], facts))

    after = tuple(
        explain(key, other) for key in group for other in sorted(doubts[key].old) if other not in group
    )
    inner = {key: [other for other in doubts[key].old if other in group] for key in group}
    ring = tuple(explain(*pair) for pair in _find_ring(inner)) if len(group) > 1 else ()
    return Step(tuple(candidates[key] for key in group), after, ring)


def _find_ring(needs: Needs) -> list[tuple[str, str]]:
    """Return the needs of a shortest way from a candidate back to itself."""
    rings = (_find_way_back(needs, key) for key in sorted(needs))
    return min((ring for ring in rings if ring), key=len)


def _find_way_back(needs: Needs, start: str) -> list[tuple[str, str]]:
    came_from: dict[str, str] = {}
    waiting = [start]
    for key in waiting:  # which grows
        for other in sorted(needs[key]):
            if other not in came_from:
                came_from[other] = key
                waiting.append(other)
    return list(_retrace(came_from, start))[::-1]


def _retrace(came_from: Mapping[str, str], end: str) -> Iterator[tuple[str, str]]:
    key = end
    while key in came_from:
        yield came_from[key], key
        key = came_from[key]
        if key == end:
            return


def _tell(row: Row, facts: Facts) -> Reason:
    return tell_failed(row, facts) if row.result else tell_unknown(row, facts)


def _tell_need(candidate: Ref, needed: Ref) -> Reason:
    text = f"{name(candidate)} can only go once {name(needed)} has, which is blocked."
    return Reason(Code.NEEDS_BLOCKED, Type.ERROR, text, f"Mend what blocks {name(needed)}.", clears=False)


def _tell_rivalry(candidate: Ref, other: Ref, fact: Reason) -> Reason:
    text = f"{name(candidate)} and {name(other)} exclude each other: each could go, but not both. {fact.text}"
    advice = f"Plan with one of them only, or build a version of {other.name} that works with both."
    return Reason(
        Code.EXCLUSIVE,
        Type.ERROR,
        text,
        advice,
        fact.consumer,
        fact.provider,
        other.name,
        fact.row,
        clears=False,
    )


def _tell_torn(candidate: Ref, one: Ref, two: Ref) -> Reason:
    text = f"{name(candidate)} needs {name(one)} and {name(two)}, which exclude each other."
    advice = f"Build a version of {one.name} that works with {name(two)}."
    return Reason(Code.EXCLUSIVE, Type.ERROR, text, advice, clears=False)
