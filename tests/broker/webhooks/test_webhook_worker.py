"""The worker: when deliveries are made."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from hooks import Hooks
from scripted_server import ScriptedServer
from story import Story
from tallystick_broker import db, schema
from tallystick_broker.app import build
from tallystick_broker.config import Config
from tallystick_broker.models import TriggeredWebhook, now
from tallystick_broker.webhooks import worker
from tallystick_broker.webhooks.deliveries import redeliver
from tallystick_broker.webhooks.templates import Request


@pytest.fixture
def working(
    empty_database: str, config: Config, monkeypatch: pytest.MonkeyPatch
) -> Iterator[sessionmaker[Session]]:
    """The sessions of a broker whose worker looks by itself only once, when it starts."""
    monkeypatch.setattr(worker, "POLL_SECONDS", 3600)
    engine = db.connect(empty_database)
    schema.upgrade(engine)
    sessions = db.sessions(engine)
    with worker.delivering(sessions, config):
        yield sessions
    engine.dispose()


def test_what_is_stored_is_delivered_at_once(
    working: sessionmaker[Session], config: Config, server: ScriptedServer, to_server: Request
) -> None:
    """A publication, a result and what is to be sent again are told without waiting for the next look."""
    subscribe(working, to_server)
    hooks = Hooks(build(config, working))
    hooks.publish("1")
    server.wait_for(1)
    hooks.verify("2")
    server.wait_for(2)
    send_again(working, due_at=now())
    server.wait_for(3)


def test_what_is_to_be_tried_later_is_delivered_when_it_is_due(
    working: sessionmaker[Session], config: Config, server: ScriptedServer, to_server: Request
) -> None:
    """The worker waits as long as the first of the deliveries says, and not for its next look."""
    subscribe(working, to_server)
    Hooks(build(config, working)).publish("1")
    server.wait_for(1)
    due_at = now() + timedelta(seconds=0.2)
    send_again(working, due_at)
    server.wait_for(2)
    assert now() >= due_at


def subscribe(sessions: sessionmaker[Session], request: Request) -> None:
    """Have this request sent when a contract or a result is published."""
    events = ("contract_published", "provider_verification_published")
    db.write(sessions, lambda session: Story(session).subscribe(*events, request=request))


def send_again(sessions: sessionmaker[Session], due_at: datetime) -> None:
    """Have the first delivery made once more."""

    def work(session: Session) -> None:
        redeliver(session, session.scalars(select(TriggeredWebhook)).all()[0]).due_at = due_at

    db.write(sessions, work)
