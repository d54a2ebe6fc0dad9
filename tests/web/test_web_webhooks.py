"""The pages of webhooks, and what may write through them."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from api_client import ApiClient
from publish_requests import publish_request
from scripted_server import Answer, ScriptedServer, server
from story import Story
from tallystick_broker.config import Config
from tallystick_broker.models import TriggeredWebhook, Webhook
from tallystick_broker.webhooks.deliveries import deliver_next
from tallystick_broker.webhooks.templates import HIDDEN, Request

__all__ = ["server"]

FORM = {
    "description": "Builds of <api>",
    "provider": "api",
    "events": ["contract_published", "provider_verification_failed"],
    "method": "POST",
    "url": "https://ci.example.org/builds?of=${pactbroker.providerName}",
    "headers": "Authorization: Bearer abc\nX-Kind: new",
    "body": '{"for": "${pactbroker.consumerName}"}',
    "username": "me",
    "password": "hush",
    "enabled": "yes",
}
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_STATEMENTS = 8


@pytest.fixture(autouse=True)
def _known(story: Story) -> None:
    story.participant("api")


def send(visitor: ApiClient, address: str, **fields: Any) -> Any:
    """Send a form as a browser does."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    return visitor.post(address, data=fields, headers=headers, content_type=FORM_TYPE)


def create(visitor: ApiClient, **fields: Any) -> str:
    """Return the path of a webhook made by the form."""
    answer = send(visitor, "/webhooks", **(FORM | fields))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_a_form_makes_a_webhook(visitor: ApiClient, session: Session) -> None:
    """What the form says is stored as the API would, and shown without its secrets."""
    assert "No webhook yet" in visitor.get("/webhooks").text
    address = create(visitor)
    (found,) = session.scalars(select(Webhook))
    assert (found.method, found.body, found.enabled) == ("POST", {"for": "${pactbroker.consumerName}"}, True)
    text = visitor.get(address).text
    assert "Builds of &lt;api&gt;" in text
    assert "A verification failed" in text
    assert HIDDEN in text
    assert "Bearer abc" not in text
    assert "hush" not in text
    assert "Builds of &lt;api&gt;" in visitor.get("/webhooks").text
    assert "Builds of &lt;api&gt;" in visitor.get("/webhooks/provider/api").text


def test_a_form_keeps_what_is_wrong(visitor: ApiClient, session: Session) -> None:
    """Nothing is stored of a form with faults; it comes back with what was typed, and says what is wrong where."""
    wrong = FORM | {"provider": "nobody", "url": "ftp://x", "events": []}
    answer = send(visitor, "/webhooks", **wrong)
    assert answer.status_code == 400
    assert "does not match any pacticipant: &#39;nobody&#39;" in answer.text
    assert 'value="ftp://x"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    assert "must have at least one event" in answer.text
    loose = send(visitor, "/webhooks", **(FORM | {"headers": "loose"}))
    assert "has a line without a colon: loose" in loose.text
    assert session.scalars(select(Webhook)).all() == []


def test_a_webhook_is_changed_and_keeps_its_secrets(visitor: ApiClient, session: Session) -> None:
    """Stars that come back as they were shown leave the secret alone; an empty password removes it."""
    address = create(visitor)
    text = visitor.get(f"{address}/edit").text
    assert f"authorization: {HIDDEN}" in text
    kept = FORM | {
        "headers": f"authorization: {HIDDEN}",
        "password": HIDDEN,
        "url": "https://ci.example.org/x",
    }
    assert send(visitor, address, **kept).headers["Location"] == address
    (found,) = session.scalars(select(Webhook))
    sealed = found.encrypted_password
    assert (found.url, sealed is not None) == ("https://ci.example.org/x", True)
    send(visitor, address, **(kept | {"password": ""}))
    session.refresh(found)
    assert found.encrypted_password is None
    assert send(visitor, address, **(kept | {"url": ""})).status_code == 400


def test_a_webhook_is_disabled_and_deleted(visitor: ApiClient, session: Session) -> None:
    """Both can be done twice."""
    address = create(visitor)
    for said in ("no", "no", "yes"):
        send(visitor, f"{address}/enabled", enabled=said)
        session.expire_all()
        assert [each.enabled for each in session.scalars(select(Webhook))] == [said == "yes"]
    for _ in range(2):
        assert send(visitor, f"{address}/delete").headers["Location"] == "/webhooks"
    assert visitor.get(address).status_code == 404


