"""What the tests with real clients share."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

import programs
from programs import Run
from story import Story
from tallystick_broker import db


@pytest.fixture
def unique() -> str:
    """A word that no other test has in its names."""
    return uuid.uuid4().hex[:12]


@pytest.fixture
def live_story(live_broker: str, live_database: str) -> Iterator[Story]:  # noqa: ARG001 (it migrates)
    """A story that the running broker knows once it is committed: `live_story.session.commit()`."""
    engine = db.connect(live_database)
    with Session(engine, expire_on_commit=False) as session:
        yield Story(session)
    engine.dispose()


@pytest.fixture
def official(live_broker: str) -> Run:
    """Run the official client, `pact broker …`, against the running broker."""
    return programs.runner("pact", "broker", base_url=live_broker)


@pytest.fixture
def tallystick(live_broker: str) -> Run:
    """Run `tallystick …` against the running broker."""
    return programs.runner("tallystick", base_url=live_broker)
