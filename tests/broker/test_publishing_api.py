"""Publishing contracts over HTTP."""

import base64
import json
import re
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import publish_requests
from api_client import ApiClient
from publish_requests import URL, encode
from story import Story, contract
from tallystick_broker.models import Base
from tallystick_broker.webhooks.subscriptions import EVENTS


def item(provider: str = "api", seed: str = "a", /, **members: Any) -> dict[str, Any]:
    """A contract of web with this provider, as one element of a request."""
    return publish_requests.item("web", provider, seed, **members)


def request(*contracts: Any, **members: Any) -> dict[str, Any]:
    """A request that publishes these contracts of web 1."""
    sent = list(contracts or [item()])
    return {"pacticipantName": "web", "pacticipantVersionNumber": "1", "contracts": sent, **members}


def rows(session: Session) -> int:
    """How many rows are stored at all."""
    session.expire_all()
    tables = Base.metadata.sorted_tables
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def kinds(answer: Any) -> list[str]:
    """The types of the notices in an answer."""
    return [notice["type"] for notice in answer["notices"]]


def texts(answer: Any) -> str:
    """The texts of the notices in an answer."""
    return "\n".join(notice["text"] for notice in answer["notices"])


def test_all_contracts_of_a_version_are_published(client: ApiClient) -> None:
    """One request publishes the contracts of a version with its branch and tags, and tells where they are."""
    sent = request(item("api"), item("mail"), branch="feat/x", tags=["dev"], buildUrl="https://ci.example/1")
    answer = client.post(URL, json=sent)
    assert answer.status_code == 200
    links = answer.json["_links"]
    assert [link["name"] for link in links["pb:contracts"]] == [
        "Pact between web (1) and api",
        "Pact between web (1) and mail",
    ]
    assert all(client.get(link["href"]).status_code == 200 for link in links["pb:contracts"])
    version = client.get(links["pb:pacticipant-version"]["href"]).json
    assert version["buildUrl"] == "https://ci.example/1"
    assert [branch["name"] for branch in version["_embedded"]["branches"]] == ["feat/x"]
    assert [tag["name"] for tag in version["_embedded"]["tags"]] == ["dev"]


def test_publishing_twice_changes_nothing(client: ApiClient, session: Session) -> None:
    """A build that is run again publishes the same again: no new row, and a success."""
    client.post(URL, json=request(branch="main"))
    before = rows(session)
    answer = client.post(URL, json=request(branch="main"))
    assert (answer.status_code, rows(session)) == (200, before)
    assert "no content changes" in json.dumps(answer.json["notices"])


def test_the_content_of_a_version_can_not_change(client: ApiClient, session: Session) -> None:
    """Other content under the same version is refused with the difference, and none of the request is stored."""
    client.post(URL, json=request())
    before = rows(session)
    answer = client.post(URL, json=request(item("mail"), item("api", "b"), branch="other"))
    assert (answer.status_code, rows(session)) == (409, before)
    assert kinds(answer.json) == ["error", "info"]
    assert "/b" in answer.json["notices"][1]["text"]
    assert len(answer.json["errors"]["contracts"]) == 1


def test_each_conflict_is_told_with_its_difference(client: ApiClient) -> None:
    """Of several contracts that have changed each has its error, and what is different right after it."""
    client.post(URL, json=request(item("api"), item("mail"), item("log")))
    answer = client.post(URL, json=request(item("api", "b"), item("mail"), item("log", "c"))).json
    assert kinds(answer) == ["error", "info", "error", "info"]
    assert ["/b" in answer["notices"][1]["text"], "/c" in answer["notices"][3]["text"]] == [True, True]
    assert answer["errors"]["contracts"] == [answer["notices"][index]["text"] for index in (0, 2)]


def test_parallel_builds_may_merge(client: ApiClient) -> None:
    """With `merge` the interactions of several builds of one version come together."""
    client.post(URL, json=request(item("api", "a")))
    answer = client.post(URL, json=request(item("api", "b", onConflict="merge")))
    assert answer.status_code == 200
    pact = client.get("/pacts/provider/api/consumer/web/version/1").json
    assert [each["description"] for each in pact["interactions"]] == ["a request for a", "a request for b"]


def test_contradicting_builds_can_not_merge(client: ApiClient) -> None:
    """An interaction that two builds recorded with different requests is a conflict."""
    client.post(URL, json=request(item("api", "a")))
    other = contract("web", "api", "a")
    other["interactions"][0]["request"]["path"] = "/elsewhere"
    answer = client.post(URL, json=request(item(content=encode(other), onConflict="merge")))
    assert answer.status_code == 409


def test_a_name_that_is_almost_taken_is_asked_about(client: ApiClient, story: Story) -> None:
    """A typing error in a name must not make a new provider in silence; making it by hand says it is meant."""
    story.participant("order-service")
    answer = client.post(URL, json=request(item("Orders")))
    assert answer.status_code == 409
    assert "order-service" in answer.json["notices"][0]["text"]
    story.participant("Mail Provider")
    several = client.post(URL, json=request(item("Orders"), item("new"), item("mails")))
    assert kinds(several.json) == ["error", "error"]
    assert client.post("/pacticipants", json={"name": "Orders"}).status_code == 201
    assert client.post(URL, json=request(item("Orders"))).status_code == 200


def test_a_new_contract_asks_for_its_verification(client: ApiClient, story: Story) -> None:
    """The answer tells to verify until a provider has verified any contract of the pair."""
    story.publish("web", "0", "api")
    assert "Verify it in the build of api" in texts(client.post(URL, json=request(branch="main")).json)
    story.verify("api", "10", of=("web", "0"))
    assert "Verify it in the build" not in texts(client.post(URL, json=request(branch="main")).json)


