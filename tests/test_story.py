"""The world that tests are told in: rolled back after each, and the same for verbs and requests."""

import urllib.request

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from story import Story
from tallystick_broker.models import Participant


@pytest.mark.parametrize("turn", [1, 2])
def test_a_story_is_undone(session: Session, client: FlaskClient, turn: int) -> None:
    """What a test tells and what it sends is gone when the next one begins."""
    assert session.scalar(select(func.count(Participant.id))) == 0
    Story(session).publish("web", "1", "api", branch="main", tags=["x"])
    assert client.put(f"/pacticipants/other-{turn}/versions/1", json={}).status_code == 201
    assert session.scalar(select(func.count(Participant.id))) == 3


def test_requests_see_the_story_and_the_story_sees_requests(story: Story, client: FlaskClient) -> None:
    """The client's requests and the story happen in one world."""
    story.publish("web", "1", "api").verify("api", "10", of=("web", "1"))
    story.deploy("api", "10", "prod")
    assert client.get("/pacticipants/api/versions/10").json["number"] == "10"  # type: ignore[index]
    client.delete("/pacticipants/api/versions/10")
    assert client.get("/pacticipants/api/versions/10").status_code == 404
    story.verify("api", "10", of=("web", "1"))
    assert client.get("/pacticipants/api/versions/10").status_code == 200


def test_a_live_broker_answers(live_broker: str) -> None:
    """The live broker is a process that answers over HTTP."""
    with urllib.request.urlopen(f"{live_broker}/pacticipants", timeout=30) as answer:  # noqa: S310 (loopback)
        assert answer.status == 200
