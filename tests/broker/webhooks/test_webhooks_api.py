"""Webhooks as resources: made, read, changed, deleted, listed and tested over HTTP."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hooks import Hooks
from scripted_server import Answer, ScriptedServer
from tallystick_broker.models import Webhook

pytestmark = pytest.mark.usefixtures("pair")

URL = "http://127.0.0.1/hook"
HIDDEN = "**********"
SECRETS: dict[str, Any] = {
    "username": "me",
    "password": "hush",
    "headers": {"Authorization": "Bearer open-sesame", "Accept": "text/plain"},
}


def definition(*events: str, request: Any = None, **members: Any) -> dict[str, Any]:
    """A definition for these events; `request` are members of its request."""
    body: dict[str, Any] = {"request": {"method": "POST", "url": URL, **(request or {})}, **members}
    return body | ({"events": [{"name": name} for name in events]} if events else {})


def create(hooks: Hooks, body: Any) -> str:
    """The path of a new webhook."""
    answer = hooks.post("/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    return f"/webhooks/{answer.json['uuid']}"


def test_a_webhook_is_made_and_read(hooks: Hooks) -> None:
    """What was defined is shown, at the address that the answer names."""
    sent = definition(
        "contract_published",
        description="Build the api",
        consumer={"name": "web"},
        provider={"label": "team"},
        request={"body": {"a": [1]}, "headers": {"Content-Type": "application/json"}},
    )
    made = hooks.post("/webhooks", json=sent)
    assert made.status_code == 201
    shown = hooks.get(made.headers["Location"]).json
    assert shown == made.json
    sent["request"]["headers"] = {"content-type": "application/json"}
    assert {name: shown[name] for name in sent} == sent
    assert shown["enabled"] is True
    assert {"pb:consumer", "pb:providers", "pb:execute", "pb:pact-webhooks"} <= set(shown["_links"])


def test_little_has_to_be_said(hooks: Hooks) -> None:
    """A request is enough: it is sent for changed contracts of any pair, and named after itself."""
    shown = hooks.get(create(hooks, definition())).json
    assert shown["description"] == "POST 127.0.0.1"
    assert shown["events"] == [{"name": "contract_content_changed"}]
    assert shown["request"] == {"method": "POST", "url": URL}
    assert not {"consumer", "provider"} & set(shown)


def test_secrets_are_neither_shown_nor_stored_in_the_clear(hooks: Hooks, session: Session) -> None:
    """Passwords and headers are sealed in the database, and stars on the wire."""
    path = create(hooks, definition(request=SECRETS))
    shown = hooks.get(path)
    assert shown.json["request"]["password"] == HIDDEN
    assert shown.json["request"]["headers"] == {"authorization": HIDDEN, "accept": "text/plain"}
    (stored,) = session.scalars(select(Webhook))
    for text in (shown.text, str(stored.headers), str(stored.encrypted_password)):
        assert "hush" not in text
        assert "open-sesame" not in text


@pytest.mark.parametrize("password", [HIDDEN, None])
def test_a_change_may_leave_secrets_as_they_are(
    hooks: Hooks, server: ScriptedServer, password: str | None
) -> None:
    """Clients send back what they were shown; a header that they leave out is gone."""
    path = create(hooks, definition(request=SECRETS | {"url": server.url}, description="Kept"))
    headers = {"Authorization": HIDDEN, "X-New": "1"}
    sent = definition(request={"url": server.url, "username": "me", "password": password, "headers": headers})
    changed = hooks.put(path, json=sent)
    assert (changed.status_code, changed.json["description"]) == (200, "Kept")
    hooks.post(f"{path}/execute", json={})
    assert server.asked[0].headers["authorization"] == "Basic bWU6aHVzaA=="
    assert server.asked[0].headers["x-new"] == "1"
    assert "accept: text/plain" not in str(server.asked[0].headers).lower()


def test_a_client_may_choose_the_identifier(hooks: Hooks) -> None:
    """Webhooks that are kept as code are put where their code says, again and again."""
    path = "/webhooks/chosen-identifier-1"
    assert hooks.put(path, json=definition()).status_code == 201
    assert hooks.put(path, json=definition("contract_published")).status_code == 200
    assert hooks.get(path).json["events"] == [{"name": "contract_published"}]
    refused = hooks.put("/webhooks/short", json=definition())
    assert (refused.status_code, set(refused.json["errors"])) == (400, {"uuid"})


def test_a_webhook_is_deleted(hooks: Hooks) -> None:
    """It is gone at once, and can't be deleted, tested or read again."""
    path = create(hooks, definition())
    assert hooks.delete(path).status_code == 204
    again = (hooks.delete(path), hooks.get(path), hooks.post(f"{path}/execute"))
    assert [each.status_code for each in again] == [404, 404, 404]


def test_the_address_may_say_whom_it_is_about(hooks: Hooks) -> None:
    """A definition that names no participants is about those in the address; each list has what was made for them."""
    addresses = {
        "/webhooks/provider/api/consumer/web": ("web", "api"),
        "/pacts/provider/api/consumer/web/webhooks": ("web", "api"),
        "/webhooks/provider/api": (None, "api"),
        "/webhooks/consumer/web": ("web", None),
    }
    for address, names in addresses.items():
        made = hooks.post(address, json=definition()).json
        found = tuple(made.get(role, {}).get("name") for role in ("consumer", "provider"))
        assert found == names
    listed = {address: len(hooks.get(address).json["_links"]["pb:webhooks"]) for address in addresses}
    assert list(listed.values()) == [2, 2, 1, 1]
    assert len(hooks.get("/webhooks").json["_links"]["pb:webhooks"]) == 4


