"""The gate against the letter of the definition, in random estates."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from api_client import ApiClient
from estates import PLACE, SERVICES, Estate, Version, estates, judge, outcomes, versions
from story import Story
from tallystick_broker.gate.live import ask
from tallystick_broker.gate.question import Question, Selector, Target

GROUPINGS = st.sampled_from([None, "cvp", "cvpv", "cp"])
OF_ONE_DATABASE = settings(
    deadline=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def told(estate: Estate, session: Session) -> Iterator[None]:
    """Make the estate happen for as long as the block lasts."""
    with session.begin_nested() as savepoint:
        estate.tell(Story(session))
        yield
        savepoint.rollback()
    session.expunge_all()


@OF_ONE_DATABASE
@given(estates(), versions, GROUPINGS, st.none() | st.sampled_from(SERVICES))
def test_the_verdict_is_the_definition(
    session: Session, estate: Estate, asked: Version, latestby: str | None, ignored: str | None
) -> None:
    """However services consume each other, the answer and its counts are what the definition says."""
    ignore = (Selector(ignored),) if ignored else ()
    with told(estate, session):
        question = Question((Selector(*asked),), Target(environment=PLACE), ignore, latestby)  # type: ignore[arg-type]
        verdict = ask(session, question)
    found = outcomes(estate, asked, ignored)
    assert verdict.deployable is judge(found)
    counts = [found.count(outcome) for outcome in (True, False, None)]
    assert [verdict.success, verdict.failed, verdict.unknown] == counts
    assert (verdict.deployable is True) == all(reason.type != "error" for reason in verdict.reasons)


@settings(OF_ONE_DATABASE, max_examples=100)
@given(estates(), versions, GROUPINGS, st.sampled_from([None, 1, 100]), st.none() | st.sampled_from(SERVICES))
def test_the_answer_over_http_is_the_definition(
    session: Session,
    client: ApiClient,
    estate: Estate,
    asked: Version,
    latestby: str | None,
    limit: int | None,
    ignored: str | None,
) -> None:
    """What arrives at a client is the same answer, whatever it asks about the list."""
    query = {"q[][pacticipant]": asked[0], "q[][version]": asked[1], "environment": PLACE}
    query |= {"latestby": latestby} if latestby else {}
    query |= {"limit": str(limit)} if limit else {}
    query |= {"ignore[][pacticipant]": ignored} if ignored else {}
    with told(estate, session):
        body = client.get(f"/matrix?{urlencode(query)}").json
    assert body["summary"]["deployable"] is judge(outcomes(estate, asked, ignored))
    assert len(body["matrix"]) <= (limit or 100)