def test_a_delivery_is_read_and_made_again(
    visitor: ApiClient,
    app: Flask,
    story: Story,
    server: ScriptedServer,
    session_factory: sessionmaker[Session],
) -> None:
    """What was sent and answered can be read, and be sent again."""
    config = Config(webhook_schemes=("http",), webhook_hosts=("127.0.0.1",), webhook_retry_schedule=())
    app.config["TALLYSTICK"] = config
    server.answer(Answer(500, "<i>no</i>"), Answer(200))
    webhook = story.subscribe("contract_published", request=Request("POST", f"{server.url}/hook"))
    story.session.commit()
    published = publish_request("web", "1", ["api"])
    visitor.post("/contracts/publish", json=published, headers={"Accept": "application/json"})
    assert deliver_next(session_factory, config, "test")
    text = visitor.get(f"/webhooks/{webhook.uuid}").text
    (logs,) = re.findall(r"/triggered-webhooks/[^/]+/logs", text)
    assert "&lt;i&gt;no&lt;/i&gt;" in visitor.get(logs).text
    again = send(visitor, logs.replace("/logs", "/redeliver")).headers["Location"]
    assert "Nothing has been sent yet" in visitor.get(again).text
    assert deliver_next(session_factory, config, "test")
    assert "HTTP 200" in visitor.get(again).text
    assert server.asked[0].body == server.asked[1].body
    send(visitor, f"/webhooks/{webhook.uuid}/enabled", enabled="no")
    assert send(visitor, logs.replace("/logs", "/redeliver")).status_code == 409
    send(visitor, f"/webhooks/{webhook.uuid}/delete")
    assert "was deleted" in visitor.get(logs).text


def test_a_test_is_shown_and_not_kept(
    visitor: ApiClient, app: Flask, story: Story, server: ScriptedServer
) -> None:
    """A test is sent at once, and its answer is on the page; among the deliveries it is none."""
    app.config["TALLYSTICK"] = Config(webhook_schemes=("http",), webhook_hosts=("127.0.0.1",))
    webhook = story.subscribe("contract_published", request=Request("POST", f"{server.url}/hook"))
    story.session.commit()
    assert "The test was a success: HTTP 200" in send(visitor, f"/webhooks/{webhook.uuid}/execute").text
    server.answer(Answer(503))
    assert "The test failed: HTTP 503" in send(visitor, f"/webhooks/{webhook.uuid}/execute").text
    assert story.session.scalars(select(TriggeredWebhook)).all() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "https://evil.example.org"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_foreign_pages_write_nothing(
    visitor: ApiClient, session: Session, headers: dict[str, str], status: int
) -> None:
    """A form of another site is refused by what the browser says of it, and nothing is stored."""
    answer = visitor.post("/webhooks", data=FORM, headers=headers)
    assert (answer.status_code, len(session.scalars(select(Webhook)).all())) == (status, status == 303)
    if status == 403:
        assert "page of another site" in answer.text


def test_foreign_pages_reach_no_api(client: ApiClient) -> None:
    """The API's own addresses are as closed to foreign pages, which could send them forms."""
    headers = {"Sec-Fetch-Site": "cross-site", "Accept": "text/html"}
    assert client.post("/webhooks/x/execute", headers=headers).status_code == 403
    assert client.delete("/pacticipants/api", headers=headers).status_code == 403


def test_the_number_of_statements_is_bounded(visitor: ApiClient, story: Story, statements: list[str]) -> None:
    """Neither more webhooks nor more of what they have sent takes more statements."""
    for size in (1, 5):
        for number in range(size):
            story.subscribe("contract_published", description=f"hook {size} {number}")
            story.publish(f"web {number}", str(size), "api", content=str(size))
        hook = story.session.scalars(select(Webhook)).first()
        story.session.commit()
        assert hook is not None
        for address in ("/webhooks", f"/webhooks/{hook.uuid}"):
            statements.clear()
            assert visitor.get(address).status_code == 200
            assert len(statements) <= MOST_STATEMENTS
