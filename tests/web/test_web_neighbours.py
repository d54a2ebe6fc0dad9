"""A version of a service against all its neighbours."""

import pytest

from api_client import ApiClient
from estate_of_pages import tell_of_shop
from story import Story
from tallystick_broker.errors import NotFound
from tallystick_broker.overview import neighbours
from tallystick_broker.overview.choices import EVERYTHING, Choice, Kind
from tallystick_broker.overview.neighbours import find_neighbours
from tallystick_broker.overview.picks import pick_version

MOST_STATEMENTS = 22


def test_both_sides_are_held_against_a_version(story: Story) -> None:
    """Who is consumed comes first; each cell has the versions there and what became of their contract."""
    tell_of_shop(story)
    found = find_neighbours(story.session, story.version("checkout", "1.4.0"))
    assert [place.name for place in found.places] == ["production", "staging"]
    inventory, storefront = found.neighbours
    assert (inventory.name, inventory.consumes) == ("inventory", True)
    assert [[each.number for each in cell] for cell in inventory.cells] == [["3.3.0"], ["3.2.0"], ["3.3.0"]]
    assert [cell[0].result and cell[0].result.success for cell in inventory.cells] == [False, True, False]
    assert (storefront.name, storefront.consumes, storefront.cells[1:]) == ("storefront", False, ((), ()))
    assert storefront.cells[0][0].fingerprint
    assert storefront.cells[0][0].result is None


def test_versions_without_a_contract_are_told(story: Story) -> None:
    """A live version of a consumer that has no contract with the service is there, and says so."""
    story.publish("web", "1", "api").version("web", "2")
    story.deploy("web", "2", "prod")
    (web,) = find_neighbours(story.session, story.version("api", "1")).neighbours
    assert [(each.number, each.fingerprint) for each in web.cells[1]] == [("2", None)]


def test_a_service_may_be_its_own_neighbour(story: Story) -> None:
    """A service that consumes itself is on both sides."""
    story.publish("api", "1", "api", branch="main")
    found = find_neighbours(story.session, story.version("api", "1")).neighbours
    assert [each.consumes for each in found] == [True, False]


def test_many_neighbours_come_in_pages(
    story: Story, monkeypatch: pytest.MonkeyPatch, visitor: ApiClient
) -> None:
    """Pages together have every neighbour once."""
    monkeypatch.setattr(neighbours, "PAGE", 2)
    story.publish("web", "1", "a", "b", "c")
    version = story.version("web", "1")
    pages = [find_neighbours(story.session, version, number) for number in (1, 2)]
    assert [[each.name for each in page.neighbours] for page in pages] == [["a", "b"], ["c"]]
    assert [page.more for page in pages] == [True, False]
    assert 'rel="next"' in visitor.get("/pacticipants/web/matrix").text


def test_a_version_is_picked_by_what_points_at_it(story: Story) -> None:
    """By number, else the head of main or of another branch, or the newest in an environment."""
    for number, branch in (("1", "main"), ("2", "main"), ("3", "feat/x")):
        story.version("api", number, branch=branch)
    story.deploy("api", "1", "prod")
    api = story.participant("api")
    picks = {
        "2": ("", EVERYTHING),
        "3": ("", Choice(Kind.BRANCH, "feat/x")),
        "1": ("", Choice(Kind.ENVIRONMENT, "prod")),
    }
    assert {number: pick_version(story.session, api, *each).number for number, each in picks.items()} == {
        number: number for number in picks
    }
    assert pick_version(story.session, api, "1", Choice(Kind.BRANCH, "main")).number == "1"
    with pytest.raises(NotFound, match="api has no version for branch:zzz yet"):
        pick_version(story.session, api, "", Choice(Kind.BRANCH, "zzz"))


@pytest.mark.parametrize(
    ("query", "place"),
    [
        (
            "q[][pacticipant]=inventory&q[][pacticipant]=checkout",
            "/matrix/provider/inventory/consumer/checkout",
        ),
        ("q[][pacticipant]=search&latestby=cvp", "/pacticipants/search/matrix"),
        ("", "/"),
    ],
)
def test_a_question_of_the_api_leads_to_a_page(
    story: Story, visitor: ApiClient, query: str, place: str
) -> None:
    """The address of the API's matrix, which clients show, leads a browser to the page about the same services."""
    tell_of_shop(story)
    answer = visitor.get(f"/matrix?{query}")
    assert (answer.status_code, answer.headers["Location"]) == (303, place)


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """Neither more neighbours nor more of their versions take more statements."""
    for size in (1, 4):
        for consumer in range(size):
            for number in range(size):
                name = f"web {consumer}"
                story.publish(name, str(number), "api", content=str(number), branch="main")
                story.release(name, str(number), f"env {number}")
        story.version("api", "1", branch="main")
        statements.clear()
        assert visitor.get("/pacticipants/api/matrix").status_code == 200
        assert len(statements) <= MOST_STATEMENTS
