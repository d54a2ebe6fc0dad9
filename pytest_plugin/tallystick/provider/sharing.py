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


def share(path: Path, source: str, look_up: Callable[[], str]) -> str:
    """What the first process to come here has looked up in this source; the others wait for it.

    The file is a database because that is the lock which every platform has.
    """
    with closing(_open(path)) as database:
        database.execute("BEGIN EXCLUSIVE")
        database.execute("CREATE TABLE IF NOT EXISTS found (source TEXT PRIMARY KEY, text TEXT NOT NULL)")
        row: tuple[str] | None = database.execute(
            "SELECT text FROM found WHERE source = ?", (source,)
        ).fetchone()
        if row is None:
            row = (look_up(),)
            database.execute("INSERT INTO found VALUES (?, ?)", (source, *row))
        database.execute("COMMIT")
        return row[0]


def read_all(path: Path) -> dict[str, str]:
    """What the processes have looked up so far, by source."""
    if not path.exists():
        return {}
    with closing(_open(path)) as database:
        return dict(database.execute("SELECT source, text FROM found").fetchall())


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
