"""The provider states that consumers want, over HTTP."""

from typing import Any

import pytest

from api_client import ApiClient
from story import Story

STATES = "/pacts/provider/api/provider-states"


def document(*states: Any, key: str = "interactions") -> dict[str, Any]:
    """Return a contract with an interaction for each of these: a name, or a list of provider states."""
    spelling = {True: "providerState", False: "providerStates"}
    return {
        key: [
            {"description": f"{index}", spelling[isinstance(each, str)]: each}
            for index, each in enumerate(states)
        ]
    }


@pytest.fixture
def history(story: Story) -> Story:
    """Two consumers on their main branches, and one of them on another branch too."""
    user = {"name": "a user exists", "params": {"id": 1, "role": "x"}}
    same = {"params": {"role": "x", "id": 1}, "name": "a user exists"}
    other = {"name": "a user exists", "params": {"id": 2}}
    story.publish("web", "1", "api", document=document([user, {"name": "empty"}], "empty"), branch="main")
    story.publish("app", "1", "api", document=document([same], [other], key="messages"), branch="main")
    return story.publish("web", "2", "api", document=document("zebra"), branch="feat/x")


def of(client: ApiClient, path: str = "") -> list[tuple[Any, ...]]:
    """Return the name, parameters and consumers of each state."""
    listed = client.get(STATES + path).json["providerStates"]
    return [(each["name"], each.get("params"), each["consumers"]) for each in listed]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("path", ["", "/branch/main"])
def test_equal_states_are_one(client: ApiClient, path: str) -> None:
    """States of all consumers are listed by name, once for each set of parameters in whatever spelling."""
    assert of(client, path) == [
        ("a user exists", {"id": 1, "role": "x"}, ["app", "web"]),
        ("a user exists", {"id": 2}, ["app"]),
        ("empty", None, ["web"]),
    ]


@pytest.mark.usefixtures("history")
def test_states_of_a_branch(client: ApiClient) -> None:
    """A branch has the states of its heads; one that nobody has has none."""
    assert of(client, "/branch/feat%2Fx") == [("zebra", None, ["web"])]
    assert of(client, "/branch/none") == []


def test_states_of_an_environment(client: ApiClient, history: Story) -> None:
    """What is deployed or released there counts; the environment is named by its name or its UUID."""
    prod = history.environment("prod")
    assert of(client, "/environment/prod") == []
    history.deploy("web", "2", "prod")
    history.release("app", "1", "prod")
    names = [name for name, _, _ in of(client, "/environment/prod")]
    assert names == ["a user exists", "a user exists", "zebra"]
    assert of(client, f"/environment/{prod.uuid}") == of(client, "/environment/prod")
    assert of(client, "/environment/none") == []


def test_contracts_of_unknown_kinds_have_no_states(client: ApiClient, story: Story) -> None:
    """What can't be read as a provider state is left out, and hides no other."""
    odd: list[Any] = [1, None, {"providerStates": "x"}, {"providerStates": [{"params": 1}]}]
    more = {"interactions": [*odd, {"providerState": "empty"}], "messages": {"a": 1}}
    story.publish("web", "1", "api", document=more, branch="main")
    story.publish("app", "1", "api", document={"something": "else"}, branch="main")
    assert of(client) == [("empty", None, ["web"])]


def test_a_provider_has_to_exist(client: ApiClient, story: Story) -> None:
    """A participant that is nobody's provider has no states; one that does not exist is not found."""
    assert client.get(STATES).status_code == 404
    story.participant("api")
    assert of(client) == []


def test_more_consumers_cost_no_more_statements(
    client: ApiClient, story: Story, statements: list[str]
) -> None:
    """The number of consumers does not matter."""
    counts = []
    for number in range(4):
        story.publish(f"web {number}", "1", "api", branch="main", content=f"{number}")
        statements.clear()
        assert len(of(client)) == number + 1
        counts.append(len(statements))
    assert set(counts) == {3}
