"""Parallel builds that tell the broker the same thing at the same time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from api_client import Answer, ApiClient
from publish_requests import URL, publish_request
from tallystick_broker import db, schema
from tallystick_broker.models import Base, Participant
from tallystick_broker.participants import ensure_participant, refuse_lookalikes

BUILDS = 16
PROVIDERS = [f"provider {number:02}" for number in range(20)]
ROWS = {
    "participants": 21,
    "versions": 1,
    "branches": 1,
    "branch_versions": 1,
    "branch_heads": 1,
    "tags": 2,
    "contents": 20,
    "publications": 20,
    "integrations": 20,
}
"""What there is when one build has published."""


@pytest.fixture
def session_factory(empty_database: str) -> Iterator[sessionmaker[Session]]:
    """A factory of sessions on a database of this test's own, whose transactions are real."""
    engine = db.connect(empty_database)
    schema.upgrade(engine)
    yield db.sessions(engine)
    engine.dispose()


def at_once(app: Flask, send: Callable[[ApiClient, int], Answer]) -> list[Answer]:
    """Return what each of many builds is answered; they all begin at the same moment."""
    barrier = Barrier(BUILDS)

    def run(number: int) -> Answer:
        client = ApiClient(app)
        barrier.wait()
        return send(client, number)

    with ThreadPoolExecutor(BUILDS) as pool:
        return list(pool.map(run, range(BUILDS)))


def count_rows(app: Flask) -> dict[str, int]:
    """Return how many rows each table has that is not empty."""
    factory: sessionmaker[Session] = app.extensions["tallystick"]
    with factory() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
    return {name: found for name, found in counts.items() if found}


def test_many_may_publish_the_same_at_once(app: Flask) -> None:
    """Each thing is made once, and no build fails, whoever comes first and in whatever order contracts are sent."""

    def publish(client: ApiClient, number: int) -> Answer:
        providers = PROVIDERS if number % 2 else PROVIDERS[::-1]
        body = publish_request("web", "1", providers, branch="main", tags=["dev", "ci"])
        return client.post(URL, json=body)

    answers = at_once(app, publish)
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    assert count_rows(app) == ROWS
    created = [answer for answer in answers if "Created web version 1" in answer.text]
    assert len(created) == 1


def test_many_may_record_results_at_once(app: Flask) -> None:
    """Each result is kept, the provider version is made once, and the newest result is the one that counts."""
    ApiClient(app).post(URL, json=publish_request("web", "1", ["api"]))
    pact = ApiClient(app).get("/pacts/provider/api/consumer/web/latest").json
    url = pact["_links"]["pb:publish-verification-results"]["href"]

    def record(client: ApiClient, _: int) -> Answer:
        return client.post(url, json={"success": True, "providerApplicationVersion": "10"})

    answers = at_once(app, record)
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    counts = count_rows(app)
    assert (counts["results"], counts["latest_results"], counts["versions"]) == (BUILDS, 1, 2)
    numbers = [int(answer.headers["Location"].rpartition("/")[2]) for answer in answers]
    newest = ApiClient(app).get("/pacts/provider/api/consumer/web/latest/verification-results/latest").json
    assert newest["_links"]["self"]["href"].endswith(f"/{max(numbers)}")


def test_a_provider_that_another_build_makes_meanwhile_is_no_lookalike(app: Flask) -> None:
    """A name that is taken while it is being compared with others is the same name, not one that is almost it."""
    factory: sessionmaker[Session] = app.extensions["tallystick"]

    @event.listens_for(factory.kw["bind"], "before_cursor_execute")
    def be_quicker(_: Connection, __: Any, statement: str, *___: Any) -> None:
        if "ORDER BY" in statement:
            with factory() as quicker, quicker.begin():
                ensure_participant(quicker, "api")

    with factory() as session:
        refuse_lookalikes(session, ["web", "api"])
        assert session.scalars(select(Participant.name)).all() in (["api"], [])  # SQLite reads of one moment
