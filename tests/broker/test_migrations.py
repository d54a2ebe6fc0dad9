"""The schema that migrations make is the one that the models describe, on both databases."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text

from tallystick_broker import db, schema
from tallystick_broker.errors import StartupError
from tallystick_broker.models import Base


@pytest.fixture
def database(empty_database: str) -> Iterator[Engine]:
    """An engine on a database without any table."""
    engine = db.connect(empty_database)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    """Return the names of the tables that are there, Alembic's own left out."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_models_and_migrations_agree(database: Engine) -> None:
    """Alembic finds nothing to migrate after an upgrade."""
    schema.upgrade(database)
    with database.connect().execution_options(**db.WRITES) as connection:
        command.check(schema.alembic_config(connection))


def test_migrations_walk_up_down_and_up(database: Engine) -> None:
    """Every migration can be undone and done again."""
    schema.upgrade(database)
    assert tables(database) == set(Base.metadata.tables)
    with database.connect().execution_options(**db.WRITES) as connection, connection.begin():
        command.downgrade(schema.alembic_config(connection), "base")
    assert tables(database) == set()
    schema.upgrade(database)
    assert tables(database) == set(Base.metadata.tables)


def test_upgrade_twice_changes_nothing(database: Engine) -> None:
    """A broker that starts on an up-to-date database leaves it alone."""
    schema.upgrade(database)
    schema.upgrade(database)
    schema.check(database)


def test_old_schema_is_refused_with_the_way_out(database: Engine) -> None:
    """A database without the newest schema is not served, and the message says what to run."""
    with pytest.raises(StartupError, match=r"revision none, this Tallystick needs .*tallystick migrate"):
        schema.check(database)


def test_newer_schema_is_refused(database: Engine) -> None:
    """A database of a newer Tallystick is left alone."""
    schema.upgrade(database)
    with database.connect().execution_options(**db.WRITES) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartupError, match="newer Tallystick"):
        schema.upgrade(database)