def test_a_pair_without_a_webhook_is_asked_for_one(client: ApiClient, story: Story) -> None:
    """The answer tells to add a webhook until one is about the pair, be it for another event or disabled."""
    story.publish("web", "0", "api").verify("api", "10", of=("web", "0"))
    answer = client.post(URL, json=request(branch="main")).json
    assert kinds(answer) == ["debug", "success", "debug", "debug", "prompt", "prompt"]
    assert "add a webhook" in texts(answer)
    story.subscribe("provider_verification_failed", enabled=False)
    answer = client.post(URL, json=request(branch="main")).json
    assert kinds(answer) == ["debug", "success", "debug", "debug", "debug"]
    assert "No enabled webhook is for the detected events" in texts(answer)


def test_the_webhooks_that_are_sent_are_told(client: ApiClient, story: Story) -> None:
    """Each delivery is named with its event and the address of its logs."""
    story.subscribe("contract_published", "contract_content_changed", description="Build the api")
    answer = client.post(URL, json=request(branch="main", tags=["dev"])).json
    text = texts(answer)
    assert "contract_content_changed (first publication with tag dev)" in text
    assert text.count('Webhook "Build the api" triggered for event contract_') == 2
    logs = re.findall(r"http://localhost(/triggered-webhooks/[0-9a-f-]+/logs)", text)
    assert [client.get(each).status_code for each in logs] == [200, 200]


def test_a_version_without_a_branch_is_asked_for_it(client: ApiClient, story: Story) -> None:
    """Without a branch the version can't be found by it, so the answer says how to do better."""
    story.publish("web", "0", "api").verify("api", "10", of=("web", "0"))
    assert "give the branch of the repository" in texts(client.post(URL, json=request()).json)
    assert "give the branch" not in texts(client.post(URL, json=request(branch="main")).json)


def test_what_publishing_costs_does_not_grow_with_events(
    client: ApiClient, story: Story, statements: list[str]
) -> None:
    """The events of twenty contracts take as many statements as those of two, with webhooks and without."""
    story.subscribe(*EVENTS)

    def cost(number: str, count: int) -> int:
        statements.clear()
        items = [item(f"api{index}") for index in range(count)]
        client.post(URL, json=request(*items, pacticipantVersionNumber=number, tags=["dev"]))
        about = ("webhook", "label", "latest_results", "live_versions")
        return sum(any(word in statement for word in about) for statement in statements)

    cost("0", 20)
    assert cost("1", 20) == cost("2", 2)


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, {"pacticipantName", "pacticipantVersionNumber", "contracts"}),
        (request(pacticipantVersionNumber=" "), {"pacticipantVersionNumber"}),
        (request(pacticipantVersionNumber="1\n2"), {"pacticipantVersionNumber"}),
        (request(pacticipantVersionNumber=1), {"pacticipantVersionNumber"}),
        (request(pacticipantVersionNumber="1" * 501), {"pacticipantVersionNumber"}),
        (request(branch=" "), {"branch"}),
        (request(tags="dev"), {"tags"}),
        (request(tags=["dev", ""]), {"tags"}),
        (request(buildUrl="a\nb"), {"buildUrl"}),
        (request(contracts={}), {"contracts"}),
        (request("x"), {"contracts"}),
        (request(pacticipantName="mobile"), {"contracts"}),
        (request(item(providerName=" ")), {"contracts"}),
        (request(item(specification="openapi")), {"contracts"}),
        (request(item(contentType="application/yaml")), {"contracts"}),
        (request(item(content="{}")), {"contracts"}),
        (request(item(content=encode(contract("web", "api")) + "\n")), {"contracts"}),
        (request(item(content=base64.b64encode(b"hello").decode())), {"contracts"}),
        (request(item(content=base64.b64encode(b'"\xff"').decode())), {"contracts"}),
        (request(item(content=encode([]))), {"contracts"}),
        (request(item(content=encode(contract("other", "api")))), {"contracts"}),
        (request(item(onConflict="explode")), {"contracts"}),
        (request(item("api"), item("mail", content=5)), {"contracts"}),
        (request(item("api", "a"), item("api", "b")), {"contracts"}),
        (request(*(item(str(number)) for number in range(1001))), {"contracts"}),
        (request(tags=[str(number) for number in range(1001)]), {"tags"}),
    ],
)
def test_bad_requests_are_refused(client: ApiClient, session: Session, sent: Any, fields: set[str]) -> None:
    """A request with anything wrong in it is refused with the fields at fault, and nothing is stored."""
    before = rows(session)
    answer = client.post(URL, json=sent)
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == fields
    assert rows(session) == before


def test_the_element_at_fault_is_named(client: ApiClient) -> None:
    """Of several contracts the answer tells which one is wrong."""
    answer = client.post(URL, json=request(item("api"), item("mail", specification="x")))
    assert answer.json["errors"]["contracts"] == ["specification must be one of: pact (at index 1)"]


@pytest.mark.parametrize("body", [b"{", b"", b'{"a": "\xff"}', b"true", b"[]"])
def test_what_is_no_json_is_refused(client: ApiClient, body: bytes) -> None:
    """A body that is no JSON object is refused with a text that says so."""
    answer = client.post(URL, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"] if "error" in answer.json else answer.json["errors"]


def test_a_refusal_may_be_a_problem_document(client: ApiClient) -> None:
    """A client that accepts problem+json (RFC 9457) gets a pointer to each fault."""
    answer = client.post(URL, json={}, headers={"Accept": "application/hal+json, application/problem+json"})
    assert answer.mimetype == "application/problem+json"
    assert {error["pointer"] for error in answer.json["errors"]} == {
        "/pacticipantName",
        "/pacticipantVersionNumber",
        "/contracts",
    }
