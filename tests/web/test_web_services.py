"""The list of services, the search, and the style page."""

import re

import pytest

from api_client import ApiClient
from estate_of_pages import tell_of_shop
from story import Story
from tallystick_broker.overview.finds import Finds, find
from tallystick_broker.overview.integrations import Status
from tallystick_broker.overview.services import list_services
from tallystick_broker.participants import add_label
from tallystick_broker.web.links import STATIC

MOST_STATEMENTS = 11


def test_a_service_is_told_with_both_sides(story: Story) -> None:
    """A service comes with its head of main, what is live of it, and how its contracts stand on both sides."""
    tell_of_shop(story)
    add_label(story.session, "checkout", "team-shop")
    (found,) = list_services(story.session, "CHECK").services
    assert (found.name, found.labels, found.consumers, found.providers) == ("checkout", ("team-shop",), 1, 1)
    assert found.main
    assert (found.main.branch, found.main.number) == ("main", "1.5.0")
    assert [each.place.name for each in found.live] == ["production", "staging"]
    assert found.statuses == {Status.VERIFIED: 1, Status.FAILED: 1}


def test_a_service_that_consumes_itself_counts_once(story: Story) -> None:
    """A contract with oneself is one contract."""
    story.publish("api", "1", "api")
    (found,) = list_services(story.session).services
    assert (found.consumers, found.providers, found.statuses) == (1, 1, {Status.NEVER: 1})


def test_services_are_filtered(story: Story) -> None:
    """By a part of the name, by label and by where they are live."""
    tell_of_shop(story)
    add_label(story.session, "search", "team-shop")
    assert [each.name for each in list_services(story.session, label="team-shop").services] == ["search"]
    assert [each.name for each in list_services(story.session, environment="staging").services] == [
        "checkout",
        "inventory",
    ]
    assert list_services(story.session, "zzz").total == 0


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("", Finds()),
        ("ECK", Finds(services=("checkout",))),
        ("1.6", Finds(versions=(("checkout", "1.6.0-rc.1"),))),
        ("9fceb", Finds(versions=(("storefront", "9fceb02d0ae598e95dc970b74767f19372d61af8"),))),
        ("feat/l", Finds(branches=(("inventory", "feat/ledger", "3.4.0-dev"),))),
        ("%", Finds()),
    ],
)
def test_a_search_finds_what_is_meant(story: Story, text: str, finds: Finds) -> None:
    """Services by any part of their names; branches and versions by how they begin, a commit by a few characters."""
    tell_of_shop(story)
    assert find(story.session, text) == finds


def test_what_is_found_leads_on(story: Story, visitor: ApiClient) -> None:
    """Each thing found is a link, and finding nothing is told."""
    tell_of_shop(story)
    assert '<a href="/pacticipants/checkout">' in visitor.get("/search?q=check").text
    assert 'href="/pacticipants/checkout/versions/1.6.0-rc.1"' in visitor.get("/search?q=1.6").text
    assert "Nothing has “<bdi>zzz</bdi>”" in visitor.get("/search?q=zzz").text


def test_the_style_page_shows_every_colour(visitor: ApiClient) -> None:
    """The page is made of the style sheet, so no colour is missing from it."""
    colours = re.findall(
        r"^  --([\w-]+): #", (STATIC / "tokens.css").read_text(encoding="utf-8"), re.MULTILINE
    )
    text = visitor.get("/docs/style").text
    assert colours
    assert [each for each in colours if f'fill="var(--{each})"' not in text] == []


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """Neither more services nor more of their versions take more statements."""
    for size in (1, 4):
        for consumer in range(size):
            for number in range(size):
                name = f"web {consumer}"
                story.publish(name, str(number), "api", content=str(number), branch="main")
                story.deploy(name, str(number), "prod")
        statements.clear()
        assert visitor.get("/pacticipants").status_code == 200
        assert len(statements) <= MOST_STATEMENTS