def test_unknown_participants_in_an_address_are_not_found(hooks: Hooks) -> None:
    """Nothing is made for, or listed of, a participant that nobody knows; a faulty body is told first."""
    assert hooks.post("/webhooks/provider/none/consumer/web", json=definition()).status_code == 404
    assert hooks.post("/webhooks/provider/none/consumer/web", json={}).status_code == 400
    assert hooks.get("/webhooks/consumer/none").status_code == 404
    assert hooks.get("/webhooks").json["_links"]["pb:webhooks"] == []


def test_a_list_costs_the_same_however_long(hooks: Hooks, statements: list[str]) -> None:
    """The number of statements does not grow with the webhooks."""

    def cost() -> int:
        statements.clear()
        hooks.get("/webhooks")
        return len(statements)

    hooks.post("/webhooks/provider/api/consumer/web", json=definition())
    before = cost()
    for _ in range(5):
        hooks.post("/webhooks/provider/api/consumer/web", json=definition())
    assert cost() == before <= 3


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ([], {""}),
        ({}, {"request"}),
        ({"request": None}, {"request"}),
        ({"request": {}}, {"request.method", "request.url"}),
        (definition(request={"method": "DELETE"}), {"request.method"}),
        (definition(request={"method": "FETCH"}), {"request.method"}),
        (definition(request={"url": ""}), {"request.url"}),
        (definition(request={"url": "https://127.0.0.1/"}), {"request.url"}),
        (definition(request={"url": "http://example.org/"}), {"request.url"}),
        (definition(request={"url": "http://${pactbroker.consumerName}/"}), {"request.url"}),
        (definition(request={"url": "http://me:hush@127.0.0.1/"}), {"request.url"}),
        (definition(request={"body": 1}), {"request.body"}),
        (definition(request={"headers": {"a b": "c"}}), {"request.headers"}),
        (definition(request={"headers": {"a": "b\r\nc: d"}}), {"request.headers"}),
        (definition(request={"headers": {"a": 1}}), {"request.headers.a"}),
        (definition(events=[]), {"events"}),
        (definition("sunrise"), {"events"}),
        (definition(events="contract_published"), {"events"}),
        (definition(enabled="yes"), {"enabled"}),
        (definition(consumer={}), {"consumer.name"}),
        (definition(consumer={"name": "none"}), {"consumer.name"}),
        (definition(provider={"name": "api", "label": "x"}), {"provider.label"}),
        (definition(provider={"name": 1}), {"provider.name"}),
    ],
)
def test_bad_definitions_are_refused(hooks: Hooks, sent: Any, fields: set[str]) -> None:
    """A definition with anything wrong in it is refused with the fields at fault, stored nowhere and not sent."""
    for method, path in ((hooks.post, "/webhooks"), (hooks.put, f"/webhooks/{'a' * 16}")):
        answer = method(path, json=sent)
        assert answer.status_code == 400
        assert set(answer.json["errors"]) == fields
        assert "hush" not in answer.text
    assert hooks.post("/webhooks/execute", json=sent).status_code == 400
    assert hooks.get("/webhooks").json["_links"]["pb:webhooks"] == []


def test_a_test_has_placeholders_without_a_contract(hooks: Hooks, server: ScriptedServer) -> None:
    """A webhook can be tried before there is anything to tell."""
    body = "${pactbroker.eventName} ${pactbroker.consumerName} ${pactbroker.githubVerificationStatus}"
    path = create(hooks, definition(request={"url": server.url, "body": body}))
    shown = hooks.post(f"{path}/execute").json
    assert server.asked[0].body == b"test placeholder-consumer pending"
    assert (shown["success"], shown["response"]["status"], shown["response"]["body"]) == (True, 200, {})
    assert shown["request"]["body"] == "test placeholder-consumer pending"
    assert "HTTP 200" in shown["logs"]


def test_a_test_tells_the_newest_contract(hooks: Hooks, server: ScriptedServer) -> None:
    """A test of what is not even stored says what it would say of the newest contract and result."""
    hooks.publish("1")
    hooks.verify("10", success=False)
    body = "${pactbroker.consumerVersionNumber} ${pactbroker.githubVerificationStatus}"
    request = {"url": server.url, "body": body}
    hooks.post("/webhooks/execute", json=definition(request=request, consumer={"name": "web"}))
    hooks.post("/webhooks/execute", json=definition("provider_verification_failed", request=request))
    hooks.post("/webhooks/execute", json=definition(request=request, consumer={"label": "none"}))
    told = [each.body.decode() for each in server.asked]
    assert told == ["1 pending", "1 failure", "placeholder-version pending"]


def test_a_test_that_fails_is_no_error(hooks: Hooks, server: ScriptedServer, closed_url: str) -> None:
    """The answer says what came back, or why nothing did."""
    server.answer(Answer(500, "no", {"Content-Type": "text/plain"}))
    failed = hooks.post("/webhooks/execute", json=definition(request={"url": server.url}))
    assert failed.status_code == 200
    assert (failed.json["success"], failed.json["response"]["body"]) == (False, "no")
    unreached = hooks.post("/webhooks/execute", json=definition(request={"url": closed_url}))
    assert unreached.status_code == 200
    assert (unreached.json["success"], "response" in unreached.json) == (False, False)
    assert "ConnectionError" in unreached.json["error"]["message"]


def test_without_a_list_of_hosts_answers_are_hidden(hooks: Hooks, server: ScriptedServer) -> None:
    """A private address is not called, and the answer does not even tell what is there."""
    hooks.application.config["TALLYSTICK"] = replace(hooks.config, webhook_hosts=())
    shown = hooks.post("/webhooks/execute", json=definition(request={"url": server.url})).json
    assert (shown["success"], server.asked) == (False, [])
    assert "TALLYSTICK_WEBHOOK_HOSTS" in shown["error"]["message"]
    assert "public internet" not in str(shown)
