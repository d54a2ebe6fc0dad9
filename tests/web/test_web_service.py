"""The pages of a service: itself, its versions and branches, and the states that its consumers want."""

import pytest

from api_client import ApiClient
from estate_of_pages import tell_of_shop
from story import Story
from tallystick_broker.errors import NotFound
from tallystick_broker.overview import service
from tallystick_broker.overview.choices import EVERYTHING, Choice, Kind
from tallystick_broker.overview.service import list_branches, list_versions, read_service
from tallystick_broker.overview.version import read_version
from tallystick_broker.participants import add_label

MOST_STATEMENTS = 22


def test_a_service_has_both_sides(story: Story) -> None:
    """What it consumes and who consumes it come with their states; a service that consumes itself is on both."""
    tell_of_shop(story)
    story.publish("checkout", "1.5.0", "checkout")
    found = read_service(story.session, story.participant("checkout"))
    assert [each.provider for each in found.consumes] == ["checkout", "inventory"]
    assert [each.consumer for each in found.consumed_by] == ["checkout", "storefront"]
    assert [(each.name, each.main, each.number) for each in found.branches] == [
        ("feat/refunds", False, "1.6.0-rc.1"),
        ("main", True, "1.5.0"),
    ]
    assert [(each.version.number, each.published, each.verified) for each in found.versions][:2] == [
        ("1.6.0-rc.1", 1, 0),
        ("1.5.0", 2, 1),
    ]


def test_what_is_live_is_told_with_how_and_since(story: Story) -> None:
    """Each instance and each release is a line of its own, production first."""
    story.environment("prod", production=True)
    story.deploy("api", "1", "dev")
    story.deploy("api", "1", "prod", instance="blue")
    story.release("api", "2", "prod")
    found = read_service(story.session, story.participant("api")).presence
    assert {(each.place.name, each.number, each.instance, each.released) for each in found} == {
        ("prod", "1", "blue", False),
        ("prod", "2", "", True),
        ("dev", "1", "", False),
    }
    assert [each.place.name for each in found] == ["prod", "prod", "dev"]


def test_many_neighbours_are_cut_and_it_is_told(
    story: Story, visitor: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub with very many neighbours leads to the list that has all of them."""
    monkeypatch.setattr(service, "MOST_SIDES", 2)
    story.publish("web", "1", "a", "b", "c")
    assert "These are the first of many" in visitor.get("/pacticipants/web").text
    assert "These are the first of many" not in visitor.get("/pacticipants/a").text


def test_labels_and_repository_are_told(story: Story, visitor: ApiClient) -> None:
    """A label leads to its services; a repository is a link only where it is an address of the web."""
    story.participant("api", repository_url="https://git.example.org/api")
    add_label(story.session, "api", "team a/b")
    text = visitor.get("/pacticipants/api").text
    assert 'href="/pacticipants?label=team+a%2Fb"' in text
    assert 'href="https://git.example.org/api"' in text
    story.participant("api", repository_url="javascript:alert(1)")
    assert 'href="javascript' not in visitor.get("/pacticipants/api").text


def test_versions_come_in_windows(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows together have each version once; a choice and the beginning of a number narrow them."""
    monkeypatch.setattr(service, "PAGE", 2)
    for number in ("1.0", "1.1", "2.0", "2.1", "2.2"):
        story.version("api", number, branch="main" if number < "2" else "feat/x")
    api = story.participant("api")

    def list_numbers(text: str = "", choice: Choice = EVERYTHING, before: str = "") -> list[str]:
        found = list_versions(story.session, api, text, choice, before)
        numbers = [each.version.number for each in found.versions]
        return numbers + (list_numbers(text, choice, found.older) if found.older else [])

    assert list_numbers() == ["2.2", "2.1", "2.0", "1.1", "1.0"]
    assert list_numbers("2.") == ["2.2", "2.1", "2.0"]
    assert list_numbers(choice=Choice(Kind.BRANCH, "main")) == ["1.1", "1.0"]
    with pytest.raises(NotFound, match="api has no version 9"):
        list_numbers(before="9")


def test_branches_are_filtered_and_come_in_pages(story: Story) -> None:
    """Branches are found by any part of their name."""
    for branch in ("feat/a", "feat/b", "main"):
        story.version("api", branch, branch=branch)
    api = story.participant("api")
    assert [each.name for each in list_branches(story.session, api, "EAT")] == ["feat/b", "feat/a"]
    assert [each.name for each in list_branches(story.session, api, page=2, amount=2)] == ["feat/a"]


def test_a_version_has_what_it_published_and_verified(story: Story, visitor: ApiClient) -> None:
    """A version comes with its contracts, its results, and where it has been; what is over says until when."""
    tell_of_shop(story)
    story.undeploy(story.deploy("inventory", "3.2.0", "dev"))
    found = read_version(story.session, story.version("inventory", "3.2.0"))
    assert [(each.other, each.result and each.result.success) for each in found.verified] == [
        ("checkout", True),
        ("checkout", True),
        ("checkout", True),
        ("notifications", True),
    ]
    assert [(each.place.name, each.until is None) for each in found.stays] == [
        ("dev", False),
        ("production", True),
    ]
    (published,) = read_version(story.session, story.version("checkout", "1.6.0-rc.1")).published
    assert (published.other, published.result and published.result.success) == ("inventory", True)
    assert "still live" in visitor.get("/pacticipants/inventory/versions/3.2.0").text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/pacticipants/inventory/provider-states", ["there is a reservation", "id</bdi>: <code><bdi>1"]),
        ("/pacts/provider/inventory/provider-states", ["there is a reservation"]),
        ("/pacts/provider/inventory/provider-states/branch/feat%2Frefunds", ["on branch feat/refunds"]),
        ("/pacticipants/inventory/provider-states?of=environment:production", ["stock exists"]),
        ("/pacticipants/search/provider-states", ["query exists", "storefront"]),
    ],
)
def test_provider_states_are_listed(story: Story, visitor: ApiClient, path: str, words: list[str]) -> None:
    """What the consumers want on main, on a branch or in an environment, and who wants it."""
    tell_of_shop(story)
    text = visitor.get(path).text
    assert [each for each in words if each not in text] == []


def test_other_choices_have_no_states(story: Story, visitor: ApiClient) -> None:
    """States are wanted on branches and in environments, and nowhere else."""
    story.participant("api")
    answer = visitor.get("/pacticipants/api/provider-states?of=heads")
    assert answer.status_code == 400
    assert "must be branch:&lt;name&gt; or environment:&lt;name&gt;" in answer.text


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """Neither more neighbours nor a longer history take more statements."""
    for size in (1, 4):
        for consumer in range(size):
            for number in range(size):
                name = f"web {consumer}"
                story.publish(name, str(number), "api", content=str(number), branch=f"b{number}", tags=["t"])
                story.verify("api", str(number), of=(name, str(number))).release("api", str(number), "prod")
        for path in ("", "/versions", "/versions/0", "/branches", "/provider-states"):
            statements.clear()
            assert visitor.get(f"/pacticipants/api{path}").status_code == 200
            assert len(statements) <= MOST_STATEMENTS, path
