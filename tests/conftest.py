"""What every test may use."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import databases
from tallystick_broker import db, schema

pytest_plugins = ["pytester"]


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
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with engine.connect().execution_options(**db.WRITES) as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()
