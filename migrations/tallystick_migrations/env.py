"""Alembic's entry: runs the migrations on the caller's connection, or on TALLYSTICK_DATABASE_URL."""

import os
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator

from tallystick_broker.db import WRITES, connect
from tallystick_broker.models import Base


def plain_type(kind: str, item: Any, _: AutogenContext) -> Any:
    """Write the database's own type into a migration, so that it never changes with our code."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return f"sa.{item.impl!r}"


def run(connection: Connection) -> None:
    """Run the migrations on this connection, in its transaction."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=plain_type
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    engine = connect(os.environ.get("TALLYSTICK_DATABASE_URL", "sqlite:///tallystick.db"))
    with engine.connect().execution_options(**WRITES) as opened:
        run(opened)
else:
    run(given)
