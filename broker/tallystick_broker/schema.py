"""The database's schema: brought up to date, or checked, when the broker starts."""

from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from tallystick_broker.db import WRITES
from tallystick_broker.errors import StartupError

ADVISORY_LOCK = 0x7A11_571C


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest revision; replicas that start at once wait for each other.

    Raises StartupError when the database can't be reached or belongs to a newer Tallystick.
    """
    with _connection(engine) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        config = alembic_config(connection)
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StartupError(
                f"The database was made by a newer Tallystick ({error}): install that version."
            ) from error


def check(engine: Engine) -> None:
    """Raise StartupError unless the schema is exactly the one that this Tallystick was written for."""
    with _connection(engine) as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        needed = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
    if present != needed:
        raise StartupError(
            f"The database's schema is at revision {present or 'none'}, this Tallystick needs {needed}: "
            "run `tallystick migrate`, or start without --no-migrate."
        )


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration for the migrations in the wheel, on this connection."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("tallystick_migrations")))
    config.attributes["connection"] = connection
    return config


def _connection(engine: Engine) -> Connection:
    try:
        return engine.connect().execution_options(**WRITES)
    except OperationalError as error:
        reason = str(error.orig).strip()
        raise StartupError(
            f"The database {engine.url.render_as_string(hide_password=True)} can't be opened: {reason}"
        ) from error
