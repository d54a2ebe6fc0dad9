"""One look-up for all processes of a run, whichever of them needs it first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 600
"""Seconds that a process waits for the one that looks up."""


def share(path: Path, look_up: Callable[[], str]) -> str:
    """What the first process to come here has looked up; the others wait for it.

    The file is a database because that is the lock which every platform has.
    """
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        database.execute("CREATE TABLE IF NOT EXISTS found (text TEXT NOT NULL)")
        row: tuple[str] | None = database.execute("SELECT text FROM found").fetchone()
        if row is None:
            row = (look_up(),)
            database.execute("INSERT INTO found VALUES (?)", row)
        database.execute("COMMIT")
        return row[0]
