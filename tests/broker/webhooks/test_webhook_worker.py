"""The worker: when deliveries are made."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from hooks import Hooks
from scripted_server import ScriptedServer
from story import Story
from tallystick_broker import db, schema
from tallystick_broker.app import build
from tallystick_broker.config import Config
from tallystick_broker.models import TriggeredWebhook
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
    with working() as session:
        Story(session).subscribe("contract_published", "provider_verification_published", request=to_server)
        session.commit()
    hooks = Hooks(build(config, working))
    hooks.publish("1")
    server.wait_for(1)
    hooks.verify("2")
    server.wait_for(2)
    db.write(working, lambda session: redeliver(session, session.scalars(select(TriggeredWebhook)).all()[0]))
    server.wait_for(3)
