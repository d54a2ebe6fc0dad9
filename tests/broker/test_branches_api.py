"""Branches over HTTP: found by name, and deleted in bulk."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

BRANCHES = "/pacticipants/web/branches"


@pytest.fixture(autouse=True)
def branches(story: Story) -> None:
    """Four branches of web, the first of which becomes its main branch, and one of another application."""
    for number, branch in enumerate(["main", "feat/A_1", "feat/b", "old"]):
        story.version("web", str(number), branch=branch, tags=["kept"])
    story.version("api", "1", branch="old")


def names(client: ApiClient, **query: Any) -> set[str]:
    """The names of the branches that are listed."""
    found = client.get(BRANCHES, query_string=query).json["_embedded"]["branches"]
    return {branch["name"] for branch in found}


def test_branches_are_found_by_a_part_of_their_name(client: ApiClient) -> None:
    """Case does not matter, and no character stands for another one."""
    assert names(client, q="FEAT/") == {"feat/A_1", "feat/b"}
    assert names(client, q="_") == {"feat/A_1"}
    assert names(client, q="%") == set()


def test_all_branches_but_the_main_one_are_deleted(client: ApiClient) -> None:
    """Versions, their tags and the branches of others stay; the answer says what was done."""
    answer = client.delete(BRANCHES)
    assert answer.status_code == 202
    (notice,) = answer.json["notices"]
    assert notice["type"] == "success"
    assert "3" in notice["text"]
    assert names(client) == {"main"}
    version = client.get("/pacticipants/web/versions/3").json["_embedded"]
    assert (version["branchVersions"], [tag["name"] for tag in version["tags"]]) == ([], ["kept"])
    assert client.get("/pacticipants/api/branches/old").status_code == 200


@pytest.mark.parametrize("query", ["exclude[]=old&exclude[]=feat%2Fb", "exclude=old&exclude=feat%2Fb"])
def test_excluded_branches_are_kept(client: ApiClient, query: str) -> None:
    """Each `exclude[]` names a branch that stays; without the brackets it does too."""
    client.delete(f"{BRANCHES}?{query}")
    assert names(client) == {"main", "old", "feat/b"}


@pytest.mark.parametrize("query", ["exclude[0]=old", "exclude[][name]=old", "excludes=old"])
def test_an_exclusion_that_cannot_be_read_deletes_nothing(client: ApiClient, query: str) -> None:
    """A typing error must not cost the branches that were meant to stay."""
    assert client.delete(f"{BRANCHES}?{query}").status_code == 400
    assert len(names(client)) == 4


def test_without_a_main_branch_none_is_kept(client: ApiClient, story: Story) -> None:
    """A participant whose main branch is not known has no branch that stays by itself."""
    story.version("tool", "1", branch="trunk")
    assert client.delete("/pacticipants/tool/branches").status_code == 202
    assert client.get("/pacticipants/tool/branches").json["_embedded"]["branches"] == []


def test_branches_of_nobody_are_not_there(client: ApiClient) -> None:
    """An unknown pacticipant has neither branches to list nor to delete."""
    assert client.get("/pacticipants/nobody/branches").status_code == 404
    assert client.delete("/pacticipants/nobody/branches").status_code == 404


def test_many_heads_fall_back_at_once(client: ApiClient, story: Story, statements: list[str]) -> None:
    """A version at the head of many branches is deleted in as many statements as one at the head of one."""
    counts: list[int] = []
    for name, branches in (("few", 1), ("many", 20)):
        for number in ("1", "2", "3"):
            for branch in range(branches):
                story.branch(name, number, f"b{branch}")
        statements.clear()
        assert client.delete(f"/pacticipants/{name}/versions/3").status_code == 204
        counts.append(len(statements))
        last = f"/pacticipants/{name}/branches/b{branches - 1}/latest-version"
        assert client.get(last).json["number"] == "2"
    assert counts[0] == counts[1]
