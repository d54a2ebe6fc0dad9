"""What happened, the newest first."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from api_client import ApiClient
from estate_of_pages import tell_of_shop
from story import Story
from tallystick_broker.models import DeployedVersion, Participant, Publication, Result
from tallystick_broker.overrides import Decision, create_override, end_override
from tallystick_broker.overview import activity
from tallystick_broker.overview.activity import Happening, Kind, Point, read_activity

MOST_STATEMENTS = 9


def override(story: Story, **others: str) -> None:
    """Override checkout and inventory in production, and end that at once."""
    end = datetime.now(UTC) + timedelta(days=1)
    decision = Decision("production", "checkout", "inventory", "a hotfix & more", "ada", end, **others)
    made, _ = create_override(story.session, decision, timedelta(days=7))
    end_override(story.session, made.override, "grace")


def read_all(story: Story, participant: Participant | None = None) -> list[Happening]:
    """Return all that happened, page by page."""
    found: list[Happening] = []
    before = None
    while True:
        window = read_activity(story.session, participant=participant, before=before)
        found += window.happenings
        before = window.older
        if before is None:
            return found


def test_everything_that_can_happen_is_told(story: Story, visitor: ApiClient) -> None:
    """Publications, results, what came and went in environments, and decisions of people, with who and where."""
    story.environment("production", production=True)
    story.publish("checkout", "1", "inventory", content="orders", branch="main")
    story.publish("checkout", "2", "inventory", content="orders")
    story.verify("inventory", "7", of=("checkout", "1"), success=False, build_url="https://ci.example.org/7")
    story.undeploy(story.deploy("inventory", "7", "production", instance="blue"))
    story.end_support(story.release("checkout", "1", "production"))
    override(story, consumer_version="1")
    found = read_all(story)
    assert [each.point.kind for each in found] == [
        Kind.OVERRIDE_ENDED,
        Kind.OVERRIDDEN,
        Kind.SUPPORT_ENDED,
        Kind.RELEASED,
        Kind.UNDEPLOYED,
        Kind.DEPLOYED,
        Kind.VERIFIED,
        Kind.PUBLISHED,
        Kind.PUBLISHED,
    ]
    assert [each.event.is_first for each in found if each.point.kind is Kind.PUBLISHED] == [False, True]
    text = visitor.get("/activity").text
    for word in ("a new contract", "the same contract", "blue", "https://ci.example.org/7", "ada", "grace"):
        assert word in text
    assert "a hotfix &amp; more" in text
    assert "Nothing like that" in visitor.get("/activity?kind=released&service=inventory").text


def test_windows_together_have_everything_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paging neither drops nor repeats what happened in the same moment, whatever kind it is of."""
    monkeypatch.setattr(activity, "PAGE", 3)
    tell_of_shop(story)
    override(story)
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
    for model in (Publication, Result, DeployedVersion):
        story.session.execute(update(model).values(created_at=moment))
    found = [each.point for each in read_all(story)]
    assert len(found) == len(set(found)) > 30
    assert found == sorted(
        found, key=lambda each: (each.at, -activity.RANKS[each.kind], each.id), reverse=True
    )


def test_it_is_told_of_one_service(story: Story) -> None:
    """What is about a service is found on either side, and once where it consumes itself."""
    tell_of_shop(story)
    story.publish("search", "1", "search")
    story.verify("search", "1", of=("search", "1"))
    everything = read_all(story)
    for name in ("checkout", "inventory", "search"):
        about = [each for each in everything if name in (each.event.service, each.event.other)]
        assert read_all(story, story.participant(name)) == about


def test_what_has_not_ended_is_not_told(story: Story) -> None:
    """What is deployed, supported and overridden has no end yet."""
    story.deploy("inventory", "7", "production")
    story.release("checkout", "1", "production")
    end = datetime.now(UTC) + timedelta(days=1)
    create_override(
        story.session, Decision("production", "checkout", "inventory", "why", "ada", end), timedelta(days=7)
    )
    kinds = {each.point.kind for each in read_all(story)}
    assert kinds == {Kind.DEPLOYED, Kind.RELEASED, Kind.OVERRIDDEN}


@pytest.mark.parametrize(
    "before", ["x", "2026-01-01~published", "2026-01-01T00:00:00Z~sold~1", "~~", "9~released~1"]
)
def test_a_point_that_was_made_up_is_refused(visitor: ApiClient, before: str) -> None:
    """An address that no page has led to is told so, and no error of the server."""
    answer = visitor.get("/activity", query_string={"before": before})
    assert answer.status_code == 400
    assert "must be from the address of an older page" in answer.text


def test_a_point_survives_its_address() -> None:
    """The text of a point is the point, to the microsecond."""
    point = Point(datetime(2026, 1, 2, 3, 4, 5, 6, UTC), Kind.SUPPORT_ENDED, 12)
    assert activity.read_point(str(point), "before") == point
    assert activity.read_point("", "before") is None


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """A page of all that can happen takes as many statements as it takes for a single service."""
    tell_of_shop(story)
    override(story)
    for address in ("/activity", "/activity?service=checkout", "/activity?service=checkout&kind=verified"):
        statements.clear()
        assert visitor.get(address).status_code == 200
        assert len(statements) <= MOST_STATEMENTS
