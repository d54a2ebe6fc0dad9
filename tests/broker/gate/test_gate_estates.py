"""The gate against the letter of the definition, in random estates."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import pure_gate
from api_client import ApiClient
from definition import Answer, Asked, Side, judge, judge_removal
from estates import NUMBERS, PLACE, SERVICES, Estate, Version, estates, versions
from gate_estates import ESTATES, told
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target
from tallystick_broker.gate.rollback import ask_rollback
from tallystick_broker.gate.undeploy import ask_undeploy
from tallystick_broker.gate.verdict import Verdict

sides: st.SearchStrategy[Side] = st.tuples(st.sampled_from(SERVICES), st.none() | st.sampled_from(NUMBERS))
alone = versions.map(lambda version: frozenset({version}))
together = st.dictionaries(st.sampled_from(SERVICES), st.sampled_from(NUMBERS), min_size=2, max_size=3).map(
    lambda found: frozenset(found.items())
)
questions = st.builds(
    Asked,
    alone | alone | together,
    st.none() | st.none() | sides,
    st.lists(st.tuples(sides, sides), max_size=1).map(tuple),
    st.booleans(),
)
LISTINGS = st.fixed_dictionaries(
    {},
    optional={
        "latestby": st.sampled_from(["cvp", "cvpv", "cp"]),
        "limit": st.sampled_from(["1", "100"]),
        "success": st.sampled_from(["true", "false"]),
    },
)


@settings(ESTATES, max_examples=2 * ESTATES.max_examples)
@given(estates(), questions)
def test_the_pure_verdict_is_the_definition(estate: Estate, asked: Asked) -> None:
    """However services consume each other, the answer and its counts are what the definition says."""
    sets = {frozenset({version}) for version in pure_gate.IDS} | {
        frozenset({consumer, (provider, number)})
        for consumer, provider in estate.contracts
        for number in NUMBERS
        if consumer[0] != provider
    }
    for question in (asked, *(replace(asked, versions=each) for each in sets)):
        verdict = pure_gate.ask(estate, question)
        assert read(verdict) == judge(estate, question)
        assert (verdict.deployable is True) == all(reason.type != "error" for reason in verdict.reasons)


@ESTATES
@given(estates(), questions, LISTINGS, st.none() | st.sampled_from(SERVICES))
def test_the_answer_is_the_definition(
    session: Session,
    client: ApiClient,
    estate: Estate,
    asked: Asked,
    listing: dict[str, str],
    service: str | None,
) -> None:
    """What the database holds, and what arrives at a client, is the same answer, whatever is asked about the list.

    The same goes, in some of the estates, for taking away what is live, and for going back to what was.
    """
    expected = judge(estate, asked)
    with told(estate, session, asked.overridden):
        assert read(ask(session, pure_gate.make_question(asked))) == expected
        body = client.get(f"/matrix?{urlencode(make_query(asked) + list(listing.items()))}").json
        if service is not None and not asked.overridden:
            check_removals(session, estate)
            check_rollbacks(session, estate, service)
    assert read_body(body) == expected
    assert len(body["matrix"]) <= int(listing.get("limit", 100))


def check_removals(session: Session, estate: Estate) -> None:
    """Check that what is live may be taken away when the definition says so."""
    for version in sorted(estate.live()):
        verdict = ask_undeploy(session, Question((Selector(*version),), Target(environment=PLACE)))
        assert verdict.deployable is judge_removal(estate, version)


def check_rollbacks(session: Session, estate: Estate, service: str) -> None:
    """Check that what was live may come back when the definition says so."""
    found = ask_rollback(session, service, PLACE, 10)
    former = {version for version in estate.former() if version[0] == service}
    assert {(service, each.number) for each in found} == former
    for each in found:
        assert read(each.verdict) == judge(estate, Asked(frozenset({(service, each.number)})))


def make_query(asked: Asked) -> list[tuple[str, str]]:
    """Return the query of the matrix that asks this."""
    query = [pair for version in sorted(asked.versions) for pair in name("q", version)]
    query += name("ignore", asked.ignored) if asked.ignored else []
    query += [("requireContracts", "true")] if asked.requires_contracts else []
    return [*query, ("environment", PLACE)]


def name(parameter: str, side: Side | Version) -> list[tuple[str, str]]:
    """Return the parameters that name a service, or one version of it."""
    fields = zip(("pacticipant", "version"), side, strict=True)
    return [(f"{parameter}[][{field}]", value) for field, value in fields if value is not None]


def read(verdict: Verdict) -> Answer:
    """Return the answer and the counts of a verdict."""
    return Answer(
        verdict.deployable,
        verdict.success,
        verdict.failed,
        verdict.unknown,
        verdict.ignored,
        verdict.overridden,
    )


def read_body(body: Any) -> Answer:
    """Return the answer and the counts of what arrived at a client."""
    summary = body["summary"]
    counts = [summary.get(each, 0) for each in ("success", "failed", "unknown", "ignored", "overridden")]
    return Answer(summary["deployable"], *counts)
