"""What every test may use."""

import gc
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, sessionmaker

import databases
import live
from api_client import ApiClient
from stage import Stage
from story import Story
from tallystick_broker import db, schema
from tallystick_broker.app import build
from tallystick_broker.config import Config

pytest_plugins = ["pytester"]

# How long an example takes tells of the machine, which others may use as well.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of garbage collections, which would walk through it all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", params=databases.KINDS)
def database_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Each kind of database server in turn."""
    with databases.server(request.param, tmp_path_factory.mktemp(request.param)) as url:
        yield url


@pytest.fixture
def empty_database(database_server: str) -> str:
    """The URL of a database of this test's own, without any table."""
    return databases.new_database(database_server)


@pytest.fixture(scope="session")
def engine(database_server: str) -> Iterator[Engine]:
    """A database that is migrated once; what a test writes is rolled back."""
    engine = db.connect(databases.new_database(database_server))
    schema.upgrade(engine)
    databases.keep_prepared(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def stage(engine: Engine) -> Iterator[Stage]:
    """Where the tests of a module play."""
    with engine.connect().execution_options(**db.WRITES) as connection:
        stage = Stage(connection)
        yield stage
        stage.clear()


@pytest.fixture
def connection(stage: Stage, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection whose work is undone after the test.

    The mark `background` names a function that tells a story, which tests that follow each other share.
    """
    mark = request.node.get_closest_marker("background")
    with stage.play(mark.kwargs["tell"] if mark else None) as connection:
        yield connection


@pytest.fixture
def session_factory(connection: Connection) -> sessionmaker[Session]:
    """A factory of sessions that see each other's work, all of which is undone after the test."""
    return sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture
def session(session_factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with session_factory() as session:
        yield session


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements that were sent since the test began, or since it has cleared the list."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def story(session: Session) -> Story:
    """The beginning of the test's story; what it tells is undone after the test."""
    return Story(session)


@pytest.fixture(scope="session")
def shared_app() -> Flask:
    """The one application of all tests, since to build it and to compile its pages takes a while."""
    return build(Config(), sessionmaker())


@pytest.fixture
def app(shared_app: Flask, session_factory: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The broker's application in the world of `session` and `story`; settings that a test changes are put back."""
    monkeypatch.setitem(shared_app.config, "TALLYSTICK", Config())
    monkeypatch.setitem(shared_app.config, "TESTING", True)
    monkeypatch.setitem(shared_app.extensions, "tallystick", session_factory)
    return shared_app


@pytest.fixture
def client(app: Flask) -> ApiClient:
    """A client of the application, without a server in between."""
    return ApiClient(app)


@pytest.fixture(scope="session")
def live_database(database_server: str) -> str:
    """The URL of the database that `live_broker` serves."""
    return databases.new_database(database_server)


@pytest.fixture(scope="session")
def live_broker(live_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running broker on each kind of database in turn.

    All tests of a run share it, so each uses names of its own.
    """
    with live.broker(live_database, tmp_path_factory.mktemp("broker")) as base_url:
        yield base_url


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
