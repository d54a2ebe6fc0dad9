"""Deliveries: claimed, attempted, repeated and written down."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hooks import PACT, Hooks
from scripted_server import Answer, ScriptedServer
from story import Story
from tallystick_broker.models import Setting, TriggeredWebhook, now
from tallystick_broker.webhooks.templates import Request

FAILED, DONE = Answer(500), Answer(200)
STATUS = "/pacts/provider/api/consumer/web/webhooks/status"


@pytest.fixture(autouse=True)
def triggered(hooks: Hooks, pair: Story, to_server: Request) -> str:
    """The identifier of a webhook that has something to send."""
    secret = replace(to_server, headers={"authorization": "Bearer abc"}, username="me", password="hush")
    webhook = pair.subscribe("contract_published", request=secret)
    pair.session.commit()
    hooks.publish("1")
    return webhook.uuid


def status(hooks: Hooks) -> dict[str, Any]:
    """How the only delivery is shown."""
    (shown,) = hooks.get(f"{PACT}/1/triggered-webhooks").json["_embedded"]["triggeredWebhooks"]
    counts = {name: shown[name] for name in ("status", "attemptsMade", "attemptsRemaining")}
    return counts | {"logs": shown["_links"]["pb:logs"]["href"]}


def make_due(session: Session) -> None:
    """Let the time pass until the next attempt."""
    session.execute(update(TriggeredWebhook).values(due_at=now()))
    session.commit()


def test_a_delivery_is_made_once(hooks: Hooks, server: ScriptedServer) -> None:
    """What was delivered is done, and is shown so."""
    assert status(hooks)["status"] == "not_run"
    assert hooks.get(STATUS).json["summary"] == {"successful": 0, "failed": 0, "notRun": 1}
    assert (hooks.deliver(), hooks.deliver()) == (1, 0)
    assert len(server.asked) == 1
    shown = status(hooks)
    assert (shown["status"], shown["attemptsMade"], shown["attemptsRemaining"]) == ("success", 1, 0)
    assert hooks.get(STATUS).json["summary"] == {"successful": 1, "failed": 0}


def test_a_failure_is_tried_again(hooks: Hooks, server: ScriptedServer, session: Session) -> None:
    """After each failure the schedule says when the next attempt is due; the last one ends it."""
    server.answer(FAILED)
    assert hooks.deliver() == 2  # the first pause of the test's schedule is none
    shown = status(hooks)
    assert (shown["status"], shown["attemptsMade"], shown["attemptsRemaining"]) == ("retrying", 2, 1)
    assert len(hooks.get(STATUS).json["_links"]["pb:error-logs"]) == 1
    due = session.scalars(select(TriggeredWebhook.due_at)).one()
    assert due is not None
    assert now() + timedelta(seconds=500) < due < now() + timedelta(seconds=601)
    make_due(session)
    assert hooks.deliver() == 1
    assert (status(hooks)["status"], len(server.asked)) == ("failure", 3)
    make_due(session)
    assert hooks.deliver() == 0


def test_a_later_attempt_may_succeed(hooks: Hooks, server: ScriptedServer) -> None:
    """A server that was away for a moment gets the request when it is back."""
    server.answer(FAILED, DONE)
    assert hooks.deliver() == 2
    assert status(hooks)["status"] == "success"
    log = hooks.get(status(hooks)["logs"]).text
    assert (log.count("HTTP 500"), log.count("HTTP 200")) == (1, 1)


def test_logs_tell_everything_but_secrets(hooks: Hooks, server: ScriptedServer) -> None:
    """The log has the request and the answer line by line; credentials are sent, and never written down."""
    server.answer(Answer(200, "received\0", {"X-Build": "7"}))
    hooks.deliver()
    (asked,) = server.asked
    assert asked.headers["authorization"] == "Basic bWU6aHVzaA=="
    log = hooks.get(status(hooks)["logs"]).text
    for text in ("POST http://127.0.0.1", "contract_published", "HTTP 200", "X-Build: 7", "received"):
        assert text in log
    for secret in ("abc", "hush", "bWU6aHVzaA=="):
        assert secret not in log
    shown = hooks.get(status(hooks)["logs"], headers={"Accept": "application/hal+json"}).json
    assert (shown["eventName"], shown["consumerName"], shown["providerName"]) == (
        "contract_published",
        "web",
        "api",
    )
    assert [(each["success"], each["logs"]) for each in shown["executions"]] == [(True, log)]


def test_answers_are_hidden_without_a_list_of_hosts(hooks: Hooks) -> None:
    """Otherwise anyone could read through the broker what only the broker can reach."""
    hooks.config = replace(hooks.config, webhook_hosts=())
    hooks.deliver()
    log = hooks.get(status(hooks)["logs"]).text
    assert "TALLYSTICK_WEBHOOK_HOSTS" in log
    assert "public internet" not in log


def test_a_deleted_webhook_is_not_sent(hooks: Hooks, server: ScriptedServer, triggered: str) -> None:
    """What was still to be sent is given up; what happened stays on record, without a link to the webhook."""
    assert hooks.delete(f"/webhooks/{triggered}").status_code == 204
    assert (hooks.deliver(), server.asked) == (0, [])
    assert status(hooks)["status"] == "failure"
    assert hooks.get(STATUS).json["_embedded"]["triggeredWebhooks"] == []


def test_a_disabled_webhook_waits(
    hooks: Hooks, server: ScriptedServer, session: Session, triggered: str
) -> None:
    """Disabling a webhook stops it at once; what it owes is sent when it is enabled before the last attempt."""
    body = {"request": {"method": "POST", "url": server.url}, "enabled": False}
    hooks.put(f"/webhooks/{triggered}", json=body)
    hooks.deliver()
    assert (server.asked, status(hooks)["status"]) == ([], "retrying")
    assert "disabled" in hooks.get(status(hooks)["logs"]).text
    hooks.put(f"/webhooks/{triggered}", json=body | {"enabled": True})
    make_due(session)
    assert (hooks.deliver(), len(server.asked)) == (1, 1)


def test_a_delivery_belongs_to_one_worker(hooks: Hooks, session: Session, server: ScriptedServer) -> None:
    """What another worker has claimed is left to it until its lease is over; then it was lost, and is made."""
    lease = now() + timedelta(seconds=60)
    session.execute(update(TriggeredWebhook).values(claimed_by="another", claimed_until=lease))
    session.commit()
    assert hooks.deliver() == 0
    session.execute(update(TriggeredWebhook).values(claimed_until=now() - timedelta(seconds=1)))
    session.commit()
    assert (hooks.deliver(), len(server.asked)) == (1, 1)


def test_secrets_that_can_not_be_opened_are_not_sent(
    hooks: Hooks, session: Session, server: ScriptedServer
) -> None:
    """Without the right key nothing is sent, and the log says which setting is missing."""
    session.execute(update(Setting).values(value="another key that is long enough"))
    session.commit()
    hooks.deliver()
    assert server.asked == []
    assert "TALLYSTICK_SECRET_KEY" in hooks.get(status(hooks)["logs"]).text


def test_nothing_has_been_sent_yet(hooks: Hooks) -> None:
    """Logs can be read before there are any; unknown ones are not found."""
    assert "Nothing has been sent yet" in hooks.get(status(hooks)["logs"]).text
    assert hooks.get("/triggered-webhooks/none/logs").status_code == 404
