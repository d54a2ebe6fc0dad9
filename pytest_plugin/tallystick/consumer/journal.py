"""Recording without pytest: each test, when it has passed, puts its part into the contract."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from tallystick.consumer.recording import Outcomes, plan, write

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60
"""Seconds that a process waits for another one that writes into the same folder."""

_declared: dict[str, list[dict[str, Any]]] = defaultdict(list)
"""What each test of this process has declared so far: a test may use several mocks, one after the other."""


def write_down(folder: Path, test: str, documents: list[dict[str, Any]]) -> None:
    """Put what a passed test declared into the contracts in the folder, in place of what it had declared earlier.

    Raises RecordingError, and writes nothing, when another test has declared the same differently.
    """
    _declared[test] += documents
    with _alone_in(folder):
        write(plan(Outcomes({test: _declared[test]}, gone=lambda _: False), folder))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes from writing there: a database is the lock which every platform has."""
    name = f"tallystick-{sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"
    with closing(sqlite3.connect(Path(gettempdir(), name), timeout=PATIENCE, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield
