"""Integrations over HTTP: listed, drawn, and deleted with what has no use without them."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api_client import ApiClient
from story import Story
from tallystick_broker.models import Base

HAL = {"Accept": "application/hal+json"}


def listed(client: ApiClient, query: str = "") -> list[tuple[str, str]]:
    """The consumers and providers in the list."""
    items = client.get(f"/integrations{query}", headers=HAL).json["_embedded"]["integrations"]
    return [(item["consumer"]["name"], item["provider"]["name"]) for item in items]


def test_a_pair_is_listed_from_its_first_contract_on(client: ApiClient, story: Story) -> None:
    """The pair that changed last comes first, with links to all that is about it."""
    story.publish("web", "1", "api").publish("app", "1", "api").publish("web", "2", "api", content="b")
    assert listed(client) == [("web", "api"), ("app", "api")]
    links = client.get("/integrations", headers=HAL).json["_embedded"]["integrations"][0]["_links"]
    assert {relation: item["href"] for relation, item in links.items()} == {
        "pb:dashboard": "http://localhost/dashboard/provider/api/consumer/web",
        "pb:matrix": "http://localhost/matrix/provider/api/consumer/web",
        "pb:group": "http://localhost/pacticipants/web",
        "pb:delete_integration": "http://localhost/integrations/provider/api/consumer/web",
    }


def test_the_list_is_filtered_by_either_name(client: ApiClient, story: Story) -> None:
    """`q` is a part of the consumer's or the provider's name, in any case; a per cent sign is only itself."""
    story.publish("web", "1", "api").publish("Webshop", "1", "mail")
    assert set(listed(client, "?q=WEB")) == {("web", "api"), ("Webshop", "mail")}
    assert listed(client, "?q=mail") == [("Webshop", "mail")]
    assert listed(client, "?q=%25") == []


def test_the_list_has_pages(client: ApiClient, story: Story) -> None:
    """A page says which one it is, and leads to its neighbours."""
    for name in ("a", "b", "c"):
        story.publish(name, "1", "api")
    answer = client.get("/integrations?page=2&size=2", headers=HAL).json
    assert answer["page"] == {"number": 2, "size": 2, "totalElements": 3, "totalPages": 2}
    assert len(answer["_embedded"]["integrations"]) == 1
    assert answer["_links"]["previous"]["href"] == "http://localhost/integrations?size=2&page=1"
    assert "errors" in client.get("/integrations?page=0&size=1", headers=HAL).json


def test_the_list_costs_the_same_however_long_it_is(
    client: ApiClient, story: Story, statements: list[str]
) -> None:
    """The names come with the pairs, in one statement."""
    for number in range(20):
        story.publish(f"c{number}", "1", "api")
    statements.clear()
    assert len(listed(client)) == 20
    assert len(statements) == 1


@pytest.mark.parametrize("accept", [None, "*/*", "text/vnd.graphviz"])
def test_without_a_wish_the_pairs_are_a_graph(client: ApiClient, story: Story, accept: str | None) -> None:
    """Graphviz is what the Pact Broker answers; quotation marks in names are escaped."""
    story.publish('the "web"', "1", "a\\b")
    answer = client.get("/integrations", headers={"Accept": accept} if accept else {})
    assert answer.mimetype == "text/vnd.graphviz"
    assert r'"the \"web\"" -> "a\\b"' in answer.text


def test_deleting_a_pair_leaves_the_others_alone(client: ApiClient, story: Story) -> None:
    """What belongs to another pair, too, stays; versions that only served this one go."""
    story.publish("web", "1", "api", "mail").publish("web", "2", "api", content="b", branch="main")
    story.verify("api", "10", ("web", "1")).verify("mail", "5", ("web", "1"))
    assert client.delete("/integrations/provider/api/consumer/web").status_code == 204
    assert listed(client) == [("web", "mail")]
    assert client.get("/pacts/provider/mail/consumer/web/version/1").status_code == 200
    assert client.get("/pacticipants/web/versions/1").status_code == 200
    assert client.get("/pacticipants/web/versions/2").status_code == 404
    assert client.get("/pacticipants/mail/versions/5").status_code == 200
    assert client.get("/pacticipants/api").status_code == 404


def test_a_branch_gets_its_next_head(client: ApiClient, story: Story) -> None:
    """When the version at its head goes, the branch stands at the newest that is left."""
    story.publish("web", "1", "api", branch="main").publish("web", "2", "mail", branch="main")
    client.delete("/integrations/provider/mail/consumer/web")
    assert client.get("/pacticipants/web/branches/main/latest-version").json["number"] == "1"


def test_what_was_deployed_stays(client: ApiClient, story: Story) -> None:
    """That a version runs somewhere is a fact of its own, which a deleted contract does not undo."""
    story.publish("web", "1", "api").deploy("api", "10", "production")
    client.delete("/integrations/provider/api/consumer/web")
    assert client.get("/pacticipants/api/versions/10").status_code == 200
    assert client.get("/pacticipants/web").status_code == 404


def test_who_has_a_label_stays(client: ApiClient, story: Story) -> None:
    """A participant that somebody has described goes on without contracts."""
    story.publish("web", "1", "api")
    client.put("/pacticipants/web/labels/frontend", json={})
    client.delete("/integrations/provider/api/consumer/web")
    assert client.get("/pacticipants/web").status_code == 200
    assert client.get("/pacticipants/api").status_code == 404


@pytest.mark.parametrize("path", ["provider/api/consumer/none", "provider/none/consumer/web"])
def test_a_pair_of_unknowns_is_not_found(client: ApiClient, story: Story, path: str) -> None:
    """A misspelt name must not look like a deletion."""
    story.publish("web", "1", "api")
    assert client.delete(f"/integrations/{path}").status_code == 404


def test_deleting_all_leaves_nothing_of_contracts(client: ApiClient, story: Story, session: Session) -> None:
    """Every pair goes with its versions and participants; environments and those without a pair stay."""
    story.publish("web", "1", "api", branch="main", tags=["dev"]).verify("api", "10", ("web", "1"))
    story.publish("app", "1", "api")
    story.participant("idle")
    story.environment("production")
    assert client.delete("/integrations").status_code == 204
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }
    assert {name for name, count in counts.items() if count} == {"participants", "environments"}
    assert counts["participants"] == 1
