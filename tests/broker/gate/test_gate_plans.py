"""Plans against brute force, in random estates."""

from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import pure_gate
from definition import judge
from estates import PLACE, Estate
from gate_estates import ESTATES, told
from rollouts import NEW, OLD, Rollout, Waves, find_waves, move, rollouts
from tallystick_broker.gate.plan import Blocked, Plan
from tallystick_broker.gate.planning import ask_plan
from tallystick_broker.gate.question import Question, Selector, Target


def read(plan: Plan) -> Waves:
    """Return the groups of each wave of a plan."""
    return [{frozenset(each.name for each in step.candidates) for step in wave} for wave in plan.waves]


@settings(ESTATES, max_examples=max(2_000, ESTATES.max_examples))
@given(rollouts)
def test_the_pure_plan_is_what_brute_force_finds(rollout: Rollout) -> None:
    """The waves and groups are those that trying every order finds, and whoever is in none of them has a reason."""
    plan = pure_gate.plan(rollout)
    assert read(plan) == find_waves(rollout)
    planned = {name for wave in read(plan) for group in wave for name in group}
    assert {each.candidate.name for each in plan.blocked} == rollout.left - planned
    assert {each.name for each in plan.live} == rollout.candidates - rollout.left
    assert all(each.reasons for each in plan.blocked)


def test_a_pure_plan_lets_nobody_wait_for_what_can_never_go() -> None:
    """Ant needs bee and cat, which exclude each other; so dog, which gets on with all but ant, can go."""
    pairs = (("ant", "bee"), ("ant", "cat"), ("bee", "cat"), ("dog", "ant"))
    bad = {(("bee", OLD), ("ant", NEW)), (("cat", OLD), ("ant", NEW))}
    bad |= {(("cat", NEW), ("bee", NEW)), (("ant", NEW), ("dog", NEW))}
    each = [
        ((consumer, of), (provider, number))
        for consumer, provider in pairs
        for of, number in product((OLD, NEW), repeat=2)
    ]
    contracts = {(of, provider[0]): of[1] for of, provider in each}
    results = [(provider, of, (provider, of) not in bad) for of, provider in each]
    names = frozenset({"ant", "bee", "cat", "dog"})
    estate = Estate(contracts, results, [((name, OLD), PLACE, "") for name in sorted(names)], [], [])
    rollout = Rollout(estate, names)
    plan = pure_gate.plan(rollout)
    assert read(plan) == find_waves(rollout) == [{frozenset({"dog"})}]
    assert {each.candidate.name: {reason.code for reason in each.reasons} for each in plan.blocked} == {
        name: {"EXCLUSIVE"} for name in ("ant", "bee", "cat")
    }


@settings(ESTATES)
@given(rollouts, st.randoms())
def test_each_step_of_a_pure_plan_is_safe(rollout: Rollout, random: Random) -> None:
    """One step after the other, each wave in any order, the gate says yes to each; a ring says why none is first."""
    estate = rollout.estate
    for wave in pure_gate.plan(rollout).waves:
        for step in random.sample(wave, len(wave)):
            group = {each.name for each in step.candidates}
            assert judge(estate, rollout.ask(group)).deployable is True
            assert [need.candidate.name for need in step.ring[1:]] == [
                need.needed.name for need in step.ring[:-1]
            ]
            assert (len(group) > 1) == bool(step.ring)
            estate = move(estate, group)


@settings(ESTATES, max_examples=ESTATES.max_examples // 10)
@given(rollouts)
def test_the_plan_of_a_database_is_the_pure_one(session: Session, rollout: Rollout) -> None:
    """What is read from the database gives the same plan, with the same reasons."""
    if not rollout.candidates:
        return
    with told(rollout.estate, session, rollout.overridden):
        found = ask_plan(session, make_question(rollout))
    pure = pure_gate.plan(rollout)
    assert read(found) == read(pure)
    assert [tell(each) for each in found.blocked] == [tell(each) for each in pure.blocked]


def tell(blocked: Blocked) -> tuple[str, list[str]]:
    """Return who is blocked and by what kinds of reasons, but for what only a database knows."""
    codes = [each.code.replace("NEVER_VERIFIED", "UNVERIFIED") for each in blocked.reasons]
    return blocked.candidate.name, sorted(codes)


def make_question(rollout: Rollout) -> Question:
    """Return the question as the gate takes it."""
    selectors = tuple(Selector(name, NEW) for name in sorted(rollout.candidates))
    ignored = (Selector(*rollout.ignored),) if rollout.ignored else ()
    return Question(selectors, Target(environment=PLACE), ignored)
