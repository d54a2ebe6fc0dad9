"""Lists in pages over HTTP."""

from typing import Any

import pytest
from sqlalchemy import insert

from api_client import ApiClient
from story import Story
from tallystick_broker.models import Participant, Version

LISTS = {
    "/pacticipants": "pacticipants",
    "/pacticipants/label/red": "pacticipants",
    "/labels": "labels",
    "/pacticipants/a/branches": "branches",
    "/pacticipants/a/versions": "versions",
    "/pacticipants/a/branches/main/versions": "versions",
    "/pacticipants/a/tags/dev/versions": "versions",
    "/pacticipants/a/environments/{prod}/versions": "versions",
    "/environments/{prod}/deployed-versions/currently-deployed": "deployedVersions",
    "/environments/{prod}/released-versions/currently-supported": "releasedVersions",
    "/pacticipants/a/versions/1/deployed-versions/environment/{prod}": "deployedVersions",
}


@pytest.fixture
def fill(client: ApiClient, story: Story) -> str:
    """The UUID of an environment; every list has three items or more, each version everything it may have."""
    for name in ("a", "b", "c"):
        client.put(f"/pacticipants/{name}/labels/red")
    for number in "123":
        story.publish("a", number, "b", branch="main", tags=["dev"])
        story.branch("a", number, f"feat/{number}")
        story.deploy("a", number, "prod", f"instance {number}")
        story.deploy("a", "1", "prod", f"other instance {number}")
        story.release("a", number, "prod")
        client.put(f"/pacticipants/a/labels/label-{number}")
    return story.environment("prod").uuid


def items(answer: Any, key: str) -> list[Any]:
    """The items in the answer to a list."""
    found: list[Any] = answer.json["_embedded"][key]
    return found


@pytest.mark.parametrize(("path", "key"), LISTS.items())
def test_a_list_is_cut_into_pages(client: ApiClient, fill: str, path: str, key: str) -> None:
    """The pages, followed from one to the next, hold every item once and say how many there are."""
    path = path.format(prod=fill)
    everything = items(client.get(path), key)
    page, found = client.get(path, query_string={"page": 1, "size": 2}), []
    assert page.json["page"] | {"totalPages": 0} == {
        "number": 1,
        "size": 2,
        "totalElements": len(everything),
        "totalPages": 0,
    }
    pages = page.json["page"]["totalPages"]
    for number in range(1, pages + 1):
        assert page.json["page"]["number"] == number
        assert ("previous" in page.json["_links"]) == (number > 1)
        found += items(page, key)
        if number < pages:
            page = client.get(page.json["_links"]["next"]["href"])
    assert found == everything
    assert "next" not in page.json["_links"]


@pytest.mark.parametrize(("path", "key"), LISTS.items())
def test_a_longer_page_costs_no_more_statements(
    client: ApiClient, fill: str, statements: list[str], path: str, key: str
) -> None:
    """Whatever the number of items, the same few statements fetch them."""
    counts: list[int] = []
    for size in (1, 100):
        statements.clear()
        answer = client.get(path.format(prod=fill), query_string={"size": size})
        counts.append(len(statements))
        assert len(items(answer, key)) >= min(size, 3)
    assert counts[0] == counts[1] <= 12


def test_a_whole_list_is_the_answer_unless_a_page_is_asked_for(client: ApiClient, story: Story) -> None:
    """Clients that know of no pages get everything; branches alone come in pages of a hundred anyway."""
    for number in range(101):
        story.version("web", str(number), branch=f"b{number}")
    versions, branches = client.get("/pacticipants/web/versions"), client.get("/pacticipants/web/branches")
    assert len(items(versions, "versions")) == 101
    assert "page" not in versions.json
    assert len(items(branches, "branches")) == 100
    assert branches.json["page"] == {"number": 1, "size": 100, "totalElements": 101, "totalPages": 2}


def test_a_list_that_grows_with_every_build_is_never_endless(client: ApiClient, story: Story) -> None:
    """Of very many versions the first thousand are the answer, with a link to the next; nothing else is cut."""
    web = story.participant("web").id
    story.session.execute(insert(Version), [{"participant_id": web, "number": str(n)} for n in range(1001)])
    story.session.execute(
        insert(Participant), [{"name": f"p{n}", "display_name": f"P{n}"} for n in range(1000)]
    )
    versions = client.get("/pacticipants/web/versions")
    assert len(items(versions, "versions")) == 1000
    assert versions.json["page"] == {"number": 1, "size": 1000, "totalElements": 1001, "totalPages": 2}
    assert len(items(client.get(versions.json["_links"]["next"]["href"]), "versions")) == 1
    assert client.get("/pacticipants/web/versions?size=5000").json["page"]["size"] == 1000
    assert len(items(client.get("/pacticipants"), "pacticipants")) == 1001


@pytest.mark.parametrize(
    ("query", "number", "size"),
    [
        ("page=2", 2, 100),
        ("size=7", 1, 7),
        ("pageNumber=3&pageSize=1", 3, 1),
        ("page=1&pageNumber=2", 1, 100),
    ],
)
def test_half_a_page_is_completed(client: ApiClient, query: str, number: int, size: int) -> None:
    """The first page, and a hundred items, are meant when the client does not say; former names work too."""
    page = client.get(f"/labels?{query}").json["page"]
    assert page == {"number": number, "size": size, "totalElements": 0, "totalPages": 1}


def test_beyond_the_last_page_is_nothing(client: ApiClient, story: Story) -> None:
    """A page that is not there is empty, and leads back."""
    story.version("web", "1")
    answer = client.get("/pacticipants/web/versions?page=999999999&size=999999999")
    assert items(answer, "versions") == []
    assert "page=999999998" in answer.json["_links"]["previous"]["href"]


@pytest.mark.parametrize("name", ["page", "size", "pageNumber", "pageSize"])
@pytest.mark.parametrize(
    "value", ["0", "-1", "x", "1.5", "", "+1", "1_0", "\u0661", "1000000000", "9" * 5000]
)
def test_what_is_no_page_is_refused(client: ApiClient, name: str, value: str) -> None:
    """A page and its size are whole numbers from one on, and small enough to be counted with."""
    answer = client.get("/pacticipants", query_string={name: value})
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {name}


def test_each_parameter_that_is_wrong_is_named(client: ApiClient) -> None:
    """A client hears of everything that it has to mend."""
    answer = client.get("/pacticipants?pageNumber=x&pageSize=0")
    assert set(answer.json["errors"]) == {"pageNumber", "pageSize"}
